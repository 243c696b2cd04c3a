import Coverage
import Foundation
import Geodesy
import Patrol
import Rig
import Testing

/// devices/rigs/faults: a handheld for each fault, and what is to come of it.
enum FaultRig {
  struct Row {
    var handheld: Handheld.ID
    /// At least and at most so many, by gate; none of those that are not named.
    var gates: [Gate: ClosedRange<Int>]
    /// `19:00-19:30 unproven/silent`
    var gaps: [String]
  }

  static func scenario() throws -> Scenario {
    try Scenario(at: WestLake.devices + "/rigs/faults", devices: [WestLake.devices])
  }

  static func rows() throws -> [Row] {
    let text = try String(
      contentsOfFile: WestLake.devices + "/rigs/faults/expected.csv", encoding: .utf8)
    return try text.split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      var gates: [Gate: ClosedRange<Int>] = [:]
      for part in cells[1].split(separator: " ") {
        let sides = part.split(separator: "=")
        let numbers = sides[1].split(separator: "..").compactMap { Int($0) }
        let gate = try #require(Gate(rawValue: String(sides[0])))
        gates[gate] = numbers[0]...numbers[numbers.count - 1]
      }
      return Row(
        handheld: Handheld.ID(cells[0]), gates: gates,
        gaps: cells[2].isEmpty ? [] : cells[2].components(separatedBy: "; "))
    }
  }

  /// What was found of a handheld's duty that differs from what was to be, in words.
  static func differences(_ drive: Drive, _ row: Row, zone: Zone, slack: Int = 120) -> [String] {
    var wrong: [String] = []
    let gates = drive.gates[row.handheld] ?? [:]
    for gate in Gate.allCases where gate != .offDuty {
      let count = gates[gate] ?? 0
      if !(row.gates[gate] ?? 0...0).contains(count) {
        wrong.append("\(gate.rawValue): \(count), not \(String(describing: row.gates[gate]))")
      }
    }
    let found = drive.gaps.values.filter { $0.owed.duty == Duty.ID("d-\(row.handheld)") }
      .sorted { $0.began < $1.began }
    func minutes(_ i: Instant) -> Double {
      let t = zone.text(i)  // 2026-11-10T19:00:00+08:00
      let clock = t.dropFirst(11).prefix(8).split(separator: ":").compactMap { Double($0) }
      return clock[0] * 60 + clock[1] + clock[2] / 60
    }
    let texts = found.map {
      "\(zone.timeOfDay(of: $0.began))-\(zone.timeOfDay(of: $0.ended)) \($0.verdict.rawValue)/\($0.cause.rawValue)"
    }
    func isRight(_ gap: Gap, _ text: String) -> Bool {
      let parts = text.split(separator: " ")
      let times = parts[0].split(separator: "-").map { time in
        let pieces = time.split(separator: ":").compactMap { Double($0) }
        return pieces[0] * 60 + pieces[1]
      }
      let off = max(abs(minutes(gap.began) - times[0]), abs(minutes(gap.ended) - times[1]))
      return "\(gap.verdict.rawValue)/\(gap.cause.rawValue)" == parts[1]
        && off * 60 <= Double(slack)
    }
    let areRight =
      found.count == row.gaps.count && zip(found, row.gaps).allSatisfy { isRight($0, $1) }
    if !areRight { wrong.append("gaps \(texts), not \(row.gaps)") }
    return wrong
  }
}

@Suite struct `Faults on the virtual clock` {
  @Test func `one at a time give the gates, causes and verdicts of the table`() throws {
    let scenario = try FaultRig.scenario()
    let rows = try FaultRig.rows()
    #expect(rows.map(\.handheld) == scenario.plan.handhelds.map(\.id))
    let kinds = Set(scenario.walkers.flatMap(\.faults).map(\.name))
    #expect(kinds == Set(HandheldFault.Name.allCases), "a fault without a row")
    let drive = Drive(scenario)
    for row in rows {
      let wrong = FaultRig.differences(drive, row, zone: scenario.plan.zone)
      #expect(wrong.isEmpty, "\(row.handheld): \(wrong.joined(separator: "; "))")
    }
  }

