import Coverage
import Foundation
import Geodesy
import Patrol
import PlanFiles
import Rig
import Store
import Testing

@Suite(.timeLimit(.minutes(3))) struct `A daemon` {
  /// The state of a place's gaps, without what tells when they were found.
  struct Found: Hashable {
    var place: Place.ID
    var verdict: Verdict
    var cause: Cause
    var region: Region

    init(_ gap: Gap) {
      (place, verdict, cause, region) = (gap.owed.place, gap.verdict, gap.cause, gap.region)
    }
  }

  /// What an engine of its own concludes from observations and outages, told in the order of their own times.
  func reference(_ plan: Plan, _ observations: [Observation], _ outages: [Outage]) -> [Gap] {
    let day = CivilDate("2026-11-10")!
    let windows =
      plan.instant(
        of: plan.dayStarts, in: day)..<plan.instant(
        of: plan.dayStarts, in: day.adding(days: 1))
    var engine = Engine(plan: plan, windows: windows, backlog: .hours(48))
    for outage in outages { engine.record(outage) }
    _ = engine.ingest(observations.sorted { $0.orderTime < $1.orderTime })
    engine.advance(to: windows.lowerBound + .hours(16))
    var gaps: [Gap.ID: Gap] = [:]
    for case .gap(let gap, let revision) in engine.takeEvents() {
      gaps[gap.id] = revision == .withdrawn ? nil : gap
    }
    return Array(gaps.values)
  }

  @Test(.enabled(if: Checkout.hasGPSD))
  func `killed with -9 accounts for all it had committed, and forgives what is forwarded`()
    async throws
  {
    let folder = try Folder()
    try TwoBanks.write(to: folder)
    let out = folder.path + "/out"
    let rig = try Program.start(
      "patrolctl",
      [
        "rig", "run", folder.path, "--no-patrold", "--devices", Checkout.devices, "--speed", "600",
        "--out", out,
        "--lead", "5",
      ], output: folder.path + "/rig")
    for _ in 0..<200 where !FileManager.default.fileExists(atPath: out + "/ready") {
      try await Task.sleep(for: .milliseconds(50))
    }
    let clock = try String(contentsOfFile: out + "/clock", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let real = try #require(Int64(clock.split(separator: "@").last ?? ""))
    /// Waits until minutes after 17:50.
    func pass(_ minutes: Double) async throws {
      let at = Double(real) / 1000 + minutes * 60 / 600
      let left = at - Date().timeIntervalSince1970
      if left > 0 { try await Task.sleep(for: .seconds(left)) }
    }
    func daemon(_ log: String) throws -> Program {
      try Program.start(
        "patrold",
        [
          "--plan", out + "/plan", "--devices", out + "/plan/devices", "--store",
          folder.path + "/s.sqlite", "--clock", clock,
        ], output: folder.path + "/" + log)
    }
    let first = try daemon("first.log")
    #expect(try await first.says("ready"))
    try await pass(60)  // 18:50
    first.send(SIGKILL)
    #expect(first.end() == -SIGKILL)
    try await pass(80)  // 19:10
    let second = try daemon("second.log")
    #expect(try await second.says("ready"))
    try await pass(142)
    second.send(SIGTERM)
    #expect(second.end() == 0)
    #expect(rig.end() == 0)

    let store = try Store(at: folder.path + "/s.sqlite", for: .write)
    let scenario = try Scenario(at: folder.path, devices: [Checkout.devices])
    let found = try Queries(store).gaps(Filter()).map(\.gap)
    let (observations, outages) = try store.write { tx in
      (
        try scenario.plan.handhelds.flatMap {
          try tx.observations(of: $0.id, in: .distantPast ..< .distantFuture).map(\.observation)
        }.sorted { $0.receivedAt < $1.receivedAt },
        try tx.outages(overlapping: .distantPast ..< .distantFuture)
      )
    }
    #expect(outages.contains { $0.kind == .daemonDown && $0.handheld == nil })
    let committed = reference(scenario.plan, observations, outages)
    #expect(Set(found.map(Found.init)) == Set(committed.map(Found.init)))
    // The one that only tells lost what nobody heard; that is the daemon's own fault, and said so.
    let ofB = found.filter { $0.owed.place == "bank-b" }
    #expect(ofB.map(\.cause) == [.daemonDown] && ofB.map(\.verdict) == [.unproven])

    // The one that forwards ends as if nothing had happened.
    let undisturbed = reference(scenario.plan, scenario.heard().observations, [])
    let ofA = { (gaps: [Gap]) in
      Set(gaps.filter { $0.owed.place == "bank-a" }.map(Found.init))
    }
    #expect(ofA(found) == ofA(undisturbed))
    #expect(ofA(found).map(\.verdict) == [.missed])
  }

  @Test func `keeps its plan where the one on disk is broken, and takes it once it is mended`()
    async throws
  {
    let folder = try Folder()
    try TwoBanks.write(to: folder)
    let daemon = try Program.start(
      "patrold",
      [
        "--plan", folder.path, "--devices", Checkout.devices, "--store",
        folder.path + "/s.sqlite",
      ], output: folder.path + "/log")
    #expect(try await daemon.says("ready"))
    #expect(daemon.said.contains("127.0.0.1:1: not reachable"))

    try folder.write(
      TwoBanks.plan.replacing("every: 40m", with: "every: soon"), to: "plan.yaml")
    daemon.send(SIGHUP)
    #expect(try await daemon.says("plan not taken"))
    #expect(daemon.said.contains("plan.yaml:18: duty at-a: every: found \"soon\""))
    try await Task.sleep(for: .seconds(1.5))
    let status = try Program.run("patrolctl", "status", "--store", folder.path + "/s.sqlite")
    #expect(status.status == 0)
    #expect(status.output.contains("running") && status.output.contains("broken"))

    try folder.write(TwoBanks.plan.replacing("every: 40m", with: "every: 30m"), to: "plan.yaml")
    daemon.send(SIGHUP)
    #expect(try await daemon.says("in force"))
    daemon.send(SIGTERM)
    #expect(daemon.end() == 0)
    #expect(daemon.said.contains("everything is stored"))
    let after = try Program.run("patrolctl", "status", "--store", folder.path + "/s.sqlite")
    #expect(after.status == 1 && after.output.contains("stopped"))
  }
}
