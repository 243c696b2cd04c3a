import Coverage
import Patrol
import Testing

@Suite struct `Checkpoints` {
  private func engine() throws -> (engine: Engine, rest: [Observation]) {
    let evening = try SmallEvening(7)
    var engine = Engine(plan: evening.plan, windows: Beat.minute(-300)..<Beat.minute(600))
    let half = evening.observations.count / 2
    for o in evening.observations[..<half] {
      _ = engine.ingest([o])
      engine.advance(to: o.receivedAt)
    }
    return (engine, Array(evening.observations[half...]))
  }

  private func rest(of engine: Engine, _ observations: [Observation]) -> [Event] {
    var engine = engine
    _ = engine.takeEvents()
    for o in observations {
      _ = engine.ingest([o])
      engine.advance(to: o.receivedAt)
    }
    engine.advance(to: Beat.minute(200))
    return engine.takeEvents()
  }

  @Test func `taken up, an engine concludes what it would have without`() throws {
    let (engine, later) = try engine()
    var (straight, taken) = (Ear(), Ear())
    straight.hear(rest(of: engine, later))
    taken.hear(rest(of: try #require(engine.takenUpAgain()), later))
    #expect(straight.conclusions.gaps == taken.conclusions.gaps)
    #expect(straight.conclusions.stays == taken.conclusions.stays)
    #expect(straight.conclusions.passes == taken.conclusions.passes)
    #expect(!straight.conclusions.gaps.isEmpty)
  }

  @Test func `torn or spoilt, it is not taken up`() throws {
    let (engine, _) = try engine()
    #expect(engine.takenUpAgain { $0.removeLast() } == nil)
    #expect(engine.takenUpAgain { $0 = [] } == nil)
    #expect(engine.takenUpAgain { $0.swapAt(0, $0.count - 1) } == nil)
    for byte in stride(from: 0, to: 4000, by: 37) {
      let taken = engine.takenUpAgain { parts in
        let p = byte % parts.count
        parts[p][byte % parts[p].count] ^= 0x40
      }
      #expect(taken == nil, "byte \(byte)")
    }
    for length in [0, 1, 7, 8, 9, 100] {
      #expect(engine.takenUpAgain { $0[1] = Array($0[1].prefix(length)) } == nil)
    }
  }
}
