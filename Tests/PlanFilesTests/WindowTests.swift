import Geodesy
import Patrol
import PlanFiles
import Testing

/// A plan of one duty in a zone.
private func plan(_ zone: String, from: String, to: String, dayStarts: String = "06:00") throws
  -> Plan
{
  let yaml = """
    brigade: {id: b, name: B}
    timezone: \(zone)
    day_starts: \(dayStarts)
    places: places.geojson
    squadrons: [{id: s, name: S, groups: [{id: g, name: G, handhelds: [h]}]}]
    handhelds: [{id: h, source: host, model: generic, travel: foot}]
    duties: [{id: d, group: g, places: [bank-a], days: daily, from: \(from), to: \(to), every: 30m}]
    """
  let bundle = PlanBundle(files: [
    "plan.yaml": yaml, "places.geojson": WestGatePlan.places,
    "devices/models/generic/model.yaml": "interval_s: 1",
  ])
  return try LoadedPlan(bundle: bundle).plan
}

@Test(arguments: [
  // A window after midnight belongs to the day on which its night began.
  (
    "Asia/Shanghai", "02:00", "04:00", "2026-11-23", "2026-11-24T02:00:00+08:00",
    "2026-11-24T04:00:00+08:00"
  ),
  (
    "Asia/Shanghai", "22:00", "02:00", "2026-11-23", "2026-11-23T22:00:00+08:00",
    "2026-11-24T02:00:00+08:00"
  ),
  (
    "Asia/Shanghai", "19:00", "24:00", "2026-12-31", "2026-12-31T19:00:00+08:00",
    "2027-01-01T00:00:00+08:00"
  ),
  (
    "Asia/Shanghai", "06:00", "06:00:01", "2026-11-23", "2026-11-23T06:00:00+08:00",
    "2026-11-23T06:00:01+08:00"
  ),
  (
    "Asia/Shanghai", "05:00", "06:00", "2026-11-23", "2026-11-24T05:00:00+08:00",
    "2026-11-24T06:00:00+08:00"
  ),
  // London's clocks go from 01:00 to 02:00 on 29 March: the night of the 28th.
  (
    "Europe/London", "00:30", "03:00", "2026-03-28", "2026-03-29T00:30:00Z",
    "2026-03-29T03:00:00+01:00"
  ),
  (
    "Europe/London", "01:30", "03:00", "2026-03-28", "2026-03-29T02:00:00+01:00",
    "2026-03-29T03:00:00+01:00"
  ),
  (
    "Europe/London", "00:30", "01:30", "2026-03-28", "2026-03-29T00:30:00Z",
    "2026-03-29T02:00:00+01:00"
  ),
  // They go back from 02:00 to 01:00 on 25 October: 01:30 occurs twice, the first is meant.
  (
    "Europe/London", "01:30", "03:00", "2026-10-24", "2026-10-25T01:30:00+01:00",
    "2026-10-25T03:00:00Z"
  ),
  (
    "Europe/London", "00:30", "01:30", "2026-10-24", "2026-10-25T00:30:00+01:00",
    "2026-10-25T01:30:00+01:00"
  ),
  (
    "Europe/London", "00:00", "02:00", "2026-10-24", "2026-10-25T00:00:00+01:00",
    "2026-10-25T02:00:00Z"
  ),
  (
    "America/New_York", "02:30", "04:00", "2026-03-07", "2026-03-08T03:00:00-04:00",
    "2026-03-08T04:00:00-04:00"
  ),
  (
    "Australia/Lord_Howe", "02:15", "03:00", "2026-10-03", "2026-10-04T02:30:00+11:00",
    "2026-10-04T03:00:00+11:00"
  ),
  (
    "Australia/Lord_Howe", "01:45", "03:00", "2026-04-04", "2026-04-05T01:45:00+11:00",
    "2026-04-05T03:00:00+10:30"
  ),
])
func `A window stands at its wall-clock times`(
  zone: String, from: String, to: String, day: String, began: String, ended: String
) throws {
  let plan = try plan(zone, from: from, to: to)
  let duty = try #require(plan.duty("d"))
  let window = plan.window(of: duty, on: try #require(CivilDate(day)))
  #expect(plan.zone.text(window.began) == began)
  #expect(plan.zone.text(window.ended) == ended)
  #expect(plan.operationalDay(of: window.began).description == day)
}

@Test func `A window that the clocks skip is no window`() throws {
  let plan = try plan("Europe/London", from: "01:00", to: "02:00")
  let from = try #require(Instant(rfc3339: "2026-03-28T12:00:00Z"))
  let windows = plan.windows(opening: from..<from + .hours(24))
  #expect(windows == [])
}

@Test func `A year of windows opens once a day and lasts what the clocks say`() throws {
  let plan = try plan("Europe/London", from: "23:00", to: "03:00")
  let from = try #require(Instant(rfc3339: "2026-01-01T12:00:00Z"))
  let windows = plan.windows(opening: from..<from + .hours(24 * 365))
  #expect(windows.count == 365)
  let odd = windows.filter { ($0.ended - $0.began) != .hours(4) }
  #expect(odd.map(\.day.description) == ["2026-03-28", "2026-10-24"])
  #expect(odd.map { ($0.ended - $0.began).seconds / 3600 } == [3, 5])
}
