internal import Assessment
internal import Geodesy
internal import Patrol
internal import Store

extension MemberReport {
  /// The record's tables, a sheet each.
  public var workbook: Workbook {
    let last = days.upperBound.adding(days: -1)
    let state = isFinal ? "Final." : "Not final: judged up to \(zone(judgedUntil))."
    return Workbook(
      title: "\(server.text), \(days.lowerBound) – \(last)",
      comment: "\(plan.brigade.name). \(state) Drawn up \(zone(drawnUp)) by patrold "
        + "\(ProgramIdentity.version) under plan \(planDigest). Times are local, \(plan.zone.identifier).",
      zone: plan.zone, drawnUp: drawnUp, sheets: tables.map { Workbook.Sheet($0, $1) })
  }
}
