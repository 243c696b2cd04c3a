import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Store
import Testing

@Suite struct `A bundle of evidence` {
  typealias Account = `The account of a gap`

  /// The evening with a silence of five minutes from 20:10 and positions too inaccurate from 20:20 to 20:21.
  static func evening() throws -> Account {
    let start = Account.start
    let silence = start + .minutes(10)..<start + .minutes(15)
    let poor = start + .minutes(20)..<start + .minutes(21)
    let told = Account.evening().filter { !silence.contains($0.receivedAt) }.map {
      observation -> Observation in
      guard poor.contains(observation.receivedAt), var fix = observation.fix else {
        return observation
      }
      fix.accuracy = 400
      fix.hdop = 1.25
      return Observation(
        handheld: "a", receivedAt: observation.receivedAt + .seconds(2), report: .fix(fix))
    }
    return try Account(of: told)
  }

  static func account() throws -> GapAccount { try evening().account("bank", .shortStay) }

  func bundle(_ account: GapAccount, _ excuses: [Excuse] = []) throws -> EvidenceBundle {
    try EvidenceBundle(account, explanation: "told <so>\n", excuses: excuses)
  }

  func text(_ name: String, _ bundle: EvidenceBundle) throws -> String {
    try #require(bundle.files.first { $0.name == name }?.text, "\(bundle.files.map(\.name))")
  }

