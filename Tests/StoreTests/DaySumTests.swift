import Assessment
import Coverage
import GRDB
import Geodesy
import Patrol
import Testing

@testable import Store

@Suite struct `Sums of a handheld's days` {
  /// A store that goes on as a daemon's does, from batch to batch.
  final class Running {
    let scratch: Scratch
    var version: Pipeline.Version
    var pipeline: Pipeline?

    init(_ version: Pipeline.Version? = nil) throws {
      scratch = try Scratch()
      self.version = try version ?? Rota.version()
      try open(at: Rota.start)
    }

    func open(at now: Instant, _ scope: Pipeline.Scope = .live) throws {
      pipeline = nil
      let version = version
      pipeline = try Pipeline(
        store: Store(at: scratch.path, for: .write), version: version, scope: scope, at: now,
        program: "test",
        load: { try Rota.version($0, shiftEnds: $0 == "two" ? "03:00" : "04:00").plan })
    }

    func take(_ all: [Observation], kills: Int? = nil, until end: Instant) throws {
      for (n, start) in stride(from: 0, to: all.count, by: 500).enumerated() {
        let part = Array(all[start..<min(start + 500, all.count)])
        if let kills, n % kills == kills - 1 { try open(at: part[0].receivedAt) }
        _ = try pipeline!.take(part, until: part.last!.receivedAt)
      }
      try pass(until: end)
    }

    func pass(until end: Instant) throws {
      var now = pipeline!.now
      while now < end {
        now = min(end, now + .minutes(30))
        _ = try pipeline!.take([], until: now)
      }
    }

    var queries: Queries { get throws { Queries(try Store(at: scratch.path, for: .read)) } }

    func days(_ version: Pipeline.Version? = nil) -> [PlannedDay] {
      let version = version ?? self.version
      return Rota.dates.map {
        PlannedDay(date: $0, plan: version.plan, digest: version.digest)
      }
    }

    /// As a period's report reads them.
    func kept(_ version: Pipeline.Version? = nil) throws -> [CivilDate: [Handheld.ID: [DutySpell]]]
    {
      var found: [CivilDate: [Handheld.ID: [DutySpell]]] = [:]
      let queries = try queries
      let unknown = try queries.forEachSpell(
        on: days(version), until: queries.clock() ?? .distantPast
      ) { day, handheld, spell in found[day.date, default: [:]][handheld, default: []].append(spell)
      }
      for date in unknown { found[date] = nil }
      return found
    }

    /// As the shift report has them, out of the fixes.
    func told(_ version: Pipeline.Version? = nil) throws -> [CivilDate: [Handheld.ID: HandheldDay]]
    {
      let queries = try queries
      var found: [CivilDate: [Handheld.ID: HandheldDay]] = [:]
      for day in days(version) {
        for sums in try queries.handheldDays(
          of: day.plan.handhelds, on: day, until: queries.clock() ?? .distantPast)
        {
          found[day.date, default: [:]][sums.handheld] = sums
        }
      }
      return found
    }

    func count(_ sql: String) throws -> Int {
      try DatabaseQueue(path: scratch.path).read { try Int.fetchOne($0, sql: sql) ?? -1 }
    }

    func alter(_ sql: String) throws {
      try DatabaseQueue(path: scratch.path).write { try $0.execute(sql: sql) }
    }

    /// What is kept is what the shift report tells, to the last field.
    func compare(_ version: Pipeline.Version? = nil, at: SourceLocation = #_sourceLocation) throws {
      let (kept, told) = (try kept(version), try told(version))
      for (date, handhelds) in told {
        for (id, day) in handhelds {
          var whole = DutyTime()
          for spell in kept[date]?[id] ?? [] { whole.add(spell.time) }
          #expect(whole.observed == day.time(.observed), sourceLocation: at)
          #expect(whole.silent == day.time(.silent), sourceLocation: at)
          #expect(whole.noFix == day.time(.noFix), sourceLocation: at)
          #expect(whole.daemonDown == day.time(.daemonDown), sourceLocation: at)
          #expect(whole.unreachable == day.time(.unreachable), sourceLocation: at)
          #expect(whole.rejected == day.rejected.values.reduce(.zero, +), sourceLocation: at)
          #expect(whole.onDuty == day.timeOnDuty, sourceLocation: at)
          #expect(whole.reports == day.reports, sourceLocation: at)
          #expect(abs(whole.walked.value - day.walked.value) < 1e-6, sourceLocation: at)
          let spells = (kept[date]?[id] ?? []).filter { !$0.span.isEmpty }
          #expect(spells == day.spells, sourceLocation: at)
        }
      }
    }
  }

