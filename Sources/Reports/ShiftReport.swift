public import Assessment
public import Coverage
public import Geodesy
public import Patrol
public import Store

/// What happened in one operational day: every window that opened in it, its gaps, and what stood in the way of seeing.
/// Values in; `html`, `csv` and `json` out.
public struct ShiftReport: Sendable {
  public let plan: Plan
  public let planDigest: String
  public let day: CivilDate
  public let span: Range<Instant>
  public let windows: [WindowRecord]
  public let totals: [WindowRecord]
  public let gaps: [GapRecord]
  /// Opened in this day, and disproved by what came in later.
  public let withdrawn: [Gap]
  public let excuses: [Excuse]
  public let outages: Listing
  public let handhelds: Listing
  /// What was ordered for the day beside the plan; withdrawn or not, but of a squadron's part only those that hold.
  public let changes: [OrderedChange]
  /// Handhelds carried together that day.
  public let pairings: [PairingRecord]
  /// The clock up to which the store was judged.
  public let judgedUntil: Instant
  /// When it was drawn up.
  public let drawnUp: Instant
  /// Along each line, of every handheld, drive-bys among them.
  public let passes: [Place.ID: [Pass]]
  /// At each point and in each area, of every handheld, short ones among them.
  public let stays: [Place.ID: [Stay]]
  /// When each window's place was attended, proven; of places of one cell.
  public let attended: [Owed: [ClosedRange<Instant>]]
  /// Who served which duty when.
  let serving: ShiftServing
  /// In the plan's order.
  public let handheldDays: [HandheldDay]
  public let outageSpans: [Outage]
  /// Stays that attended nothing: too short, or driven through.
  public let shortStays: Listing
  /// Passes that attended nothing: too fast.
  public let driveBys: Listing

  /// - Parameter isCut: the plan is a squadron's part of the brigade's (`Plan.cut`): of other handhelds and duties nothing is
  ///   told.
  public init(
    of day: CivilDate, plan: Plan, planDigest: String, isCut: Bool = false, queries: Queries,
    at now: Instant
  ) throws(StoreError) {
    self.plan = plan
    self.planDigest = planDigest
    self.day = day
    drawnUp = now
    let judged = try queries.clock() ?? .distantPast
    judgedUntil = judged
    let span = plan.span(of: day)
    self.span = span
    let own = isCut ? plan.handhelds.map(\.id.text) : nil
    let (first, second, told, moved, stood) = try queries.answers { queries throws(StoreError) in
      try ShiftHeard(.first, on: day, plan, of: own, queries)
    } _: { queries throws(StoreError) in
      try ShiftHeard(.second, on: day, plan, of: own, queries)
    } _: { queries throws(StoreError) in
      try ShiftFindings(of: span, plan, of: own, queries)
    } _: { queries throws(StoreError) in
      try ShiftMovements(passing: span, of: own, queries)
    } _: { queries throws(StoreError) in
      try ShiftMovements(staying: span, of: own, queries)
    }
    let heard = first.joined(second)
    (windows, gaps, withdrawn) = (told.windows, told.gaps, told.withdrawn)
    (excuses, outages, outageSpans) = (told.excuses, told.outages, told.outageSpans)
    (pairings, attended, changes) = (told.pairings, told.attended, told.changes)
    (shortStays, driveBys) = (stood.idle, moved.idle)
    passes = Dictionary(grouping: moved.all, by: \.place)
    stays = Dictionary(grouping: stood.all, by: \.place)
    totals = Queries.totals(told.windows)
    serving = ShiftServing(told.windows, plan)
    handhelds = try heard.listing(of: own, queries)
    handheldDays = heard.days(
      span, passes: moved.all, outages: told.outageSpans, judgedUntil: judged)
  }

  public var zone: ZoneText {
    let zone = plan.zone
    return { zone.text($0) }
  }

  /// Every window of the day was judged to its end, and the time in which a backlog may still come has passed.
  public var isFinal: Bool {
    guard let over = plan.windows(opening: span).map(\.ended).max() else { return true }
    return windows.allSatisfy(\.isFinal) && judgedUntil >= over + PeriodReport.backlog
  }

  /// Of all duties together, by their weights; nil where nothing was judged.
  public var overall: Shares? { shares(of: totals) }

  /// Of some duties' windows, by their weights; nil where none was judged.
  func shares(of totals: [WindowRecord]) -> Shares? {
    var sum = Tally()
    for total in totals {
      sum.add(
        Tally(total.shares, required: 0, made: total.attendances),
        times: plan.duty(total.owed.duty)?.weight ?? 1)
    }
    return sum.shares
  }

  public var windowListing: Listing { Queries.listing(windows, total: false) }
  public var gapListing: Listing { Queries.listing(gaps) }

  public var csv: String { windowListing.csv(zone: zone) }

  public var json: String {
    JSONText.object([
      ("brigade", JSONText.quoted(plan.brigade.id.text)), ("day", JSONText.quoted("\(day)")),
      ("plan", JSONText.quoted(planDigest)), ("final", "\(isFinal)"),
      ("drawn_up_at", JSONText.quoted(zone(drawnUp))), ("windows", windowListing.json(zone: zone)),
      ("gaps", gapListing.json(zone: zone)), ("outages", outages.json(zone: zone)),
      ("handhelds", handhelds.json(zone: zone)),
      ("carried_together", Queries.listing(pairings).json(zone: zone)),
      ("changes", Queries.listing(changes, zone: plan.zone).json(zone: zone)),
    ])
  }
}
