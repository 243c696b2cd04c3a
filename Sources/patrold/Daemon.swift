import Coverage
import Foundation
import GPSD
import Geodesy
import Logging
import NIOPosix
import Patrol
import PlanFiles
import Store
import Web

/// The loop that owns the engines: inputs come to it through the inbox, and all that follows goes to the store, once a
/// second in one transaction.
struct Daemon {
  let settings: Settings
  let log: Logger
  /// What time it is, simulated or not, at a moment of the steady clock.
  let clock: Clock
  let steady: SteadyClock
  private let signals = Signals()
  private let manager = ServiceManager()
  let inbox: Inbox
  let fleet: Fleet
  let started: Instant

  var pipeline: Pipeline
  var links = Links()
  var liveness: Liveness
  /// Not told yet.
  var receptions: [Handheld.ID: Reception] = [:]
  var waiting: WaitingRoom
  private let reports: ReportRoom?
  let web: WebServer?
  let hooks: HookRoom
  private var isReady = false
  var planTrouble: String?
  var storeTrouble: String?
  var tallies = (
    stored: 0, offDuty: 0, dropped: 0, commitDelays: DelayHistogram(), gates: [Gate?: Int]()
  )
  var openGaps: Set<Gap.ID> = []
  /// Not taken by the pipeline yet.
  var outages: [Outage] = []
  var checkpointed: Instant
  var checkpointEvery = Self.checkpointUsually
  /// When the links were last told.
  var linksTold = Instant.distantPast
  /// After a store refused: no attempt before this, and how long the last wait was.
  var patience: (until: Instant, wait: Milliseconds)?
  var turned: Instant
  /// How long the last turn's commit took, with all before it.
  var lastTook = Milliseconds.zero
  /// What was last said of the host's clock.
  var clockFinding = SteadyClock.Finding.agrees

  static let checkpointUsually = Milliseconds.seconds(60)
  private static let settleMaximum = Milliseconds.seconds(5)
  /// A loop that stood still for longer was not watching.
  static let stallMinimum = Milliseconds.seconds(15)
  static let waitMaximum = Milliseconds.seconds(30)

  init(_ settings: Settings, log: Logger) throws {
    self.settings = settings
    self.log = log
    let (clock, steady) = (settings.clock, SteadyClock())
    (self.clock, self.steady) = (clock, steady)
    started = steady.now
    (checkpointed, turned) = (started, started)
    try Self.checkClock(settings, at: started)
    let loaded = try LoadedPlan(
      at: settings.plan, devices: DeviceFolders.searchPath(settings.devices))
    for warning in loaded.warnings { log.warning("plan: \(warning)") }
    let store = try Store(at: settings.store, for: .write)
    pipeline = try Pipeline(
      store: store, version: Self.version(loaded), scope: .live, at: clock.at(started),
      program: ProgramIdentity.build, load: Self.plan)
    try store.write { try $0.forgetLiveness() }
    try store.keepLogApart()
    let open = try Queries(store).gaps(Self.openOnly).map(\.gap.id)
    openGaps = Set(open)
    let now = { @Sendable in clock.at(steady.now) }
    let inbox = Inbox(now: now)
    self.inbox = inbox
    fleet = Fleet(
      handhelds: loaded.plan.handhelds, now: now,
      group: MultiThreadedEventLoopGroup.singleton, isCrowded: { inbox.isCrowded },
      deliver: { inbox.put($0) })
    links.expect(loaded.plan.handhelds)
    liveness = Liveness(loaded.plan.handhelds, at: clock.at(started))
    waiting = WaitingRoom(spill: settings.spill, log: log)
    let opened = clock.at(started)
    reports = settings.reports.map {
      ReportRoom(folder: $0, store: settings.store, from: opened, log: log)
    }
    hooks = HookRoom(
      store: settings.store, load: { try Self.plan($0) }, now: { steady.now },
      clock: { clock.at(steady.now) }, log: log)
    web = try settings.listen.map { address in
      if !address.isLoopback, try !Queries(store).hasUsers() {
        throw WebServer.Failure(
          address: address,
          detail:
            "others than this machine reach that address, and there are no users yet: add one with `patrolctl user add NAME --role brigade --store \(settings.store)`, or listen on 127.0.0.1 first and follow the setup link"
        )
      }
      return try WebServer(
        WebSettings(
          listen: address, store: settings.store, load: { try Self.plan($0) },
          now: { steady.now }, clock: { clock.at(steady.now) },
          certificates: settings.certificates, basemap: settings.basemap), log: log)
    }
    let summary = PlanSummary(loaded, from: clock.at(started))
    log.notice(
      """
      \(ProgramIdentity.version): plan \(settings.plan) (\(loaded.bundle.digest)): \
      \(summary.handhelds) handhelds, \(summary.duties) duties, \(summary.windows.count) windows \
      in the coming 24 h; store \(settings.store)
      """)
    if pipeline.behind > .zero {
      log.warning(
        """
        the clock stands \(pipeline.behind.value / 1000) s behind what the store was judged up to; nothing falls due \
        until it has caught up
        """)
    }
    if clock.isSimulated { log.notice("simulated clock \(clock)") }
  }

