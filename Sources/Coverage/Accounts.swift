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
