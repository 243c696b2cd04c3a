import Coverage
import Geodesy
import Patrol
import Testing

@Suite struct `Guard points` {
  let places = [Beat.point("bank", 0, 0)]

  /// At the bank at 20:10 for 10 minutes, then a kilometre away till 21:00, then back.
  func rounds(second stay: Double = 10, silence: ClosedRange<Double>? = nil) -> [Observation] {
    var walk = Walk(at: 1000, 0)
    walk.stay(until: -3)
    walk.go(to: 5, 0)
    walk.stay(until: 20)
    walk.go(to: 1000, 0)
    walk.stay(until: 48)
    walk.go(to: 5, 0)
    walk.stay(until: 60 + stay)
    walk.go(to: 1000, 0)
    walk.stay(until: 170)
    guard let silence else { return walk.observations }
    return walk.observations.filter {
      !(Beat.minute(silence.lowerBound)...Beat.minute(silence.upperBound)).contains($0.receivedAt)
    }
  }

  @Test func `are covered while visits come in time`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 60, stay: 5)])
    let end = run(plan, rounds(second: 10))
    #expect(end.gaps == [])
    let standing = try #require(end.standings.values.first)
    #expect(standing.shares?.covered == 1)
    #expect(standing.isFinal)
    #expect(standing.attendances == 2)
    #expect(end.stays.map(\.kind) == [.stay, .stay])
  }

  @Test func `are missed while the handheld is seen elsewhere`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 20, stay: 5)])
    let end = run(plan, rounds(second: 10))
    // Left at 20:20, back at about 21:00; left at 21:10.
    #expect(end.gaps.count == 2)
    #expect(end.gaps[0].hasPrefix("bank 20:40") && end.gaps[0].hasSuffix("missed away"))
    #expect(end.gaps[1].hasPrefix("bank 21:30") && end.gaps[1].hasSuffix("-22:00 missed away"))
  }

  @Test func `are missed through a stay too short, and the cause says so`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 45, stay: 8)])
    let end = run(plan, rounds(second: 5))
    #expect(end.gaps.count == 1)
    #expect(end.gaps[0].hasPrefix("bank 21:05") && end.gaps[0].hasSuffix("missed short_stay"))
    #expect(end.stays.map(\.kind) == [.stay, .shortStay])
  }

  @Test func `are unproven while silence leaves them possible`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 45, stay: 5)])
    let end = run(plan, rounds(silence: 45...80))
    #expect(end.gaps.count == 1)
    #expect(end.gaps[0].hasPrefix("bank 21:05") && end.gaps[0].hasSuffix("unproven silent"))
  }

  @Test func `open a gap at the due moment and withdraw it when late fixes disprove it`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 55, stay: 5)])
    let all = rounds()
    let (from, to) = (Beat.minute(45), Beat.minute(80))
    let late = all.filter { $0.receivedAt >= from && $0.receivedAt <= to }.map {
      Observation(handheld: $0.handheld, receivedAt: Beat.minute(90), report: $0.report)
    }
    let early = all.filter {
      $0.receivedAt < from || ($0.receivedAt > to && $0.receivedAt < Beat.minute(90))
    }
    let rest = all.filter { $0.receivedAt >= Beat.minute(90) }
    let end = run(plan, early + late + rest)
    #expect(end.gaps == run(plan, all).gaps)
    #expect(end.gaps == [])
    #expect(end.history.first == "opened unproven silent")
    #expect(end.history.last?.hasPrefix("withdrawn") == true)
  }

  /// As a host whose clock was set back: time stands still for a while, and fixes lie ahead of it.
  @Test func `are judged once at rest where somebody comes ahead of the clock`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 20, stay: 5)])
    var engine = Engine(plan: plan, windows: Beat.minute(-300)..<Beat.minute(600))
    var (ear, shelf) = (Ear(), Shelf())
    shelf.feed(rounds(second: 10), to: &engine)
    for _ in 0..<3 {
      engine.advance(to: Beat.minute(45))
      ear.hear(engine.takeEvents())
    }
    #expect(ear.conclusions.gaps.count == 1)
    engine.advance(to: Beat.minute(300))
    ear.hear(engine.takeEvents())
    let end = run(plan, rounds(second: 10))
    #expect(ear.conclusions.gaps == end.gaps && ear.conclusions.standings == end.standings)
  }

  @Test func `are nobody's fault but the outage's while the daemon was down`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 45, stay: 5)])
    let outage = Outage(
      kind: .daemonDown, handheld: nil, began: Beat.minute(45), ended: Beat.minute(80))
    let end = run(plan, rounds(silence: 45...80), outages: [outage])
    #expect(end.gaps.count == 1 && end.gaps[0].hasSuffix("unproven daemon_down"))
  }

  @Test func `stay unproven where receivers report without a position`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 45, stay: 5)])
    var walk = Walk(at: 1000, 0)
    walk.lose(until: 170)
    #expect(run(plan, walk.observations).gaps == ["bank 20:00-22:00 unproven no_fix"])
  }

  @Test
  func `that nobody ever reported from are unproven, and by a spare in a drawer nobody is excused`()
    throws
  {
    let plan = try Beat.plan(
      places, [Beat.duty(["bank"], every: 30)], handhelds: ["a", "spare"])
    #expect(run(plan, []).gaps == ["bank 20:00-22:00 unproven silent"])
    var walk = Walk(at: 3000, 0)
    walk.stay(until: 170)
    #expect(run(plan, walk.observations).gaps == ["bank 20:00-22:00 missed away"])
  }

  @Test
  func
    `are unmanned where the roster gives nobody, and everything is possible to a silent rostered handheld`()
    throws
  {
    let day = CivilDate("2026-11-20")!
    func row(_ group: Group.ID, _ handheld: Handheld.ID) -> Roster.Row {
      Roster.Row(day: day, shift: "evening", group: group, member: "Li", handheld: handheld)
    }
    let groups = [
      Group(id: "g", name: "G", handhelds: ["a"]), Group(id: "h", name: "H", handhelds: ["b"]),
    ]
    var walk = Walk(at: 3000, 0)
    walk.stay(until: 170)
    let unmanned = try Beat.plan(
      places, [Beat.duty(["bank"], every: 30)], handhelds: ["a", "b"], roster: [row("h", "b")],
      groups: groups)
    #expect(run(unmanned, walk.observations).gaps == ["bank 20:00-22:00 missed unmanned"])
    let silent = try Beat.plan(
      places, [Beat.duty(["bank"], every: 30)], handhelds: ["a", "b"],
      roster: [row("g", "a"), row("g", "b")], groups: groups)
    #expect(run(silent, walk.observations).gaps == ["bank 20:00-22:00 unproven silent"])
  }

  @Test func `are attended by standing there, however seldom it is told`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 60)])
    let told = { (every: Int) in
      var walk = Walk(at: 5, 0)
      walk.stay(until: 170)
      return walk.observations.enumerated().filter { $0.offset % every == 0 }.map(\.element)
    }
    #expect(run(plan, told(20)).gaps == [])
  }

  @Test func `are not missed on the word of one wild fix, however poor`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 30, stay: 1)])
    var walk = Walk(at: 0, 0)
    walk.stay(until: 170)
    let heard = walk.observations.filter {
      $0.receivedAt < Beat.minute(10) || $0.receivedAt > Beat.minute(70)
    }
    let wild = Beat.minute(10) + .seconds(1)
    for accuracy in [49.0, 51] {
      let fix = Fix(
        time: wild, position: Beat.at(15_000, 0), mode: 3, accuracy: Metres(accuracy), speed: 0)
      let stray = Observation(handheld: "a", receivedAt: wild, report: .fix(fix))
      let all = (heard + [stray]).sorted { $0.receivedAt < $1.receivedAt }
      #expect(!run(plan, all).gaps.contains { $0.contains("missed") })
    }
  }

  @Test
  func `are no business of a handheld that was switched off with the shift before`() throws {
    let one = try Beat.plan(places, [Beat.duty(["bank"], every: 30)], handhelds: ["a", "b"])
    let plan = try Plan(
      brigade: one.brigade, zone: one.zone, dayStarts: one.dayStarts, places: one.places,
      shifts: [
        Shift(id: "early", from: TimeOfDay("18:00")!, to: TimeOfDay("20:00")!),
        Shift(id: "late", from: TimeOfDay("20:00")!, to: TimeOfDay("23:00")!),
      ], handhelds: one.handhelds, duties: one.duties)
    var early = Walk("a", at: 1000, 0)
    early.stay(until: -1)
    var late = Walk("b", at: 3000, 0)
    late.stay(until: 170)
    let all = (early.observations + late.observations).sorted { $0.receivedAt < $1.receivedAt }
    #expect(run(plan, all).gaps == ["bank 20:00-22:00 missed away"])
  }

  @Test func `are not possible to one who passes faster than the duty lets him`() throws {
    var duty = Beat.duty(["bank"], every: 30)
    duty.passSpeedMaximum = 1
    let plan = try Beat.plan(places, [duty])
    var walk = Walk(at: 1000, 0)
    walk.stay(until: 20)
    walk.go(to: -1000, 0, speed: 1.6)
    walk.stay(until: 170)
    let end = run(plan, walk.observations)
    #expect(!end.gaps.isEmpty && !end.gaps.contains { $0.contains("unproven") }, "\(end.gaps)")
  }

  @Test func `are not attended by two at once where one is allotted twice`() throws {
    let day = CivilDate("2026-11-20")!
    let rows = ["Li", "Wang"].map {
      Roster.Row(day: day, shift: "evening", group: "g", member: $0, handheld: "a")
    }
    let plan = try Beat.plan(
      places, [Beat.duty(["bank"], every: 60, stay: 5, atOnce: 2)], handhelds: ["a", "b"],
      roster: rows)
    var walk = Walk("a", at: 0, 0)
    walk.stay(until: 170)
    #expect(run(plan, walk.observations).gaps == ["bank 20:00-22:00 missed away"])
  }

  @Test func `need two at once where two are asked for`() throws {
    let plan = try Beat.plan(
      places, [Beat.duty(["bank"], every: 45, stay: 5, atOnce: 2)], handhelds: ["a", "b"])
    var a = Walk("a", at: 5, 0)
    a.stay(until: 170)
    var b = Walk("b", at: 1000, 0)
    b.stay(until: 18)
    b.go(to: 5, 0)
    b.stay(until: 40)
    b.go(to: 1000, 0)
    b.stay(until: 170)
    let end = run(plan, (a.observations + b.observations).sorted { $0.receivedAt < $1.receivedAt })
    #expect(end.gaps.count == 1)
    #expect(end.gaps[0].hasPrefix("bank 21:25") && end.gaps[0].hasSuffix("-22:00 missed away"))
  }

  @Test func `are not attended by driving past`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 30)])
    var walk = Walk(at: 1000, 0)
    walk.stay(until: 20)
    walk.go(to: -1000, 0, speed: 8)
    walk.stay(until: 170)
    let end = run(plan, walk.observations)
    #expect(end.gaps.contains { $0.hasSuffix("missed drive_by") || $0.hasSuffix("missed away") })
    #expect(end.stays.map(\.kind) == [.driveBy])
    #expect(!end.gaps.contains { $0.contains("unproven") })
  }
}

