import Coverage
import GRDB
import Geodesy
import Patrol
import Testing

@testable import Store

@Suite struct `A pipeline` {
  /// A night in a store, in batches of so many observations, its pipeline dropped without a word every `kills` batches.
  func live(
    _ path: String, _ observations: [Observation], batch: Int = 20, kills: Int? = nil,
    checkpoints: Int? = 7, until: Instant = Night.minute(200), scope: Pipeline.Scope? = nil,
    version: Pipeline.Version? = nil, worthTwoThreads: Int = .max,
    durability: Store.Durability = .eachCommit, judgedAtOnce: Int = 1
  ) throws {
    let version = try version ?? Night.version("one")
    let scope = scope ?? .windows(Night.minute(-60)..<Night.minute(600))
    func open(at now: Instant) throws -> Pipeline {
      var pipeline = try Pipeline(
        store: Store(at: path, for: .write, durability: durability), version: version,
        scope: scope, at: now, program: "test", load: { _ in version.plan })
      pipeline.worthTwoThreads = worthTwoThreads
      pipeline.judgedAtOnce = judgedAtOnce
      return pipeline
    }
    var pipeline: Pipeline? = try open(at: Night.minute(-60))
    var before: [Observation] = []
    for (n, start) in stride(from: 0, to: observations.count, by: batch).enumerated() {
      var part = Array(observations[start..<min(start + batch, observations.count)])
      let now = part.map(\.receivedAt).max()!
      let isCheckpoint = checkpoints.map { n % $0 == 0 } ?? false
      if let kills, n % kills == kills - 1 {
        pipeline = nil
        pipeline = try open(at: now)
        // What was judged ahead went with it.
        if durability == .whole { part = before + part }
      }
      before = part
      if durability == .whole {
        _ = try pipeline!.takeAhead(Pipeline.Batch(part, until: now))
      } else {
        _ = try pipeline!.take(part, until: now)
      }
      if isCheckpoint { try pipeline!.saveCheckpoint() }
    }
    _ = try pipeline!.take([], until: until)
    if checkpoints != nil { try pipeline!.saveCheckpoint() }
  }

  func result(_ path: String) throws -> [String] {
    let store = try Store(at: path, for: .read)
    // What changed late is what the stories of the gaps tell of it.
    let (kept, told) = try DatabaseQueue(path: path).read { db in
      try (
        Row.fetchAll(db, sql: "SELECT * FROM gap_late ORDER BY 1, 2"),
        Row.fetchAll(
          db,
          sql: """
            SELECT g.window_began_ms, g.id AS gap, r.kind FROM gap g
              JOIN duty_window w USING (window_began_ms, duty, place)
              JOIN gap_revision r ON r.gap = g.id AND r.n = (
                SELECT max(n) FROM gap_revision l WHERE l.gap = g.id AND l.at_ms > w.ended_ms + 300000
                  AND l.kind NOT IN ('closed', 'excused')) ORDER BY 1, 2
            """)
      )
    }
    #expect(kept == told)
    return try gapTexts(store)
      + Queries(store).windowListing(Filter(), total: false).rows.map { "\($0)" }
      + Queries(store).stays(Filter()).rows.map { "\($0)" }
      + Queries(store).passes(Filter()).rows.map { "\($0)" }
      + Queries(store).attendance(Filter()).rows.map { "\($0)" }
      + Queries(store).fixes(Filter()).rows.map { "\($0)" }.sorted()
  }

  @Test func `comes to the same end however often it was killed, with checkpoints and without`()
    throws
  {
    let observations = Night.observations(silent: 30...80)
    let whole = try Scratch()
    try live(whole.path, observations)
    let expected = try result(whole.path)
    #expect(try gapTexts(Store(at: whole.path, for: .read)).count >= 2)
    for (kills, checkpoints) in [(3, 7), (5, 1), (4, nil)] as [(Int, Int?)] {
      let broken = try Scratch()
      try live(broken.path, observations, kills: kills, checkpoints: checkpoints)
      #expect(try result(broken.path) == expected)
    }
  }

