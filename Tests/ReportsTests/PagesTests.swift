import Coverage
import Foundation
import Geodesy
import Patrol
import Store
import Testing

@testable import Reports

/// `scripts/pages` parses them strictly and looks for addresses; what it is worth is tested, too.
@Suite struct `Pages for people` {
  /// What the script says of pages, by their names; empty where they are sound.
  static func said(of pages: [(name: String, html: String)]) throws -> String {
    let folder = URL(fileURLWithPath: NSTemporaryDirectory() + "patrol-pages-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for page in pages {
      try page.html.write(
        to: folder.appendingPathComponent(page.name), atomically: true, encoding: .utf8)
    }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
        "scripts/pages")
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = script
    process.arguments = pages.filter { $0.name.hasSuffix(".html") }.map {
      folder.appendingPathComponent($0.name).path
    }
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let told = String(
      decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == (told.isEmpty ? 0 : 1), "\(told)")
    return told.replacing(folder.path + "/", with: "")
  }

  static func page(_ body: String) -> String {
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>t</title></head>\n<body>\(body)</body></html>\n"
  }

  @Test(arguments: [
    ("<p>sound</p>", ""), ("<p>one</b></p>", "html5lib"),
    ("<p id=\"a\">x</p><p id=\"a\">y</p>", "id a"),
    ("<img alt=\"x\" src=\"http://example.org/x\">", "leads out"),
    ("<a href=\"//x/y\">z</a>", "leads out"),
    ("<a href=\"gone.html\">z</a>", "no such file"),
    ("<p style=\"background: url(x)\">z</p>", "fetches"),
    ("<table><tr><th>a</th><th>b</th></tr><tr><td>c</td></tr></table>", "cells in its rows [1, 2]"),
    ("<script>1</script>", "runs and fetches nothing"),
    ("<p onclick=\"x()\">y</p>", "runs nothing"),
    ("<svg xmlns=\"http://www.w3.org/2000/svg\"><rect fill=\"url(#none)\"/></svg>", "no such id"),
  ])
  func `that are unsound are told of`(body: String, told: String) throws {
    let said = try Self.said(of: [("p.html", Self.page(body))])
    #expect(told.isEmpty ? said.isEmpty : said.contains(told), "\(said)")
  }

  @Test(arguments: Language.allCases)
  func `are sound HTML in every language, and fetch nothing`(language: Language) throws {
    let shift = `A shift report`()
    var pages: [(name: String, html: String)] = [
      ("missed.html", try shift.report(reporting: true).html(in: language)),
      ("unheard.html", try shift.report(reporting: false).html(in: language)),
    ]
    let month = try SealedMonth.made.get()
    for (n, report) in ([month.before, month.restated, month.supposed] + month.others).enumerated()
    {
      pages.append(("\(n).html", try report.html(in: language)))
    }
    #expect(try Self.said(of: pages) == "")

    let evening = try `A bundle of evidence`.evening()
    for (place, cause) in [("bank", .shortStay), ("line", .away), ("park", .away)]
      as [(Place.ID, Cause)]
    {
      let account = try evening.account(place, cause)
      let explanation = try GapExplanation(account, excuses: [], queries: evening.queries)
      let bundle = try EvidenceBundle(
        account, explanation: explanation.text(in: language), excuses: [], in: language)
      #expect(try Self.said(of: bundle.files.map { ($0.name, $0.text) }) == "")
    }

    let files = ["shift-2026-11-20.final.html", "week-2026-W47.final.html", "odd-2.x.html"]
    for held in [[], files] {
      let shelf = ShelfPage(files: held, heading: "A & B", texts: Texts(language))
      let beside = held.map { ($0, Self.page("")) }
      #expect(try Self.said(of: [("index.html", shelf.html())] + beside) == "")
    }
  }
}