  /// Of two faults the one that stands first here decides: what it keeps away or what is refused for it is so whatever
  /// else is wrong. In the order in which gates are evaluated; before them what is never received.
  static let order: [(name: String, gates: Set<Gate>)] = [
    ("restart", []), ("battery", []), ("silence", []), ("checksum", []), ("truncated", []),
    ("outage", [.noFix]), ("cold-start", [.noFix, .poorFix]), ("skew-ahead", [.clock]),
    ("roll-over", [.clock]), ("simulated", [.simulated]), ("frozen", [.frozen]),
    ("rate-120", []),
    // These hide nothing: the gates of both come, and the gap of the one that has any.
    ("drift", [.jump]), ("jumps", [.jump]), ("rate-30", []), ("loss", []), ("backlog", []),
    ("reordering", []), ("canyon", []), ("duplicates", [.duplicate]),
  ]
  static let hiding = 12

  /// Pairs that say nothing or cannot be.
  static func isCompatible(_ a: String, _ b: String) -> Bool {
    let pair = Set([a, b])
    // 400 m in half a minute are just about what is plausible on foot; sentences cannot be late.
    let never: [Set<String>] = [
      ["rate-30", "jumps"], ["checksum", "backlog"], ["truncated", "backlog"],
      // Between reports half a minute apart the edges of every stay are open.
      ["rate-30", "drift"],
      // In two minutes anybody may have gone that far.
      ["rate-120", "jumps"], ["rate-120", "drift"],
      // It reports as often as one of them says.
      ["rate-30", "rate-120"],
    ]
    return !never.contains(pair)
  }

  static let pairs: [[(Int, Int)]] = {
    var all: [(Int, Int)] = []
    for i in order.indices {
      for j in order.indices where i < j && isCompatible(order[i].name, order[j].name) {
        all.append((i, j))
      }
    }
    // A gpsd that dies takes its company along: those apart.
    let restarts = all.filter { order[$0.0].name == "restart" }
    let others = all.filter { order[$0.0].name != "restart" }
    return [restarts]
      + stride(from: 0, to: others.count, by: 24).map {
        Array(others[$0..<min(others.count, $0 + 24)])
      }
  }()

