import PlanFiles
import Testing

@Test func `Faults in every file are told at once`() throws {
  var bundle = WestGatePlan.bundle
  bundle.files["plan.yaml"] = WestGatePlan.yaml
    .replacing("every: 30m", with: "every: soon")
    .replacing("[bank-a, bank-b]", with: "[bank-a, bonk-b]")
    .replacing("leader: Li", with: "leadr: Li")
  bundle.files["places.geojson"] = WestGatePlan.places
    .replacing("\"radius_m\": 40", with: "\"radius_m\": -1")
    .replacing("[115.91, 28.681]", with: "[115.91, 98.681]")
  bundle.files["roster.csv"] = WestGatePlan.roster
    .replacing("harbour-2,Chen", with: "harbor-2,Chen")
    .replacing("2026-11-23,evening,harbour-1,Wang", with: "today,evening,harbour-1,Wang")
  bundle.files["devices/models/slow/model.yaml"] = "interval_s: [30"
  #expect(
    WestGatePlan.lines(bundle) == [
      "plan.yaml:9: squadron harbour: unknown key \"leadr\"; did you mean \"leader\"?",
      "plan.yaml:33: duty banks: places: names place bonk-b, which is not in the places file; did you mean \"bank-b\"?",
      "plan.yaml:37: duty banks: every: found \"soon\"; expected a duration such as 45s, 30m or 1h30m",
      "devices/models/slow/model.yaml:1: not YAML: did not find expected ',' or ']'",
      "places.geojson:5: feature 1 (bank-a): radius_m: found -1; expected a number above 0 and at most 5000",
      "places.geojson:20: feature 5 (side-street): coordinates: found longitude 115.91, latitude 98.681; "
        + "expected them within ±180 and ±90",
      "roster.csv:2: day: found \"today\"; expected a date such as 2026-11-23",
      "roster.csv:4: group: no squadron has a group harbor-2; did you mean \"harbour-2\"?",
    ])
}

@Test func `A plan that is no YAML hides nothing in the files beside it`() throws {
  var bundle = WestGatePlan.bundle
  bundle.files["plan.yaml"] = "brigade: [\n"
  bundle.files["places.geojson"] = WestGatePlan.places.replacing(
    "\"radius_m\": 40", with: "\"radius_m\": 0")
  bundle.files["roster.csv"] = WestGatePlan.roster.replacing("member,", with: "who,")
  #expect(
    WestGatePlan.lines(bundle) == [
      "plan.yaml:1: not YAML: did not find expected node content",
      "places.geojson:5: feature 1 (bank-a): radius_m: found 0; expected a number above 0 and at most 5000",
      "roster.csv:1: header: unknown column \"who\"; expected day, shift, group, member, handheld, from, to",
      "roster.csv:1: header: column member is missing; expected day, shift, group, member, handheld",
    ])
}

/// Breaks one thing that others refer to: nothing may be said of those others.
@Test(arguments: [
  ("places.geojson", "\"FeatureCollection\"", "\"Collection\""),
  ("places.geojson", "[[[115.9, 28.68], [115.91, 28.68], [115.91, 28.69]]]", "[[[115.9, 28.68]]]"),
  ("places.geojson", "\"kind\": \"area\"", "\"kind\": \"aera\""),
  ("places.geojson", "\"kind\": \"point\", \"name\"", "\"name\""),
  ("plan.yaml", "timezone: Asia/Shanghai", "timezone: Atlantis/Capital"),
  ("plan.yaml", "day_starts: \"06:00\"", "day_starts: morning"),
  ("plan.yaml", "to: \"00:30\"}", "to: late}"),
  ("plan.yaml", "- id: night", "- id: [night]"),
  ("plan.yaml", "{id: harbour-1, name: First Group, handhelds: [h-1, h-2]}", "harbour-1"),
  ("plan.yaml", "id: h-1, source", "id: [h-1], source"),
  ("plan.yaml", "- id: banks", "- id: {}"),
  ("plan.yaml", "group: harbour-2", "group: [harbour-2]"),
  ("plan.yaml", "places: [park]", "places: park"),
  ("roster.csv", "day,shift", "date,shift"),
])
func `What only follows from a fault is not told`(file: String, old: String, new: String) throws {
  let lines = WestGatePlan.lines(try #require(WestGatePlan.bundle(file, replacing: old, with: new)))
  // An unknown column is a missing one, too.
  #expect(lines.count == (file == "roster.csv" ? 2 : 1), "\(lines.joined(separator: "\n"))")
}

@Test func `Three of a key are two faults, and the last one counts`() throws {
  let yaml = WestGatePlan.yaml.replacing(
    "    stay: 3m\n", with: "    stay: 3m\n    \"stay\": 4m\n    stay: nonsense\n")
  var bundle = WestGatePlan.bundle
  bundle.files["plan.yaml"] = yaml
  #expect(
    WestGatePlan.lines(bundle) == [
      "plan.yaml:39: key \"stay\" stands twice; the first is on line 38",
      "plan.yaml:40: key \"stay\" stands twice; the first is on line 38",
      "plan.yaml:40: duty banks: stay: found \"nonsense\"; expected a duration such as 45s, 30m or 1h30m",
    ])
}

@Test func `Repeated keys on one line are found, too`() throws {
  let bundle = try #require(
    WestGatePlan.bundle(
      "plan.yaml", replacing: "{id: west-gate, name",
      with: "{id: a, \"id\": b, 'id': west-gate, name"))
  #expect(
    WestGatePlan.lines(bundle) == [
      "plan.yaml:1: key \"id\" stands twice; the first is on line 1"
    ])
}
