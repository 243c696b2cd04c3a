import Coverage
import Foundation
import GPSD
import Geodesy
import Logging
import Patrol
import Store
import Web

extension Daemon {
  /// So many observations are taken in one turn, at most: about half a second's work.
  private static let turnMaximum = 100_000
  /// In a turn that has too many, a handheld that told more than this delivers a backlog, and waits.
  private static let burst = 30
  private static let linksToldEvery = Milliseconds.seconds(10)
  private static let waitUnnoticed = Milliseconds.seconds(1)

  var now: Instant { clock.at(steady.now) }

  /// One batch: what came in, and what follows from it and from the time.
  mutating func turn(checkpoint: Bool, phase: DaemonState.Phase) {
    let contents = inbox.take()
    let observations = sort(contents.reports)
    watchClock(observations)
    let (real, now) = (steady.now, self.now)
    noteStall(real, now)
    if let first = contents.firstDropped {
      lose(contents.dropped, since: first, now, "the inbox is full")
    }
    // What a refusing store cannot take waits on disk.
    if let patience, real < patience.until { return wait(observations, now) }
    let direct = divert(observations, now)
    let old = waiting.first(atMost: max(Self.turnMaximum / 10, Self.turnMaximum - direct.count))
    let batch = old.observations + direct
    do {
      let began = steady.now
      let taken = try commit(batch, until: now, phase: phase)
      noteWait(of: direct, began: began)
      waiting.letGo(old)
      patience = nil
      if storeTrouble != nil, storeTrouble != "gone" {
        log.notice("the store takes again; what waited is being stored")
        storeTrouble = nil
      }
      tallies.stored += taken.stored
      tallies.offDuty += taken.offDuty
      tell(taken.events)
      web?.poke(fixes: taken.stored)
      hooks.poke()
      for pairing in taken.pairings { log.notice("carried together: \(pairing.text(local))") }
    } catch {
      // What waited still does.
      _ = pipeline.releaseHeld()
      wait(direct, now)
      let pause = patience.map { min($0.wait * 2, Self.waitMaximum) } ?? .seconds(1)
      patience = (real + pause, pause)
      let trouble = "\(error)"
      if trouble != storeTrouble {
        log.critical("cannot store: \(trouble); holding observations back until it can")
      }
      storeTrouble = trouble
      return
    }
    if checkpoint, pipeline.isReadyForCheckpoint { saveCheckpoint() }
  }

  /// Observations out of reports; the others are noted.
  private mutating func sort(_ reports: [FleetReport]) -> [Observation] {
    var observations: [Observation] = []
    observations.reserveCapacity(reports.count)
    for report in reports {
      switch report {
      case .observation(let observation): observations.append(observation)
      case .reachable(let endpoint, let handhelds, let version, let at):
        log.notice("\(endpoint): connected to gpsd \(version)")
        outages += links.reached(endpoint, handhelds, version: version, at: at)
        liveness.reach(handhelds)
        linksTold = .distantPast
      case .unreachable(let endpoint, let handhelds, let reason, let at):
        log.warning(
          "\(endpoint): not reachable: \(reason) (\(handhelds.map(\.text).joined(separator: ", ")))"
        )
        outages += links.lost(endpoint, handhelds, reason: reason, at: at)
        liveness.lose(handhelds, reason: reason)
        linksTold = .distantPast
      case .devices(let endpoint, let gone, let back):
        if !gone.isEmpty {
          log.warning(
            "\(endpoint): gpsd does not list the device of \(gone.map(\.text).joined(separator: ", "))"
          )
        }
        if !back.isEmpty {
          log.notice(
            "\(endpoint): gpsd lists the device of \(back.map(\.text).joined(separator: ", ")) again"
          )
        }
        liveness.note(devicesGone: gone, back: back)
      case .reception(let handheld, let reception): receptions[handheld] = reception
      case .unassigned(let endpoint, let device):
        links.note(unassigned: device, at: endpoint)
        log.warning("\(endpoint): device \(device) is no handheld's of the plan; passed over")
      case .complaint(let endpoint, let text): log.warning("\(endpoint): \(text)")
      }
    }
    return observations
  }

