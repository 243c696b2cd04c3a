import Coverage
import Foundation
import GPSD
import Geodesy
import Logging
import NIOPosix
import Patrol
import PlanFiles
import Store

/// The loop that owns the engines: inputs come to it through the inbox, and all that follows goes to the store, once a
/// second in one transaction.
struct Daemon {
  private let settings: Settings
  private let log: Logger
  private let clock: Clock
  private let signals = Signals()
  private let manager = ServiceManager()
  private let inbox: Inbox
  private let fleet: Fleet
  private let started = Clock.realNow

  private var pipeline: Pipeline
  private var links = Links()
  private var isReady = false
  private var planTrouble: String?
  private var storeTrouble: String?
  private var tallies = (stored: 0, offDuty: 0, dropped: 0)
  private var openGaps: Set<Gap.ID> = []
  private var checkpointed = Clock.realNow
  /// After a store refused: no attempt before this, and how long the last wait was.
  private var patience: (until: Instant, wait: Milliseconds)?
  private var turned = Clock.realNow

  private static let checkpointEvery = Milliseconds.seconds(60)
  private static let settleMaximum = Milliseconds.seconds(5)
  /// A loop that stood still for longer was not watching.
  private static let stallMinimum = Milliseconds.seconds(15)
  private static let waitMaximum = Milliseconds.seconds(30)

