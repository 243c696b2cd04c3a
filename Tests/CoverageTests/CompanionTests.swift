import Geodesy
import Patrol
import Testing

@testable import Coverage

@Suite struct `Stretches walked together` {
  /// Out for 300 m and back over the same street: each half is walked with the other, from home to where it turns.
  @Test func `reach right up to where a line turns back on itself`() throws {
    let plan = try Beat.plan(
      [Beat.line("line", [(0, 0), (300, 0), (0, 0)])], [Beat.duty(["line"], every: 60)])
    let observations = (0...200).map { k in
      let time = Beat.start + .seconds(k)
      return Observation(
        handheld: "a", receivedAt: time,
        report: .fix(
          Fix(
            time: time, position: Beat.at(min(300, 1.5 * Double(k)), 0.5), mode: 3, accuracy: 5,
            speed: 1.5, track: 90)))
    }
    let legs = Engine.legs(
      of: "a", in: Beat.minute(-60)..<Beat.minute(60), from: observations, under: plan
    ).filter { !$0.isUndecided }
    for chainage in stride(from: 15.0, through: 285, by: 10) {
      for s in [chainage, 600 - chainage] {
        #expect(
          legs.contains {
            min($0.from.value, $0.to.value) <= s && s <= max($0.from.value, $0.to.value)
          },
          "at \(s) m")
      }
    }
  }

  /// Neighbouring stretches round a gentle bend are not.
  @Test func `are none round a bend`() throws {
    let line = Beat.line("line", [(0, 0), (100, 0), (200, 20), (300, 60)])
    let ways = Ground(try Beat.plan([line], [Beat.duty(["line"], every: 60)])).ways
    #expect(ways.companions.isEmpty)
  }
}
