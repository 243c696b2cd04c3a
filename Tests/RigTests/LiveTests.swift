import Foundation
import Geodesy
import Patrol
import PlanFiles
import Rig
import Testing

@Suite struct `A rig run` {
  static let out = ProcessInfo.processInfo.environment["RIG_OUT"]
  static let hasGPSD = FileManager.default.isExecutableFile(atPath: "/usr/sbin/gpsd")

  static let walkers = """
      - handheld: w-1
        start: bank
        on: "17:30"
        off: "17:40"
        faults: [{kind: backlog, from: "17:32", to: "17:34", deliver: "17:36"}]
    """

  func temporary(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rig-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  @Test func `without gpsd leaves the plan, the truth and recordings`() async throws {
    try await temporary { out in
      let run = RigRun(
        scenario: try SmallTown.scenario(Self.walkers),
        options: RigRun.Options(speed: 100, out: out, deliveries: [.gpsdJSON]))
      try await run.run { _ in }
      let lines = try String(contentsOfFile: out + "/gpsd-json/w-1.jsonl", encoding: .utf8)
        .split(separator: "\n")
      #expect(lines.count == 600)
      let first = lines[0].split(separator: "\t")
      #expect(first[0] == "2026-11-10T09:30:00Z")
      #expect(
        first[1].hasPrefix(
          "{\"class\":\"TPV\",\"device\":\"w-1\",\"mode\":3,\"time\":\"2026-11-10T09:30:00.000Z\""))
      let late = lines.filter { $0.hasPrefix("2026-11-10T09:36:00") }
      #expect(late.count == 121)
      #expect(FileManager.default.fileExists(atPath: out + "/truth.json"))
      #expect(!FileManager.default.fileExists(atPath: out + "/ready"))
      _ = try LoadedPlan(at: out + "/plan", devices: [out + "/plan/devices"])
    }
  }

  @Test(.enabled(if: hasGPSD)) func `starts gpsds, keeps to its clock, and leaves none behind`()
    async throws
  {
    try await temporary { out in
      var scenario = try SmallTown.scenario(Self.walkers)
      scenario.span = scenario.span.lowerBound..<(scenario.span.lowerBound + .minutes(10))
      let run = RigRun(
        scenario: scenario,
        options: RigRun.Options(
          speed: 600, out: out, lead: .milliseconds(100), linger: .milliseconds(100)))
      let began = ContinuousClock.now
      try await run.run { _ in }
      #expect(ContinuousClock.now - began >= .seconds(1.1))
      let plan = try LoadedPlan(at: out + "/plan", devices: [out + "/plan/devices"]).plan
      let sources = plan.handhelds.map(\.source)
      #expect(sources.allSatisfy { $0.host == "127.0.0.1" && $0.port == sources[0].port })
      #expect(sources[0].device?.hasSuffix("#w-1") == true)
      #expect(sources[1].device?.contains("#") == false)
      let clock = try String(contentsOfFile: out + "/clock", encoding: .utf8)
      #expect(clock.hasPrefix("2026-11-10T17:30:00+08:00×600@") && clock.hasSuffix("\n"))
      #expect(!Self.isRunning(with: "\(sources[0].port)"))
    }
  }

  /// Whether some process has this among its arguments.
  static func isRunning(with argument: String) -> Bool {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { Int($0) != nil }.contains { pid in
      guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
        return false
      }
      return data.split(separator: 0).contains { String(decoding: $0, as: UTF8.self) == argument }
    }
  }

  /// RIG_OUT=/tmp/rig RIG_SPEED=240 runs West Lake through real gpsds, for a listener outside to watch.
  @Test(.enabled(if: out != nil)) func `of West Lake runs to its end`() async throws {
    let speed = Double(ProcessInfo.processInfo.environment["RIG_SPEED"] ?? "240") ?? 240
    let run = RigRun(
      scenario: try WestLake.scenario(),
      options: RigRun.Options(
        speed: speed, out: Self.out!, lead: .seconds(2), deliveries: [.gpsd, .gpsdJSON]))
    try await run.run { _ in }
  }
}