  @Test(arguments: pairs.indices) func `in pairs give what the first of both gives`(batch: Int)
    throws
  {
    var scenario = try FaultRig.scenario()
    let rows = try FaultRig.rows()
    let single = Dictionary(uniqueKeysWithValues: rows.map { ($0.handheld.text, $0) })
    let faults = Dictionary(
      uniqueKeysWithValues: scenario.walkers.map { ($0.handheld.id.text, $0.faults) })
    // Places in the park, without what the scenario has there.
    let inPark = scenario.walkers.indices.filter { i in
      let duty = Duty.ID("d-\(scenario.walkers[i].handheld.id)")
      return scenario.plan.duty(duty)?.places == ["park"]
    }
    let pairs = Self.pairs[batch]
    try #require(pairs.count <= inPark.count)
    for i in scenario.walkers.indices { scenario.walkers[i].faults = [] }
    var expected: [FaultRig.Row] = []
    for (k, (i, j)) in pairs.enumerated() {
      let (a, b) = (Self.order[i], Self.order[j])
      let w = inPark[k]
      scenario.walkers[w].faults = faults[a.name]! + faults[b.name]!
      let isLate = [a.name, b.name].contains {
        ["backlog", "reordering", "duplicates"].contains($0)
      }
      scenario.walkers[w].feed = isLate ? .gpsdJSON : .nmea
      var gates = a.gates
      if i >= Self.hiding { gates.formUnion(b.gates) }
      // Gates are evaluated in this order; a repeat of what tells no time that can be is refused for that.
      if b.name == "duplicates", ["simulated", "frozen"].contains(a.name) {
        gates.insert(.duplicate)
      }
      // Thrown aside in the moment in which it froze, it stays there.
      if a.name == "frozen", b.name == "jumps" { gates.insert(.jump) }
      // Its receiver settles after the other is over, but where nothing comes any more.
      if [a.name, b.name].contains("cold-start"), a.name != "battery" { gates.insert(.poorFix) }
      // What comes every two minutes is refused all the same.
      if a.name == "rate-120" { gates.formUnion(b.gates) }
      var counts = Dictionary(uniqueKeysWithValues: gates.map { ($0, 1...100_000) })
      if [a.name, b.name].contains("canyon") {
        for gate in [Gate.jump, .noFix] where counts[gate] == nil { counts[gate] = 0...600 }
      }
      // What has no time that can be speaks of when it is received: of what is kept, several come in one millisecond.
      let kept = ["backlog", "reordering"]
      if kept.contains(a.name) && b.name == "canyon"
        || kept.contains(b.name) && ["outage", "cold-start", "roll-over"].contains(a.name)
      {
        counts[.duplicate] = 0...600
      }
      var gaps =
        i < Self.hiding
        ? single[a.name]!.gaps
        : [a.name, b.name].contains("drift") ? single["drift"]!.gaps : single["plain"]!.gaps
      // What tells no time that can be speaks of when it is received: kept, it says nothing of when it was observed; and
      // of a backlog several come in one millisecond.
      if b.name == "backlog", ["outage", "cold-start", "roll-over"].contains(a.name) {
        gaps = single["silence"]!.gaps
        counts[.duplicate] = 0...100_000
      }
      // Half an hour unreachable, then an hour and a half silent: one gap, as both are unproven, of the longer's name.
      if a.name == "restart", b.name == "battery" { gaps = single["battery"]!.gaps }
      // Kept while gpsd was dead, and delivered to the next.
      if a.name == "restart", b.name == "backlog" { gaps = single["plain"]!.gaps }
      // Received after the time that they tell, they are of a time that can be: and the last ten minutes told twice.
      if a.name == "skew-ahead", b.name == "backlog" {
        (gaps, counts) = (single["plain"]!.gaps, [.duplicate: 600...600])
      }
      expected.append(
        FaultRig.Row(
          handheld: scenario.walkers[w].handheld.id,
          gates: counts, gaps: gaps))
    }
    let drive = Drive(scenario)
    for (row, (i, j)) in zip(expected, pairs) {
      let wrong = FaultRig.differences(drive, row, zone: scenario.plan.zone)
      #expect(
        wrong.isEmpty,
        "\(Self.order[i].name) and \(Self.order[j].name): \(wrong.joined(separator: "; "))")
    }
  }

  @Test func `of which nothing is told are found apart in the truth`() throws {
    let scenario = try FaultRig.scenario()
    let truth = Truth(of: scenario)
    func gaps(_ duty: String) -> [String] {
      truth.finalGaps.filter { $0.owed.duty == Duty.ID("d-\(duty)") }.map {
        "\(scenario.plan.zone.timeOfDay(of: $0.began)) \($0.verdict.rawValue)/\($0.cause.rawValue)"
      }
    }
    #expect(gaps("outage").first?.hasSuffix("unproven/no_fix") == true)
    #expect(gaps("frozen").first?.hasSuffix("unproven/suspect") == true)
    #expect(gaps("restart").first?.hasSuffix("unproven/unreachable") == true)
    #expect(gaps("battery").map { $0.hasSuffix("unproven/silent") } == [true])
    #expect(gaps("carried").first?.hasSuffix("missed/away") == true)
    // The receiver was wrong, not its bearer.
    #expect(gaps("drift").count == 1)
  }
}

