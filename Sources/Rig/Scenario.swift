public import Coverage
public import Geodesy
public import Patrol
public import PlanFiles

/// A plan, and what its handhelds' bearers truly do on one evening.
public struct Scenario: Sendable {
  /// A gap that must come out.
  public struct Fault: Hashable, Sendable {
    public var name: String
    public var duty: Duty.ID
    public var place: Place.ID
    public var verdict: Verdict
    public var cause: Cause
    /// It opens while a handheld is silent, and is withdrawn when its backlog comes.
    public var isLiveOnly: Bool

    public init(
      name: String, duty: Duty.ID, place: Place.ID, verdict: Verdict, cause: Cause,
      isLiveOnly: Bool
    ) {
      self.name = name
      self.duty = duty
      self.place = place
      self.verdict = verdict
      self.cause = cause
      self.isLiveOnly = isLiveOnly
    }
  }

  public var name: String
  public var seed: UInt64
  /// Simulated time from the first to the last moment.
  public var span: Range<Instant>
  public var faults: [Fault]
  /// In the plan's order of handhelds; one that the scenario leaves out is never switched on.
  public var walkers: [Walker]
  public var plan: Plan
  /// By which its handhelds' reports come to gpsds, and so which of them share one.
  public var way = Way.udp
  /// What was warned of when the plan was read.
  public var warnings: [PlanProblem]
  /// The texts the plan was read from; nil where it was made otherwise.
  public var bundle: PlanBundle?

  public init(
    name: String, seed: UInt64, span: Range<Instant>, faults: [Fault] = [], walkers: [Walker],
    plan: Plan, warnings: [PlanProblem] = [], bundle: PlanBundle? = nil
  ) {
    self.name = name
    self.seed = seed
    self.span = span
    self.faults = faults
    self.walkers = walkers
    self.plan = plan
    self.warnings = warnings
    self.bundle = bundle
  }

  /// The same by another way. Through a gateway all tell JSON.
  ///
  /// - Throws: `RigError.gpsd` where a gateway is to forward sentences that a fault spoils.
  public func going(by way: Way) throws(RigError) -> Scenario {
    var scenario = self
    scenario.way = way
    guard way == .gateway else { return scenario }
    for (w, walker) in walkers.enumerated() {
      if let fault = walker.faults.first(where: { [.checksum, .truncated].contains($0.name) }) {
        throw .gpsd(
          "a gateway forwards JSON; found \(fault.name.rawValue) of \(walker.handheld.id), which spoils NMEA"
        )
      }
      scenario.walkers[w].feed = .gpsdJSON
    }
    return scenario
  }

  /// The windows that open within the scenario's time.
  public var windows: [Window] { plan.windows(opening: span) }
}
