import Geodesy
import Patrol
import Testing

@testable import Coverage

@Suite struct `Legs on a line` {
  private let plan: Plan
  /// 1.5 m/s along it, from its beginning on.
  private let walk = Stroll(knots: [(0, 0, 0.5), (10, 900, 0.5)])

  init() throws {
    plan = try Beat.plan(
      [Beat.line("line", [(0, 0), (900, 0)])], [Beat.duty(["line"], every: 60)])
  }

  private func legs(_ fixes: [Fix]) -> [Leg] {
    Engine.legs(
      of: "a", in: Beat.minute(-60)..<Beat.minute(60),
      from: fixes.map {
        Observation(handheld: "a", receivedAt: $0.time, report: .fix($0))
      }, under: plan
    ).filter { !$0.isUndecided }
  }

  /// Three seconds after a node of the matcher's, and one: what was gone since then is observed like the rest.
  @Test(arguments: [1, 2, 3, 4])
  func `reach up to the last fix before a silence, and on from the first after it`(_ after: Int)
    throws
  {
    let silent = (200.0 + Double(after))...(320.0 + Double(after))
    let fixes = walk.told(until: 10).filter {
      let second = ($0.time - Beat.start).seconds
      return second <= silent.lowerBound || second >= silent.upperBound
    }
    let legs = legs(fixes).map { min($0.from.value, $0.to.value)...max($0.from.value, $0.to.value) }
    let (before, after) = (5...1.5 * silent.lowerBound - 1, 1.5 * silent.upperBound + 1...890)
    for s in stride(from: 5.0, through: 890, by: 1) where before ~= s || after ~= s {
      #expect(legs.contains { $0 ~= s }, "at \(s) m")
    }
  }

  /// However unevenly the fixes come: as late as the last before the lag is over allows for the next.
  @Test(arguments: [1, 2, 3, 5, 10], [1, 2, 3] as [UInt64])
  func `are decided within the lag`(_ interval: Int, _ seed: UInt64) throws {
    let ground = Ground(plan)
    let every = Int64(interval) * 1000
    let jitter: Int64 = 400
    var random = SplitMix(seed)
    var matcher = Matcher()
    var legs: [MatchedLeg] = []
    var told = 0
    for fix in walk.told(until: 10, every: Double(interval), sigma: 4, doppler: 0.1, seed: seed) {
      let at = fix.time.milliseconds + Int64(random.next() % UInt64(jitter))
      matcher.step(TrackFix(fix, at: at, accuracy: 5), every: every, on: ground, into: &legs)
      for leg in legs {
        #expect(at - leg.ended <= Matcher.lag + jitter)
        told += 1
      }
      legs.removeAll()
    }
    #expect(told > 20)
  }
}
