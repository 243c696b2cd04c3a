public import Geodesy
public import Patrol

/// An operational day, and the plan that says who was on duty in it: the one in force when it ended.
public struct PlannedDay: Sendable {
  public var date: CivilDate
  public var span: Range<Instant>
  public var digest: String
  public var plan: Plan

  public init(date: CivilDate, plan: Plan, digest: String) {
    (self.date, self.plan, self.digest) = (date, plan, digest)
    span = plan.span(of: date)
  }

  /// - Parameter versions: of the plan, by the moment from which each is in force; not empty.
  public init(
    _ date: CivilDate, among versions: [(began: Instant, digest: String, plan: Plan)]
  ) {
    let end = versions[versions.count - 1].plan.span(of: date).upperBound
    let version = versions.last { $0.began <= end } ?? versions[0]
    self.init(date: date, plan: version.plan, digest: version.digest)
  }
}
