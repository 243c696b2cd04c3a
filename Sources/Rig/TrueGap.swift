public import Coverage
public import Geodesy

/// A gap as it truly was: what an engine that saw everything would find.
public struct TrueGap: Hashable, Sendable {
  public var owed: Owed
  public var verdict: Verdict
  public var cause: Cause
  public var began: Instant
  public var ended: Instant
  /// On lines.
  public var stretch: Gap.Stretch?
  /// Seconds, or metre-seconds on lines.
  public var extent: Double
  /// To whole seconds.
  public var region: Region
  /// The planted fault that it comes of; nil where nobody planted it.
  public var fault: String?
  /// Seen only until a backlog came; not among the final gaps.
  public var isLiveOnly: Bool
  /// Of its whole place; all are of equal weight.
  var cellCount: Int
}

/// How much of a place's window was truly covered.
public struct TrueShare: Hashable, Sendable {
  public var owed: Owed
  /// Part of 1, by cell weight × time.
  public var covered: Double
}
