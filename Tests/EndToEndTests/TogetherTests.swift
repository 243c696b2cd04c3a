import Foundation
import Testing

@Suite struct `Handhelds carried together` {
  /// One handheld's recording told as two of different squadrons', another as its own.
  @Test func `are listed by patrolctl together, and in the shift report`() throws {
    let folder = try Folder()
    let made = try Program.run(
      "patrolctl", "rig", "run", Checkout.westLake, "--devices", Checkout.devices, "--to",
      "gpsd-json", "--out", folder.path)
    try #require(made.status == 0, "\(made.output)")
    func recording(_ handheld: String) -> String { "\(folder.path)/gpsd-json/\(handheld).jsonl" }
    let store = folder.path + "/store"
    let replayed = try Program.run(
      "patrolctl", "replay", "--plan", folder.path + "/plan", "--devices",
      folder.path + "/plan/devices", "--store", store, "--from", "2026-11-10", "--to",
      "2026-11-11", "zs-101=\(recording("zs-101"))", "np-201=\(recording("zs-101"))",
      "zs-103=\(recording("zs-103"))")
    try #require(replayed.status == 0, "\(replayed.output)")

    func together(_ option: String, _ value: String) throws -> (status: Int32, output: String) {
      let told = try Program.run(
        "patrolctl", "together", "--store", store, "--format", "csv", option, value)
      return (told.status, told.output)
    }
    let all = try together("--from", "2026-11-10")
    #expect(all.status == 0)
    let rows = all.output.split(separator: "\n")
    #expect(rows.first?.hasPrefix("first,second,began_at,ended_at,moving_s,way_m") == true)
    #expect(rows.count >= 2 && rows.dropFirst().allSatisfy { $0.hasPrefix("np-201,zs-101,") })
    #expect(try together("--handheld", "zs-101").output == all.output)
    #expect(try together("--handheld", "zs-103").output.split(separator: "\n").count == 1)
    #expect(try together("--verdict", "missed").status == 2)

    let report = try Program.run(
      "patrolctl", "report", "shift", "--of", "2026-11-10", "--store", store, "--format", "json",
      "-o", folder.path + "/report.json")
    #expect(report.status == 0)
    let json = try String(contentsOfFile: folder.path + "/report.json", encoding: .utf8)
    #expect(json.contains("\"carried_together\": [") && json.contains("\"first\": \"np-201\""))
  }
}
