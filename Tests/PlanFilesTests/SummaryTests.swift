import Geodesy
import Patrol
import PlanFiles
import Testing

@Test func `A plan's summary is what check prints`() throws {
  let bundle = try #require(
    WestGatePlan.bundle("plan.yaml", replacing: "interval_s: 10", with: "interval_s: 60"))
  let loaded = try LoadedPlan(bundle: bundle)
  let from = try #require(Instant(rfc3339: "2026-11-24T18:00:00+08:00"))
  #expect(
    PlanSummary(loaded, from: from).text() == """
      West Gate Brigade
      zone Asia/Shanghai, operational days start at 06:00
      1 squadron, 2 groups, 3 handhelds, 2 shifts, 3 duties, 3 roster rows

      Harbour Squadron (harbour)
        First Group (harbour-1): 2 handhelds, 2 duties
        Second Group (harbour-2): 1 handheld, 1 duty

      2 points
      1 line, 2.1 km in all
      1 area
      1 street, 1 km in all

      windows in the 24 hours from 2026-11-24T18:00:00+08:00
        2026-11-24T17:00:00+08:00 to 2026-11-24T19:30:00+08:00  banks (2026-11-24)
        2026-11-24T19:00:00+08:00 to 2026-11-25T00:00:00+08:00  street (2026-11-24)
        2026-11-25T02:00:00+08:00 to 2026-11-25T04:00:00+08:00  park (2026-11-24)
        2026-11-25T17:00:00+08:00 to 2026-11-25T19:30:00+08:00  banks (2026-11-25)

      plan.yaml:56: warning: duty park: stay: 45s cannot be proven by a handheld that reports every 60 s (h-3); a stay takes two reports

      """)
}

@Test func `A summary without windows says so`() throws {
  let bundle = try #require(
    WestGatePlan.bundle("plan.yaml", replacing: "days: daily", with: "days: [2026-01-01]"))
  let from = try #require(Instant(rfc3339: "2026-12-05T00:00:00+08:00"))
  let text = PlanSummary(try LoadedPlan(bundle: bundle), from: from).text()
  #expect(text.contains("no windows in the 24 hours from 2026-12-05T00:00:00+08:00\n"))
}
