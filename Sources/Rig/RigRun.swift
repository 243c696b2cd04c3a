public import Geodesy
public import Patrol

/// A scenario brought to life: real gpsds, the plan that reads them, the truth apart.
///
///     <out>/plan/         the effective plan: sources are the gpsds' (and devices/, so that it reads on its own)
///     <out>/truth.json    what must be found
///     <out>/nmea/ gpsd-json/ gpx/ gps-sdr-sim/   the same as files, where asked for: a handheld each
///     <out>/clock         START×RATE@REALMS, what the daemon's clock is to be
///     <out>/ready         once the gpsds answer; reports begin at REALMS
///     <out>/sent          once all reports are sent; the gpsds stay up for `linger` more
///     <out>/gpsd-1.log    what each gpsd said
///     <out>/store.sqlite  what patrold found, where it was asked for; patrold.log is what it said
public struct RigRun: Sendable {
  /// Where reports go.
  public enum Delivery: String, Hashable, Sendable, CaseIterable {
    /// Through real gpsds, at their time.
    case gpsd
    /// Into files, at once, without a gpsd: what receivers write, what gpsd passes on, fixes as a track.
    case nmea
    case gpsdJSON = "gpsd-json"
    case gpx
    /// Where handhelds truly are, for GPS signal simulators (`MotionFile`).
    case gpsSDRSim = "gps-sdr-sim"
  }

  public struct Options: Sendable {
    /// Simulated seconds per real second, above 0.
    public var speed: Double
    /// A folder, made where it is missing.
    public var out: String
    /// Nil: the scenario's own.
    public var seed: UInt64?
    /// Real time from `ready` to the first moment of the scenario, for daemons to start in.
    public var lead: Duration
    /// Real time for which the gpsds stay up after the last moment.
    public var linger: Duration
    public var deliveries: Set<Delivery>
    /// Into gpsds.
    public var way: Way
    /// Out of which ports some handhelds' reports go besides; asks for real time.
    public var lines: [Handheld.ID: SerialLine]
    /// The program that is to watch the evening; nil: whoever wants to starts it.
    public var daemon: String?

    public init(
      speed: Double, out: String, seed: UInt64? = nil, lead: Duration = .seconds(5),
      linger: Duration = .seconds(3), deliveries: Set<Delivery> = [.gpsd], way: Way = .udp,
      lines: [Handheld.ID: SerialLine] = [:], daemon: String? = nil
    ) {
      self.speed = speed
      self.out = out
      self.seed = seed
      self.lead = lead
      self.linger = linger
      self.deliveries = deliveries
      self.way = way
      self.lines = lines
      self.daemon = daemon
    }
  }

  public enum Progress: Sendable {
    case startingDaemons
    /// `clock` and `ready` are written.
    case ready(clock: RigClock)
    case walking(at: Instant, sent: Int, of: Int)
    case lingering
    /// What it took, where gpsds ran.
    case done(RigCost?)
  }

  public let scenario: Scenario
  public let options: Options

  public init(scenario: Scenario, options: Options) {
    self.scenario = scenario
    self.options = options
  }

  /// Runs to the end. When its task is cancelled the gpsds end before it throws.
  public func run(progress: @escaping @Sendable (Progress) -> Void) async throws(RigError) {
    let seed = options.seed ?? scenario.seed
    let scenario = try scenario.going(by: options.way)
    try RigFile.remove(["clock", "ready", "sent"].map { "\(options.out)/\($0)" })
    let truth = Truth(of: scenario)
    try RigFile.write(truth.json(zone: scenario.plan.zone), to: "\(options.out)/truth.json")
    for delivery in options.deliveries {
      try OutletFiles.write(delivery, scenario, seed: seed, to: options.out)
    }
    guard options.deliveries.contains(.gpsd) else {
      try writePlan([:])
      progress(.done(nil))
      return
    }
    progress(.startingDaemons)
    let daemons = try await GPSDaemons(for: scenario, logs: options.out)
    var cost = RigCost()
    do {
      try await live(scenario, daemons, seed: seed, cost: &cost, progress: progress)
    } catch {
      await daemons.end()
      throw error
    }
    await daemons.end()
    cost.gpsds = RigCost.ofChildren() - cost.patrold
    cost.rig = RigCost.ofThis()
    progress(.done(cost))
  }

  private func live(
    _ scenario: Scenario, _ daemons: GPSDaemons, seed: UInt64, cost: inout RigCost,
    progress: @escaping @Sendable (Progress) -> Void
  ) async throws(RigError) {
    try await daemons.awaitAnswers()
    try writePlan(
      Dictionary(uniqueKeysWithValues: daemons.outlets.map { ($0.handheld, $0.source) }))
    let start = scenario.span.lowerBound
    let lead = options.lead / .milliseconds(1)
    let clock = RigClock(
      start: start, rate: options.speed, startsAt: RigTime.now() + Milliseconds(Int64(lead)),
      offsetSeconds: scenario.plan.zone.offset(at: start))
    try RigFile.write("\(clock)\n", to: "\(options.out)/clock")
    let feed = LiveFeed(
      scenario, seed: seed, clock: clock,
      doors: Dictionary(uniqueKeysWithValues: daemons.outlets.map { ($0.handheld, $0.door) }),
      lines: options.lines)
    var patrold: WatchingDaemon?
    if let program = options.daemon {
      try RigFile.remove(["", "-wal", "-shm", "-spill"].map { "\(options.out)/store.sqlite\($0)" })
      patrold = try WatchingDaemon(program, out: options.out, clock: clock)
    }
    do {
      try await walk(feed, daemons, scenario.restarts, clock, progress)
    } catch {
      await patrold?.end()
      throw error
    }
    guard let patrold else { return }
    let before = RigCost.ofChildren()
    await patrold.end()
    cost.patrold = RigCost.ofChildren() - before
    guard patrold.status == 0 else {
      throw .gpsd("patrold ended with \(patrold.status); what it said is in \(patrold.log)")
    }
  }

  private func walk(
    _ feed: LiveFeed, _ daemons: GPSDaemons,
    _ restarts: [(gpsd: Int, span: Range<Instant>)], _ clock: RigClock,
    _ progress: @escaping @Sendable (Progress) -> Void
  ) async throws(RigError) {
    try RigFile.write("ready\n", to: "\(options.out)/ready")
    progress(.ready(clock: clock))
    let total = feed.dispatches.count
    async let restarted: Void = daemons.restart(restarts, on: clock)
    try await feed.run { at, sent in progress(.walking(at: at, sent: sent, of: total)) }
    do { try await restarted } catch {
      throw error as? RigError ?? .gpsd("cannot be started again (\(error))")
    }
    try RigFile.write("sent\n", to: "\(options.out)/sent")
    progress(.lingering)
    do { try await Task.sleep(for: options.linger) } catch { throw .cancelled }
  }

  private func writePlan(_ sources: [Handheld.ID: Source]) throws(RigError) {
    guard let bundle = scenario.bundle else {
      throw .file(
        path: "plan.yaml", "the scenario was not read from files, so its plan has no text")
    }
    try EffectivePlan(scenario.plan, bundle: bundle, sources: sources)
      .write(to: "\(options.out)/plan")
  }
}
