public import Geodesy
public import Patrol

/// A run of fixes of one handheld at a point, in an area, or in one cell of a gridded area.
public struct Stay: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Long enough for at least one of the duties owed here.
    case stay
    /// Shorter than each of them asks.
    case shortStay = "short_stay"
    /// Through without slowing down to any duty's pass speed (only where no duty asks for a stay).
    case driveBy = "drive_by"
  }

  public var handheld: Handheld.ID
  public var place: Place.ID
  /// The cell of a gridded area; 0 elsewhere.
  public var cell: Int
  public var arrived: Instant
  public var left: Instant
  /// The span less its excursions outside.
  public var length: Milliseconds
  public var kind: Kind
  /// GNSS time of the fix that decided it.
  public var decided: Instant

  public init(
    handheld: Handheld.ID, place: Place.ID, cell: Int, arrived: Instant, left: Instant,
    length: Milliseconds, kind: Kind, decided: Instant
  ) {
    self.handheld = handheld
    self.place = place
    self.cell = cell
    self.arrived = arrived
    self.left = left
    self.length = length
    self.kind = kind
    self.decided = decided
  }
}

/// Travel along a line, without a break.
public struct Pass: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case pass
    /// Faster than every duty owed here allows.
    case driveBy = "drive_by"
  }

  public var handheld: Handheld.ID
  public var place: Place.ID
  public var began: Instant
  public var ended: Instant
  /// Chainage; `from` above `to` where the line was walked backwards.
  public var from: Metres
  public var to: Metres
  public var speed: MetresPerSecond
  /// 0…1; what is below the matcher's mark is possible, not proven.
  public var confidence: Double
  public var kind: Kind
  /// GNSS time of the fix that decided it.
  public var decided: Instant

  public init(
    handheld: Handheld.ID, place: Place.ID, began: Instant, ended: Instant, from: Metres,
    to: Metres, speed: MetresPerSecond, confidence: Double, kind: Kind, decided: Instant
  ) {
    self.handheld = handheld
    self.place = place
    self.began = began
    self.ended = ended
    self.from = from
    self.to = to
    self.speed = speed
    self.confidence = confidence
    self.kind = kind
    self.decided = decided
  }
}

public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
  case missed, unproven
}

public enum Cause: String, Hashable, Sendable, Codable, CaseIterable {
  // Of missed time, in order of precedence.
  case shortStay = "short_stay"
  case driveBy = "drive_by"
  case away, unmanned
  // Of unproven time, in order of precedence.
  case undecided, suspect
  case poorFix = "poor_fix"
  case noFix = "no_fix"
  case silent, unreachable
  case daemonDown = "daemon_down"
}

/// What a window and a place are known by.
public struct Owed: Hashable, Comparable, Sendable, Codable {
  public var duty: Duty.ID
  public var windowBegan: Instant
  public var place: Place.ID

  public init(duty: Duty.ID, windowBegan: Instant, place: Place.ID) {
    self.duty = duty
    self.windowBegan = windowBegan
    self.place = place
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.windowBegan, a.duty, a.place) < (b.windowBegan, b.duty, b.place)
  }
}

/// Where and when, exactly: spans of time by cell of a place. What a gap covers, and what an excuse excuses.
public struct Region: Hashable, Sendable, Codable {
  public struct Piece: Hashable, Sendable, BitwiseCopyable, Codable {
    public var cell: Int
    public var began: Instant
    public var ended: Instant

    public init(cell: Int, began: Instant, ended: Instant) {
      self.cell = cell
      self.began = began
      self.ended = ended
    }
  }

  /// Disjoint; by cell, then time.
  public var pieces: [Piece]

  public init(pieces: [Piece]) { self.pieces = pieces }
}

/// A maximal connected region of cells × time of one verdict.
public struct Gap: Hashable, Sendable, Codable {
  /// Ten letters and digits (Crockford's base 32), derived from what it is a gap of and where it first opened: equal in
  /// every run that sees it open the same way.
  public typealias ID = Identifier<Gap>

  public var id: ID
  public var owed: Owed
  public var verdict: Verdict
  public var cause: Cause
  public var began: Instant
  /// While `isOpen`, the moment it was last judged.
  public var ended: Instant
  public var isOpen: Bool
  /// The bounding stretch of a line's gap; `from` above `to` where it runs over the joint of a closed loop.
  public var stretch: Stretch?
  /// Cells of a gridded area's gap; empty elsewhere.
  public var cells: [Int]
  /// Seconds (points, whole areas), metre-seconds (lines), or square-metre-seconds (gridded areas).
  public var extent: Double
  /// Extent by cause, all of those that play a part in this verdict.
  public var evidence: [Cause: Double]
  /// Those that serve the duty in this window.
  public var handhelds: [Handheld.ID]
  public var region: Region
  /// When it first opened, by the engine's clock.
  public var flagged: Instant
  /// 1 at first, one more with every revision.
  public var revision: Int

  public struct Stretch: Hashable, Sendable, BitwiseCopyable, Codable {
    public var from: Metres
    public var to: Metres

    public init(from: Metres, to: Metres) {
      self.from = from
      self.to = to
    }
  }