  @Test func `comes to the same end where it judges beside the store`() throws {
    let observations = Night.observations(silent: 30...80)
    let (one, two) = (try Scratch(), try Scratch())
    try live(one.path, observations)
    try live(two.path, observations, kills: 5, worthTwoThreads: 1)
    #expect(try result(two.path) == result(one.path))
  }

  /// Told in order, late in part, and in no order at all, some of it twice; with what a live store had taken before.
  @Test func `comes to the same end where fixes are put in order as they come`() throws {
    let late = Night.observations(silent: 30...80, delivered: 100)
    var random = Xorshift(state: 11)
    let mixed = (late + late.prefix(200)).shuffled(using: &random)
    for (observations, batch) in [(late, 50), (mixed, 120)] {
      let (one, two, three) = (try Scratch(), try Scratch(), try Scratch())
      try live(one.path, observations)
      try live(two.path, observations, batch: batch, kills: 4, durability: .whole)
      #expect(try result(two.path) == result(one.path))
      try live(three.path, Array(observations.prefix(observations.count / 2)))
      try live(three.path, observations, batch: batch, durability: .whole)
      #expect(try result(three.path) == result(one.path))
      // In groups of batches, some of which hold what those before them did.
      for judgedAtOnce in [3 * batch, 200] {
        let four = try Scratch()
        let twice =
          observations.indices.flatMap { i in
            i % 50 == 49 ? observations[(i - 49)...i] + observations[(i - 49)...i] : []
          } + observations.suffix(observations.count % 50)
        try live(
          four.path, twice, batch: batch, checkpoints: nil, durability: .whole,
          judgedAtOnce: judgedAtOnce)
        #expect(try result(four.path) == result(one.path))
      }
    }
  }

  @Test func `finds nothing new in what it had before`() throws {
    let observations = Night.observations(silent: 30...80, delivered: 100)
    let scratch = try Scratch()
    try live(scratch.path, observations)
    func everything() throws -> [String] {
      let store = try Store(at: scratch.path, for: .read)
      let queries = Queries(store)
      return try result(scratch.path) + queries.gapListing(Filter()).rows.map { "\($0)" }
        + queries.withdrawn(Filter()).flatMap { try queries.revisions(of: $0.id) }.map { "\($0)" }
    }
    let before = try everything()
    try live(scratch.path, observations)
    #expect(try everything() == before)
  }

  @Test(arguments: [1, 2, 3])
  func `does not mind in which order it hears`(seed: UInt64) throws {
    let observations = Night.observations(silent: 30...80)
    let (ordered, shuffled) = (try Scratch(), try Scratch())
    try live(ordered.path, observations)
    var random = Xorshift(state: seed)
    let order = observations.shuffled(using: &random)
    try live(shuffled.path, order, kills: 9)
    #expect(try result(shuffled.path) == result(ordered.path))

    // In two goes, the second all late, in small batches and with the clock at rest.
    let halves = try Scratch()
    try live(halves.path, Array(order[(order.count / 2)...]))
    try live(halves.path, Array(order[..<(order.count / 2)]), batch: 40)
    #expect(try result(halves.path) == result(ordered.path))
  }

  @Test func `withdraws what a backlog disproves, and keeps the story`() throws {
    let scratch = try Scratch()
    try live(scratch.path, Night.observations(silent: 30...80, delivered: 100))
    let store = try Store(at: scratch.path, for: .read)
    #expect(try gapTexts(store) == [])
    let withdrawn = try Queries(store).withdrawn(Filter())
    #expect(!withdrawn.isEmpty)
    for gap in withdrawn {
      let kinds = try Queries(store).revisions(of: gap.id).map(\.kind)
      #expect(kinds.first == .opened && kinds.last == .withdrawn)
    }
  }

