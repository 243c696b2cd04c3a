import Assessment
import Coverage
import Foundation
import Geodesy
import Patrol
import Store
import Testing

@testable import Reports

@Suite struct `A member's record` {
  typealias Filled = `A period's report`.Filled

  /// The month's days of the fixture: from 27 September on.
  static func report(_ filled: Filled, of name: String = "a", _ from: String, _ to: String) throws
    -> MemberReport
  {
    try MemberReport(
      of: name, on: CivilDate(from)!..<CivilDate(to)!.adding(days: 1),
      plans: [(.distantPast, "d", filled.plan)], queries: Queries(filled.store),
      at: filled.plan.span(of: CivilDate(to)!).upperBound)
  }

  @Test func `tells what a period's report tells of the same days`() throws {
    let filled = try Filled()
    let week = try filled.report(.week, "2026-09-30")
    let days = week.period.days
    for figures in week.members {
      let record = try MemberReport(
        of: figures.server.text, on: days, plans: [(.distantPast, "d", filled.plan)],
        queries: Queries(filled.store), at: week.drawnUp)
      #expect(record.figures == figures)
      #expect(record.services.count == figures.tally.windows)
      #expect(record.gaps.count == figures.tally.gaps)
      #expect(record.spells.reduce(into: DutyTime()) { $0.add($1.spell.time) } == figures.time)
      #expect(record.isFinal == week.isFinal)
    }
    #expect(week.members.map(\.server.text) == ["a", "b", "c"])
  }

  @Test func `adds up to what the shift reports tell day by day`() throws {
    let filled = try Filled()
    let record = try Self.report(filled, of: "c", "2026-09-28", "2026-10-03")
    var (onDuty, observed, walked) = (Milliseconds.zero, Milliseconds.zero, 0.0)
    for n in CivilDate("2026-09-28")!.daysSince1970...CivilDate("2026-10-03")!.daysSince1970 {
      let shift = try ShiftReport(
        of: CivilDate(daysSince1970: n), plan: filled.plan, planDigest: "d",
        queries: Queries(filled.store), at: record.drawnUp)
      let day = try #require(shift.handheldDays.first { $0.handheld == "c" })
      onDuty += day.timeOnDuty
      observed += day.time(.observed)
      walked += day.walked.value
    }
    #expect(record.figures.onDuty == onDuty && record.figures.time.observed == observed)
    #expect(abs(record.figures.time.walked.value - walked) < 1e-6)
    #expect(onDuty > .hours(50) && walked > 10_000)
  }

  @Test func `tells how much of a gap lies in the member's own time`() throws {
    let filled = try Filled()
    let record = try Self.report(filled, "2026-09-28", "2026-10-03")
    #expect(!record.gaps.isEmpty)
    for gap in record.gaps {
      let whole = gap.record.gap.ended - gap.record.gap.began
      let spans = record.services.filter {
        $0.window.duty == gap.record.gap.owed.duty
          && $0.window.began == gap.record.gap.owed.windowBegan
      }.flatMap { $0.spans.map(\.span) }
      let own = spans.reduce(Milliseconds.zero) { sum, span in
        let (from, to) = (
          max(span.lowerBound, gap.record.gap.began), min(span.upperBound, gap.record.gap.ended)
        )
        return sum + max(.zero, to - from)
      }
      #expect(gap.own == own && gap.own <= whole)
    }
  }

  @Test(arguments: Language.allCases)
  func `is one page that fetches nothing and names what to appeal with`(language: Language) throws {
    let filled = try Filled()
    let record = try Self.report(filled, "2026-09-28", "2026-10-03")
    let html = try record.html(in: language)
    #expect(!html.contains("<script") && html.firstRange(of: #/(src|href)=/#) == nil)
    #expect(html.contains("&lt;i&gt;Brigade&lt;/i&gt;") && !html.contains("<i>Brigade"))
    for gap in record.gaps { #expect(html.contains(gap.record.gap.id.text)) }
    #expect(html.contains("patrolctl evidence ID -o FOLDER"))
    #expect(!html.contains("{{"))
  }

  @Test func `is asked by the template for what it has, and the template says nothing itself`() {
    for template in [MemberTemplate.text, PeriodTemplate.text] {
      let names = template.matches(of: #/\{\{text\.([^}]*)\}\}/#).map { String($0.1) }
      #expect(!names.isEmpty && names.allSatisfy { Texts.Key(rawValue: $0) != nil }, "\(names)")
      let said =
        template
        .replacing(#/<style>(.|\n)*?</style>/#, with: "")
        .replacing(#/<code>[^<]*</code>/#, with: "")
        .replacing(#/\{\{\{?[^}]*\}\}\}?/#, with: "").replacing(#/<[^>]*>/#, with: "")
      #expect(said.firstMatch(of: #/\p{L}/#) == nil, "\(said)")
    }
  }

  @Test func `has tables of equal rows, and JSON that can be read`() throws {
    let filled = try Filled()
    let record = try Self.report(filled, "2026-09-28", "2026-10-03")
    for (name, listing) in record.tables {
      for row in listing.rows { #expect(row.count == listing.columns.count, "\(name)") }
    }
    let object = try JSONSerialization.jsonObject(with: Data(record.json.utf8))
    let read = try #require(object as? [String: Any])
    #expect(read["member"] as? String == "a")
    #expect((read["windows"] as? [Any])?.count == record.services.count)
    #expect((read["gaps"] as? [[String: Any]])?.allSatisfy { $0["own_s"] != nil } == true)
  }

  @Test func `refuses who is not known, and who was not on duty`() throws {
    let filled = try Filled()
    #expect(
      throws: MemberReport.Refusal.unknown("nobody", known: ["a", "b", "c", "d"])
    ) { try Self.report(filled, of: "nobody", "2026-09-28", "2026-10-03") }
    #expect(throws: MemberReport.Refusal.idle("d")) {
      try Self.report(filled, of: "d", "2026-09-28", "2026-10-03")
    }
    #expect(throws: MemberReport.Refusal.idle("a")) {
      try Self.report(filled, "2026-08-01", "2026-08-02")
    }
  }
}