@Suite struct `A rig's truth` {
  @Test func `reaches no report, no plan and no finding`() throws {
    let scenario = try WestLake.scenario()
    var falsified = scenario
    for i in falsified.faults.indices {
      falsified.faults[i].place = "nowhere"
      falsified.faults[i].verdict = .unproven
      falsified.faults[i].cause = .daemonDown
    }
    #expect(
      Truth(of: scenario).json(zone: scenario.plan.zone)
        != Truth(of: falsified).json(zone: scenario.plan.zone))
    let (one, other) = (Drive(scenario, tick: 10), Drive(falsified, tick: 10))
    #expect(one.gaps == other.gaps && one.standings == other.standings)
    #expect(scenario.epochs() == falsified.epochs())
  }

  @Test func `and all else is the same to the byte with the same seed, and not with another`()
    async throws
  {
    func run(_ seed: UInt64) async throws -> [String: Data] {
      let out = FileManager.default.temporaryDirectory.appendingPathComponent("rig-\(UUID())").path
      defer { try? FileManager.default.removeItem(atPath: out) }
      var scenario = try FaultRig.scenario()
      scenario.span = scenario.span.lowerBound..<(scenario.span.lowerBound + .minutes(75))
      let run = RigRun(
        scenario: scenario,
        options: RigRun.Options(
          speed: 1, out: out, seed: seed, deliveries: [.nmea, .gpsdJSON, .gpx]))
      try await run.run { _ in }
      var files: [String: Data] = [:]
      for case let name as String in FileManager.default.enumerator(atPath: out) ?? .init() {
        files[name] = FileManager.default.contents(atPath: out + "/" + name)
      }
      return files
    }
    let first = try await run(5)
    #expect(first.count > 100)
    #expect(try await run(5) == first)
    #expect(try await run(6) != first)
  }
}

@Suite struct `A user-motion file` {
  static let good = [
    "GPGGA,100503.00,2840.2000000,N,11553.4000000,E,1,12,0.90,20.0,M,0.0,M,,",
    "GPGGA,100503.10,2840.2000100,N,11553.4000000,E,1,12,0.90,20.0,M,0.0,M,,",
  ]

  static func text(_ bodies: [String]) -> String {
    bodies.map(NMEAWriter.checksummed).joined()
  }

  @Test func `of a walker is ten sentences a second, as gps-sdr-sim reads them`() async throws {
    let out = FileManager.default.temporaryDirectory.appendingPathComponent("rig-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: out) }
    let scenario = try SmallTown.scenario(
      "  - {handheld: w-1, start: bank, on: \"17:30\", off: \"17:40\"}")
    let run = RigRun(
      scenario: scenario, options: RigRun.Options(speed: 1, out: out, deliveries: [.gpsSDRSim]))
    try await run.run { _ in }
    let text = try String(contentsOfFile: out + "/gps-sdr-sim/w-1.nmea", encoding: .utf8)
    let found = MotionFile.check(text, file: "w-1.nmea")
    #expect(found.lines == 6000)
    #expect(found.problems.isEmpty, "\(found.problems)")
  }

  @Test(
    arguments: [
      ([good[0], good[1].replacing("03.10", with: "04.00")], 2, "1000 ms after"),
      ([good[0], good[1].replacing("2840.2", with: "2940.2")], 2, "m from the line before"),
      ([good[0].replacing("GGA", with: "RMC")], 1, "expected a GGA"),
      ([good[0].replacing("0.90", with: "")], 1, "field 8 is empty"),
      ([good[0].replacing("2840.2", with: "840.2")], 1, "expected ddmm"),
      (
        [good[0].replacing("20.0", with: "20.0" + String(repeating: "0", count: 40))], 1,
        "characters"
      ),
      ([], nil, "no line"),
    ] as [([String], Int?, String)])
  func `that gps-sdr-sim would misread is told by line`(
    bodies: [String], line: Int?, message: String
  ) {
    let found = MotionFile.check(Self.text(bodies), file: "m.nmea")
    #expect(found.problems.contains { $0.line == line && $0.message.contains(message) }, "\(found)")
  }

  @Test func `with a wrong checksum, an empty line, or over midnight`() {
    let wrong = Self.text(Self.good).replacing("*", with: "*0")
    #expect(MotionFile.check(wrong, file: "m").problems.count == 2)
    let spaced = Self.text([Self.good[0]]) + "\n" + Self.text([Self.good[1]])
    #expect(MotionFile.check(spaced, file: "m").problems.map(\.line) == [2])
    let night = [
      Self.good[0].replacing("100503.00", with: "235959.90"),
      Self.good[1].replacing("100503.10", with: "000000.00"),
    ]
    #expect(MotionFile.check(Self.text(night), file: "m").problems.isEmpty)
  }
}
