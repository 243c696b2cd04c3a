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
      "patrolctl", "rig", "run", folder.path, "--devices", Checkout.devices, "--to", "gpsd-json",
      "--out", folder.path + "/out")
    try #require(made.status == 0, "\(made.output)")
    let recordings = folder.path + "/out/gpsd-json"
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
    (["seal", "list", "--of", "2025-11"], "--of: expected with month or quarter only"),
    (["seal", "month", "--of", "2025-11", "--by", "Li", "--reason", "x"], "--restate only"),
    (["seal", "--verify", "--key", "x"], "--key: it is to sign with"),
    (["seal", "month", "--of", "2025-Q4", "--by", "Li"], "expected a month, such as 2026-11"),
    (["seal", "quarter", "--of", "2099-Q4", "--by", "Li"], "before 2100-01-01T08:00:00+08:00"),
    (["what-if", "month", "--of", "2025-11", "--weight", "nothing=2"], "expected one of at-a"),
    (
      ["what-if", "month", "--pass-mark", "0.9", "--advanced-mark", "0.5"],
      "--advanced-mark: found 0.5"
    ),
    (["report", "month", "--of", "2025-13"], "--of: found \"2025-13\"; expected a month"),
    (
      ["report", "month", "--format", "csv", "--table", "gaps"], "expected one of squadrons, groups"
    ),
    (
      ["report", "month", "--of", "2025-11", "-o", "/nowhere/x.html"], "there is no folder /nowhere"
    ),
    (["purge", "--before", "2025-11-11", "--by", "Li"], "--fixes"),
    (["purge", "--fixes", "--before", "then", "--by", "Li"], "a date such as"),
  ])
  func `says what is missing`(arguments: [String], text: String) throws {
    let said = folder.path + "/said-\(UUID())"
    let program = try Program.start("patrolctl", arguments + ["--store", store], output: said)
    #expect(program.end() == (text.contains("/nowhere") ? 3 : 2))
    #expect(program.said.contains(text), "\(program.said)")
  }

  /// LibreOffice's own reading of a workbook, where it is installed: a csv for each sheet.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/soffice")))
  func `has figures that LibreOffice reads from the workbook as csv has them`() throws {
    let sealed = try Program.run(
      "patrolctl", "seal", "month", "--of", "2025-11", "--by", "Li", "--store", store)
    #expect(sealed.status == 0, "\(sealed.output)")
    let made = try Program.run(
      "patrolctl", "report", "month", "--of", "2025-11", "--store", store, "--format", "xlsx",
      "-o", folder.path + "/month.xlsx")
    #expect(made.status == 0, "\(made.output)")
    let office = Process()
    office.executableURL = URL(fileURLWithPath: "/usr/bin/soffice")
    // Every sheet, as it is shown: shares in per cent.
    office.arguments = [
      "-env:UserInstallation=file://\(folder.path)/office", "--headless", "--convert-to",
      "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
      "--outdir", folder.path, folder.path + "/month.xlsx",
    ]
    (office.standardOutput, office.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try office.run()
    office.waitUntilExit()
    #expect(office.terminationStatus == 0)
    func number(_ field: Substring) -> Double? {
      guard field.hasSuffix("%") else { return Double(field) }
      return Double(field.filter { !"% ".contains($0) }).map { $0 / 100 }
    }
    func numbers(_ text: String) -> [[Double]] {
      text.split(separator: "\n").dropFirst().map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).compactMap(number)
      }
    }
    var compared = 0
    for table in ["squadrons", "groups", "duties", "members", "days", "causes"] {
      let told = try Program.run(
        "patrolctl", "report", "month", "--of", "2025-11", "--store", store, "--format", "csv",
        "--table", table)
      let read = try String(
        contentsOfFile: folder.path + "/month-\(table).csv", encoding: .utf8)
      let (a, b) = (numbers(told.output), numbers(read))
      try #require(a.map(\.count) == b.map(\.count) && !a.isEmpty, "\(table): \(read)")
      for (x, y) in zip(a.joined(), b.joined()) { #expect(abs(x - y) < 1e-9, "\(table): \(read)") }
      compared += a.joined().count
    }
    #expect(compared > 50)
  }
}
