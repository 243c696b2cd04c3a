import Coverage
import Foundation
import Geodesy
import Patrol
import PlanFiles
import Rig
import Testing

@Suite struct `The truth` {
  /// `18:00-18:30 missed away`
  func lines(_ scenario: Scenario) -> [String] {
    func clock(_ i: Instant) -> String { scenario.plan.zone.timeOfDay(of: i).description }
    return Truth(of: scenario).gaps.map { gap in
      let stretch =
        gap.stretch.map { " \(Int($0.from.value.rounded()))-\(Int($0.to.value.rounded()))m" } ?? ""
      return
        "\(gap.owed.place) \(clock(gap.began))-\(clock(gap.ended))\(stretch) \(gap.verdict.rawValue) "
        + gap.cause.rawValue + (gap.isLiveOnly ? " live" : "")
    }
  }

  func of(_ duty: Duty.ID, _ walkers: String) throws -> [String] {
    let scenario = try SmallTown.scenario(walkers)
    let place = scenario.plan.duty(duty)!.places[0]
    return lines(scenario).filter { $0.hasPrefix("\(place) ") }
  }

  @Test func `of a bank never left is nothing`() throws {
    #expect(try of("bank", "  - {handheld: w-1, start: bank}") == [])
  }

  @Test func `of a duty that nobody performs is the whole window`() throws {
    #expect(
      try of("bank", "  - {handheld: w-1, start: road}") == ["bank 18:00-20:00 missed away"])
  }

  @Test func `of a bank is counted from the circle's edge`() throws {
    // At 1 m/s from 444 m south; 30 m from the middle on the way in and out.
    let walk = """
        - handheld: w-1
          start: road
          steps:
            - {go: bank, by: "18:20:00", speed_mps: 1, stay: 10m}
            - {go: road, speed_mps: 1}
            - {go: bank, by: "19:20:00", speed_mps: 1, stay: 2m}
            - {go: road, speed_mps: 1}
      """
    // There until 18:30:30; due 30 minutes later.
    #expect(
      try of("bank", walk) == [
        "bank 19:00:29-19:19:31 missed away", "bank 19:52:29-20:00 missed away",
      ])
  }

  @Test func `of a stay too short says so while it would have counted`() throws {
    let walk = """
        - handheld: w-1
          start: bank
          steps:
            - {until: "18:00"}
            - {go: road, speed_mps: 1}
            - {go: bank, by: "18:25", speed_mps: 1, stay: 30s}
            - {go: road, speed_mps: 1}
            - {go: bank, by: "18:50", speed_mps: 1, stay: 1h30m}
      """
    #expect(try of("bank", walk) == ["bank 18:30:29-18:49:31 missed short_stay"])
  }

  @Test func `of a road is missed where it was driven too fast or left out`() throws {
    // 1,104 m in cells of just under 10 m.
    func ride(_ second: String) -> String {
      """
        - handheld: r-1
          start: road@-60
          steps:
            - {at: "18:00", walk: road, from_m: -60, to_m: 1180, speed_mps: 5}
            - {at: "18:30", \(second)}
            - {at: "19:00", walk: road, from_m: 1180, to_m: -60, speed_mps: 5}
            - {at: "19:35", walk: road, from_m: -60, to_m: 1180, speed_mps: 5}
      """
    }
    #expect(try of("road", ride("walk: road, from_m: 1180, to_m: -60, speed_mps: 5")) == [])
    let fast = try of("road", ride("walk: road, from_m: 1180, to_m: -60, speed_mps: 9"))
    #expect(fast.count == 1)
    #expect(fast[0].hasPrefix("road 18:40:") && fast[0].hasSuffix("missed drive_by"))
    let halfway = try of("road", ride("walk: road, from_m: 1180, to_m: 500, speed_mps: 5"))
    #expect(halfway.count == 1)
    #expect(
      halfway[0].contains(" 0-497m missed away") || halfway[0].contains(" 0-507m missed away"))
  }

  @Test func `of a silence is a gap that is withdrawn`() throws {
    let walk = """
        - handheld: w-1
          start: road
          faults: [{kind: backlog, from: "18:20", to: "19:10", deliver: "19:30"}]
          steps:
            - {go: bank, by: "18:05", stay: 5m}
            - {go: road}
            - {go: bank, by: "18:35", stay: 5m}
            - {go: road}
            - {go: bank, by: "19:05", stay: 1h}
      """
    let gaps = try of("bank", walk)
    // Seen until about 18:10; due 30 minutes later; seen again, in the bank, from 19:10 on.
    #expect(gaps.count == 1)
    #expect(gaps[0].hasPrefix("bank 18:40:") && gaps[0].hasSuffix("-19:10 unproven silent live"))
  }

  @Test func `is written with fixed keys, always the same`() throws {
    let scenario = try WestLake.scenario()
    let truth = Truth(of: scenario)
    #expect(
      truth.gaps.map(\.fault).compactMap { $0 }.sorted() == scenario.faults.map(\.name).sorted())
    #expect(truth.gaps.count == 5)
    let data = truth.json(zone: scenario.plan.zone)
    let file = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: [[String: Any]]])
    let gap = try #require(file["gaps"]?.first { $0["fault"] as? String == "too-fast" })
    #expect(
      gap.keys.sorted() == [
        "began_at", "cause", "duty", "ended_at", "extent", "fault", "from_m", "live_only", "place",
        "to_m", "verdict", "window_began_at",
      ])
    #expect(gap["window_began_at"] as? String == "2026-11-10T18:00:00+08:00")
    #expect(file["shares"]?.count == 10)
    #expect(data == Truth(of: scenario).json(zone: scenario.plan.zone))
  }
}

@Suite struct `An effective plan` {
  @Test func `differs in its sources alone, comments kept`() throws {
    let loaded = try SmallTown.loaded()
    let sources: [Handheld.ID: Source] = [
      "w-1": Source(host: "127.0.0.1", port: 4001, device: "udp://127.0.0.1:4002#w-1"),
      "r-1": Source(host: "127.0.0.1", port: 4001, device: "udp://127.0.0.1:4003"),
    ]
    let plan = try EffectivePlan(loaded.plan, bundle: loaded.bundle, sources: sources)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "rig-plan-\(getpid())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try plan.write(to: folder.path)
    let again = try LoadedPlan(at: folder.path, devices: [folder.path + "/devices"])
    #expect(again.plan.handhelds.map(\.source) == [sources["w-1"]!, sources["r-1"]!])
    let changed = zip(
      SmallTown.plan.split(separator: "\n"), plan.files["plan.yaml"]!.split(separator: "\n")
    ).filter { $0 != $1 }.map(\.1)
    #expect(
      changed == [
        "  - {id: w-1, source: \"127.0.0.1:4001:udp://127.0.0.1:4002#w-1\", model: generic, travel: foot}  # a 'quoted' one",
        "    source: \"127.0.0.1:4001:udp://127.0.0.1:4003\"   # and a plain one",
      ])
  }

  @Test func `without new sources is the plan as it was`() throws {
    let loaded = try SmallTown.loaded()
    let plan = try EffectivePlan(loaded.plan, bundle: loaded.bundle, sources: [:])
    #expect(plan.files["plan.yaml"] == SmallTown.plan)
  }
}
