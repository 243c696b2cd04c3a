import Foundation
import Testing

@Suite struct `Sealing` {
  let folder: Folder
  let store: String

  /// An evening of a month that is long over.
  init() throws {
    folder = try Folder()
    store = folder.path + "/s.sqlite"
    try TwoBanks.write(to: folder)
    try folder.write(
      TwoBanks.scenario.replacing("2026-11-10", with: "2025-11-10"), to: "scenario.yaml")
    let made = try Program.run(
      "patrolctl", "rig", "run", folder.path, "--devices", Checkout.devices, "--to", "recordings",
      "--out", folder.path + "/out")
    try #require(made.status == 0, "\(made.output)")
    let recordings = folder.path + "/out/recordings"
    let replayed = try Program.run(
      "patrolctl", "replay", "--plan", folder.path + "/out/plan", "--devices",
      folder.path + "/out/plan/devices", "--store", store, "a=\(recordings)/a.jsonl",
      "b=\(recordings)/b.jsonl")
    try #require(replayed.status == 0, "\(replayed.output)")
  }

  @Test func `is done with a key, listed and checked`() throws {
    let key = folder.path + "/brigade.key"
    let made = try Program.run("patrolctl", "key", "new", "-o", key)
    #expect(made.status == 0 && made.output.contains(".pub"))
    let again = try Program.run("patrolctl", "key", "new", "-o", key)
    #expect(again.status == 2 && again.output.contains("there already"))
    let mode = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let none = try Program.run("patrolctl", "seal", "--verify", "--store", store)
    #expect(none.status == 0 && none.output == "nothing is sealed\n")
    let sealed = try Program.run(
      "patrolctl", "seal", "month", "--of", "2025-11-10", "--by", "Li", "--key", key, "--store",
      store)
    #expect(sealed.status == 0 && sealed.output.contains("seal 1  2025-11  by Li"))
    let twice = try Program.run(
      "patrolctl", "seal", "month", "--of", "2025-11-30", "--by", "Li", "--store", store)
    #expect(twice.status == 2 && twice.output.contains("sealed already"))
    let listed = try Program.run("patrolctl", "seal", "list", "--store", store)
    #expect(listed.output.contains("seal 1  2025-11") && listed.output.contains("signed (key "))

    let holds = try Program.run(
      "patrolctl", "seal", "--verify", "--public-key", key + ".pub", "--store", store)
    #expect(holds.status == 0 && holds.output.contains("all 1 hold"), "\(holds.output)")
    let other = folder.path + "/other.key"
    _ = try Program.run("patrolctl", "key", "new", "-o", other)
    let forged = try Program.run(
      "patrolctl", "seal", "--verify", "--public-key", other + ".pub", "--store", store)
    #expect(forged.status == 1 && forged.output.contains("signed with another key"))

    let unchanged = try Program.run(
      "patrolctl", "seal", "--restate", "1", "--by", "Wang", "--reason", "x", "--store", store)
    #expect(unchanged.status == 2 && unchanged.output.contains("nothing to restate"))
    let recent = try Program.run(
      "patrolctl", "purge", "--fixes", "--before", "2025-11-11", "--by", "Chen", "--store", store)
    #expect(recent.status == 2 && recent.output.contains("cannot be purged"), "\(recent.output)")
  }

  @Test(arguments: [
    (["seal"], "expected one of month"), (["seal", "month"], "--by NAME"),
    (["seal", "month", "--by", "Li"], "--of DATE"),
    (["seal", "--restate", "1", "--by", "Li"], "--reason TEXT"),
    (["seal", "list", "--public-key", "x"], "--public-key"),
    (["purge", "--before", "2025-11-11", "--by", "Li"], "--fixes"),
    (["purge", "--fixes", "--before", "then", "--by", "Li"], "a date such as"),
  ])
  func `says what is missing`(arguments: [String], text: String) throws {
    let said = folder.path + "/said-\(UUID())"
    let program = try Program.start("patrolctl", arguments + ["--store", store], output: said)
    #expect(program.end() == 2)
    #expect(program.said.contains(text), "\(program.said)")
  }
}
