import Coverage
import Foundation
import Geodesy
import Patrol
import PlanFiles
import Rig
import Testing

@Suite struct `A scenario` {
  static let walker = "walkers:\n  - handheld: w-1\n    start: bank\n    steps:\n"

  @Test(
    arguments: [
      (
        "walkers: [{handheld: w-9, start: bank}]", 6, "found \"w-9\"; expected the id of a handheld"
      ),
      ("walkers: [{handheld: w-1, start: nowhere}]", 6, "expected a place, place@metres"),
      ("walkers: [{handheld: w-1, start: bank@20}]", 6, "expected a place, place@metres"),
      ("walkers: [{handheld: w-1, start: [99, 200]}]", 6, "found a list; expected a place"),
      (
        "walkers: [{handheld: w-1, start: bank, on: \"19:00\", off: \"18:00\"}]", 6, "on before off"
      ),
      ("walkers: [{handheld: w-1, on: never, start: bank}]", 6, "never switched on"),
      (
        "walkers:\n  - {handheld: w-1, start: bank}\n  - {handheld: w-1, start: bank}", 8,
        "stands twice"
      ),
      (
        "walkers: [{handheld: w-1, start: bank, stesp: []}]", 6,
        "unknown key \"stesp\"; expected one of"
      ),
      (walker + "      - {go: road, by: \"17:32\"}", 10, "would need"),
      (
        walker + "      - {stay: 1h}\n      - {until: \"18:00\"}", 11,
        "the steps before it end at 18:30"
      ),
      (walker + "      - {go: road, walk: road}", 10, "expected go, walk or to_and_fro"),
      (walker + "      - {stay: 3}", 10, "found \"3\"; expected a duration such as 45s"),
      (walker + "      - {walk: bank}", 10, "expected the id of a line or street"),
      (walker + "      - {walk: road, from_m: 5, to_m: 5}", 10, "another chainage"),
      (
        walker + "      - {walk: road, speed_mps: 13}", 10,
        "expected at most 12.0, what foot can do"
      ),
      (walker + "      - {go: road, at: \"18:00\", by: \"18:30\"}", 10, "found beside at"),
      (walker + "      - {stay: 4h}", 10, "after the scenario"),
      (walker + "      - {from_m: 3, stay: 4m}", 10, "found without walk"),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    feed: nmea\n    faults: [{kind: backlog, from: \"18:00\", to: \"18:30\", deliver: \"18:40\"}]",
        9, "expected gpsd-json"
      ),
      (
        "walkers:\n  - {handheld: w-1, start: bank, faults: [{kind: backlog, from: \"18:30\", to: \"18:00\", deliver: \"18:40\"}]}",
        7, "expected from before to"
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: fog, from: \"18:00\", to: \"18:30\"}",
        10, "found \"fog\"; expected one of drift"
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: drift, from: \"18:00\", to: \"18:30\"}",
        10, "by_m: missing"
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: outage, from: \"18:00\"}",
        10, "to: missing"
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: outage, from: \"18:00\", to: \"18:30\", share: 0.5}",
        10, "unknown key \"share\""
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: jumps, from: \"18:00\", to: \"18:30\", by_m: 300, lasting_s: 60}",
        10, "expected less than every_s"
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: carried, from: \"18:00\", to: \"18:30\", with: w-1}",
        10, "another handheld"
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: backlog, from: \"18:00\", to: \"18:30\", deliver: \"18:10\"}",
        10, "at or after to"
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: loss, from: \"18:00\", to: \"18:30\", share: 2}",
        10, "from 0.0 to 1.0"
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: duplicates, from: \"18:00\", to: \"18:30\", times: 1}",
        10, "from 2 to 10"
      ),
      (
        "walkers:\n  - handheld: w-1\n    start: bank\n    faults:\n      - {kind: silence, from: \"18:00\", to: \"23:30\"}",
        10, "while the handheld is on"
      ),
      (
        "walkers: []\nfaults: [{name: x, duty: y, place: bank, verdict: missed, cause: away}]", 7,
        "a duty"
      ),
      (
        "walkers: []\nfaults: [{name: x, duty: bank, place: road, verdict: missed, cause: away}]",
        7, "place"
      ),
      (
        "walkers: []\nfaults: [{name: x, duty: bank, place: bank, verdict: late, cause: away}]", 7,
        "missed or"
      ),
      ("walkers: []\nseed: 8", nil, "twice"),
      ("walkers: [", nil, "not YAML"),
      ("colour: red\nwalkers: []", 6, "unknown key \"colour\""),
    ] as [(String, Int?, String)])
  func `that cannot be so says where and why`(text: String, line: Int?, message: String) throws {
    let error = #expect(throws: RigError.self) {
      try Scenario(
        text: SmallTown.head + "\n" + text, file: "scenario.yaml", plan: SmallTown.loaded())
    }
    guard case .scenario(let problems)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let isNamed = problems.contains {
      $0.message.contains(message) && (line == nil || $0.line == line) && $0.file == "scenario.yaml"
    }
    #expect(isNamed, "\(problems)")
    #expect(problems.count == 1, "\(problems)")
  }

