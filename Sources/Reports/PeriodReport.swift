public import Assessment
internal import Coverage
public import Geodesy
public import Patrol
public import Store

/// A week's summary, a month's joint assessment, a quarter's assessment. Values in; `html`, `csv`, `json` and listings out.
public struct PeriodReport: Sendable {
  /// Marks and weights other than the plan's: what would have been.
  public struct Supposition: Hashable, Sendable {
    public var rules: AssessmentRules?
    public var weights: [Duty.ID: Double]

    public init(rules: AssessmentRules? = nil, weights: [Duty.ID: Double] = [:]) {
      (self.rules, self.weights) = (rules, weights)
    }

    public var isNone: Bool { rules == nil && weights.isEmpty }
  }

  /// An earlier period of the same kind.
  public struct Earlier: Sendable {
    public var period: Period
    public var figures: PeriodFigures
  }

  public let period: Period
  public let span: Range<Instant>
  /// The one in force at the period's end.
  public let plan: Plan
  public let planDigest: String
  public let supposition: Supposition
  public let figures: PeriodFigures
  /// By its marks as they are now; the nearest last. Those in which nothing was owed are left out.
  public let earlier: [Earlier]
  public let members: [MemberFigures]
  public let equipment: EquipmentFigures
  /// Days of which no time on duty can be told: their fixes were purged before sums were kept.
  public let untold: [CivilDate]
  public let causes: [CauseFigures]
  /// Of gaps of the period, whatever became of them.
  public let excuses: [Excuse]
  public let lateness: Lateness
  public let outages: Listing
  /// Plan versions that came into force within the period.
  public let planChanges: [Instant]
  /// Its seal and what was stated of it again, in their order.
  public let seals: [SealRecord]
  /// The clock up to which the store was judged.
  public let judgedUntil: Instant
  public let drawnUp: Instant

  /// What comes later than this after a period's last window re-opens nothing by itself.
  public static let backlog = Milliseconds.hours(2)
  private static let earlierCount = 4

  /// - Parameters:
  ///   - plans: the store's, by the moment from which each is in force; not empty.
  ///   - zoneText: writes instants.
  public init(
    of period: Period, plans: [(began: Instant, digest: String, plan: Plan)], queries: Queries,
    supposing supposition: Supposition = Supposition(), at now: Instant
  ) throws(StoreError) {
    func version(_ at: Instant) -> (began: Instant, digest: String, plan: Plan) {
      plans.last { $0.began <= at } ?? plans[0]
    }
    let named = version(version(.distantFuture).plan.span(of: period).upperBound)
    (plan, planDigest) = (named.plan, named.digest)
    self.period = period
    self.supposition = supposition
    drawnUp = now
    let span = named.plan.span(of: period)
    self.span = span
    let rules = supposition.rules ?? named.plan.assessment
    func figures(_ windows: [DutyWindow]) -> PeriodFigures {
      PeriodFigures(
        windows, plan: named.plan, rules: rules, weights: supposition.weights)
    }
    let windows = try queries.dutyWindows(opening: span) { version($0).plan }
    self.figures = figures(windows)
    let judged = try queries.clock() ?? .distantPast
    judgedUntil = judged
    (equipment, untold) = try queries.equipment(
      on: period.dates.map { PlannedDay($0, among: plans) }, until: judged)
    members = MemberFigures.all(
      in: windows, heard: try queries.heard(in: span), times: equipment.members, rules: rules
    ) { version($0).plan }
    var earlier: [Earlier] = []
    var before = period.previous
    for _ in 0..<Self.earlierCount {
      let windows = try queries.dutyWindows(opening: named.plan.span(of: before)) {
        version($0).plan
      }
      if !windows.isEmpty { earlier.append(Earlier(period: before, figures: figures(windows))) }
      before = before.previous
    }
    self.earlier = earlier.reversed()
    causes = try queries.causes(windowsOpening: span)
    excuses = try queries.excuses().filter { span.contains($0.owed.windowBegan) }
    lateness = try queries.lateness(windowsOpening: span)
    var filter = Filter()
    (filter.from, filter.to) = (span.lowerBound, span.upperBound)
    outages = try queries.outages(filter)
    planChanges = plans.dropFirst().map(\.began).filter { span.contains($0) }
    seals = try queries.seals(of: period)
  }

  public var zone: ZoneText {
    let zone = plan.zone
    return { zone.text($0) }
  }

  /// Every window was judged to its end, the last day is over, and so is the time in which a backlog may still come.
  public var isFinal: Bool {
    figures.isFinal && judgedUntil >= span.upperBound + Self.backlog
  }
}
