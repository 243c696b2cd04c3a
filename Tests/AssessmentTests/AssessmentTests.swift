import Assessment
import Coverage
import Geodesy
import Patrol
import Testing

/// `c`overed, `m`issed, `u`nproven, `e`xcused, our own `f`ault (unproven): a letter for each tenth of a window.
func tally(_ course: String, required: Int = 4, made: Int = 4) -> Tally {
  func share(_ letters: String) -> Double {
    Double(course.count { letters.contains($0) }) / Double(course.count)
  }
  return Tally(
    Shares(
      covered: share("c"), missed: share("m"), unproven: share("uf"), excused: share("e")),
    ownFault: share("f"), required: required, made: made)
}

func window(
  _ duty: Duty.ID, _ squadron: Squadron.ID, _ course: String, day: Int = 1, weight: Double = 1,
  isFinal: Bool = true
) -> DutyWindow {
  let date = CivilDate("2026-11-01")!.adding(days: day - 1)
  let began = Instant(rfc3339: "2026-11-01T18:00:00+08:00")! + .hours(24 * (day - 1))
  return DutyWindow(
    duty: duty, group: Group.ID(squadron.text + "-1"), squadron: squadron, day: date, began: began,
    ended: began + .hours(2), weight: weight, isFinal: isFinal, tally: tally(course))
}

func plan(
  _ squadrons: [Squadron.ID], rules: AssessmentRules = AssessmentRules(), roster: [Roster.Row] = []
) throws -> Plan {
  try Plan(
    brigade: Brigade(
      id: "b", name: "B",
      squadrons: squadrons.map { id in
        Squadron(
          id: id, name: id.text, strength: 80, residents: 81_000, casesPerYear: 640,
          groups: [
            Group(
              id: Group.ID(id.text + "-1"), name: id.text, handhelds: [Handheld.ID("h-" + id.text)])
          ])
      }),
    zone: Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600),
    dayStarts: TimeOfDay("06:00")!,
    places: [
      Place(
        id: "bank", name: "Bank",
        geometry: .point(centre: Coordinate(latitude: 28.68, longitude: 115.89)!, radius: 30))
    ],
    shifts: [Shift(id: "evening", from: TimeOfDay("17:00")!, to: TimeOfDay("23:00")!)],
    handhelds: squadrons.map {
      Handheld(
        id: Handheld.ID("h-" + $0.text), source: Source(host: "localhost", device: $0.text),
        travel: .foot, model: DeviceModel(id: "generic", interval: .seconds(5)))
    },
    duties: squadrons.map {
      Duty(
        id: Duty.ID("d-" + $0.text), group: Group.ID($0.text + "-1"), places: ["bank"],
        from: TimeOfDay("18:00")!, to: TimeOfDay("20:00")!, every: .minutes(30))
    }, roster: Roster(rows: roster), assessment: rules)
}

@Suite struct `A score` {
  @Test(arguments: [
    ("cccccccccc", 1.0), ("cccccccccm", 0.9), ("ccccccccuu", 0.8), ("mmmmmmmmmm", 0.0),
    // What was excused and what was our own fault is not owed.
    ("cccccccce" + "m", 0.8889), ("ccccccccfm", 0.8889), ("ccccccccfe", 1.0),
    // Silence on the handheld's side is.
    ("cccccccceu", 0.8889),
  ])
  func `is what was covered of what could be held against the unit`(
    course: String, score: Double
  ) {
    #expect(tally(course).score == score)
  }

  @Test func `is none where nothing is left, or nothing was judged`() {
    #expect(tally("eeeeefffff").score == nil)
    #expect(Tally(nil, required: 1, made: 0).score == nil)
    #expect(Tally().score == nil)
  }

  @Test func `is printed in shares that sum to 1 to the last digit, none of them a unit off`() {
    for (decimals, unit) in [(1, 10.0), (3, 1e3), (4, 1e4)] {
      for n in 1..<2401 {
        let parts = [n % 7, n / 7 % 7, n / 49 % 7, n / 343].map(Double.init)
        let sum = parts.reduce(0, +)
        let exact = Shares(
          covered: parts[0] / sum, missed: parts[1] / sum, unproven: parts[2] / sum,
          excused: parts[3] / sum)
        let told = exact.rounded(decimals: decimals)
        let pairs = [
          (told.covered, exact.covered), (told.missed, exact.missed),
          (told.unproven, exact.unproven), (told.excused, exact.excused),
        ]
        #expect(pairs.reduce(0) { $0 + Int(($1.0 * unit).rounded()) } == Int(unit))
        for (told, exact) in pairs {
          #expect(abs(told - exact) < 1 / unit)
          #expect(exact > 0 || told == 0)
        }
      }
    }
  }