  @Test func `refuses a plan with gridded areas, which the truth does not know`() throws {
    let area = """
      , {"type": "Feature", "properties": {"id": "park", "kind": "area", "cell_m": 50},
       "geometry": {"type": "Polygon", "coordinates":
         [[[115.9, 28.71], [115.91, 28.71], [115.91, 28.72], [115.9, 28.71]]]}}
      ]}
      """
    var bundle = try SmallTown.loaded().bundle
    bundle.files["places.geojson"] = SmallTown.places.replacing("\n]}", with: area)
    bundle.files["plan.yaml"] =
      SmallTown.plan
      + "\n  - {id: p, group: g, places: [park], days: daily, from: \"18:00\", to: \"20:00\", every: 30m}"
    let plan = try LoadedPlan(bundle: bundle)
    let error = #expect(throws: RigError.self) {
      try Scenario(text: SmallTown.head + "\nwalkers: []", file: "scenario.yaml", plan: plan)
    }
    #expect(error?.description.contains("duty p owes park, which has cell_m") == true)
  }

  @Test func `says everything that is wrong at once`() throws {
    let text = SmallTown.head.replacing("seed: 7", with: "seed: -7") + "\nwalkers: []\ncolour: red"
    let error = #expect(throws: RigError.self) {
      try Scenario(text: text, file: "scenario.yaml", plan: SmallTown.loaded())
    }
    guard case .scenario(let problems)? = error else { return }
    #expect(problems.map(\.line) == [2, 7])
  }
}

@Suite struct `A walker` {
  func at(_ time: String) -> Instant { Instant(rfc3339: "2026-11-10T\(time)+08:00")! }

  @Test func `is where his steps say, and nowhere else between`() throws {
    let scenario = try SmallTown.scenario(
      """
        - handheld: w-1
          start: bank
          on: "17:40"
          off: "20:00"
          faults: [{kind: backlog, from: "18:20", to: "18:30", deliver: "18:45"}]
          steps:
            - {at: "18:00", walk: road, from_m: -100, to_m: 900, speed_mps: 1.25, stay: 2m}
            - {go: bank, by: "19:00"}
      """)
    let walker = scenario.walkers[0]
    let bank = Coordinate(latitude: 28.704, longitude: 115.9)!
    let plan = scenario.plan
    guard case .line(let road, _)? = plan.place("road")?.geometry else { return }
    func chainage(_ time: String) -> Double {
      road.plane.point(walker.position(at: at(time))).x - road.vertices[0].x
    }
    #expect(walker.position(at: at("17:30:00")) == bank)
    #expect(abs(chainage("18:00:00") - -100) < 0.05)
    #expect(abs(chainage("18:02:00") - 50) < 0.05)
    #expect(abs(chainage("18:13:20") - 900) < 0.05)
    #expect(abs(chainage("18:15:20") - 900) < 0.05)
    #expect(walker.position(at: at("19:00:00")) == bank)
    #expect(walker.position(at: at("20:20:00")) == bank)
    #expect(abs(walker.motion(at: at("18:05:00")).speed.value - 1.25) < 0.001)
    #expect(abs((walker.motion(at: at("18:05:00")).track ?? 0) - 90) < 0.1)
    #expect(walker.motion(at: at("18:14:00")).track == nil)
    #expect(walker.received(at("17:39:59")) == nil)
    #expect(walker.received(at("18:19:59")) == at("18:19:59"))
    #expect(walker.received(at("18:20:00")) == at("18:45:00"))
    #expect(walker.feed == .gpsdJSON)
    // Nobody jumps: in no second further than his pace.
    for k in 0..<10_800 {
      let now = scenario.span.lowerBound + .seconds(k)
      let step = walker.position(at: now).distance(to: walker.position(at: now + .seconds(1)))
      #expect(step.value < 1.45)
    }
  }

  @Test func `reports every second, and what he kept late, in order`() throws {
    let scenario = try SmallTown.scenario(
      """
        - handheld: w-1
          start: bank
          on: "17:40"
          off: "19:00"
          faults: [{kind: backlog, from: "18:20", to: "18:30", deliver: "18:45"}]
      """)
    let epochs = scenario.epochs()
    #expect(epochs.count == 80 * 60)
    #expect(Set(epochs.map(\.time)).count == 80 * 60)
    #expect(epochs.map(\.receivedAt) == epochs.map(\.receivedAt).sorted())
    let late = epochs.filter { $0.receivedAt > $0.time }
    #expect(late.count == 600)
    #expect(late.first?.receivedAt == at("18:45:00"))
    #expect(late.last?.receivedAt == at("18:45:00.299"))
    #expect(epochs == scenario.epochs())
    #expect(epochs != scenario.epochs(seed: 8))
  }

  @Test func `gives a walker the errors of his streets`() throws {
    func epochs(_ more: String) throws -> [Epoch] {
      try SmallTown.scenario("  - {handheld: w-1, start: bank\(more)}").epochs()
    }
    let (plain, canyon) = (try epochs(""), try epochs(", environment: canyon"))
    #expect(plain.count == 10_800)
    // Outages: nine on the average, of 20 to 90 s; in some of them it reports without a position.
    #expect((9_500..<10_800).contains(canyon.count { $0.fix != nil }))
    #expect(canyon == (try epochs(", environment: canyon")))
    let bank = try #require(Coordinate(latitude: 28.704, longitude: 115.9))
    func spread(_ epochs: [Epoch]) -> Double {
      let fixes = epochs.compactMap(\.fix)
      return
        (fixes.reduce(0) {
          $0 + $1.position.distance(to: bank).value * $1.position.distance(to: bank).value
        } / Double(fixes.count)).squareRoot()
    }
    #expect(spread(plain) < 5)
    #expect(spread(canyon) > 12)
    #expect(throws: (any Error).self) { try epochs(", environment: forest") }
  }
}