  /// What a host without a clock of its own tells before it is set. A store that begins with it would be judged from then
  /// on, years of windows that nobody owed; one that is there knows better.
  private static let earliest = Instant(rfc3339: "2020-01-01T00:00:00Z")!

  private static func checkClock(_ settings: Settings, at now: Instant) throws {
    guard !settings.clock.isSimulated, now < earliest,
      !FileManager.default.fileExists(atPath: settings.store)
    else { return }
    throw ClockUnset(now: now)
  }

  /// The host's clock tells a time that cannot be.
  struct ClockUnset: Error, CustomStringConvertible {
    var now: Instant

    var description: String {
      """
      the host's clock is not set: it is \(now.text()); expected a time after \(earliest.text()) before a new store is \
      begun (start after time-sync.target)
      """
    }
  }

  private static var openOnly: Filter {
    var filter = Filter()
    filter.isOpen = true
    return filter
  }

  static func version(_ loaded: LoadedPlan) -> Pipeline.Version {
    Pipeline.Version(
      plan: loaded.plan, digest: loaded.bundle.digest, bundle: loaded.bundle.text)
  }

  private static func plan(_ bundle: String) throws -> Plan {
    try LoadedPlan(bundle: PlanBundle(text: bundle)).plan
  }

  // MARK: the loop

  mutating func run() async throws {
    if let web {
      let port = try await web.start()
      log.notice("listening on \(settings.listen?.host ?? ""), port \(port)")
      if let link = try await web.setupLink(port: port) {
        log.warning(
          "there are no users: only this machine is answered, and whoever uses it sees everything. This link makes the first user, once and within the hour: \(link)"
        )
      } else if settings.listen?.isLoopback == false, settings.certificates == nil {
        log.warning(
          "without TLS (--tls-certificate, --tls-key), passwords and tracks cross the network in the clear"
        )
      }
    }
    if case .address(let address) = settings.basemap?.tiles, settings.certificates != nil,
      address.origin.hasPrefix("http:")
    {
      log.warning(
        "\(address.text): a page that came by TLS shows no tiles that come without; expected https")
    }
    hooks.start()
    fleet.start()
    // What was received waits for a turn, and for the one before to be over: of ten thousand handhelds up to .6 s, and a second
    // is promised. A simulated night goes by faster than its seconds.
    let tick = Duration.milliseconds(clock.rate > 1 ? 200 : 300)
    var next = ContinuousClock.now
    while true {
      let asked = signals.take()
      if asked.stop { break }
      if asked.reload {
        reload()
        web?.reloadCertificates()
      }
      manager.tell(.alive)
      turn(checkpoint: checkpointed + checkpointEvery <= steady.now, phase: .running)
      tellReadiness()
      if storeTrouble == nil, waiting.isEmpty { reports?.look(pipeline.plan, judged: pipeline.now) }
      // What waits is taken without a rest, while it can be.
      let rests = waiting.isEmpty || waiting.isUnreadable || patience != nil
      next = rests ? max(next + tick, ContinuousClock.now) : .now
      await pause(until: next)
    }
    log.notice("stopping")
    manager.tell(.stopping)
    await fleet.stop()
    await web?.stop()
    await hooks.stop()
    patience = nil
    // All that waits, while it goes on getting less.
    var left = Int.max
    while !waiting.isEmpty, waiting.count < left {
      left = waiting.count
      turn(checkpoint: false, phase: .running)
    }
    turn(checkpoint: true, phase: .running)
    reports?.finish()
    // With all of it counted.
    turn(checkpoint: false, phase: .stopped)
    if waiting.inMemory > 0 || pipeline.heldCount > 0 {
      log.error("\(waiting.inMemory + pipeline.heldCount) observations could not be stored")
      throw Unstored()
    }
    if !waiting.isEmpty {
      log.error(
        "\(waiting.count) observations could not be stored yet; they wait in \(settings.spill) for the next start"
      )
      throw Unstored()
    }
    log.notice("stopped; everything is stored")
  }

  struct Unstored: Error {}

  /// Until then, or until asked to stop or to read the plan again.
  private func pause(until next: ContinuousClock.Instant) async {
    while ContinuousClock.now < next, !signals.isAsking {
      let left = next - ContinuousClock.now
      do { try await Task.sleep(for: min(left, .milliseconds(100))) } catch { return }
    }
  }

  private mutating func tellReadiness() {
    guard !isReady, links.areSettled || steady.now - started > Self.settleMaximum else { return }
    isReady = true
    manager.tell(.ready)
    log.notice("ready: \(links.reached) of \(links.count) gpsds reached")
  }
}