@Suite struct `Areas` {
  @Test func `are attended whole, or cell by cell`() throws {
    let places = [
      Beat.area("market", 0...100, 0...100), Beat.area("park", 500...600, 0...100, cell: 50),
    ]
    let plan = try Beat.plan(
      places,
      [
        Beat.duty("m", ["market"], every: 60, stay: 5),
        Beat.duty("p", ["park"], every: 120, stay: 2),
      ])
    var walk = Walk(at: 50, 50)
    walk.stay(until: 10)
    // Three of the park's four cells, the north-east one left out.
    walk.go(to: 525, 25)
    walk.stay(until: 20)
    walk.go(to: 575, 25)
    walk.stay(until: 25)
    walk.go(to: 525, 25)
    walk.go(to: 525, 75)
    walk.stay(until: 30)
    walk.go(to: 525, 300)
    walk.go(to: 50, 300)
    walk.go(to: 50, 50)
    walk.stay(until: 115)
    walk.go(to: -2000, 50)
    let end = run(plan, walk.observations)
    #expect(end.gaps.filter { $0.hasPrefix("market") } == [])
    #expect(end.gaps.filter { $0.hasPrefix("park") }.count == 1)
    #expect(end.gaps.contains { $0.hasPrefix("park 20:00-22:00 missed") })
    let park = try #require(end.standings.first { $0.key.place == "park" }?.value.shares)
    #expect(abs(park.covered - 0.75) < 0.01)
  }
}

