import Foundation
import Testing

/// `patrolctl` as somebody with a box of handhelds types it.
@Suite struct `Qualifying handhelds` {
  static let models = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "devices/models"
    )
    .path

  private func patrolctl(_ arguments: String...) throws -> (status: Int32, said: String) {
    let output = "\(NSTemporaryDirectory())qualify-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: output) }  // harms nobody
    let program = try Program.start("patrolctl", arguments, output: output)
    return (program.end(), program.said)
  }

  private func scratch() throws -> String {
    let folder = "\(NSTemporaryDirectory())qualify-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test(arguments: [
    "generic", "u-blox-m8", "u-blox-m10", "mtk3339", "sirfstar-iv", "quectel-l76k", "phone-json",
    "dmr-radio",
  ])
  func `finds every model of ours in order`(name: String) throws {
    let checked = try patrolctl("check", "\(Self.models)/\(name)")
    #expect(checked.status == 0, "\(checked.said)")
    #expect(!checked.said.contains("error") && !checked.said.contains("warning"))
  }

  @Test func `tells what a copied folder still lacks`() throws {
    let folder = try scratch() + "/models"
    defer { try? FileManager.default.removeItem(atPath: folder) }  // harms nobody
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let copy = "\(folder)/new-one"
    try FileManager.default.copyItem(atPath: "\(Self.models)/phone-json", toPath: copy)
    let renamed = try patrolctl("check", copy)
    #expect(renamed.status == 1)
    #expect(renamed.said.contains("capture.jsonl: names another device; expected new-one"))
    try FileManager.default.removeItem(atPath: "\(copy)/NOTES.md")
    let model = try String(contentsOfFile: "\(copy)/model.yaml", encoding: .utf8)
    try model.replacing("rollover_weeks: 0\n", with: "").replacing(
      "accuracy_m: 10", with: "accuracy_m: ten"
    ).write(toFile: "\(copy)/model.yaml", atomically: true, encoding: .utf8)
    let broken = try patrolctl("check", copy)
    #expect(broken.status == 2)
    for text in [
      "NOTES.md: missing", "rollover_weeks: missing",
      "accuracy_m: found \"ten\"; expected a number",
    ] { #expect(broken.said.contains(text), "\(broken.said)") }
    let none = try patrolctl("check", "\(folder)/none")
    #expect(none.status == 2)
  }

  @Test func `passes one, fails another, and writes sheets and a table`() throws {
    let folder = try scratch()
    defer { try? FileManager.default.removeItem(atPath: folder) }  // harms nobody
    let ended = try patrolctl(
      "rig", "qualify", "--model", "\(Self.models)/phone-json", "--serial", "P-01", "--capture",
      "\(Self.models)/phone-json/capture.jsonl", "--serial", "P-02", "--capture",
      "\(Self.models)/dmr-radio/capture.jsonl", "--mark", "28.68,115.89,±0.1", "-o", folder)
    #expect(ended.status == 1)
    #expect(ended.said.contains("P-01: passed") && ended.said.contains("P-02: failed"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(
      files == [
        "P-01.html", "P-01.json", "P-02.html", "P-02.json", "batch.csv", "batch.html", "batch.json",
      ])
    let one = try patrolctl(
      "rig", "qualify", "--model", "\(Self.models)/phone-json", "--serial", "P-01", "--capture",
      "\(Self.models)/phone-json/capture.jsonl", "--mark", "28.68,115.89,±0.1")
    #expect(one.status == 0)
  }

  @Test(arguments: [
    (["--mark", "north"], "--mark: found \"north\"; expected latitude,longitude"),
    (["--mark", "28.68,115.89", "--align"], "--align: a mark shows no change of pace"),
    ([], "expected one truth"),
    (["--checkpoints", "/nowhere.csv"], "/nowhere.csv: cannot be read"),
    (["--scenario", "devices"], "--scenario and --walker go together"),
    (["--mark", "28.68,115.89", "--serial", "b"], "found 2 serials and 1 captures"),
    (["--mark", "28.68,115.89", "--seconds", "3"], "--gpsd and --seconds go together"),
  ])
  func `says what is wrong with a question`(arguments: [String], expected: String) throws {
    let output = "\(NSTemporaryDirectory())qualify-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: output) }  // harms nobody
    let program = try Program.start(
      "patrolctl",
      [
        "rig", "qualify", "--model", "\(Self.models)/generic", "--serial", "a", "--capture",
        "\(Self.models)/generic/capture.nmea",
      ] + arguments, output: output)
    #expect(program.end() == 2)
    #expect(program.said.contains(expected), "\(program.said)")
  }
}