  @Test func `re-opens a night that no engine holds any more`() throws {
    let (late, straight) = (try Scratch(), try Scratch())
    let observations = Night.observations(silent: 30...80, delivered: 24 * 60)
    let until = Night.minute(25 * 60)
    let once = try Night.version("one", days: .dates([CivilDate("2026-11-20")!]))
    try live(late.path, observations, until: until, scope: .live, version: once)
    try live(straight.path, Night.observations(), until: until, scope: .live, version: once)
    let store = try Store(at: late.path, for: .read)
    let other = try Store(at: straight.path, for: .read)
    #expect(try gapTexts(store) == gapTexts(other))
    let withdrawn = try Queries(store).withdrawn(Filter()).count
    let ever = Instant.distantPast..<Instant.distantFuture
    let lateness = try Queries(store).lateness(windowsOpening: ever)
    #expect(withdrawn > 0 && lateness.withdrawn == withdrawn)
    #expect(try Queries(other).lateness(windowsOpening: ever).isNone)
    // A store of before has it from the stories of its gaps.
    try DatabaseQueue(path: late.path).write {
      try $0.execute(sql: "DROP TABLE gap_late; PRAGMA user_version = 5")
    }
    _ = try Store(at: late.path, for: .write)
    let migrated = try Queries(Store(at: late.path, for: .read))
    #expect(try migrated.lateness(windowsOpening: ever) == lateness)
  }

  @Test func `keeps what is delivered of a shift that was over before it began`() throws {
    let scratch = try Scratch()
    let once = try Night.version("one", days: .dates([CivilDate("2026-11-20")!]))
    let observations = Night.observations(silent: -10...125, delivered: 15 * 60)
    var pipeline = try Pipeline(
      store: Store(at: scratch.path, for: .write), version: once, scope: .live,
      at: Night.minute(14 * 60), program: "test", load: { _ in once.plan })
    let taken = try pipeline.take(observations, until: Night.minute(16 * 60))
    #expect(taken.stored == observations.count)
    #expect(try gapTexts(Store(at: scratch.path, for: .read)).isEmpty)
  }

  @Test func `leaves what it judged alone when it starts again long after`() throws {
    let scratch = try Scratch()
    let once = try Night.version("one", days: .dates([CivilDate("2026-11-20")!]))
    let observations = Night.observations(silent: 30...80)
    try live(
      scratch.path, observations, checkpoints: nil, until: Night.minute(420), scope: .live,
      version: once)
    let before = try result(scratch.path)
    for minute in [430.0, 600] {
      var pipeline = try Pipeline(
        store: Store(at: scratch.path, for: .write), version: once, scope: .live,
        at: Night.minute(minute), program: "another build", load: { _ in once.plan })
      _ = try pipeline.take([], until: Night.minute(minute + 1))
    }
    #expect(try result(scratch.path) == before)
  }

  @Test func `takes a backlog up as long as the shift lasts`() throws {
    let (late, straight) = (try Scratch(), try Scratch())
    let long = try Night.version(
      "one", days: .dates([CivilDate("2026-11-20")!]), shiftEnds: "06:00")
    let observations = Night.observations(silent: 30...80, delivered: 300)
    try live(late.path, observations, until: Night.minute(320), scope: .live, version: long)
    try live(
      straight.path, Night.observations(), until: Night.minute(320), scope: .live, version: long)
    let store = try Store(at: late.path, for: .read)
    #expect(try !Queries(store).withdrawn(Filter()).isEmpty)
    #expect(try gapTexts(store) == gapTexts(Store(at: straight.path, for: .read)))
  }

  @Test func `tells a plan that is put in force of the outages it finds`() throws {
    let scratch = try Scratch()
    let one = try Night.version("one")
    let two = try Night.version("two", bankEvery: 50)
    var pipeline = try Pipeline(
      store: Store(at: scratch.path, for: .write), version: one, scope: .live,
      at: Night.minute(-60), program: "test", load: { $0 == "one" ? one.plan : two.plan })
    let outage = Outage(
      kind: .unreachable, handheld: "a", began: Night.minute(-30), ended: nil)
    _ = try pipeline.take(
      Night.observations().filter { $0.receivedAt < Night.minute(-5) }, outages: [outage],
      until: Night.minute(-5))
    try pipeline.replace(with: two, at: Night.minute(-4))
    _ = try pipeline.take([], until: Night.minute(200))
    let causes = try Queries(Store(at: scratch.path, for: .read)).gaps(Filter()).map(\.gap.cause)
    #expect(!causes.isEmpty && causes.allSatisfy { $0 == .unreachable })
  }

