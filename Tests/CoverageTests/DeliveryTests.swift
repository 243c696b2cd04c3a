import Coverage
import Geodesy
import Patrol
import Testing

@Suite struct `Deliveries` {
  /// Through an engine in batches of random size, taken up again from a checkpoint now and then.
  func told(
    _ evening: SmallEvening, _ observations: [Observation], _ random: inout SplitMix
  ) throws -> Conclusions {
    var engine = Engine(plan: evening.plan, windows: Beat.minute(-300)..<Beat.minute(600))
    var ear = Ear()
    var shelf = Shelf()
    let most = [10, 60, 400, 400][Int.random(in: 0..<4, using: &random)]
    var start = 0
    while start < observations.count {
      let end = min(observations.count, start + Int.random(in: 1...most, using: &random))
      let part = Array(observations[start..<end])
      start = end
      shelf.feed(part, to: &engine)
      let latest = part.map(\.receivedAt).max() ?? engine.now
      engine.advance(to: latest)
      ear.hear(engine.takeEvents())
      if Int.random(in: 0..<6, using: &random) == 0 {
        engine = try #require(engine.takenUpAgain())
      }
    }
    engine.advance(to: Beat.minute(200))
    ear.hear(engine.takeEvents())
    return ear.conclusions
  }

  /// Live, however it was delivered, and offline: one batch in order, then the whole evening's passing.
  @Test(arguments: 0..<48 as Range<UInt64>)
  func `come to the same in any order, with any restarts`(seed: UInt64) throws {
    let evening = try SmallEvening(seed)
    var random = SplitMix(seed &* 7919)
    let offline = run(evening.plan, evening.observations, until: 200, batch: 100_000)
    let quiet = run(
      evening.plan, evening.observations, until: 200, batch: 7, tellsAsItGoes: false)
    #expect(quiet == offline, "seed \(seed)")
    for round in 0..<50 {
      let delivered = evening.delivered(&random)
      let live = try told(evening, delivered, &random)
      #expect(live.gaps == offline.gaps, "seed \(seed), round \(round)")
      #expect(live.standings == offline.standings, "seed \(seed), round \(round)")
      #expect(live.stays == offline.stays, "seed \(seed), round \(round)")
      #expect(live.passes == offline.passes, "seed \(seed), round \(round)")
      #expect(live.attendance == offline.attendance, "seed \(seed), round \(round)")
      if live != offline { return }
    }
  }
}
