internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What was received in a day, read once: counted by handheld, and what each one's time was worth.
struct ShiftHeard {
  private(set) var listing = Listing(columns: [])
  /// In the plan's order.
  private var tallies: [HandheldTally]
  private let positions: [Handheld.ID: Int]
  private let handhelds: [Handheld]
  /// Of these alone; nil: of all.
  private let own: [String]?

  init(on day: CivilDate, _ plan: Plan, of own: [String]?) {
    self.own = own
    let allotted = Dictionary(grouping: plan.allotments(on: day), by: \.handheld)
    handhelds = plan.handhelds
    tallies = plan.handhelds.map { HandheldTally($0, allotted: allotted[$0.id] ?? []) }
    positions = Dictionary(
      plan.handhelds.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { a, _ in a })
  }

  /// One look through the day's receipts, in which nothing is held but where handhelds stand. O(receipts).
  mutating func read(_ span: Range<Instant>, _ queries: Queries) throws(StoreError) {
    var filter = Filter()
    (filter.from, filter.to, filter.handhelds) = (span.lowerBound, span.upperBound, own)
    var (latest, position) = ("" as Handheld.ID, Int?.none)
    listing = try queries.handhelds(filter) { handheld, receipt in
      if handheld != latest { (latest, position) = (handheld, positions[handheld]) }
      if let position { tallies[position].take(receipt.at, receipt.gate) }
    }
  }

  /// - Parameter passes: of all handhelds, in order of their beginnings.
  func days(
    _ span: Range<Instant>, passes: [Pass], outages: [Outage], judgedUntil: Instant
  ) -> [HandheldDay] {
    let walks = Dictionary(
      grouping: passes.filter { span.contains($0.began) }, by: \.handheld)
    return zip(handhelds, tallies).map { handheld, tally in
      tally.day(passes: walks[handheld.id] ?? [], outages: outages, judgedUntil: judgedUntil)
    }
  }
}
