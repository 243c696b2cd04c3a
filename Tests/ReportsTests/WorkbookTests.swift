import Foundation
import Geodesy
import Patrol
import Reports
import Store
import Testing

@Suite struct `A workbook` {
  static let drawnUp = Instant(rfc3339: "2026-11-21T01:02:03Z")!
  static let shanghai = Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600)

  func book(_ sheets: [Workbook.Sheet], zone: Zone = shanghai) -> Workbook {
    Workbook(title: "T <1>", comment: "C", zone: zone, drawnUp: Self.drawnUp, sheets: sheets)
  }

  func text(_ value: String) -> OpenedWorkbook.Cell {
    OpenedWorkbook.Cell(kind: .text, value: value)
  }

  @Test func `holds numbers, dates, shares, flags and texts as what they are`() throws {
    let at = Instant(rfc3339: "2026-11-20T12:30:00.250Z")!
    let listing = Listing(
      columns: [
        "name", "began_at", "ended_at", "coverage", "seconds", "gaps", "open", "handhelds",
      ],
      rows: [
        [
          .text("=1+1"), .time(at), .none, .real(0.94014, decimals: 4), .real(1277.94, decimals: 1),
          .integer(-3), .flag(true), .list(["a", "b"]),
        ],
        [
          .text("+86"), .time(at), .none, .none, .real(.nan, decimals: 1), .integer(.max),
          .flag(false), .list([]),
        ],
      ])
    let opened = try OpenedWorkbook(book([.init("windows", listing)]).bytes())
    let sheet = try #require(opened.sheets.first)
    let cells = sheet.cells
    #expect(cells["A1"] == text("name") && cells["C1"] == text("ended_at (+08:00)"))
    #expect(cells["A2"] == text("=1+1") && cells["A3"] == text("+86"))
    let time = try #require(cells["B2"])
    #expect(time.kind == .number && time.format == "yyyy-mm-dd hh:mm:ss")
    // 2026-11-20 is day 46346 of Excel's; 20:30:00.25 of the wall clock.
    let day = 46346 + (20.5 * 3600 + 0.25) / 86400
    #expect(abs((Double(time.value) ?? 0) - day) < 1e-8)
    #expect(cells["C2"] == nil && cells["D3"] == nil && cells["H3"] == nil)
    #expect(cells["D2"] == .init(kind: .number, value: "0.9401", format: "0.00 %"))
    #expect(cells["E2"] == .init(kind: .number, value: "1277.9", format: "0.0"))
    #expect(cells["E3"] == text("nan") && cells["F3"] == text("9223372036854775807"))
    #expect(cells["F2"]?.value == "-3" && cells["F2"]?.kind == .number)
    let flags = [cells["G2"], cells["G3"]]
    #expect(
      flags.map { $0?.kind } == [.boolean, .boolean] && flags.map { $0?.value } == ["1", "0"])
    #expect(cells["H2"] == text("a, b"))
    #expect(!sheet.text.contains("<f>") && !sheet.text.contains("<f "))
    #expect(sheet.text.contains(#"<pane ySplit="1" topLeftCell="A2""#))
    #expect(sheet.text.contains(#"<autoFilter ref="A1:H3"/>"#))
  }

  @Test func `is the same whenever it is made, and says when it was drawn up`() throws {
    let listing = Listing(columns: ["a"], rows: [[.text("x")], [.real(1, decimals: 2)]])
    let (one, two) = (book([.init("s", listing)]), book([.init("s", listing)]))
    let bytes = try one.bytes()
    #expect(try bytes == two.bytes())
    #expect(try OpenedWorkbook(bytes).properties.contains("2026-11-21T01:02:03Z"))
  }

  @Test func `has a column of offsets where the zone changed meanwhile`() throws {
    // Clocks went back at 01:00 UTC.
    let change = Instant(rfc3339: "2026-10-25T01:00:00Z")!
    let berlin = Zone(
      identifier: "Europe/Berlin", firstOffset: 7200,
      transitions: [.init(at: change, offset: 3600)])
    let listing = Listing(
      columns: ["n", "at", "m"],
      rows: [
        [.integer(1), .time(change - .minutes(30)), .integer(3)],
        [.integer(2), .time(change + .minutes(30)), .integer(4)],
      ])
    let opened = try OpenedWorkbook(book([.init("s", listing)], zone: berlin).bytes())
    let cells = opened.sheets[0].cells
    #expect(cells["B1"] == text("at (local)") && cells["C1"] == text("at_offset"))
    #expect(cells["B2"] == cells["B3"])
    #expect(cells["C2"] == text("+02:00") && cells["C3"] == text("+01:00"))
    #expect(cells["D3"]?.value == "4")
  }

  @Test func `names sheets as Excel allows, no two alike`() throws {
    let long = String(repeating: "警", count: 40)
    let wanted = [
      "gaps", "GAPS", "a/b:c*[d]?\\e", "'quoted'", "", "History", long, long, "\u{1}",
    ]
    let empty = Listing(columns: ["a"])
    let opened = try OpenedWorkbook(book(wanted.map { .init($0, empty) }).bytes())
    let short = String(long.prefix(31))
    #expect(
      opened.sheets.map(\.name) == [
        "gaps", "GAPS (2)", "a_b_c__d___e", "quoted", "Sheet", "History (2)", short,
        String(short.prefix(27)) + " (2)", "_",
      ])
  }

  @Test(arguments: [
    ("two\nlines", "two\nlines"), ("a\u{0}b\u{FFFF}", "a\u{FFFD}b\u{FFFD}"),
    ("bell\u{7}", "bell_x0007_"), ("_x0041_", "_x005F_x0041_"), ("<&\">", "<&\">"),
    (String(repeating: "x", count: 40_000), String(repeating: "x", count: 32_766) + "…"),
  ])
  func `holds any text`(given: String, held: String) throws {
    let listing = Listing(columns: ["a"], rows: [[.text(given)]])
    let cells = try OpenedWorkbook(book([.init("s", listing)]).bytes()).sheets[0].cells
    #expect(cells["A2"] == text(held))
  }

  @Test func `refuses more rows than a sheet has, by the sheet's name`() {
    let listing = Listing(
      columns: ["a"], rows: Array(repeating: [.integer(1)], count: 1_048_576))
    #expect(throws: WorkbookError.tooManyRows(sheet: "fixes", rows: 1_048_576)) {
      try book([.init("fixes", listing)]).bytes()
    }
  }

  @Test func `of a shift has a sheet for each kind of row`() throws {
    let report = try `A shift report`().report(reporting: true)
    let opened = try OpenedWorkbook(report.workbook.bytes())
    #expect(
      opened.sheets.map(\.name) == [
        "windows", "gaps", "handhelds", "outages", "carried_together", "excuses", "changes",
      ])
    let windows = opened.sheets[0].cells
    #expect(windows["A2"] == text("banks") && windows["H1"] == text("missed"))
    #expect(windows["G2"] == .init(kind: .number, value: "0", format: "0.00 %"))
    #expect(windows["H2"] == .init(kind: .number, value: "1", format: "0.00 %"))
    let began = windows["E2"].flatMap { Double($0.value) } ?? 0
    #expect(abs(began - 46346 - 20.0 / 24) < 1e-8)
    let gaps = report.gapListing.rows.count
    #expect(opened.sheets[1].cells.keys.count { $0.hasPrefix("A") } == gaps + 1)
  }

  @Test func `of a period has what it is of, every table, and its numbers as they are`() throws {
    let report = try SealedMonth.made.get().restated
    let opened = try OpenedWorkbook(report.workbook.bytes())
    #expect(opened.sheets.map(\.name) == ["period"] + report.allTables.map(\.name))
    #expect(opened.sheets.last?.name == "seals")
    for (sheet, table) in zip(opened.sheets.dropFirst(), report.allTables) {
      let rows = sheet.cells.keys.compactMap { Int($0.drop { $0.isLetter }) }.max() ?? 0
      #expect(rows == table.listing.rows.count + 1, "\(table.name)")
      for (c, column) in table.listing.columns.enumerated() where column == "coverage" {
        let letter = String(Unicode.Scalar(UInt8(65 + c)))
        for (r, row) in table.listing.rows.enumerated() {
          guard case .real(let share, _) = row[c] else { continue }
          let cell = try #require(sheet.cells["\(letter)\(r + 2)"])
          #expect(cell.format == "0.00 %" && cell.kind == .number)
          #expect(abs((Double(cell.value) ?? -1) - share) < 1e-9)
        }
      }
    }
    let period = opened.sheets[0].cells
    #expect(period["C2"] == text("2026-09") && period["F2"]?.kind == .boolean)
  }
}
