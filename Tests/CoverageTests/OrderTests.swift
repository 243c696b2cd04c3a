import Coverage
import Geodesy
import Patrol
import Testing

@Suite struct `Order` {
  let places = [
    Beat.point("bank", 0, 0), Beat.line("street", [(100, 0), (1100, 0)]),
    Beat.area("park", 1150...1300, -80...80, cell: 50),
  ]

  /// Two hours of two handhelds with stays, silences and lost fixes.
  func evening(_ seed: UInt64) -> [Observation] {
    var random = SplitMix(seed)
    var all: [Observation] = []
    for id in ["a", "b"] as [Handheld.ID] {
      var walk = Walk(
        id, at: 0, 0, from: -20, interval: 5, noise: 4, seed: seed &+ UInt64(id.text.utf8.first!))
      for leg in 0..<8 {
        walk.isSilent = Int.random(in: 0..<5, using: &random) == 0
        let x = [0.0, 100, 600, 1100, 1220][Int.random(in: 0..<5, using: &random)]
        walk.go(to: x, 0, speed: Double.random(in: 0.8...2.2, using: &random))
        if Int.random(in: 0..<6, using: &random) == 0 { walk.lose(until: Double(leg * 18) + 1) }
        walk.stay(until: Double(leg * 18))
      }
      all += walk.observations
    }
    // Some are told twice, one of them less well.
    for o in all where Int.random(in: 0..<60, using: &random) == 0 {
      guard var fix = o.fix else { continue }
      fix.mode = 2
      all.append(Observation(handheld: o.handheld, receivedAt: o.receivedAt, report: .fix(fix)))
    }
    return all.sorted { ($0.receivedAt, $0.handheld) < ($1.receivedAt, $1.handheld) }
  }

  func plan() throws -> Plan {
    try Beat.plan(
      places,
      [
        Beat.duty("banks", ["bank"], every: 25, stay: 3),
        Beat.duty("streets", ["street"], every: 50),
        Beat.duty("parks", ["park"], every: 90, stay: 1),
      ], handhelds: ["a", "b"], interval: 5)
  }

  func expectEqual(_ a: Conclusions, _ b: Conclusions, _ l: SourceLocation = #_sourceLocation) {
    #expect(a.gaps == b.gaps, sourceLocation: l)
    #expect(a.stays == b.stays, sourceLocation: l)
    #expect(a.passes == b.passes, sourceLocation: l)
    #expect(a.standings == b.standings, sourceLocation: l)
    for (owed, cells) in a.attendance {
      #expect(cells == b.attendance[owed], sourceLocation: l)
    }
    #expect(a.attendance.count == b.attendance.count, sourceLocation: l)
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `of delivery changes nothing`(seed: UInt64) throws {
    let plan = try plan()
    let all = evening(seed)
    let inOrder = run(plan, all)
    #expect(!inOrder.gaps.isEmpty)
    var random = SplitMix(seed &* 31)
    // Wholly shuffled; and by minutes, as a network does it.
    expectEqual(run(plan, all.shuffled(using: &random), batch: 400), inOrder)
    let jittered = all.map {
      ($0, $0.receivedAt.milliseconds + Int64.random(in: 0...400_000, using: &random))
    }
    .sorted { $0.1 < $1.1 }.map(\.0)
    expectEqual(run(plan, jittered), inOrder)
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `of batches and restarts changes nothing`(seed: UInt64) throws {
    let plan = try plan()
    let all = evening(seed)
    let inOrder = run(plan, all)
    expectEqual(run(plan, all, batch: 1), inOrder)
    expectEqual(run(plan, all, batch: 777), inOrder)
    expectEqual(run(plan, all, batch: 30, restartEvery: 2), inOrder)
  }

  @Test func `of repetition changes nothing`() throws {
    let plan = try plan()
    let all = evening(9)
    expectEqual(run(plan, all + all), run(plan, all))
  }
}
