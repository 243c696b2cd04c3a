import Foundation
import Testing

@Suite struct `An explanation` {
  @Test func `is text, a picture or JSON, on the terminal or in a file`() throws {
    let folder = try Folder()
    let made = try Program.run(
      "patrolctl", "rig", "run", Checkout.westLake, "--devices", Checkout.devices, "--to",
      "gpsd-json", "--out", folder.path)
    try #require(made.status == 0, "\(made.output)")
    let store = folder.path + "/s.sqlite"
    let replayed = try Program.run(
      "patrolctl", "replay", "--plan", folder.path + "/plan", "--devices",
      folder.path + "/plan/devices", "--store", store,
      "np-201=\(folder.path)/gpsd-json/np-201.jsonl")
    try #require(replayed.status == 0, "\(replayed.output)")
    let rows = try Program.run(
      "patrolctl", "gaps", "--store", store, "--duty", "school-gate", "--format", "csv")
    let gap = try #require(
      rows.output.split(separator: "\n").dropFirst().first?.split(separator: ",").first.map(
        String.init))

    let text = try Program.run("patrolctl", "explain", gap, "--store", store)
    #expect(text.status == 0 && text.output.contains("What each handheld did"))
    let json = try Program.run("patrolctl", "explain", gap, "--store", store, "--format", "json")
    #expect(json.status == 0 && json.output.hasPrefix("{"))
    let file = folder.path + "/gap.svg"
    let drawn = try Program.run(
      "patrolctl", "explain", gap, "--store", store, "--format", "svg", "-o", file)
    #expect(drawn.status == 0 && drawn.output.isEmpty)
    #expect(try String(contentsOfFile: file, encoding: .utf8).hasSuffix("</svg>\n"))

    let bundle = folder.path + "/evidence"
    let handed = try Program.run("patrolctl", "evidence", gap, "--store", store, "-o", bundle)
    #expect(handed.status == 0 && handed.output.contains("index.html"), "\(handed.output)")
    let again = try Program.run("patrolctl", "evidence", gap, "--store", store, "-o", bundle)
    #expect(again.status == 2 && again.output.contains("expected an empty folder"))

    let book = folder.path + "/report.xlsx"
    let reported = try Program.run(
      "patrolctl", "report", "shift", "--store", store, "--format", "xlsx", "-o", book)
    #expect(reported.status == 0 && reported.output.isEmpty, "\(reported.output)")
    #expect(FileManager.default.contents(atPath: book)?.starts(with: Data("PK".utf8)) == true)
    let lost = try Program.run(
      "patrolctl", "report", "shift", "--store", store, "--format", "xlsx", "-o", "/nowhere/r.xlsx")
    #expect(lost.status == 3 && lost.output.contains("/nowhere/r.xlsx: cannot be written"))
    let mapped = try Program.run(
      "patrolctl", "report", "shift", "--store", store, "--format", "geojson")
    #expect(mapped.status == 0 && mapped.output.contains(gap))
    let table = folder.path + "/report.csv"
    let listed = try Program.run(
      "patrolctl", "report", "shift", "--store", store, "--format", "csv", "--bom", "-o", table)
    #expect(listed.status == 0)
    let bytes = FileManager.default.contents(atPath: table) ?? Data()
    #expect(bytes.starts(with: Data("\u{FEFF}duty,".utf8)))

    let nowhere = try Program.run(
      "patrolctl", "explain", gap, "--store", store, "--format", "svg", "-o", "/nowhere/gap.svg")
    #expect(nowhere.status == 3 && nowhere.output.contains("/nowhere/gap.svg"))
    let unknown = try Program.run("patrolctl", "explain", "AAAAAAAAAA", "--store", store)
    #expect(unknown.status == 2 && unknown.output.contains("AAAAAAAAAA"))
  }
}