  static let summed = "SELECT count(*) FROM summed_day"
  static let due = "SELECT count(*) FROM handheld_day_due"

  @Test(arguments: [nil, 3, 7])
  func `are those of the shift report day by day, over midnight and a zone change`(
    kills: Int?
  ) throws {
    let running = try Running()
    try running.take(Rota.observations(silent: ("c", 30...90)), kills: kills, until: Rota.end)
    #expect(try running.count(Self.summed) == 3)
    #expect(try running.count(Self.due) == 0)
    try running.compare()
    let told = try running.told()
    // Ten hours by the roster, eleven where clocks are put back; nobody was rostered on the third.
    let whole = Rota.dates.map { date in
      told[date]!.values.reduce(Milliseconds.zero) { $0 + $1.timeOnDuty }
    }
    #expect(whole == [.hours(10 + 9), .hours(11 + 10), .hours(30)])
    let c = try #require(told[Rota.dates[1]]?["c"])
    #expect(c.time(.silent) > .minutes(40) && c.time(.noFix) > .hours(2) && c.walked > 10_000)
    // Kept, not made for whoever asks.
    try running.alter("UPDATE handheld_day SET observed_ms = 1 WHERE handheld = 'c'")
    let c1 = try running.kept()[Rota.dates[1]]?["c"]?.filter { !$0.span.isEmpty }
    #expect(c1?.map(\.time.observed) == [Milliseconds(1)])
  }

  @Test func `follow who changes handhelds in the middle of a shift`() throws {
    let running = try Running()
    try running.take(Rota.observations(), until: Rota.end)
    let kept = try running.kept()[Rota.dates[0]] ?? [:]
    let postings = running.version.plan.postings(on: Rota.dates[0]).filter { $0.member == "Mei" }
    #expect(postings.map(\.handheld) == ["a", "b"])
    for posting in postings {
      let spells = (kept[posting.handheld] ?? []).filter { !$0.span.isEmpty }
      #expect(spells.map(\.span) == [posting.span])
      #expect(spells[0].time.walked > 1000 && spells[0].time.reports > 1000)
      // What it told outside of them is nobody's time.
      let besides = (kept[posting.handheld] ?? []).filter { $0.span.isEmpty }
      #expect(besides.count == 1 && besides[0].time.onDuty == .zero && besides[0].time.reports > 0)
    }
  }

