internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What was received in a day of some handhelds, read once: counted by handheld, and what each one's time was worth.
struct ShiftHeard {
  private var counts: [ReceiptCounts]
  private var tallies: [Handheld.ID: HandheldTally]
  private let plan: Plan
  private let allotted: [Handheld.ID: [Assignment]]

  enum Half { case first, second }

  /// One look through the day's receipts of half of the handhelds, in which nothing is held but where they stand. O(receipts).
  ///
  /// - Parameter own: of these handhelds alone; nil: of all.
  init(
    _ half: Half, on day: CivilDate, _ plan: Plan, of own: [String]?, _ queries: Queries
  ) throws(StoreError) {
    self.plan = plan
    let allotted = Dictionary(grouping: plan.allotments(on: day)) { $0.handheld }
    self.allotted = allotted
    let all = if let own { own.sorted() } else { try queries.storedHandhelds() }
    var filter = Filter()
    (filter.from, filter.to) = (plan.span(of: day).lowerBound, plan.span(of: day).upperBound)
    filter.handhelds =
      switch half {
      case .first: Array(all[..<(all.count / 2)])
      case .second: Array(all[(all.count / 2)...])
      }
    var tallies: [HandheldTally?] = plan.handhelds.map { _ in nil }
    let positions = Dictionary(
      plan.handhelds.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { a, _ in a })
    var (latest, position) = ("" as Handheld.ID, Int?.none)
    counts = try queries.receiptCounts(filter) { handheld, receipt in
      if handheld != latest {
        (latest, position) = (handheld, positions[handheld])
        if let position {
          tallies[position] = HandheldTally(
            plan.handhelds[position], allotted: allotted[handheld] ?? [])
        }
      }
      if let position { tallies[position]?.take(receipt.at, receipt.gate) }
    }
    self.tallies = Dictionary(
      zip(plan.handhelds, tallies).compactMap { handheld, tally in tally.map { (handheld.id, $0) }
      },
      uniquingKeysWith: { a, _ in a })
  }

  /// With what was read of the other half.
  func joined(_ other: ShiftHeard) -> ShiftHeard {
    var both = self
    both.counts += other.counts
    both.tallies.merge(other.tallies) { a, _ in a }
    return both
  }

  /// How each handheld stands, and what was received of it.
  func listing(of own: [String]?, _ queries: Queries) throws(StoreError) -> Listing {
    var filter = Filter()
    filter.handhelds = own
    return try queries.handhelds(filter, counted: counts)
  }

  /// In the plan's order.
  ///
  /// - Parameter passes: of all handhelds, in order of their beginnings.
  func days(
    _ span: Range<Instant>, passes: [Pass], outages: [Outage], judgedUntil: Instant
  ) -> [HandheldDay] {
    let walks = Dictionary(grouping: passes.filter { span.contains($0.began) }) { $0.handheld }
    return plan.handhelds.map { handheld in
      let tally =
        tallies[handheld.id] ?? HandheldTally(handheld, allotted: allotted[handheld.id] ?? [])
      return tally.day(
        passes: walks[handheld.id] ?? [], outages: outages, judgedUntil: judgedUntil)
    }
  }
}
