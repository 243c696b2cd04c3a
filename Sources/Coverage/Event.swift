public import Geodesy
public import Patrol

/// What the engine concluded; to be stored in the order given, in the transaction that stores its inputs.
public enum Event: Hashable, Sendable, Codable {
  /// The stays and passes of a handheld decided after `after` and before `before` are void; those that hold follow.
  case retracted(Handheld.ID, after: Instant, before: Instant)
  case stay(Stay)
  case pass(Pass)
  /// A gap as it stands now; `.withdrawn` ends it.
  case gap(Gap, Revision)
  /// Replaces the stored attendance of these cells.
  case attendance(Owed, [AttendanceChange])
  case standing(Standing)
  /// The gate of an earlier fix changed: a fix that came late was judged before it.
  case regated(Observation, Gate?)
}