  init(_ settings: Settings, log: Logger) throws {
    self.settings = settings
    self.log = log
    clock = settings.clock
    let loaded = try LoadedPlan(
      at: settings.plan, devices: DeviceFolders.searchPath(settings.devices))
    for warning in loaded.warnings { log.warning("plan: \(warning)") }
    let store = try Store(at: settings.store, for: .write)
    pipeline = try Pipeline(
      store: store, version: Self.version(loaded), scope: .live, at: clock.now,
      program: ProgramIdentity.build, load: Self.plan)
    let open = try Queries(store).gaps(Self.openOnly).map(\.gap.id)
    openGaps = Set(open)
    let clock = settings.clock
    let inbox = Inbox(now: { clock.now })
    self.inbox = inbox
    fleet = Fleet(
      handhelds: loaded.plan.handhelds, now: { clock.now },
      group: MultiThreadedEventLoopGroup.singleton, deliver: { inbox.put($0) })
    links.expect(loaded.plan.handhelds)
    let summary = PlanSummary(loaded, from: clock.now)
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

  private static var openOnly: Filter {
    var filter = Filter()
    filter.isOpen = true
    return filter
  }

  private static func version(_ loaded: LoadedPlan) -> Pipeline.Version {
    Pipeline.Version(
      plan: loaded.plan, digest: loaded.bundle.digest, bundle: loaded.bundle.text)
  }

  private static func plan(_ bundle: String) throws -> Plan {
    try LoadedPlan(bundle: PlanBundle(text: bundle)).plan
  }

  // MARK: the loop

  mutating func run() async throws {
    fleet.start()
    // A simulated night goes by faster than its seconds.
    let tick = Duration.milliseconds(clock.rate > 1 ? 200 : 1000)
    var next = ContinuousClock.now
    while true {
      let asked = signals.take()
      if asked.stop { break }
      if asked.reload { reload() }
      manager.tell(.alive)
      turn(checkpoint: checkpointed + Self.checkpointEvery <= Clock.realNow, phase: .running)
      tellReadiness()
      next = max(next + tick, ContinuousClock.now)
      await pause(until: next)
    }
    log.notice("stopping")
    manager.tell(.stopping)
    await fleet.stop()
    patience = nil
    turn(checkpoint: true, phase: .running)
    // With all of it counted.
    turn(checkpoint: false, phase: .stopped)
    if pipeline.heldCount > 0 {
      log.error("\(pipeline.heldCount) observations could not be stored")
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

  /// One batch: what came in, and what follows from it and from the time.
  private mutating func turn(checkpoint: Bool, phase: DaemonState.Phase) {
    let real = Clock.realNow
    // What a refusing store cannot take waits in the inbox, which has a bound.
    if let patience, real < patience.until { return }
    let contents = inbox.take()
    var observations: [Observation] = []
    var outages: [Outage] = []
    for report in contents.reports {
      switch report {
      case .observation(let observation): observations.append(observation)
      case .reachable(let endpoint, let handhelds, let version, let at):
        log.notice("\(endpoint): connected to gpsd \(version)")
        outages += links.reached(endpoint, handhelds, version: version, at: at)
      case .unreachable(let endpoint, let handhelds, let reason, let at):
        log.warning(
          "\(endpoint): not reachable: \(reason) (\(handhelds.map(\.text).joined(separator: ", ")))"
        )
        outages += links.lost(endpoint, handhelds, reason: reason, at: at)
      case .unassigned(let endpoint, let device):
        log.warning("\(endpoint): device \(device) is no handheld's of the plan; passed over")
      case .complaint(let endpoint, let text): log.warning("\(endpoint): \(text)")
      }
    }
    let now = clock.now
    if real - turned > Self.stallMinimum, patience == nil {
      let since = clock.at(turned)
      log.error("the loop stood still since \(local(since))")
      outages.append(Outage(kind: .daemonDown, handheld: nil, began: since, ended: now))
    }
    turned = real
    if let first = contents.firstDropped {
      tallies.dropped += contents.dropped
      log.error("overloaded: \(contents.dropped) reports dropped since \(local(first))")
      outages.append(Outage(kind: .daemonDown, handheld: nil, began: first, ended: max(first, now)))
    }
    do {
      let state = state(phase)
      let taken = try pipeline.take(
        observations, outages: outages, until: now, checkpoint: checkpoint
      ) { try $0.beat(state, at: Clock.realNow, clock: now) }
      patience = nil
      if checkpoint {
        checkpointed = Clock.realNow
        if !pipeline.isInPlace, storeTrouble == nil {
          storeTrouble = "gone"
          log.critical(
            "\(settings.store) was removed or replaced; what is stored from now on is lost when this daemon stops"
          )
        }
      }
      if storeTrouble != nil, storeTrouble != "gone" {
        log.notice("the store takes again; what was held back is stored")
        storeTrouble = nil
      }
      tallies.stored += taken.stored
      tallies.offDuty += taken.offDuty
      tell(taken.events)
      for pairing in taken.pairings { log.notice("carried together: \(pairing.text(local))") }
    } catch {
      let wait = patience.map { min($0.wait * 2, Self.waitMaximum) } ?? .seconds(1)
      patience = (real + wait, wait)
      let trouble = "\(error)"
      if trouble != storeTrouble {
        log.critical("cannot store: \(trouble); holding observations back until it can")
      }
      storeTrouble = trouble
    }
  }

  private func state(_ phase: DaemonState.Phase) -> DaemonState {
    DaemonState(
      phase: phase, program: ProgramIdentity.version, process: getpid(), started: started,
      plan: settings.plan, planTrouble: planTrouble,
      links: links.told(fleet.counts(), pipeline.plan.handhelds), stored: tallies.stored,
      offDuty: tallies.offDuty, held: pipeline.heldCount, dropped: tallies.dropped,
      openGaps: openGaps.count)
  }

  private mutating func tellReadiness() {
    guard !isReady, links.areSettled || Clock.realNow - started > Self.settleMaximum else { return }
    isReady = true
    manager.tell(.ready)
    log.notice("ready: \(links.reached) of \(links.count) gpsds reached")
  }

  // MARK: another plan

  private mutating func reload() {
    let loaded: LoadedPlan
    do {
      loaded = try LoadedPlan(
        at: settings.plan, devices: DeviceFolders.searchPath(settings.devices))
    } catch {
      planTrouble = "\(error)"
      log.error("plan not taken, the one in force stays:\n\(error)")
      return
    }
    guard loaded.bundle.digest != pipeline.digest else {
      planTrouble = nil
      log.notice("plan unchanged")
      return
    }
    do {
      let now = clock.now
      try pipeline.replace(with: Self.version(loaded), at: now)
      for outage in links.forget(allBut: loaded.plan.handhelds, at: now) {
        _ = try pipeline.take([], outages: [outage], until: now)
      }
      fleet.replace(handhelds: loaded.plan.handhelds)
      links.expect(loaded.plan.handhelds)
      planTrouble = nil
      for warning in loaded.warnings { log.warning("plan: \(warning)") }
      log.notice("plan \(loaded.bundle.digest) in force for windows that open from now on")
    } catch {
      planTrouble = "\(error)"
      log.error("plan not taken, the one in force stays: \(error)")
    }
  }

  // MARK: telling

  private mutating func tell(_ events: [Event]) {
    for case .gap(let gap, let revision) in events {
      if gap.isOpen && revision != .withdrawn {
        openGaps.insert(gap.id)
      } else {
        openGaps.remove(gap.id)
      }
      switch revision {
      case .opened, .closed, .withdrawn, .rejudged, .split, .merged: break
      case .extended, .shortened, .excused: continue
      }
      let stretch =
        gap.stretch.map { " \(Int($0.from.value.rounded()))–\(Int($0.to.value.rounded())) m" } ?? ""
      let end = gap.isOpen ? "" : " to \(local(gap.ended))"
      log.info(
        """
        gap \(gap.id) \(revision.rawValue): \(gap.owed.place)\(stretch) (\(gap.owed.duty)) \
        \(gap.verdict.rawValue), \(gap.cause.rawValue), from \(local(gap.began))\(end)
        """)
    }
  }

  private func local(_ instant: Instant) -> String { pipeline.plan.zone.text(instant) }
}
