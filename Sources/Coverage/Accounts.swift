internal import Geodesy
internal import Patrol

extension Engine {
  /// One open or recent window.
  struct WindowAccount: Sendable {
    var duty: Duty.ID
    var span: Span
    /// Until the duty of all that serve it is over: late reports may still come.
    var servedUntil: Int64
    var assigned: [Assigned]
    var places: [PlaceAccount]

    /// That a handheld serves the duty for a time (`Patrol.Assignment`), by its position in the plan.
    struct Assigned: Hashable, Sendable {
      var handheld: Int
      var span: Span
      /// The span of duty it belongs to.
      var dutySpan: Span
      var isRostered: Bool
    }
  }

  /// What is known and was told of one place's window.
  struct PlaceAccount: Sendable {
    /// Its position in the ground.
    var place: Int
    var judgedAt = Instant.distantPast.milliseconds
    /// When it was last judged, or found to be as fresh as it was.
    var lookedAt = Instant.distantPast.milliseconds
    /// When its verdicts may next change, if nothing more is heard.
    var recheckAt: Int64
    /// The same, but for proven attendance running out, and for handhelds falling silent within reach.
    var laterAt: Int64
    /// When a handheld may have been silent for so long that it can have been at a missed place.
    var reachAt = Int64.max
    /// When what is new is to be judged or told; never, where nothing is.
    var newsAt: Int64
    /// What is new may change a verdict.
    var isOpenToChange = true
    /// By cell: until when settled attendance keeps it fresh that was so when last judged.
    var frontier: [Int64]
    /// By cell: was not fresh when last judged; empty where all were.
    var lapsed: [Bool] = []
    var gaps: [Gap] = []
    /// When the growth of open gaps was last told.
    var growthToldAt = Instant.distantPast.milliseconds
    /// By cell; empty until something is told.
    var told: [Told] = []
    var standing: Standing?
    /// On lines: all that is settled.
    var passes: CellPasses?

    var hasOpenGap: Bool { gaps.contains(where: \.isOpen) }
  }

  /// Attendance of a cell as it was told, by its hash: for telling it again where it differs.
  struct Told: Hashable, Sendable {
    var proven: UInt64 = 0
    var possible: UInt64 = 0

    init() {}

    /// Told while the window runs, and not all of it.
    static let inPart: Told = {
      var told = Told()
      told.proven = .max
      return told
    }()

    init(_ proven: Presence, _ possible: Presence, meeting window: Span) {
      self.proven = Self.hash(proven, window)
      // Of cells that were attended all the time they are one and the same.
      self.possible = possible == proven ? self.proven : Self.hash(possible, window)
    }

    /// 0 for none; else FNV-1a over the moments, and the same in every run.
    private static func hash(_ presence: Presence, _ window: Span) -> UInt64 {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      func take(_ moment: Int64) {
        hash = (hash ^ UInt64(bitPattern: moment)) &* 0x100_0000_01b3
        hash ^= hash >> 32
      }
      var isNone = true
      for span in presence.spans where span.meets(window) {
        isNone = false
        take(span.start)
        take(span.end)
      }
      return isNone ? 0 : max(1, hash)
    }
  }
}

extension Engine.WindowAccount: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&duty)
    packing(&span)
    packing(&servedUntil)
    packing(&assigned)
    packing(&places, blank: Engine.PlaceAccount.blank)
  }

  static func blank() -> Self {
    Self(duty: "", span: Span(0, 0), servedUntil: 0, assigned: [], places: [])
  }
}

extension Engine.PlaceAccount: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&place)
    packing(&judgedAt)
    packing(&lookedAt)
    packing(&recheckAt)
    packing(&laterAt)
    packing(&reachAt)
    packing(&newsAt)
    packing(&isOpenToChange)
    packing(&frontier)
    packing(&lapsed)
    packing(&gaps, blank: Gap.blank)
    packing(&growthToldAt)
    packing(&told)
    packing(&standing, blank: Standing.blank)
    packing(
      &passes, blank: { CellPasses(cells: 0, handhelds: 0, window: Span(0, 0), every: 0) })
  }

  fileprivate static func blank() -> Self {
    Self(place: 0, recheckAt: 0, laterAt: 0, newsAt: 0, frontier: [])
  }
}