  // MARK: what waits

  /// Lets those wait whose handheld has something waiting, and in a turn that has too many those of handhelds that deliver
  /// a backlog: who is live is not held up by them. The others are returned.
  private mutating func divert(_ observations: [Observation], _ now: Instant) -> [Observation] {
    let isTooMany = observations.count > Self.turnMaximum
    guard isTooMany || !waiting.isEmpty else { return observations }
    var told: [Handheld.ID: Int] = [:]
    if isTooMany {
      for observation in observations { told[observation.handheld, default: 0] += 1 }
    }
    var (direct, diverted): ([Observation], [Observation]) = ([], [])
    for observation in observations {
      if told[observation.handheld, default: 0] > Self.burst || waiting.holds(observation.handheld)
      {
        diverted.append(observation)
      } else {
        direct.append(observation)
      }
    }
    wait(diverted, now)
    return direct
  }

  /// Puts observations into the waiting room: of people on duty alone, as nothing else is stored anywhere.
  private mutating func wait(_ observations: [Observation], _ now: Instant) {
    let onDuty = observations.filter { pipeline.isOnDuty($0) }
    tallies.offDuty += observations.count - onDuty.count
    let lost = waiting.put(onDuty)
    if lost > 0 { lose(lost, since: now - .seconds(1), now, "nothing can be written") }
  }

  private mutating func lose(_ count: Int, since: Instant, _ now: Instant, _ why: String) {
    tallies.dropped += count
    log.error("overloaded: \(count) reports dropped since \(local(since)): \(why)")
    outages.append(Outage(kind: .daemonDown, handheld: nil, began: since, ended: max(since, now)))
  }

  // MARK: the store

  private mutating func commit(
    _ batch: [Observation], until now: Instant, phase: DaemonState.Phase
  ) throws(StoreError) -> Pipeline.Taken {
    let isLinksTime = steady.now - linksTold >= Self.linksToldEvery
    let told = isLinksTime ? links.told(fleet.counts()) : nil
    let state = state(phase)
    let (monotonic, real) = (SteadyClock.sinceBoot, steady.now)
    defer { outages = [] }
    var liveness = self.liveness
    var byGate = tallies.gates
    let taken = try pipeline.take(
      batch, outages: outages, until: now
    ) { tx, gates in
      for (observation, gate) in zip(batch, gates) {
        liveness.hear(
          observation.handheld, gate: gate, monotonic: monotonic, at: observation.receivedAt)
        byGate[gate, default: 0] += 1
      }
      try tx.tell(liveness.settle(monotonic: monotonic, at: now))
      try tx.tell(receptions, at: now)
      if let told { try tx.tell(told) }
      try tx.beat(state, at: real, clock: now)
    }
    self.liveness = liveness
    receptions = [:]
    tallies.gates = byGate
    if isLinksTime { linksTold = real }
    return taken
  }

  /// What cannot be kept of the state now can be made again from what is stored: the next turn tells whether that can be.
  private mutating func saveCheckpoint() {
    let began = steady.now
    do {
      try pipeline.saveCheckpoint()
    } catch {
      log.error("no checkpoint was kept: \(error)")
    }
    checkpointed = steady.now
    log.debug("a checkpoint took \((checkpointed - began).value) ms")
    // No more than a hundredth of the time.
    checkpointEvery = max(Self.checkpointUsually, (checkpointed - began) * 100)
    Memory.giveBack()
    guard !pipeline.isInPlace, storeTrouble == nil else { return }
    storeTrouble = "gone"
    log.critical(
      "\(settings.store) was removed or replaced; what is stored from now on is lost when this daemon stops"
    )
  }

