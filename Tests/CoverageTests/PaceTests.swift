import Geodesy
import Patrol
import Testing

@testable import Coverage

@Suite struct `Pace between slow reports` {
  /// Gone at one speed until a moment and at another from then on.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `holds every speed where it was gone at`(seed: UInt64) {
    var random = SplitMix(seed)
    let (first, last) = (
      Double.random(in: 0...12, using: &random), Double.random(in: 0...12, using: &random)
    )
    let duration = Double.random(in: 15...60, using: &random)
    let moment = Double.random(in: 0...duration, using: &random)
    let doubt = Double.random(in: 0...15, using: &random)
    let way = first * moment + last * (duration - moment)
    let pace = Pace(
      first: first, last: last, told: min(first, last)...max(first, last),
      way: max(0, way + .random(in: -1...1, using: &random) * doubt / 2), doubt: doubt,
      duration: duration)
    let stretches = pace.stretches
    #expect(stretches.first?.time.lowerBound == 0)
    #expect(stretches.last?.time.upperBound == 1)
    for (a, b) in zip(stretches, stretches.dropFirst()) {
      #expect(a.time.upperBound == b.time.lowerBound)
      #expect(a.way.upperBound <= b.way.lowerBound + 1e-9)
    }
    for k in 0..<100 {
      let t = (Double(k) + 0.5) / 100
      let stretch = stretches.first { $0.time.contains(t) }
      #expect(stretch?.speeds.contains(t * duration < moment ? first : last) == true, "at \(t)")
    }
  }

  @Test func `tells a burst between two slow reports, and a crawl between two fast ones`() {
    let burst = Pace(first: 2, last: 2, told: 2...2, way: 150, doubt: 10, duration: 30)
    #expect(burst.speeds.lowerBound == 2)
    #expect(burst.speeds.upperBound > 7)
    let crawl = Pace(first: 9, last: 9, told: 9...9, way: 120, doubt: 10, duration: 30)
    #expect(crawl.speeds.lowerBound < 1)
    #expect(crawl.speeds.upperBound == 9)
    let steady = Pace(first: 9, last: 9, told: 9...9, way: 265, doubt: 10, duration: 30)
    #expect(steady.speeds == 9...9)
  }

  /// A fix every half a minute: 3 m/s for 200 m, 10 m/s for 600 m, 3 m/s for the rest.
  @Test func `proves the slow part of a ride, and only that`() throws {
    let plan = try Beat.plan(
      [Beat.line("line", [(0, 0), (1200, 0)])], [Beat.duty(["line"], every: 60)],
      interval: 30, travel: .ebike)
    func ride(_ t: Double) -> (x: Double, speed: Double) {
      let (slow, fast) = (200.0 / 3, 60.0)
      if t < slow { return (3 * t, 3) }
      if t < slow + fast { return (200 + 10 * (t - slow), 10) }
      return (800 + 3 * (t - slow - fast), 3)
    }
    let observations = (0..<9).map { k in
      let (x, speed) = ride(Double(k) * 30)
      let time = Beat.minute(Double(k) / 2)
      return Observation(
        handheld: "a", receivedAt: time,
        report: .fix(
          Fix(
            time: time, position: Beat.at(x, 1), mode: 3, accuracy: 5,
            speed: MetresPerSecond(speed),
            track: 90)))
    }
    let legs = Engine.legs(
      of: "a", in: Beat.minute(-60)..<Beat.minute(60), from: observations, under: plan)
    let limit = plan.handhelds[0].travel.passSpeedMaximum
    let slow = legs.filter { !$0.isUndecided && $0.speed <= limit }
    let fast = legs.filter { !$0.isUndecided && $0.speed > limit }
    #expect(slow.contains { $0.from.value < 100 && $0.to.value > 100 })
    #expect(slow.contains { $0.from.value < 900 && $0.to.value > 900 })
    #expect(fast.contains { $0.from.value < 500 && $0.to.value > 500 })
    #expect(slow.allSatisfy { $0.to.value < 230 || $0.from.value > 770 || $0.from == $0.to })
  }
}