@Suite struct `Patrol lines` {
  /// 2 km east, a kilometre from everything else.
  let places = [Beat.line("street", [(0, 0), (1000, 0), (1000, 1000)])]

  func walked(leavingOut: Bool, noise: Double, seed: UInt64, speed: Double = 1.4) -> [Observation] {
    var walk = Walk(at: 0, 0, noise: noise, seed: seed)
    walk.stay(until: 10)
    walk.go(to: 400, 0, speed: speed)
    if leavingOut {
      walk.go(to: 400, -90, speed: speed)
      walk.go(to: 700, -90, speed: speed)
      walk.go(to: 700, 0, speed: speed)
    }
    walk.go(to: 1000, 0, speed: speed)
    walk.go(to: 1000, 1000, speed: speed)
    walk.go(to: 2500, 1000, speed: speed)
    walk.stay(until: 170)
    return walk.observations
  }

  @Test(arguments: [0.0, 5], [1, 2, 3] as [UInt64])
  func `are covered by walking them`(noise: Double, seed: UInt64) throws {
    let plan = try Beat.plan(places, [Beat.duty(["street"], every: 120)])
    let end = run(plan, walked(leavingOut: false, noise: noise, seed: seed))
    #expect(end.gaps == [])
    let shares = try #require(end.standings.values.first?.shares)
    #expect(shares.covered > 0.98)
  }

