import Foundation
import Geodesy
import Patrol
import PlanFiles
import Testing

@Test func `A sound plan is read without a word, and as it is written`() throws {
  let loaded = try LoadedPlan(bundle: WestGatePlan.bundle)
  #expect(loaded.warnings == [])
  let plan = loaded.plan
  #expect(plan.brigade.name == "West Gate Brigade" && plan.zone.identifier == "Asia/Shanghai")
  #expect(plan.dayStarts == TimeOfDay("06:00") && !plan.isRig)
  let squadron = try #require(plan.brigade.squadrons.first)
  #expect(squadron.leader == "Li" && squadron.strength == 84 && squadron.residents == 81_000)
  #expect(squadron.casesPerYear == 640)
  #expect(
    plan.shifts.map { "\($0.id) \($0.from) \($0.to)" } == [
      "evening 16:30 00:30", "night 00:30 05:00",
    ])

  let banks = try #require(plan.duty("banks"))
  #expect(banks.days == .weekdays([0, 1, 2, 3, 4]))
  // Unquoted 19:30 is a time of day, never 1170.
  #expect(banks.from == TimeOfDay("17:00") && banks.to == TimeOfDay("19:30"))
  #expect(
    banks.every == .minutes(30) && banks.stay == .minutes(3) && banks.weight == 1
      && banks.atOnce == 1)
  let street = try #require(plan.duty("street"))
  #expect(street.days == .daily && street.to == TimeOfDay("24:00") && street.every == .hours(1))
  #expect(street.passSpeedMaximum == 4 && street.weight == 2)
  let park = try #require(plan.duty("park"))
  #expect(park.days == .dates(Set(["2026-11-23", "2026-11-24"].compactMap { CivilDate($0) })))
  #expect(park.every == .minutes(90) && park.stay == .seconds(45))

  let slow = try #require(plan.handheld("h-3"))
  #expect(slow.source == Source(host: "10.20.0.12") && slow.travel == .car && slow.reach == 15)
  #expect(
    slow.model.id == "slow" && slow.model.interval == .seconds(10) && slow.model.accuracy == 8)
  #expect(slow.model.sentences == ["RMC", "GGA"] && slow.plausibleSpeed == 60)

  guard case .point(let centre, let radius)? = plan.place("bank-a")?.geometry,
    case .point(_, let standard)? = plan.place("bank-b")?.geometry,
    case .line(let line, let corridor)? = plan.place("main-street")?.geometry,
    case .area(let surface, let cell)? = plan.place("park")?.geometry,
    case .street? = plan.place("side-street")?.geometry
  else {
    Issue.record("a place is missing or of another kind")
    return
  }
  #expect(centre == Coordinate(latitude: 28.68, longitude: 115.9) && radius == 40 && standard == 30)
  #expect(corridor == 20 && line.segmentCount == 2 && abs(line.length.value - 2086) < 2)
  #expect(cell == 50 && surface.polygons.first?.count == 2)
  #expect(plan.place("bank-b")?.name == "bank-b")

  #expect(plan.roster.rows.map(\.member) == ["Wang", "Zhao, Wei", "Chen"])
  #expect(plan.roster.rows.map(\.from) == [nil, TimeOfDay("18:00"), TimeOfDay("02:00")])
  #expect(plan.roster.rows.map(\.to) == [nil, TimeOfDay("00:30"), nil])
  #expect(plan.assessment.vetoes == ["banks": 0.9])
  #expect(plan.assessment.bands.map(\.name) == ["A", "C"])
}

@Test(arguments: [
  ("shifts may be absent", "places: places.geojson", "places: places.geojson\nrig: true"),
  ("keys by alias", "days: daily", "days: &d [sat, Sunday]"),
  ("times with seconds", "to: 19:30", "to: 19:29:30"),
  ("a comment", "stay: 3m", "stay: 3m # as the bank asked"),
  (
    "a sub-device of a shared gpsd", "\"10.20.0.12\"",
    "\"10.20.0.1:2947:udp://0.0.0.0:5931#handheld-17\""
  ),
  ("IPv6", "\"10.20.0.12\"", "\"[fe80::1]:2948\""),
  ("names in Chinese", "Harbour Squadron", "西湖派出所中队"),
])
func `A plan may also be written so`(name: String, old: String, new: String) throws {
  let bundle = try #require(WestGatePlan.bundle("plan.yaml", replacing: old, with: new))
  #expect(try LoadedPlan(bundle: bundle).warnings.map(\.description) == [])
}