  @Test func `holds every report that decides, as GPX and as JSON`() throws {
    let account = try Self.account()
    let track = try #require(account.tracks.first { $0.handheld == "a" })
    let told = track.reports.compactMap { r in r.observation.fix.map { (fix: $0, gate: r.gate) } }
    try #require(!told.isEmpty)

    let gpx = try Element.root(of: text("reports-a.gpx", bundle(account)))
    #expect(gpx.name == "gpx" && gpx.attributes["version"] == "1.1")
    #expect(gpx.attributes["xmlns"] == "http://www.topografix.com/GPX/1/1")
    for (path, expected) in [
      ("trk/trkseg/trkpt", told.filter { $0.gate == nil }), ("wpt", told.filter { $0.gate != nil }),
    ] {
      let all = gpx.all(path)
      try #require(all.count == expected.count && !all.isEmpty, "\(path)")
      for (point, (fix, gate)) in zip(all, expected) {
        let position = [point.attributes["lat"], point.attributes["lon"]].map {
          $0.flatMap { Double($0) } ?? 999
        }
        func number(_ path: String) -> Double? { point.first(path).flatMap { Double($0) } }
        let isSame =
          Coordinate(latitude: position[0], longitude: position[1]) == fix.position
          && point.first("time").flatMap { Instant(rfc3339: $0) } == fix.time
          && point.first("extensions/patrold:gate") == gate?.rawValue ?? "usable"
          && number("extensions/patrold:accuracy_m") == fix.accuracy?.value
          && number("hdop") == fix.hdop
        try #require(isSame, "\(fix) \(position) \(point.children.map(\.text))")
      }
    }
    let poor = try #require(gpx.all("wpt").first)
    #expect(poor.children.map(\.name) == ["time", "name", "type", "fix", "hdop", "extensions"])
    #expect(poor.first("name") == "poor_fix")
    // The silence, and the minute that proves nothing, lie between them.
    #expect(gpx.all("trk/trkseg").count == 3)

    let json = try JSONSerialization.jsonObject(
      with: Data(text("reports-a.json", bundle(account)).utf8))
    let reports = try #require((json as? [String: Any])?["reports"] as? [[String: Any]])
    #expect(reports.count == track.reports.count)
    #expect(
      reports.map { ($0["time"] as? String).flatMap { Instant(rfc3339: $0) } }
        == track.reports.map { $0.observation.fix?.time })
    #expect(reports.map { $0["gate"] as? String } == track.reports.map { $0.gate?.rawValue })
    #expect(
      reports.first { $0["gate"] is String }?["received_at"] as? String
        == told.first { $0.gate != nil }.map {
          ($0.fix.time + .seconds(2)).text(offsetSeconds: 8 * 3600)
        })
  }

  @Test func `has a page that fetches nothing, in plain words`() throws {
    let evening = try Self.evening()
    let account = try evening.account("bank", .shortStay)
    try Store(at: evening.folder + "/s.sqlite", for: .amend).write { tx in
      let id = try tx.ask(
        excusing: account.gap.id, by: "Li", reason: "<b>closed</b>", at: account.judgedUntil)
      try tx.decide(id, .refused, by: "Wang", at: account.judgedUntil)
    }
    let bundle = try bundle(account, evening.queries.excuses())
    let html = try text("index.html", bundle)
    #expect(!html.contains("<script") && !html.contains("<?xml"))
    #expect(html.firstRange(of: #/(src|href)="[^"]*[:\/]/#) == nil)
    #expect(html.contains("told &lt;so&gt;") && html.contains("&lt;b&gt;closed&lt;/b&gt;"))
    #expect(html.contains("<td>refused</td>") && html.contains("<td>Wang, 2026-11-2"))
    #expect(html.contains("flagged for the first time"))
    #expect(
      html.contains("came, but left too soon") && html.contains("nobody can have met the duty"))
    #expect(html.contains("<svg") && html.contains("version d"))
    for file in bundle.files.dropFirst() { #expect(html.contains("href=\"\(file.name)\"")) }
    #expect(try text("gap.json", bundle) == account.json)
    #expect(try self.bundle(account).files[0].text.contains("None was asked for"))
  }

  @Test func `is in the plan's language, or the one asked for`() throws {
    let evening = try Self.evening()
    let account = try evening.account("bank", .shortStay)
    let explanation = try GapExplanation(account, excuses: [], queries: evening.queries)
    let told = explanation.text(in: .chinese)
    let bundle = try EvidenceBundle(account, explanation: told, excuses: [], in: .chinese)
    let html = try text("index.html", bundle)
    #expect(html.contains("lang=\"zh-Hans\"") && html.contains("没有人申请免责"))
    // Words of people, units and names of files aside, nothing is left in English.
    let said = told.replacing(#/[A-Z0-9]{8,}|Bank|bank|watch|G|[az]|d/#, with: "")
    let words = said.matches(of: #/[A-Za-z]+/#).map { String($0.output) }
    #expect(words == [], "\(told)")
    let english = explanation.text(in: .english)
    #expect(english.contains("What each handheld did") && english.contains("short stay"))
    #expect(!english.unicodeScalars.contains { $0.value > 0x2E80 })
  }

  @Test func `says what its files hash to, as sha256sum checks it`() throws {
    let folder = NSTemporaryDirectory() + "patrol-sums-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bundle = try bundle(Self.account())
    try bundle.write(to: folder)
    func check() throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
      process.arguments = ["--check", "--strict", "--quiet", "SHA256SUMS"]
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      (process.standardOutput, process.standardError) = (
        FileHandle.nullDevice, FileHandle.nullDevice
      )
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    #expect(try check() == 0)
    #expect(try text("SHA256SUMS", bundle).split(separator: "\n").count == bundle.files.count - 1)
    #expect(try text("index.html", bundle).contains("sha256sum -c SHA256SUMS"))
    try (bundle.files[0].text + " ").write(
      toFile: folder + "/index.html", atomically: true, encoding: .utf8)
    #expect(try check() == 1)
  }

  @Test func `refuses a folder that is used, and leaves nothing behind`() throws {
    let files = FileManager.default
    let folder = NSTemporaryDirectory() + "patrol-evidence-\(UUID())"
    defer { try? files.removeItem(atPath: folder) }
    let bundle = try bundle(Self.account())
    try bundle.write(to: folder + "/new")
    let written = try files.contentsOfDirectory(atPath: folder + "/new").sorted()
    #expect(written == bundle.files.map(\.name).sorted())
    #expect(
      written == [
        "SHA256SUMS", "gap.json", "index.html", "reports-a.gpx", "reports-a.json", "reports-z.gpx",
        "reports-z.json",
      ])
    #expect(throws: EvidenceError.inUse(folder: folder + "/new", holds: written)) {
      try bundle.write(to: folder + "/new")
    }
    try Data().write(to: URL(fileURLWithPath: folder + "/file"))
    #expect {
      try bundle.write(to: folder + "/file")
    } throws: { error in
      if case EvidenceError.cannotWrite = error { true } else { false }
    }
    #expect(try files.contentsOfDirectory(atPath: folder).sorted() == ["file", "new"])
  }
}
