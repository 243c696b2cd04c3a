internal import Geodesy
internal import Patrol
internal import Store

extension PeriodReport {
  /// What it is of and the brigade as a whole, and its tables, a sheet each.
  public var workbook: Workbook {
    let state = isFinal ? "Final." : "Not final: judged up to \(zone(judgedUntil))."
    let record = supposition.isNone ? "" : " Not the record: drawn up under a supposition."
    return Workbook(
      title: "\(plan.brigade.name), \(period)",
      comment: "\(state)\(record) Drawn up \(zone(drawnUp)) by patrold \(ProgramIdentity.version) "
        + "under plan \(planDigest). Times are local, \(plan.zone.identifier).",
      zone: plan.zone, drawnUp: drawnUp,
      sheets: ([("period", periodListing)] + allTables).map { Workbook.Sheet($0, $1) })
  }

  private var periodListing: Listing {
    let whole = wholeListing
    let facts: [(String, Listing.Value)] = [
      ("brigade", .text(plan.brigade.name)), ("kind", .text(period.kind.rawValue)),
      ("period", .text("\(period)")), ("from", .text("\(period.days.lowerBound)")),
      ("to", .text("\(period.days.upperBound.adding(days: -1))")), ("final", .flag(isFinal)),
      ("hypothetical", .flag(!supposition.isNone)), ("judged_until_at", .time(judgedUntil)),
      ("plan", .text(planDigest)),
    ]
    return Listing(
      columns: facts.map(\.0) + whole.columns, rows: [facts.map(\.1) + whole.rows[0]])
  }
}
