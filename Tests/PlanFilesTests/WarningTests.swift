import PlanFiles
import Testing

/// One change to the plan of West Gate, and what is said of a plan that is sound all the same.
struct Doubt: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let file: String
  let old: String
  let new: String
  let expected: [String]

  init(_ name: String, _ file: String, _ old: String, _ new: String, _ expected: [String]) {
    testDescription = name
    self.file = file
    self.old = old
    self.new = new
    self.expected = expected
  }
}

@Test(arguments: [
  Doubt(
    "a stay of two reports' distance", "plan.yaml", "interval_s: 10", "interval_s: 45",
    [
      "plan.yaml:56: warning: duty park: stay: 45s cannot be proven by a handheld that reports every 45 s (h-3); "
        + "a stay takes two reports"
    ]),
  Doubt(
    "a stay of a little more", "plan.yaml", "interval_s: 10", "interval_s: 44",
    [
      "plan.yaml:56: warning: duty park: stay: 45s cannot be proven of a visit just so long by a handheld that reports "
        + "every 44 s (h-3); one of 1m24s can"
    ]),
  Doubt("a stay of two reports and more", "plan.yaml", "interval_s: 10", "interval_s: 20", []),
  Doubt(
    "a radius below the accuracy", "places.geojson", "\"radius_m\": 40", "\"radius_m\": 4",
    [
      "plan.yaml:33: warning: duty banks: places: bank-a has a radius_m of 4, below the accuracy_m of h-1 (6), h-2 (6)"
    ]),
  Doubt(
    "a stay that a radio cannot prove", "plan.yaml",
    "model: generic, travel: foot}",
    "model: generic, travel: foot, interval_s: 240, quirks: [no_speed]}",
    [
      "plan.yaml:38: warning: duty banks: stay: 3m cannot be proven by a handheld that reports every 240 s (h-1); "
        + "a stay takes two reports",
      "plan.yaml:42: warning: duty street: places: up to 168 m at an end of main-street cannot be proven where one turns "
        + "back there with a handheld that reports every 240 s (h-1)",
    ]),
  Doubt(
    "passes more often than reports", "plan.yaml", "every: 1h\n", "every: 1s\n",
    [
      "plan.yaml:46: warning: duty street: every: 1s cannot be proven by a handheld that reports every 1 s (h-1, h-2); "
        + "to be seen coming back takes more than two"
    ]),
  Doubt(
    "squares walked through between reports", "plan.yaml", "    every: 1h30m\n    stay: 45s",
    "    every: 1h30m\n    stay: 0s",
    []),
  Doubt(
    "squares finer than the positions in them", "places.geojson", "\"cell_m\": 50",
    "\"cell_m\": 7.5",
    [
      "plan.yaml:51: warning: duty park: places: park has a cell_m of 7.5, below the accuracy_m of h-3 (8)"
    ]),
  Doubt(
    "fixes that prove presence nowhere", "plan.yaml", "interval_s: 10", "accuracy_m: 35",
    [
      "plan.yaml:51: warning: duty park: places: park cannot be proven by fixes worse than 30 m, as by the accuracy_m of h-3 (35)"
    ]),
  Doubt(
    "a corridor below the accuracy", "places.geojson", "\"corridor_m\": 20", "\"corridor_m\": 3",
    [
      "plan.yaml:42: warning: duty street: places: main-street has a corridor_m of 3, below the accuracy_m of h-1 (6), h-2 (6)"
    ]),
  Doubt(
    "an accuracy that is never good enough", "plan.yaml", "interval_s: 10", "accuracy_max_m: 6",
    [
      "plan.yaml:28: warning: handheld h-3: accuracy_max_m: 6 m is below its accuracy_m of 8 m; "
        + "most of its fixes would prove nothing"
    ]),
  Doubt(
    "a handheld that serves nobody", "plan.yaml", "handhelds: [h-1, h-2]", "handhelds: [h-1]",
    // h-2 stands in the roster.
    []),
  Doubt(
    "a duty without handhelds", "roster.csv", "2026-11-24,night,harbour-2,Chen,h-3,02:00,", "", []),
  Doubt(
    "a place that nobody owes", "plan.yaml", "[bank-a, bank-b]", "[bank-a]",
    ["places.geojson:7: warning: feature 2 (bank-b): no duty owes this point"]),
  Doubt(
    "points that overlap", "places.geojson", "[115.905, 28.68, 12.5]", "[115.9005, 28.68]",
    [
      "plan.yaml:33: warning: duty banks: places: bank-b and bank-a overlap (48.9 m apart); "
        + "who stands between them attends both"
    ]),
  Doubt(
    "a handheld lent to another group", "roster.csv", "harbour-2,Chen,h-3", "harbour-2,Chen,h-1",
    ["roster.csv:4: note: handheld: h-1 belongs to group harbour-1 and serves harbour-2 here"]),
  Doubt(
    "a property that nearly is one", "places.geojson", "\"radius_m\": 40", "\"radius\": 40",
    [
      "places.geojson:5: warning: feature 1 (bank-a): property \"radius\" is not used; did you mean \"radius_m\"?"
    ]),
  Doubt(
    "a property of a drawing tool", "places.geojson", "\"radius_m\": 40", "\"fill-opacity\": 1", []),
  Doubt("dates as Excel writes them", "roster.csv", "2026-11-24,night", "2026/11/24,night", []),
])
func `A sound plan's doubts are told`(doubt: Doubt) throws {
  let bundle = try #require(WestGatePlan.bundle(doubt.file, replacing: doubt.old, with: doubt.new))
  let loaded = try LoadedPlan(bundle: bundle)
  #expect(loaded.warnings.map(\.description) == doubt.expected)
}

@Test func `A group that owes and has no handheld, and a handheld without a group, are told`()
  throws
{
  var bundle = try #require(
    WestGatePlan.bundle("plan.yaml", replacing: ", handhelds: [h-3]", with: ""))
  bundle.files["roster.csv"] = "day,shift,group,member,handheld\n"
  let loaded = try LoadedPlan(bundle: bundle)
  #expect(
    loaded.warnings.map(\.description) == [
      "plan.yaml:24: warning: handheld h-3: is in no group and in no row of the roster; it serves no duty",
      "plan.yaml:50: warning: duty park: group: harbour-2 has no handheld; nobody can attend",
    ])
}
