import Coverage
import Geodesy
import Patrol
import Testing

@testable import Store

/// Two groups of one handheld each: `a` has the beat of `Night`, `b` another bank beside it, and what is ordered tonight.
enum Tonight {
  static let day = CivilDate("2026-11-20")!

  static func version(shifts: Bool = true) throws -> Pipeline.Version {
    let night = try Night.version("one", handhelds: ["a"]).plan
    let b = Handheld(
      id: "b", source: Source(host: "localhost", device: "b"), travel: .foot,
      model: DeviceModel(id: "generic", interval: .seconds(5)))
    let plan = try Plan(
      brigade: Brigade(
        id: "b", name: "B",
        squadrons: [
          Squadron(
            id: "s", name: "S",
            groups: [
              Group(id: "g", name: "G", handhelds: ["a"]),
              Group(id: "h", name: "H", handhelds: ["b"]),
            ])
        ]),
      zone: night.zone, dayStarts: night.dayStarts,
      places: night.places + [
        Place(
          id: "school", name: "School", geometry: .point(centre: Night.at(600, 200), radius: 30))
      ], shifts: shifts ? night.shifts : [], handhelds: night.handhelds + [b],
      duties: night.duties + [
        Duty(
          id: "late", group: "h", places: ["bank"], from: TimeOfDay("22:20")!,
          to: TimeOfDay("22:50")!, every: .minutes(30), stay: .minutes(3))
      ])
    return Pipeline.Version(plan: plan, digest: "one", bundle: "one")
  }

  /// `a` until a minute of the night, and `b` on the same beat, some minutes behind, from another on.
  static func observations(a: Double = 400, b: Double = 400) -> [Observation] {
    let all = Night.observations()
    let other = all.compactMap { o -> Observation? in
      guard case .fix(var fix) = o.report else { return nil }
      fix.time = fix.time + .minutes(2)
      return Observation(
        handheld: "b", receivedAt: o.receivedAt + .minutes(2), report: .fix(fix))
    }
    return
      (all.filter { $0.orderTime < Night.minute(a) }
      + other.filter { $0.orderTime >= Night.minute(b) })
      .sorted { $0.receivedAt < $1.receivedAt }
  }
}

@Suite struct `Changes of tonight` {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var what: PlanChange.What
    /// The minute of the night at which it is ordered.
    var ordered: Double
    var shifts = true
    var a = 400.0
    var b = 400.0
    /// What the night comes to with it.
    var gaps: [String]
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "another carries on from before it was said",
      what: .swap("b", insteadOf: "a", Night.minute(50)..<Night.minute(180)), ordered: 70, a: 50,
      b: 55, gaps: ["bank 140-170 unproven"]),
    Case(
      name: "another carries on where there are no shifts",
      what: .swap("b", insteadOf: "a", Night.minute(50)..<Night.minute(180)), ordered: 52,
      shifts: false, a: 50, b: 55, gaps: ["bank 140-170 unproven"]),
    Case(
      name: "one of another group helps at the bank",
      what: .lend("b", to: "banks", Night.minute(40)..<Night.minute(130), member: "Bo"),
      ordered: 100, a: 30, b: 41, gaps: ["street 66-120 unproven", "bank 140-170 unproven"]),
    Case(
      name: "a guard is ordered",
      what: .post(
        Duty(
          id: "school-tonight", group: "g", places: ["school"], from: TimeOfDay("21:00")!,
          to: TimeOfDay("21:40")!, every: .minutes(20), stay: .minutes(2))),
      ordered: 40, gaps: ["school 60-100 missed", "bank 140-170 unproven"]),
    Case(
      name: "a window ends later",
      what: .move("banks", from: TimeOfDay("20:00")!, to: TimeOfDay("22:30")!),
      ordered: 90, gaps: ["bank 140-170 unproven"]),
    Case(
      name: "a window ends earlier",
      what: .move("walk", from: TimeOfDay("20:00")!, to: TimeOfDay("21:10")!), ordered: 50, a: 55,
      gaps: ["bank 95-120 unproven", "bank 140-170 unproven"]),
    Case(name: "a window is called off", what: .callOff("late"), ordered: 10, gaps: []),
  ]

  func live(
    _ path: String, _ test: Case, orderedAt: Double?, kills: Int? = nil
  ) throws {
    let version = try Tonight.version(shifts: test.shifts)
    func open(at now: Instant) throws -> Pipeline {
      try Pipeline(
        store: Store(at: path, for: .write), version: version, scope: .live, at: now,
        program: "test", load: { _ in version.plan })
    }
    var pipeline: Pipeline? = try open(at: Night.minute(-200))
    func order(at now: Instant) throws {
      let store = try Store(at: path, for: .amend)
      let plan = try #require(try Queries(store).planVersions().last).plan { _ in version.plan }
      _ = try store.write {
        try $0.order(
          PlanChange(day: Tonight.day, what: test.what), by: "Duty Officer", reason: "ill",
          under: plan,
          at: now)
      }
    }
    var isOrdered = orderedAt == nil
    let observations = Tonight.observations(a: test.a, b: test.b)
    if let orderedAt, orderedAt < -100 {
      try order(at: Night.minute(orderedAt))
      isOrdered = true
    }
    for (n, start) in stride(from: 0, to: observations.count, by: 20).enumerated() {
      let part = Array(observations[start..<min(start + 20, observations.count)])
      let now = part.map(\.receivedAt).max()!
      if let orderedAt, !isOrdered, now > Night.minute(orderedAt) {
        try order(at: Night.minute(orderedAt))
        isOrdered = true
      }
      if let kills, n % kills == kills - 1 {
        pipeline = nil
        pipeline = try open(at: now)
      }
      _ = try pipeline!.take(part, until: now)
      if n % 7 == 0 { try pipeline!.saveCheckpoint() }
    }
    _ = try pipeline!.take([], until: Night.minute(130))
    if let orderedAt, !isOrdered { try order(at: Night.minute(orderedAt)) }
    _ = try pipeline!.take([], until: Night.minute(400))
  }

  /// Gaps by whole minutes and their verdicts.
  private func told(_ path: String) throws -> [String] {
    try Queries(Store(at: path, for: .read)).gaps(Filter()).map(\.gap).map { gap in
      func minute(_ moment: Instant) -> Int { Int(((moment - Night.start).seconds / 60).rounded()) }
      return "\(gap.owed.place) \(minute(gap.began))-\(minute(gap.ended)) \(gap.verdict)"
    }
  }

  @Test(arguments: cases)
  func `come to what they would had they been known all along`(_ test: Case) throws {
    let pipelines = `A pipeline`()
    let (none, always, tonight, killed) = (
      try Scratch(), try Scratch(), try Scratch(), try Scratch()
    )
    try live(none.path, test, orderedAt: nil)
    try live(always.path, test, orderedAt: -200)
    let expected = try pipelines.result(always.path)
    #expect(try pipelines.result(none.path) != expected)
    try live(tonight.path, test, orderedAt: test.ordered)
    #expect(try pipelines.result(tonight.path) == expected)
    // By a daemon that is killed and comes again, too; the moments it was away for are on record, and count for it.
    try live(killed.path, test, orderedAt: test.ordered, kills: 9)
    #expect(try told(killed.path) == told(tonight.path))
    #expect(try told(tonight.path) == test.gaps)
  }
}
