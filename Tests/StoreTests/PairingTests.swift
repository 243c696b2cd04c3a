import Coverage
import GRDB
import Geodesy
import Patrol
import Testing

@testable import Store

@Suite struct `Handhelds carried together` {
  /// a and b are one person's, b reporting 2 s after a; c goes the same round 9 minutes later. b is silent for a time.
  static func observations(silent: ClosedRange<Double>? = nil, delivered: Double? = nil)
    -> [Observation]
  {
    func other(_ id: Handheld.ID, _ told: [Observation], later: Milliseconds) -> [Observation] {
      told.compactMap { o in
        guard var fix = o.fix else { return nil }
        fix.time = fix.time + later
        return Observation(
          handheld: id, receivedAt: o.receivedAt + later, report: .fix(fix))
      }
    }
    let a = Night.observations()
    let all =
      a + other("b", Night.observations(silent: silent, delivered: delivered), later: .seconds(2))
      + other("c", a, later: .minutes(9))
    return all.sorted { ($0.receivedAt, $0.handheld) < ($1.receivedAt, $1.handheld) }
  }

  static func version() throws -> Pipeline.Version {
    try Night.version("one", handhelds: ["a", "b", "c"])
  }

  /// Takes a night in batches, dropped without a word every `kills` of them; what was found first along the way.
  @discardableResult
  func take(
    _ observations: [Observation], into path: String, batch: Int = 60, kills: Int? = nil,
    until: Double = 200, scope: Pipeline.Scope = .windows(Night.minute(-60)..<Night.minute(600)),
    toTheEnd: Bool = true, durability: Store.Durability = .eachCommit
  ) throws -> [Pairing] {
    let version = try Self.version()
    func open(at now: Instant) throws -> Pipeline {
      try Pipeline(
        store: Store(at: path, for: .write, durability: durability), version: version,
        scope: scope, at: now, program: "test", load: { _ in version.plan })
    }
    var pipeline: Pipeline? = try open(at: Night.minute(-60))
    var found: [Pairing] = []
    for (n, start) in stride(from: 0, to: observations.count, by: batch).enumerated() {
      let part = Array(observations[start..<min(start + batch, observations.count)])
      let now = part.map(\.receivedAt).max()!
      if let kills, n % kills == kills - 1 {
        pipeline = nil
        pipeline = try open(at: now)
      }
      found += try pipeline!.take(part, until: now).pairings
    }
    // Time passes.
    for minute in stride(from: 140.0, through: until, by: 1) {
      found += try pipeline!.take([], until: Night.minute(minute)).pairings
    }
    if toTheEnd { found += try pipeline!.findPairings() }
    return found
  }

  func stored(_ path: String) throws -> [PairingRecord] {
    try Queries(Store(at: path, for: .read)).pairings(Filter())
  }

  @Test func `are found once, with what both attended`() throws {
    let scratch = try Scratch()
    let found = try take(Self.observations(), into: scratch.path)
    let all = try stored(scratch.path)
    let one = try #require(all.first)
    #expect(all.count == 1 && found.count == 1)
    #expect([one.pairing.first, one.pairing.second] == ["a", "b"])
    #expect(one.places == ["bank", "street"])
    #expect(one.pairing.moving > .minutes(100) && one.pairing.medianDistance < 4)
    #expect(found.first.map { $0.began } == one.pairing.began)
    // While they walked, not afterwards.
    #expect(found.first.map { $0.ended < Night.minute(10) } == true)
    var filter = Filter()
    filter.handhelds = ["b"]
    #expect(try Queries(Store(at: scratch.path, for: .read)).pairings(filter) == all)
    filter.handhelds = ["c"]
    #expect(try Queries(Store(at: scratch.path, for: .read)).pairings(filter) == [])
    filter = Filter()
    filter.from = Night.minute(160)
    #expect(try Queries(Store(at: scratch.path, for: .read)).pairings(filter) == [])
  }

  @Test(arguments: [1, 2, 3])
  func `are the same in any order of delivery, with any restarts`(seed: UInt64) throws {
    let observations = Self.observations(silent: 30...80)
    let (whole, broken, shuffled) = (try Scratch(), try Scratch(), try Scratch())
    try take(observations, into: whole.path)
    let expected = try stored(whole.path)
    #expect(expected.count == 2)
    try take(observations, into: broken.path, kills: 3 + Int(seed))
    #expect(try stored(broken.path) == expected)
    var random = Xorshift(state: seed)
    let order = observations.shuffled(using: &random)
    try take(order, into: shuffled.path, batch: 900, kills: 4)
    #expect(try stored(shuffled.path) == expected)
    for (i, delivered) in [observations, order].enumerated() {
      let clustered = try Scratch()
      try take(delivered, into: clustered.path, batch: 300, kills: 4 + i, durability: .whole)
      #expect(try stored(clustered.path) == expected)
    }
    // Again into the same store: nothing is found that was known.
    #expect(try take(order, into: shuffled.path, batch: 900) == [])
    #expect(try stored(shuffled.path) == expected)
  }

  /// A backlog delivered at minute 100 joins two pairings into one; nobody has to ask for it.
  @Test func `are looked for again where fixes come late`() throws {
    let (late, straight) = (try Scratch(), try Scratch())
    let observations = Self.observations(silent: 30...80, delivered: 100)
    try take(observations.filter { $0.receivedAt < Night.minute(100) }, into: late.path)
    #expect(try stored(late.path).count == 2)
    let other = try Scratch()
    let found = try take(
      observations, into: other.path, until: 60 * 12, scope: .live, toTheEnd: false)
    try take(Self.observations(), into: straight.path)
    #expect(try stored(other.path) == stored(straight.path))
    #expect(found.count == 2)
  }

  /// What was delivered late lies before anything that was stored: it is gone through in small steps all the same.
  @Test func `a backlog is never gone through in one go`() throws {
    let (late, straight) = (try Scratch(), try Scratch())
    let observations = Self.observations().map { o in
      o.orderTime < Night.minute(100)
        ? Observation(handheld: o.handheld, receivedAt: Night.minute(101), report: o.report) : o
    }.sorted { ($0.receivedAt, $0.orderTime) < ($1.receivedAt, $1.orderTime) }
    let version = try Self.version()
    var pipeline = try Pipeline(
      store: Store(at: late.path, for: .write), version: version, scope: .live,
      at: Night.minute(-60), program: "test", load: { _ in version.plan })
    pipeline.pairingWatch.budget = 300
    var (left, most) = (observations[...], 0)
    for second in stride(from: 99.5 * 60, through: 360 * 60, by: 5) {
      let now = Night.minute(second / 60)
      let come = left.prefix { $0.receivedAt <= now }
      left = left.dropFirst(come.count)
      _ = try pipeline.take(Array(come), until: now)
      most = max(most, pipeline.pairingWatch.cost)
    }
    #expect(left.isEmpty && most > 300 && most < 500)
    try take(Self.observations(), into: straight.path)
    #expect(try !stored(late.path).isEmpty && stored(late.path) == stored(straight.path))
  }
}