  private func state(_ phase: DaemonState.Phase) -> DaemonState {
    let gates = tallies.gates.map { ($0.key?.rawValue ?? "usable", $0.value) }
    return DaemonState(
      phase: phase, program: ProgramIdentity.version, process: getpid(), started: started,
      plan: settings.plan, planTrouble: planTrouble, stored: tallies.stored,
      offDuty: tallies.offDuty, held: waiting.count + pipeline.heldCount,
      storeTrouble: storeTrouble, dropped: tallies.dropped, openGaps: openGaps.count,
      commitDelays: tallies.commitDelays, gates: Dictionary(uniqueKeysWithValues: gates))
  }

  // MARK: time

  /// A fix is to be stored within a second of its receipt; where that was not so it is told. Backlogs wait on purpose.
  private mutating func noteWait(of direct: [Observation], began: Instant) {
    let now = self.now
    var wait = Milliseconds.zero
    for observation in direct {
      let one = Milliseconds(Int64(Double((now - observation.receivedAt).value) / clock.rate))
      tallies.commitDelays.add(one)
      wait = max(wait, one)
    }
    let took = steady.now - began
    defer { lastTook = took }
    guard wait > Self.waitUnnoticed else { return }
    let disk = Int64(pipeline.committedIn / .milliseconds(1))
    log.info(
      "reports waited up to \(wait.value) ms to be stored (of \(direct.count)): judging and storing took \(took.value) ms, \(disk) of them the disk's; those before, \(lastTook.value) ms"
    )
  }

  private mutating func noteStall(_ real: Instant, _ now: Instant) {
    if real - turned > Self.stallMinimum {
      let since = clock.at(turned)
      log.error("the loop stood still since \(local(since))")
      outages.append(Outage(kind: .daemonDown, handheld: nil, began: since, ended: max(since, now)))
    }
    turned = real
  }

  /// Where the host's clock is stepped, receivers tell which one is right.
  private mutating func watchClock(_ observations: [Observation]) {
    let finding = steady.look(receivers: receivers(observations))
    defer { clockFinding = finding }
    switch finding {
    case .agrees:
      if case .stepped = clockFinding { log.notice("the host's clock agrees again") }
    case .stepped(let step):
      if case .stepped = clockFinding { return }
      log.error(
        "the host's clock was set \(Self.seconds(step)); going on by the steady clock until receivers tell which is right"
      )
    case .adopted(let from, let to):
      log.error(
        "the clock went \(Self.seconds(to - from)), as the host and its receivers have it: from \(local(clock.at(from))) to \(local(clock.at(to)))"
      )
      let span = (clock.at(min(from, to)), clock.at(max(from, to)))
      outages.append(Outage(kind: .daemonDown, handheld: nil, began: span.0, ended: span.1))
      shift(by: to - from)
    }
  }

  /// Moments of the steady clock that are waited from go with it.
  private mutating func shift(by step: Milliseconds) {
    turned = turned + step
    checkpointed = checkpointed + step
    linksTold = .distantPast
    if let waited = patience { patience = (waited.until + step, waited.wait) }
  }

  private static func seconds(_ step: Milliseconds) -> String {
    let week = Milliseconds.hours(7 * 24)
    let weeks = (Double(step.value) / Double(week.value)).rounded()
    let rest = abs(step.value - Int64(weeks) * week.value)
    let named = abs(weeks) >= 1000 && rest < 5_000 ? " (\(Int(abs(weeks))) weeks)" : ""
    return "\(abs(step.value) / 1000) s\(named) \(step.value < 0 ? "back" : "on")"
  }

  /// How far the newest fixes lie ahead of the time they were received at, by the steady clock: the ninth of ten, so that
  /// neither backlogs nor a receiver with a false clock of its own tell.
  private func receivers(_ observations: [Observation]) -> Milliseconds? {
    let ahead = observations.lazy.compactMap { o in o.fix.map { ($0.time - o.receivedAt).value } }
    guard case .stepped = clockFinding else {
      // Nothing to decide.
      return ahead.first.map { _ in .zero }
    }
    let sorted = ahead.sorted()
    guard !sorted.isEmpty else { return nil }
    let value = sorted[sorted.count * 9 / 10]
    return Milliseconds(Int64(Double(value) / clock.rate))
  }
}
