import Geodesy
import Patrol
import Testing

@Suite struct `A period` {
  @Test(
    arguments: [
      (.month, "2026-11-10", "2026-11", "2026-11-01", "2026-11-30", "2026-10"),
      (.month, "2028-02-29", "2028-02", "2028-02-01", "2028-02-29", "2028-01"),
      (.month, "2026-01-31", "2026-01", "2026-01-01", "2026-01-31", "2025-12"),
      (.month, "2026-12-31", "2026-12", "2026-12-01", "2026-12-31", "2026-11"),
      (.quarter, "2026-11-10", "2026-Q4", "2026-10-01", "2026-12-31", "2026-Q3"),
      (.quarter, "2027-03-31", "2027-Q1", "2027-01-01", "2027-03-31", "2026-Q4"),
      (.quarter, "2027-07-01", "2027-Q3", "2027-07-01", "2027-09-30", "2027-Q2"),
      (.week, "2026-11-20", "2026-W47", "2026-11-16", "2026-11-22", "2026-W46"),
      (.week, "2027-01-03", "2026-W53", "2026-12-28", "2027-01-03", "2026-W52"),
      (.week, "2027-01-04", "2027-W01", "2027-01-04", "2027-01-10", "2026-W53"),
      (.week, "2024-12-30", "2025-W01", "2024-12-30", "2025-01-05", "2024-W52"),
    ] as [(Period.Kind, String, String, String, String, String)])
  func `has a name and its days`(
    kind: Period.Kind, day: String, name: String, first: String, last: String, before: String
  ) throws {
    let period = Period(kind, containing: CivilDate(day)!)
    #expect(period.description == name)
    #expect(period.days.lowerBound == CivilDate(first))
    #expect(period.dates.last == CivilDate(last))
    #expect(period.previous.description == before)
    #expect(period.previous.next == period)
    #expect(Period(name) == period)
  }

  @Test(arguments: [
    "", "2026", "2026-0", "2026-00", "2026-13", "2026-1", "2026-Q0", "2026-Q5", "2026-W00",
    "2025-W53", "2026-W54", "2026-W7", "26-11", "2026-11-01", "2026-+1", "2026-Q4 ",
  ])
  func `is not read from other text`(text: String) { #expect(Period(text) == nil) }

  @Test(arguments: Period.Kind.allCases)
  func `parts the days without holes`(kind: Period.Kind) {
    var period = Period(kind, containing: CivilDate("2023-12-25")!)
    for n in 0..<1600 {
      let day = CivilDate("2023-12-25")!.adding(days: n)
      if !period.days.contains(day) {
        #expect(period.days.upperBound == day)
        period = period.next
      }
      #expect(Period(kind, containing: day) == period)
    }
  }

  @Test func `begins and ends where days start`() throws {
    let plan = try `Spans of duty`.plan([("18:00", "23:00")])
    let span = plan.span(of: Period("2026-11")!)
    #expect(span.lowerBound == Instant(rfc3339: "2026-11-01T06:00:00+08:00"))
    #expect(span.upperBound == Instant(rfc3339: "2026-12-01T06:00:00+08:00"))
    #expect(plan.span(of: CivilDate("2026-11-30")!).upperBound == span.upperBound)
  }
}
