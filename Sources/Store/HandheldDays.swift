public import Assessment
internal import Coverage
internal import GRDB
public import Geodesy
public import Patrol

extension Queries {
  /// What some handhelds' time on duty was worth on a day, out of what is stored of it, in the order in which they are given.
  /// O(fixes of the day).
  ///
  /// - Parameter judged: nothing is known of what lies after it.
  public func handheldDays(
    of handhelds: [Handheld], on day: PlannedDay, until judged: Instant
  ) throws(StoreError) -> [HandheldDay] {
    try store.read { db in
      let outages = try db.outages(overlapping: day.span)
      return try db.handheldDays(of: handhelds, on: day, outages, until: judged).days
    }
  }
}

extension Database {
  /// One look through the day's moments, in which nothing is held but where handhelds stand.
  ///
  /// - Parameters:
  ///   - outages: that meet the day.
  ///   - recent: as in `forEachReceipt`.
  /// - Returns: as many days as handhelds, and how many moments there were.
  func handheldDays(
    of handhelds: [Handheld], on day: PlannedDay, _ outages: [Outage], until judged: Instant,
    recent: [[Int64]]? = nil
  ) throws -> (days: [HandheldDay], moments: Int) {
    let isOne = handhelds.count == 1
    let allotted =
      isOne
      ? [handhelds[0].id: day.plan.allotments(of: handhelds[0].id, on: day.date)]
      : Dictionary(grouping: day.plan.allotments(on: day.date), by: \.handheld)
    var tallies = handhelds.map { HandheldTally($0, allotted: allotted[$0.id] ?? []) }
    let positions = Dictionary(
      handhelds.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var (latest, position, moments) = ("" as Handheld.ID, Int?.none, 0)
    // A list of all would only be looked up in.
    let asked = handhelds.count < day.plan.handhelds.count ? handhelds.map(\.id.text) : nil
    try forEachReceipt(of: asked, in: day.span, recent: recent) { handheld, receipt in
      moments += 1
      if handheld != latest { (latest, position) = (handheld, positions[handheld]) }
      if let position { tallies[position].take(receipt.at, receipt.gate) }
    }
    var days: [HandheldDay] = []
    for (handheld, tally) in zip(handhelds, tallies) {
      days.append(
        tally.day(
          passes: try passes(of: handheld.id, beginningIn: day.span), outages: outages,
          judgedUntil: judged))
    }
    return (days, moments)
  }

  /// In the order of their beginnings.
  private func passes(of handheld: Handheld.ID, beginningIn span: Range<Instant>) throws -> [Pass] {
    try Row.fetchAll(
      cachedStatement(
        sql: """
          SELECT \(PassRow.columns) FROM pass WHERE handheld = ? AND began_ms >= ? AND began_ms < ?
          ORDER BY began_ms, place, from_m
          """),
      arguments: [handheld.text, span.lowerBound.milliseconds, span.upperBound.milliseconds]
    ).compactMap(PassRow.pass)
  }
}