  @Test func `of several windows goes by their weights, and shares sum to 1`() throws {
    var sum = Tally()
    sum.add(tally("cccccccccc"), times: 3)
    sum.add(tally("ccmmmuuuee"), times: 1)
    let shares = try #require(sum.shares)
    #expect(abs(shares.covered - (3 + 0.2) / 4) < 1e-12)
    #expect(
      abs(shares.covered + shares.missed + shares.unproven + shares.excused - 1) < 1e-12)
    #expect(sum.score == 0.8421)  // 3.2 of 3.8
    #expect(sum.required == 8 && sum.made == 8 && sum.windows == 2)
  }

  @Test func `is the same in any order of windows`() {
    let courses = ["ccccm", "cuuuu", "eeecm", "ffffc", "mmmmm", "ccccc"]
    var (there, back) = (Tally(), Tally())
    for course in courses { there.add(tally(course)) }
    for course in courses.reversed() { back.add(tally(course)) }
    #expect(there.score == back.score)
  }
}

@Suite struct `What was required` {
  @Test(arguments: [
    (30, 150, 4), (30, 120, 3), (30, 121, 4), (60, 60, 1), (60, 30, 1), (120, 30, 1), (20, 60, 2),
  ])
  func `is the fewest attendances that keep a window fresh`(
    every: Int, window: Int, required: Int
  ) {
    #expect(Waits.required(every: .minutes(every), window: .minutes(window)) == required)
    // One fewer leaves some time uncovered: each keeps for E, and the time before the first is earned by its being in time.
    if window > every { #expect(required * every + every >= window) }
    if required > 1 { #expect((required - 1) * every + every < window) }
  }
}

@Suite struct `The mean excess wait` {
  @Test func `is nought where headways are as asked, and grows with their spread`() throws {
    let (every, window) = (Milliseconds.minutes(30), Milliseconds.hours(2))
    func waits(_ minutes: [Double]) -> Waits {
      let s = minutes.map { $0 * 60 }
      return Waits(
        time: s.reduce(0, +), squares: s.reduce(0) { $0 + $1 * $1 }, every: every, window: window)
    }
    #expect(waits([30, 30, 30, 30]).meanExcess == 0)
    // An hour's mean wait instead of a quarter's.
    #expect(abs(try #require(waits([120]).meanExcess) - 45 * 60) < 1e-9)
    // 10, 20, 30, 60: Σh² = 5000, Σh = 120; 20.83 − 15 minutes.
    #expect(abs(try #require(waits([10, 20, 30, 60]).meanExcess) - 350) < 1e-9)
    #expect(try #require(waits([15, 15, 15, 15]).meanExcess) < 0)
    #expect(Waits().meanExcess == nil)
  }

  @Test func `asks no more of an interval longer than the window than once`() {
    let once = Waits(time: 3600, squares: 3600 * 3600, every: .hours(8), window: .hours(1))
    #expect(once.meanExcess == 0)
  }
}

@Suite struct `A period` {
  static let rules = AssessmentRules(
    passMark: 0.8, advancedMark: 0.9, vetoes: ["d-a": 0.95],
    bands: [
      AssessmentRules.Band(from: 0.9, name: "A", factor: 1.1),
      AssessmentRules.Band(from: 0.8, name: "B", factor: 1),
    ])

  @Test func `ranks squadrons, ties sharing a rank, and leaves out those that owed nothing`()
    throws
  {
    let windows = [
      window("d-a", "a", "cccccccccm"), window("d-b", "b", "cccccccccm"),
      window("d-c", "c", "ccccccccmm"), window("d-d", "d", "cccccccccc"),
    ]
    let figures = PeriodFigures(
      windows.shuffled(), plan: try plan(["a", "b", "c", "d", "idle"]), rules: Self.rules)
    #expect(figures.squadrons.map(\.assessed.rank) == [2, 2, 4, 1, nil])
    #expect(
      figures.squadrons.map(\.assessed.rating) == [.passed, .advanced, .passed, .advanced, nil])
    #expect(figures.squadrons.map(\.assessed.band?.name) == ["A", "A", "B", "A", nil])
    #expect(figures.squadrons[4].tally.score == nil && figures.squadrons[4].duties.isEmpty)
  }

  /// Whatever the average.
  @Test func `does not rate a squadron advanced below the mark of a vetoing duty`() throws {
    let windows =
      (1...20).map { window("d-b", "a", "cccccccccc", day: $0) }
      + [window("d-a", "a", "cccccccccm")]
    let figures = PeriodFigures(windows, plan: try plan(["a", "b"]), rules: Self.rules)
    let squadron = figures.squadrons[0]
    #expect(squadron.assessed.score == 0.9952 && squadron.assessed.rating == .passed)
    #expect(squadron.assessed.vetoes == [Veto(duty: "d-a", score: 0.9, mark: 0.95)])
    #expect(squadron.duties.map(\.veto) == [0.95, nil])
  }

  @Test func `scores otherwise by other weights and marks, and is what it was by its own`() throws {
    let windows = [
      window("d-a", "a", "cccccccccc", weight: 1), window("d-b", "a", "cccccmmmmm", weight: 3),
    ]
    let plan = try plan(["a", "b"])
    func score(_ weights: [Duty.ID: Double]) -> Double? {
      PeriodFigures(windows, plan: plan, rules: Self.rules, weights: weights).squadrons[0]
        .assessed.score
    }
    #expect(score([:]) == 0.625)
    #expect(score(["d-b": 1]) == 0.75)
    #expect(score(["d-a": 0, "d-b": 0]) == nil)
  }

  @Test func `keeps squadrons and groups that the plan no longer has`() throws {
    let figures = PeriodFigures(
      [window("d-gone", "gone", "ccccc")], plan: try plan(["a"]), rules: Self.rules)
    #expect(figures.squadrons.map(\.squadron.id) == ["a", "gone"])
    #expect(figures.squadrons[1].groups.map(\.group.id) == ["gone-1"])
    #expect(figures.brigade.score == 1)
  }

  @Test func `is the sum of its days`() throws {
    let windows = (1...30).map { n in
      window("d-a", "a", n % 3 == 0 ? "ccmmuuefcc" : "cccccccccm", day: n, weight: Double(n % 4))
    }
    let figures = PeriodFigures(windows, plan: try plan(["a"]), rules: Self.rules)
    var sum = Tally()
    for day in figures.days { sum.add(day.tally) }
    #expect(sum.score == figures.brigade.score && sum.windows == 30)
    #expect(figures.days.map(\.day) == figures.days.map(\.day).sorted())
  }

  @Test func `is not final while a window is not`() throws {
    let open = [window("d-a", "a", "cc"), window("d-a", "a", "cc", day: 2, isFinal: false)]
    #expect(!PeriodFigures(open, plan: try plan(["a"]), rules: Self.rules).isFinal)
    #expect(PeriodFigures([open[0]], plan: try plan(["a"]), rules: Self.rules).isFinal)
  }

  @Test func `checks strength against the district's residents and cases`() throws {
    // 81 for the residents, 1.92 for the cases.
    let establishment = try #require(Establishment(of: try plan(["a"]).brigade.squadrons[0]))
    #expect(establishment.norm == 83 && establishment.strength == 80 && establishment.short == 3)
    #expect(Establishment(of: Squadron(id: "s", name: "S", strength: 4, groups: [])) == nil)
  }
}

@Suite struct `A member's sheet` {
  @Test func `holds the windows served in, once each, and the handheld's where nobody is named`()
    throws
  {
    let first = CivilDate("2026-11-01")!
    func row(_ day: Int, _ member: String, _ from: String?, _ to: String?) -> Roster.Row {
      Roster.Row(
        day: first.adding(days: day - 1), shift: "evening", group: "a-1", member: member,
        handheld: "h-a", from: from.flatMap { TimeOfDay($0) }, to: to.flatMap { TimeOfDay($0) })
    }
    let plan = try plan(
      ["a", "b"],
      roster: [
        row(1, "Li", nil, "19:00"), row(1, "Wang", "19:00", nil), row(2, "Li", "18:00", "18:30"),
        row(2, "Li", "19:30", nil),
      ])
    let windows = [
      window("d-a", "a", "cccccccccc"), window("d-a", "a", "mmmmmmmmmm", day: 2),
      window("d-a", "a", "ccccc", day: 3), window("d-b", "b", "ccccm", day: 3),
    ]
    let sheets = MemberFigures.all(
      in: windows, heard: ["h-a", "h-b"], rules: AssessmentRules()
    ) { _ in plan }
    let drawer = MemberFigures.all(in: windows, heard: ["h-a"], rules: AssessmentRules()) { _ in
      plan
    }
    #expect(drawer.map(\.server.text) == ["Li", "Wang", "h-a"])
    let texts = sheets.map {
      "\($0.server.text) \($0.tally.windows) \($0.days) \($0.served.seconds / 60) \($0.assessed.score ?? -1)"
    }
    #expect(
      texts == [
        "Li 2 2 120.0 0.5", "Wang 1 1 60.0 1.0", "h-a 1 1 120.0 1.0", "h-b 1 1 120.0 0.8",
      ])
    #expect(sheets.map(\.assessed.rank) == [4, 1, 1, 3])
  }
}