@Test func `Aliases repeat a value`() throws {
  let yaml = WestGatePlan.yaml
    .replacing("days: [mon, tue, wed, thu, fri]", with: "days: &weekdays [mon, tue, wed, thu, fri]")
    .replacing("days: daily", with: "days: *weekdays")
  var bundle = WestGatePlan.bundle
  bundle.files["plan.yaml"] = yaml
  #expect(try LoadedPlan(bundle: bundle).plan.duty("street")?.days == .weekdays([0, 1, 2, 3, 4]))
}

@Test func `A rig's plan says so`() throws {
  let bundle = try #require(
    WestGatePlan.bundle("plan.yaml", replacing: "timezone:", with: "rig: true\ntimezone:"))
  #expect(try LoadedPlan(bundle: bundle).plan.isRig)
}

@Test(
  arguments: [
    ("", .english), ("language: en", .english), ("language: EN", .english),
    ("language:", .english), ("language: zh-Hans", .chinese), ("language: zh-CN", .chinese),
    ("language: zh", .chinese),
  ] as [(String, Language)])
func `A plan says what its reports are written in`(line: String, language: Language) throws {
  let bundle = try #require(
    WestGatePlan.bundle("plan.yaml", replacing: "timezone:", with: "\(line)\ntimezone:"))
  #expect(try LoadedPlan(bundle: bundle).plan.language == language)
}

@Test func `Line ends and byte order marks make no difference`() throws {
  let plan = try LoadedPlan(bundle: WestGatePlan.bundle).plan
  var bundle = WestGatePlan.bundle
  for (name, text) in bundle.files {
    bundle.files[name] = "\u{feff}" + text.replacing("\n", with: "\r\n")
  }
  let loaded = try LoadedPlan(bundle: bundle)
  #expect(loaded.plan == plan && loaded.warnings == [])
}

@Test func `A plan that was kept is the same when it is read again`() throws {
  let loaded = try LoadedPlan(bundle: WestGatePlan.bundle)
  let kept = try JSONDecoder().decode(PlanBundle.self, from: JSONEncoder().encode(loaded.bundle))
  let again = try LoadedPlan(bundle: kept)
  #expect(again.plan == loaded.plan)
  #expect(again.bundle == loaded.bundle && again.bundle.digest == loaded.bundle.digest)
  #expect(loaded.bundle.files.keys.contains("zone/Asia/Shanghai"))
}

@Test func `A kept plan keeps its zone, whatever the system's says now`() throws {
  var bundle = try LoadedPlan(bundle: WestGatePlan.bundle).bundle
  bundle.files["zone/Asia/Shanghai"] = "3600"
  #expect(try LoadedPlan(bundle: bundle).plan.zone.offset(at: .distantFuture) == 3600)
}

@Test func `A digest tells plans apart and stays what it is`() throws {
  let a = PlanBundle(files: ["plan.yaml": "a", "b": "c"])
  #expect(a.digest == "cda40e225f5a340c")
  #expect(PlanBundle(files: ["b": "c", "plan.yaml": "a"]).digest == a.digest)
  let others = [
    PlanBundle(files: ["plan.yaml": "a", "b": "d"]), PlanBundle(files: ["plan.yaml": "a"]),
    PlanBundle(files: ["plan.yaml": "ab", "": "c"]),
    PlanBundle(files: ["plan.yamla": "", "b": "c"]),
    PlanBundle(root: "b", files: ["plan.yaml": "a", "b": "c"]),
  ]
  #expect(Set(others.map(\.digest) + [a.digest]).count == 6)
}