  @Test func `records the time without it, and blames itself for it`() throws {
    let scratch = try Scratch()
    let observations = Night.observations()
    try live(
      scratch.path, observations.filter { $0.receivedAt < Night.minute(20) },
      until: Night.minute(20), scope: .live)
    try live2(scratch.path, observations.filter { $0.receivedAt > Night.minute(90) })
    let store = try Store(at: scratch.path, for: .read)
    let outages = try Queries(store).outages(Filter())
    #expect(outages.rows.last?[0] == .text("daemon_down"))
    let gaps = try Queries(store).gaps(Filter())
    #expect(!gaps.isEmpty && gaps.allSatisfy { $0.gap.cause == .daemonDown })

    // The same as one engine that is given all that was committed.
    var engine = Engine(
      plan: try Night.version("one").plan, windows: Night.minute(-60)..<Night.minute(600))
    for outage in [
      Outage(
        kind: .daemonDown, handheld: nil, began: Night.minute(20), ended: Night.minute(90))
    ] {
      engine.record(outage)
    }
    _ = engine.ingest(
      observations.filter {
        $0.receivedAt < Night.minute(20) || $0.receivedAt > Night.minute(90)
      })
    engine.advance(to: Night.minute(200))
    var reference: [Gap.ID: Gap] = [:]
    for case .gap(let gap, let revision) in engine.takeEvents() {
      reference[gap.id] = revision == .withdrawn ? nil : gap
    }
    func regions(_ gaps: [Gap]) -> Set<Region> { Set(gaps.map(\.region)) }
    #expect(regions(gaps.map(\.gap)) == regions(Array(reference.values)))
  }

  func live2(_ path: String, _ observations: [Observation]) throws {
    let version = try Night.version("one")
    var pipeline = try Pipeline(
      store: Store(at: path, for: .write), version: version, scope: .live, at: Night.minute(90),
      program: "test", load: { _ in version.plan })
    _ = try pipeline.take(observations, until: Night.minute(200))
  }

