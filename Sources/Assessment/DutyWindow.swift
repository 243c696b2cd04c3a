public import Geodesy
public import Patrol

/// One window of a duty, its places together, as it enters an assessment.
public struct DutyWindow: Hashable, Sendable {
  public var duty: Duty.ID
  public var group: Group.ID
  public var squadron: Squadron.ID
  /// The operational day it belongs to.
  public var day: CivilDate
  public var began: Instant
  public var ended: Instant
  /// Of the plan version that it was judged by.
  public var weight: Double
  public var isFinal: Bool
  /// Unweighted.
  public var tally: Tally

  public init(
    duty: Duty.ID, group: Group.ID, squadron: Squadron.ID, day: CivilDate, began: Instant,
    ended: Instant, weight: Double, isFinal: Bool, tally: Tally
  ) {
    (self.duty, self.group, self.squadron, self.day) = (duty, group, squadron, day)
    (self.began, self.ended, self.weight) = (began, ended, weight)
    (self.isFinal, self.tally) = (isFinal, tally)
  }
}