  @Test func `are made anew where a backlog comes late`() throws {
    let running = try Running()
    let all = try Rota.observations()
    let early = try Rota.observations(silent: ("a", 30...90))
    let known = Set(early)
    let backlog = all.filter { !known.contains($0) }
    #expect(backlog.count == 61 * 6)
    try running.take(early, until: Rota.end)
    try running.compare()
    let before = try running.kept()[Rota.dates[1]]!["a"]!.reduce(into: DutyTime()) {
      $0.add($1.time)
    }
    #expect(before.silent > .minutes(30))

    let end = try Rota.end
    _ = try running.pipeline!.take(
      backlog.map { Observation(handheld: "a", receivedAt: end, report: $0.report) }.filter {
        $0.fix != nil
      }, until: end + .seconds(1))
    // Known to be due at once, and told out of the fixes; made anew once it has settled.
    #expect(
      try running.count(
        "SELECT count(*) FROM handheld_day_due WHERE day = '2026-10-24' AND handheld = 'a'")
        == 1)
    try running.compare()
    try running.pass(until: end + .minutes(5))
    #expect(try running.count(Self.due) == 0)
    try running.compare()
    let after = try running.kept()[Rota.dates[1]]!["a"]!.reduce(into: DutyTime()) {
      $0.add($1.time)
    }
    #expect(after.silent < before.silent && after.walked > before.walked)
    #expect(after.onDuty == before.onDuty)
  }

  @Test func `know of an outage that is told later, and of one that ends later`() throws {
    let running = try Running()
    try running.take(Rota.observations(silent: ("a", 0...100)), until: Rota.end)
    let eight = running.version.plan.instant(of: TimeOfDay("20:00")!, in: Rota.dates[1])
    let end = try Rota.end
    let outage = Outage(
      kind: .unreachable, handheld: "a", began: eight, ended: eight + .minutes(100))
    _ = try running.pipeline!.take([], outages: [outage], until: end + .seconds(30))
    #expect(try running.count(Self.due) == 1)
    try running.compare()
    try running.pass(until: end + .minutes(10))
    #expect(try running.count(Self.due) == 0)
    try running.compare()
    let a = try running.kept()[Rota.dates[1]]!["a"]!.reduce(into: DutyTime()) { $0.add($1.time) }
    #expect(a.unreachable > .minutes(80))

    let down = Outage(kind: .daemonDown, handheld: nil, began: eight, ended: eight + .hours(30))
    _ = try running.pipeline!.take([], outages: [down], until: end + .minutes(10) + .seconds(30))
    #expect(try running.count(Self.due) == 6)
    try running.compare()
    try running.pass(until: end + .minutes(20))
    #expect(try running.count(Self.due) == 0)
    try running.compare()
  }

  @Test func `are of the plan in force when the day ended`() throws {
    let running = try Running()
    try running.take(Rota.observations(), until: Rota.end)
    running.version = try Rota.version("two", shiftEnds: "03:00")
    let span = try Rota.span(1)
    try running.open(at: span.lowerBound, .windows(span))
    // By the plan that the past was judged by once more, before anything was summed again.
    try running.compare()
    try running.pipeline!.sumDays()
    #expect(try running.count("SELECT count(*) FROM summed_day WHERE digest = 'two'") == 3)
    #expect(try running.count(Self.due) == 0)
    let (one, two) = (try Rota.version("one"), try Rota.version("two", shiftEnds: "03:00"))
    try running.compare(two)
    #expect(
      try running.kept(two)[Rota.dates[2]]!["c"]!.contains {
        $0.span.upperBound - $0.span.lowerBound == .hours(9)
      })
    // A reader that has the other plan in mind is told by that.
    try running.compare(one)
  }

  @Test func `stay when the fixes of a day are purged`() throws {
    let running = try Running()
    try running.take(Rota.observations(), until: Rota.end + .hours(80))
    let before = try running.kept()
    // Not summed yet, as after a backlog: purging does it first.
    try running.alter("INSERT INTO handheld_day_due VALUES ('2026-10-24', 'a', 1e15)")
    try running.alter(
      "UPDATE handheld_day SET silent_ms = 5 WHERE handheld = 'a' AND day = '2026-10-24'")
    let store = try Store(at: running.scratch.path, for: .amend)
    for day in running.days() {
      #expect(try store.write { try $0.purgeFixes(of: day, by: "Chen", at: Rota.end) } > 0)
    }
    #expect(try running.kept() == before)
    // What comes late of it judges nothing, and changes no sum.
    let late = try Rota.observations().prefix(100).map { o in
      Observation(handheld: o.handheld, receivedAt: o.receivedAt + .seconds(1), report: o.report)
    }
    _ = try running.pipeline!.take(late, until: Rota.end + .hours(81))
    #expect(try running.count(Self.due) == 0)
    #expect(try running.kept() == before)
    // Without sums nothing can be told, and nothing is.
    try running.alter("DELETE FROM summed_day WHERE day = '2026-10-23'")
    #expect(try running.kept()[Rota.dates[0]] == nil)
    #expect(try running.kept()[Rota.dates[1]] == before[Rota.dates[1]])
  }

  @Test func `are filled in where a store of version 3 is opened`() throws {
    let running = try Running()
    try running.take(Rota.observations(), until: Rota.end)
    let before = try running.kept()
    running.pipeline = nil
    try running.alter(
      """
      DROP VIEW handheld_days; DROP TABLE handheld_day; DROP TABLE handheld_day_due; DROP TABLE summed_day;
      DROP TABLE gap_late;
      PRAGMA user_version = 3;
      """)
    #expect(throws: StoreError.self) { try Store(at: running.scratch.path, for: .read) }
    try running.open(at: Rota.end + .minutes(1))
    // At once, out of the fixes; then kept.
    #expect(try running.kept() == before)
    try running.pass(until: Rota.end + .minutes(10))
    #expect(try running.count(Self.summed) == 3)
    #expect(try running.count(Self.due) == 0)
    #expect(try running.kept() == before)
    try running.compare()
  }
}