  /// Of many fixes that are to be put in order some are with each batch; how many are left is known after a restart too.
  @Test func `puts a backlog in order a little at a time`() throws {
    let handhelds: [Handheld.ID] = ["a", "b", "c", "d"]
    let (scratch, version) = (try Scratch(), try Night.version("one", handhelds: handhelds))
    func open() throws -> Pipeline {
      try Pipeline(
        store: Store(at: scratch.path, for: .write), version: version, scope: .live,
        at: Night.minute(-60), program: "test", load: { _ in version.plan })
    }
    let observations = Night.observations()
    let all = handhelds.flatMap { id in
      observations.map {
        Observation(handheld: id, receivedAt: $0.receivedAt, report: $0.report)
      }
    }
    var pipeline: Pipeline? = try open()
    _ = try pipeline!.take(all, until: Night.minute(200))
    let stored = try Queries(Store(at: scratch.path, for: .read)).fixes(Filter()).rows.count
    #expect(pipeline!.store.recent.leftToMove == 0)
    try pipeline!.saveCheckpoint()
    #expect(pipeline!.store.recent.leftToMove == stored && stored > 2_500)
    var left = stored
    while left > 0 {
      pipeline = nil
      pipeline = try open()
      #expect(pipeline!.store.recent.leftToMove == left)
      _ = try pipeline!.take([], until: Night.minute(200))
      let now = pipeline!.store.recent.leftToMove
      #expect(now < left && left - now < 1_000 + 2 * stored / handhelds.count)
      left = now
    }
    #expect(
      try Queries(Store(at: scratch.path, for: .read)).fixes(Filter()).rows.count == stored)
  }

  @Test func `judges a window by the plan in force when it opened`() throws {
    let scratch = try Scratch()
    let one = try Night.version("one")
    let two = try Night.version("two", bankEvery: 6)
    let observations = Night.observations()
    func open(_ version: Pipeline.Version, _ now: Instant) throws -> Pipeline {
      try Pipeline(
        store: Store(at: scratch.path, for: .write), version: version, scope: .live, at: now,
        program: "test", load: { $0 == "one" ? one.plan : two.plan })
    }
    var pipeline: Pipeline? = try open(one, Night.minute(-60))
    _ = try pipeline!.take(
      observations.filter { $0.receivedAt < Night.minute(50) }, until: Night.minute(50))
    try pipeline!.saveCheckpoint()
    try pipeline!.replace(with: two, at: Night.minute(50))
    _ = try pipeline!.take(
      observations.filter { $0.receivedAt >= Night.minute(50) && $0.receivedAt < Night.minute(70) },
      until: Night.minute(70))
    pipeline = nil
    pipeline = try open(two, Night.minute(70))
    _ = try pipeline!.take(
      observations.filter { $0.receivedAt >= Night.minute(70) }, until: Night.minute(24 * 60 + 30))
    let gaps = try Queries(Store(at: scratch.path, for: .read)).gaps(Filter()).map(\.gap)
    // Tonight every 45 minutes is kept; tomorrow nobody is seen at all.
    #expect(!gaps.isEmpty && gaps.allSatisfy { $0.began > Night.minute(24 * 60 - 1) })
    let versions = try Queries(Store(at: scratch.path, for: .read)).planVersions()
    #expect(versions.map(\.digest) == ["one", "two"])
  }

  @Test func `keeps a batch that cannot be stored until it can`() throws {
    let (scratch, whole) = (try Scratch(), try Scratch())
    let version = try Night.version("one")
    let observations = Night.observations(silent: 30...80)
    let store = try Store(at: scratch.path, for: .write)
    var pipeline = try Pipeline(
      store: store, version: version, scope: .windows(Night.minute(-60)..<Night.minute(600)),
      at: Night.minute(-60), program: "test", load: { _ in version.plan })
    struct Full: Error {}
    for (n, start) in stride(from: 0, to: observations.count, by: 30).enumerated() {
      let part = Array(observations[start..<min(start + 30, observations.count)])
      let now = part.map(\.receivedAt).max()!
      if n % 5 == 2 {
        #expect(throws: StoreError.self) {
          _ = try pipeline.take(part, until: now, also: { _, _ in throw Full() })
        }
        #expect(pipeline.heldCount == part.count)
      } else {
        _ = try pipeline.take(part, until: now)
      }
    }
    _ = try pipeline.take([], until: Night.minute(200))
    try live(whole.path, observations, batch: 30)
    #expect(try result(scratch.path) == result(whole.path))
  }

  /// The engine is a batch ahead when the store fails.
  @Test func `keeps what was judged ahead until it can be stored`() throws {
    let (scratch, whole) = (try Scratch(), try Scratch())
    let version = try Night.version("one")
    let observations = Night.observations(silent: 30...80)
    let store = try Store(at: scratch.path, for: .write, durability: .whole)
    var pipeline = try Pipeline(
      store: store, version: version, scope: .windows(Night.minute(-60)..<Night.minute(600)),
      at: Night.minute(-60), program: "test", load: { _ in version.plan })
    pipeline.judgedAtOnce = 1
    var before = 0
    for (n, start) in stride(from: 0, to: observations.count, by: 30).enumerated() {
      let part = Array(observations[start..<min(start + 30, observations.count)])
      let now = part.map(\.receivedAt).max()!
      if n % 5 == 2 {
        try store.run {
          try $0.execute(
            sql: """
              CREATE TEMP TRIGGER full BEFORE INSERT ON main.fix_kept
              BEGIN SELECT raise(ABORT, 'full'); END
              """)
        }
        #expect(throws: StoreError.self) {
          _ = try pipeline.takeAhead(Pipeline.Batch(part, until: now))
        }
        #expect(pipeline.heldCount == before + part.count)
        try store.run { try $0.execute(sql: "DROP TRIGGER temp.full") }
      } else {
        _ = try pipeline.takeAhead(Pipeline.Batch(part, until: now))
      }
      before = pipeline.heldCount == 0 && n % 5 != 3 ? part.count : 0
    }
    _ = try pipeline.take([], until: Night.minute(200))
    try live(whole.path, observations, batch: 30)
    #expect(try result(scratch.path) == result(whole.path))
  }
}

struct Xorshift: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x9e37_79b9_7f4a_7c15
  }
}
