public import Geodesy
internal import Patrol

/// A scenario brought to life: real gpsds, the plan that reads them, the truth apart.
///
///     <out>/plan/         the effective plan: sources are the gpsds' (and devices/, so that it reads on its own)
///     <out>/truth.json    what must be found
///     <out>/recordings/   the same reports as files, where asked for
///     <out>/clock         START×RATE@REALMS, what the daemon's clock is to be
///     <out>/ready         once the gpsds answer; reports begin at REALMS
///     <out>/sent          once all reports are sent; the gpsds stay up for `linger` more
///     <out>/gpsd-1.log    what each gpsd said
public struct RigRun: Sendable {
  /// Where reports go.
  public enum Delivery: String, Hashable, Sendable, CaseIterable {
    /// Through real gpsds, at their time.
    case gpsd
    /// Into files, at once; needs no gpsd.
    case recordings
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

    public init(
      speed: Double, out: String, seed: UInt64? = nil, lead: Duration = .seconds(5),
      linger: Duration = .seconds(3), deliveries: Set<Delivery> = [.gpsd]
    ) {
      self.speed = speed
      self.out = out
      self.seed = seed
      self.lead = lead
      self.linger = linger
      self.deliveries = deliveries
    }
  }

  public enum Progress: Sendable {
    case startingDaemons
    /// `clock` and `ready` are written.
    case ready(clock: RigClock)
    case walking(at: Instant, sent: Int, of: Int)
    case lingering
    case done
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
    try RigFile.remove(["clock", "ready", "sent"].map { "\(options.out)/\($0)" })
    let truth = Truth(of: scenario)
    try RigFile.write(truth.json(zone: scenario.plan.zone), to: "\(options.out)/truth.json")
    if options.deliveries.contains(.recordings) {
      try RecordingFiles.write(scenario, seed: seed, to: "\(options.out)/recordings")
    }
    guard options.deliveries.contains(.gpsd) else {
      try writePlan([:])
      progress(.done)
      return
    }
    progress(.startingDaemons)
    let known = Set(scenario.walkers.map(\.handheld.id))
    let daemons = try await GPSDaemons(
      for: scenario.walkers,
      spares: scenario.plan.handhelds.map(\.id).filter { !known.contains($0) }, logs: options.out)
    do {
      try await live(daemons, seed: seed, progress: progress)
    } catch {
      await daemons.end()
      throw error
    }
    await daemons.end()
    progress(.done)
  }

  private func live(
    _ daemons: GPSDaemons, seed: UInt64, progress: @escaping @Sendable (Progress) -> Void
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
      ports: Dictionary(uniqueKeysWithValues: daemons.outlets.map { ($0.handheld, $0.port) }))
    try RigFile.write("ready\n", to: "\(options.out)/ready")
    progress(.ready(clock: clock))
    let total = feed.dispatches.count
    try await feed.run { at, sent in progress(.walking(at: at, sent: sent, of: total)) }
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
