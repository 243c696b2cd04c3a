import Foundation
import Testing

@Suite struct `A replay` {
  /// The evening's recordings of three of its handhelds: one with a short stay's place left alone, one driven too fast,
  /// one with a backlog.
  static let handhelds = ["np-201", "np-203", "zs-103"]
  let folder: Folder

  init() throws {
    folder = try Folder()
    let made = try Program.run(
      "patrolctl", "rig", "run", Checkout.westLake, "--devices", Checkout.devices, "--to",
      "gpsd-json", "--out", folder.path)
    try #require(made.status == 0, "\(made.output)")
  }

  func arguments(_ store: String, files: (String) -> String) -> [String] {
    let devices = folder.path + "/plan/devices"
    return [
      "replay", "--plan", folder.path + "/plan", "--devices", devices, "--store",
      folder.path + "/" + store, "--from", "2026-11-10", "--to", "2026-11-11",
    ] + Self.handhelds.map { "\($0)=\(files($0))" }
  }

  func file(_ handheld: String) -> String { "\(folder.path)/gpsd-json/\(handheld).jsonl" }

  func replay(_ store: String, files: ((String) -> String)? = nil) throws -> Int32 {
    let program = try Program.start(
      "patrolctl", arguments(store, files: files ?? file), output: folder.path + "/said")
    return program.end()
  }

  /// As everyone reads them, but for what tells when they were found.
  func gaps(_ store: String, keepingIDs: Bool = false) throws -> String {
    let told = try Program.run(
      "patrolctl", "gaps", "--store", folder.path + "/" + store, "--format", "json")
    try #require(told.status == 0, "\(told.output)")
    guard !keepingIDs else { return told.output }
    return told.output.split(separator: "\n").map { line in
      line.replacing(#/"(id|flagged_at)": "[^"]*", /#, with: "")
        .replacing(#/"revision": [0-9]+, /#, with: "")
    }.joined(separator: "\n")
  }

  @Test func `gives the same gaps twice, in any order of delivery, and after kill -9`() throws {
    #expect(try replay("once") == 0)
    let (once, complete) = (try gaps("once"), try gaps("once", keepingIDs: true))
    #expect(once.contains("drive_by") && once.contains("away"))

    // Again into the same store.
    #expect(try replay("once") == 0)
    #expect(try gaps("once", keepingIDs: true) == complete)

    // Shuffled, and in two halves of which the later comes first.
    var random = SystemSeeded(state: 7)
    for handheld in Self.handhelds {
      let lines = try String(contentsOfFile: file(handheld), encoding: .utf8)
        .split(separator: "\n").shuffled(using: &random)
      for (n, half) in [lines.prefix(lines.count / 2), lines.suffix(lines.count / 2)].enumerated() {
        try folder.write(half.joined(separator: "\n") + "\n", to: "\(handheld)-\(n).jsonl")
      }
    }
    for n in [1, 0] {
      #expect(try replay("shuffled", files: { "\(folder.path)/\($0)-\(n).jsonl" }) == 0)
    }
    #expect(try gaps("shuffled") == once)

    // Killed again and again, each time a little later.
    var kills = 0
    for delay in [500, 900, 1300] {
      let program = try Program.start(
        "patrolctl", arguments("killed", files: file), output: folder.path + "/said")
      usleep(useconds_t(delay) * 1000)
      program.send(SIGKILL)
      if program.end() == -SIGKILL { kills += 1 }
    }
    #expect(kills > 0)
    #expect(try replay("killed") == 0)
    #expect(try gaps("killed") == once)
  }
}

struct SystemSeeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 33)
  }
}