  public init(
    id: ID, owed: Owed, verdict: Verdict, cause: Cause, began: Instant, ended: Instant,
    isOpen: Bool, stretch: Stretch?, cells: [Int], extent: Double, evidence: [Cause: Double],
    handhelds: [Handheld.ID], region: Region, flagged: Instant, revision: Int
  ) {
    self.id = id
    self.owed = owed
    self.verdict = verdict
    self.cause = cause
    self.began = began
    self.ended = ended
    self.isOpen = isOpen
    self.stretch = stretch
    self.cells = cells
    self.extent = extent
    self.evidence = evidence
    self.handhelds = handhelds
    self.region = region
    self.flagged = flagged
    self.revision = revision
  }
}

/// How a gap changed.
public enum Revision: String, Hashable, Sendable, Codable, CaseIterable {
  case opened, closed, extended, shortened, split, merged
  case rejudged = "re-judged"
  case withdrawn, excused
}

/// How one place's window stands.
public struct Standing: Hashable, Sendable, Codable {
  public var owed: Owed
  public var ended: Instant
  /// Shares of the judged time by cell weight; they sum to 1. While the window runs, of the time judged so far, and
  /// `nil` before anything is judged.
  public var shares: Shares?
  /// Σ cell weight × judged seconds, in the unit of `Gap.extent`: what the shares are parts of.
  public var judgedExtent: Double
  /// Judged to its end.
  public var isFinal: Bool
  /// Separate attendances within the window (on a line, of its most attended cell).
  public var attendances: Int
  /// The longest time between the end of one attendance and the start of the next, the window's edges included; on a
  /// line the longest that 25 m of neighbouring cells share.
  public var longestInterval: Milliseconds

  public init(
    owed: Owed, ended: Instant, shares: Shares?, judgedExtent: Double, isFinal: Bool,
    attendances: Int,
    longestInterval: Milliseconds
  ) {
    self.owed = owed
    self.ended = ended
    self.shares = shares
    self.judgedExtent = judgedExtent
    self.isFinal = isFinal
    self.attendances = attendances
    self.longestInterval = longestInterval
  }
}

/// Parts of 1.
public struct Shares: Hashable, Sendable, BitwiseCopyable, Codable {
  public var covered: Double
  public var missed: Double
  public var unproven: Double
  public var excused: Double

  public init(covered: Double, missed: Double, unproven: Double, excused: Double) {
    self.covered = covered
    self.missed = missed
    self.unproven = unproven
    self.excused = excused
  }

  /// Rounded so that they still sum to 1, to the last digit printed: what is left over goes to those that were cut the most
  /// (Hamilton's method of the largest remainder).
  public func rounded(decimals: Int) -> Shares {
    var unit = 1.0
    for _ in 0..<decimals { unit *= 10 }
    let exact = [covered, missed, unproven, excused].map { max(0, $0) * unit }
    // What sums to 1 but for the last bits is not to lose a unit to them.
    var whole = exact.map { ($0 + 1e-6).rounded(.down) }
    var left = Int(unit) - Int(whole.reduce(0, +))
    let order = exact.indices.sorted { (exact[$0] - whole[$0], $1) > (exact[$1] - whole[$1], $0) }
    for i in order where left > 0 {
      whole[i] += 1
      left -= 1
    }
    let parts = whole.map { $0 / unit }
    return Shares(covered: parts[0], missed: parts[1], unproven: parts[2], excused: parts[3])
  }
}

/// The attendance of one cell of one place's window: closed intervals that meet the window.
public struct CellAttendance: Hashable, Sendable, Codable {
  public var cell: Int
  public var proven: [ClosedRange<Instant>]
  /// What cannot be ruled out, where proven attendance leaves open what the verdict is.
  public var possible: [ClosedRange<Instant>]

  public init(
    cell: Int, proven: [ClosedRange<Instant>] = [], possible: [ClosedRange<Instant>] = []
  ) {
    self.cell = cell
    self.proven = proven
    self.possible = possible
  }

  /// Takes up what is said of the same cell.
  public mutating func take(_ change: AttendanceChange) {
    proven.removeAll { $0.lowerBound >= change.since }
    proven += change.proven
    if let possible = change.possible { self.possible = possible }
  }
}

/// How the attendance of one cell differs from what was said of it before.
public struct AttendanceChange: Hashable, Sendable, Codable {
  public var cell: Int
  /// Proven attendance that begins before this moment stands as it was said.
  public var since: Instant
  /// All that is proven and begins at that moment or later.
  public var proven: [ClosedRange<Instant>]
  /// All that is possible beside what is proven (`CellAttendance.possible`); nil where that stands as it was said.
  public var possible: [ClosedRange<Instant>]?

  public init(
    cell: Int, since: Instant, proven: [ClosedRange<Instant>], possible: [ClosedRange<Instant>]?
  ) {
    self.cell = cell
    self.since = since
    self.proven = proven
    self.possible = possible
  }
}

/// What falls due, and who is nearest.
public struct Forecast: Hashable, Sendable, Codable {
  public var owed: Owed
  public var due: Instant
  /// The handheld of the duty nearest to the place (to its stalest cell), with its distance in a straight line and the
  /// age of its position. Nil where no handheld has a position.
  public var nearest: Nearest?

  public struct Nearest: Hashable, Sendable, Codable {
    public var handheld: Handheld.ID
    public var distance: Metres
    public var seen: Instant

    public init(handheld: Handheld.ID, distance: Metres, seen: Instant) {
      self.handheld = handheld
      self.distance = distance
      self.seen = seen
    }
  }

  public init(owed: Owed, due: Instant, nearest: Nearest?) {
    self.owed = owed
    self.due = due
    self.nearest = nearest
  }
}