  @Test(arguments: [0.0, 5], [1, 2, 3] as [UInt64])
  func `miss the stretch that was left out`(noise: Double, seed: UInt64) throws {
    let plan = try Beat.plan(places, [Beat.duty(["street"], every: 120)])
    let end = run(plan, walked(leavingOut: true, noise: noise, seed: seed))
    #expect(end.gaps.count == 1, "\(end.gaps)")
    let gap = try #require(end.gaps.first)
    #expect(gap.hasPrefix("street 20:00-22:00 ") && gap.hasSuffix("missed away"), "\(gap)")
    let stretch = gap.split(separator: " ")[2].dropLast().split(separator: "-").compactMap {
      Double($0)
    }
    #expect(abs(stretch[0] - 400) <= 30 && abs(stretch[1] - 700) <= 30, "\(gap)")
  }

  @Test func `tell of a gap that grows along them once a minute`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["street"], every: 40)])
    let all = walked(leavingOut: false, noise: 0, seed: 1)
    let live = run(plan, all, batch: 1)
    // Each of the 200 cells lapses at a moment of its own, over some 24 minutes.
    let told = live.history.filter { $0.hasPrefix("extended") }
    #expect((10...30).contains(told.count), "\(live.history)")
    #expect(live == run(plan, all, batch: 100_000))
  }

  @Test func `are not attended by driving along them`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["street"], every: 120)])
    let end = run(plan, walked(leavingOut: false, noise: 0, seed: 1, speed: 9))
    #expect(end.gaps.map { $0.hasSuffix("missed drive_by") } == [true], "\(end.gaps)")
    let travels = end.passes.filter { $0.from != $0.to }
    #expect(travels.allSatisfy { $0.kind == .driveBy } && !travels.isEmpty)
  }

  @Test func `are not attended by crossing them`() throws {
    let plan = try Beat.plan(places, [Beat.duty(["street"], every: 120)])
    var walk = Walk(at: 500, -600)
    walk.stay(until: 10)
    walk.go(to: 500, 600)
    walk.stay(until: 170)
    let end = run(plan, walk.observations)
    #expect(end.passes == [])
    #expect(end.gaps == ["street 20:00-22:00 0-2000m missed away"])
  }

  @Test func `leave a street beside them alone`() throws {
    let plan = try Beat.plan(
      [Beat.line("street", [(0, 0), (1000, 0)]), Beat.street("lane", [(0, 20), (1000, 20)])],
      [Beat.duty(["street"], every: 120)])
    var walk = Walk(at: 0, 20)
    walk.stay(until: 10)
    walk.go(to: 1000, 20)
    walk.go(to: 1000, 900)
    walk.stay(until: 170)
    #expect(run(plan, walk.observations).gaps == ["street 20:00-22:00 0-1000m missed away"])
  }

  @Test func `run out and back, and around, attended by one walk each way`() throws {
    let plan = try Beat.plan(
      [
        Beat.line("out-and-back", [(0, 0), (600, 0), (0, 0)]),
        Beat.line("loop", [(600, 0), (900, 0), (900, 300), (600, 300), (600, 0)]),
      ], [Beat.duty(["out-and-back", "loop"], every: 120)])
    var walk = Walk(at: 0, 0, noise: 2)
    walk.stay(until: 10)
    walk.go(to: 600, 0)
    // Around the loop from its middle, over its joint.
    walk.go(to: 600, 300)
    walk.go(to: 900, 300)
    walk.go(to: 900, 0)
    walk.go(to: 600, 0)
    walk.go(to: 600, -900)
    walk.stay(until: 170)
    #expect(run(plan, walk.observations).gaps == [])
  }
}
