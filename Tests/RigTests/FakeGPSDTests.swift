import Foundation
import Geodesy
import Rig
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct `A fake gpsd` {
  /// Two endpoints of two devices that report ten times a second.
  func fleet(
    _ naming: FakeFleet.Naming = .tty, backlog: FakeFleet.Backlog = .none,
    _ body: (FakeGPSD) async throws -> Void
  ) async throws {
    let fleet = FakeFleet(
      endpoints: 2, devicesEach: 2, naming: naming, interval: Milliseconds(100), backlog: backlog)
    let fake = try await FakeGPSD.start(FakeGPSD.Options(.fleet(fleet)))
    try await body(fake)
    try await fake.stop()
  }

  func watcher(_ fake: FakeGPSD, _ n: Int = 0) async throws -> Caller {
    let caller = try Caller(port: fake.ports[n])
    caller.say(Caller.watch)
    #expect(try await caller.hears { $0.lines(of: "TPV").count >= 2 })
    return caller
  }

  @Test func `greets, answers and reports as gpsd does`() async throws {
    try await fleet { fake in
      let caller = try Caller(port: fake.ports[1])
      #expect(try await caller.hears { $0.lines(of: "VERSION").count == 1 })
      caller.say("?DEVICES;")
      #expect(try await caller.hears { $0.lines(of: "DEVICES").count == 1 })
      #expect(caller.lines[1].contains(#""path":"/dev/ttyUSB1","driver""#))
      #expect(caller.lines[1].contains(#""activated":"20"#))
      caller.say("?VERSION;\n?FOO\";\nhello;")
      #expect(try await caller.hears { $0.lines(of: "ERROR").count == 1 })
      #expect(caller.lines(of: "VERSION").count == 2)
      #expect(caller.lines.last == #"{"class":"ERROR","message":"Unrecognized request '?FOO''"}"#)
      #expect(try await !caller.hears(within: 0.3) { $0.lines.count > 4 })
      caller.say(Caller.watch)
      #expect(try await caller.hears { $0.lines(of: "TPV").count >= 6 })
      #expect(caller.lines(of: "WATCH")[0].contains(#""enable":true,"json":true"#))
      caller.say(#"?WATCH={"enable":false};"#)
      #expect(try await caller.hears { $0.lines(of: "WATCH").count == 2 })
      let count = caller.lines(of: "TPV").count
      #expect(try await !caller.hears(within: 0.3) { $0.lines(of: "TPV").count > count })
    }
  }

  @Test func `tells exactly what it sent`() async throws {
    try await fleet(.gateway) { fake in
      let caller = try await watcher(fake)
      #expect(try await caller.hears { $0.lines(of: "TPV").count >= 20 })
      try await fake.quieten()
      #expect(try await !caller.hears { _ in false } && caller.isEnded)
      let sent = try await fake.sent()
      #expect(
        sent.map(\.device) == [
          "udp://0.0.0.0:5931#handheld-0", "udp://0.0.0.0:5931#handheld-1",
          "udp://0.0.0.0:5931#handheld-0", "udp://0.0.0.0:5931#handheld-1",
        ])
      #expect(
        sent[2].count == 0 && sent[2].line(.sums).hasSuffix(#""count":0,"sum_ms":0,"altered":0}"#))
      for device in sent[..<2] {
        let times = caller.times { $0.contains(#""device":"\#(device.device)""#) }
        #expect(device.count == Set(times).count && times.count == device.count)
        #expect(device.sum == times.reduce(0, +))
      }
    }
  }

  @Test func `delivers what was stored, and after a break only what is new`() async throws {
    try await fleet(backlog: .undelivered(within: .minutes(10))) { fake in
      let first = try Caller(port: fake.ports[0])
      first.say(Caller.watch)
      #expect(try await first.hears { $0.lines(of: "TPV").count >= 12_000 })
      fake.cue(try FakeCue("close"))
      #expect(try await !first.hears { _ in false } && first.isEnded)
      try await Task.sleep(for: .milliseconds(400))
      let second = try Caller(port: fake.ports[0])
      second.say(Caller.watch)
      #expect(try await second.hears { $0.lines(of: "TPV").count >= 12 })
      let (before, after) = (
        first.times { $0.contains("USB0") }, second.times { $0.contains("USB0") }
      )
      #expect(before.count >= 6000)
      #expect((before + after).steps.allSatisfy { $0 == 100 })
    }
  }

  /// What a watcher sees of a fault, by name.
  static let seen: [(String, @Sendable (Caller) -> Bool)] = [
    ("garbage", { $0.heard.contains(0xff) }),
    ("overlong", { $0.lines.contains { $0.count == 66_000 } }),
    ("split", { $0.lines(of: "TPV").count > 10 }),
    ("anonymous", { $0.lines(of: "TPV").contains { !$0.contains("device") } }),
    ("simulated devices 1", { $0.lines(of: "TPV").contains { $0.hasSuffix(#","status":8}"#) } }),
    (
      "nullisland",
      { $0.lines(of: "TPV").contains { $0.contains(#""lat":0.000000000,"lon":0.000"#) } }
    ),
    ("repeated times 3", { $0.times { $0.contains("USB0") }.repetitions == 3 }),
    ("backstep by 1s", { $0.times { $0.contains("USB0") }.steps.contains(-1000) }),
    ("jump by -1h", { $0.times { $0.contains("USB0") }.steps.contains { $0 < -3_599_000 } }),
    ("half", { $0.isEnded && $0.heard.suffix(2) != [0x0d, 0x0a] }),
    ("close", { $0.isEnded && $0.heard.suffix(2) == [0x0d, 0x0a] }),
    ("reset", { $0.isEnded }),
    ("refuse", { $0.isEnded }),
  ]

  @Test(arguments: seen.map(\.0)) func `misbehaves as it is told, where it is told`(
    text: String
  ) async throws {
    let isSeen = Self.seen.first { $0.0 == text }!.1
    try await fleet { fake in
      let (caller, other) = (try await watcher(fake, 0), try await watcher(fake, 1))
      #expect(!isSeen(caller) || text == "split")
      let words = text.split(separator: " ", maxSplits: 1).map(String.init)
      fake.cue(try FakeCue("\(words[0]) 0 \(words.dropFirst().joined())"))
      _ = try await caller.hears(isSeen)
      #expect(isSeen(caller))
      let count = other.lines.count
      #expect(try await other.hears { $0.lines.count > count + 4 })
      #expect(text == "split" || !isSeen(other))
    }
  }

  @Test func `whose devices vanish says nothing of it`() async throws {
    try await fleet { fake in
      let caller = try await watcher(fake)
      fake.cue(try FakeCue("freed devices 1"))
      try await Task.sleep(for: .milliseconds(100))
      caller.say("?DEVICES;")
      #expect(try await caller.hears { $0.lines(of: "DEVICES").count == 2 })
      let at = try #require(caller.lines.lastIndex { $0.contains("DEVICES") })
      #expect(try await caller.hears { $0.lines.count > at + 5 })
      #expect(caller.lines[at...].allSatisfy { !$0.contains("USB1") })
      #expect(caller.lines[at...].contains { $0.contains("TPV") && $0.contains("USB0") })
      fake.cue(try FakeCue("end freed"))
      #expect(try await caller.hears { $0.lines[at...].contains { $0.contains("USB1") } })
    }
  }

  @Test func `that refuses comes back on the same port`() async throws {
    try await fleet { fake in
      let early = try await watcher(fake)
      fake.cue(try FakeCue("refuse 0"))
      #expect(try await !early.hears { _ in false } && early.isEnded)
      #expect(throws: Caller.NotConnected.self) { try Caller(port: fake.ports[0]) }
      fake.cue(try FakeCue("end refuse"))
      _ = try await fake.state()  // after the cue
      try await Task.sleep(for: .milliseconds(200))
      _ = try await watcher(fake)
    }
  }

  @Test func `has faults that end by themselves`() async throws {
    try await fleet { fake in
      let caller = try await watcher(fake)
      fake.cue(try FakeCue("simulated for 1s"))
      #expect(try await caller.hears { $0.lines.contains { $0.contains("status") } })
      #expect(try await caller.hears { !($0.lines.last ?? "").contains("status") })
    }
  }

  @Test func `that is full hangs up at once, and one that hangs says nothing`() async throws {
    try await fleet { fake in
      let early = try await watcher(fake)
      fake.cue(try FakeCue("full 0"))
      fake.cue(try FakeCue("hang 1"))
      try await Task.sleep(for: .milliseconds(100))
      let (full, hung) = (try Caller(port: fake.ports[0]), try Caller(port: fake.ports[1]))
      hung.say(Caller.watch)
      #expect(
        try await !full.hears(within: 0.5) { _ in false } && full.isEnded && full.heard.isEmpty)
      #expect(
        try await !hung.hears(within: 0.5) { _ in false } && !hung.isEnded && hung.heard.isEmpty)
      let count = early.lines.count
      #expect(try await early.hears { $0.lines.count > count + 4 })
    }
  }

  @Test func `that will not be watched says so`() async throws {
    try await fleet { fake in
      fake.cue(try FakeCue("unwatched"))
      try await Task.sleep(for: .milliseconds(100))
      let caller = try Caller(port: fake.ports[0])
      caller.say(Caller.watch)
      #expect(try await caller.hears { $0.lines(of: "WATCH").count == 1 })
      #expect(caller.lines(of: "WATCH")[0].contains(#""enable":false"#))
      #expect(try await !caller.hears(within: 0.3) { !$0.lines(of: "TPV").isEmpty })
    }
  }

  @Test func `plays a recording from the first watcher on, and knows what it played`() async throws
  {
    let path = "/tmp/fake-\(UUID()).jsonl"
    defer { TemporaryFile.remove(path) }
    let lines = (0..<2000).map {
      #"{"class":"TPV","device":"/dev/a","mode":3,"time":"\#((Instant(milliseconds: 1_795_431_900_000) + .seconds($0 % 1500)).text())"}"#
    }
    try TemporaryFile.write(lines.joined(separator: "\n"), to: path)
    let fake = try await FakeGPSD.start(
      FakeGPSD.Options(.recordings([path], endpoints: 1, rate: nil)))
    let caller = try Caller(port: fake.ports[0])
    caller.say(Caller.watch)
    #expect(try await caller.hears { $0.lines(of: "TPV").count == 2000 })
    #expect(caller.lines(of: "TPV") == lines)
    let sent = try await fake.sent()
    #expect(sent.map(\.count) == [1500])
    #expect(sent[0].line(.times).contains(#""runs_ms":[[1795431900000,1795433399000,1000]]"#))
    try await fake.stop()
  }
}

extension Caller {
  /// Of the TPVs that are wanted, in order.
  func times(_ isWanted: (String) -> Bool) -> [Int64] {
    lines(of: "TPV").filter(isWanted).compactMap { line in
      let time = line.split(separator: #""time":""#)[1].prefix { $0 != "\"" }
      return Instant(rfc3339: time)?.milliseconds
    }
  }
}

extension [Int64] {
  var steps: [Int64] { zip(self, dropFirst()).map { $1 - $0 } }
  /// How often the one that came most often came.
  var repetitions: Int {
    Dictionary(grouping: self) { $0 }.values.map(\.count).max() ?? 0
  }
}
