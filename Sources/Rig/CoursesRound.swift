internal import Geodesy
internal import Patrol

/// Courses on lines that come back to themselves.
extension CourseBuilder {
  /// Round the whole figure, or by way of the crossing round one half of it.
  mutating func figureEight() {
    line("line", eight(uniform(700, 1300)))
    let total = length("line")
    handheld("a", at: beside("line", 0))
    while !isDone {
      let isUp = chance(0.5)
      if chance(0.35) {
        along("line", isUp ? 0 : total, isUp ? total : 0)
      } else {
        // At the crossing on to the other branch: the half with the beginning only.
        let (first, second) = (total / 4, total * 3 / 4)
        along("line", isUp ? 0 : total, isUp ? first : second)
        along("line", isUp ? second : first, isUp ? total : 0)
      }
      if chance(0.35) { rest("line", at: 0, minutes: 8...25) }
    }
  }

  /// Round and round over the joint, both ways, turning at times.
  mutating func closedLoop() {
    let corners = Int.random(in: 6...10, using: &random)
    line("line", loop(uniform(700, 1400), corners: corners))
    let total = length("line")
    var at = total * uniform(0, 1)
    handheld("a", at: beside("line", at))
    while !isDone {
      let way = total * uniform(0.3, 1.3) * (chance(0.5) ? 1 : -1)
      along("line", at, at + way)
      at += way
      at -= (at / total).rounded(.down) * total
      if chance(0.4) { rest("line", at: at, minutes: 8...25) }
    }
  }

  /// The line runs back over the street it came by: one walk attends both its ways.
  mutating func outAndBack() {
    let out = road(uniform(400, 750))
    line("line", out + out.reversed().dropFirst())
    let total = length("line")
    coincidences = [
      Coincidence(
        line: "line", from: 0, to: total / 2, other: "line", otherFrom: total, otherTo: total / 2),
      Coincidence(
        line: "line", from: total / 2, to: total, other: "line", otherFrom: total / 2, otherTo: 0),
    ]
    handheld("a", at: beside("line", 0))
    while !isDone {
      let turn = chance(0.4) ? total / 2 * uniform(0.4, 0.9) : total / 2
      along("line", 0, turn)
      along("line", total - turn, total)
      if chance(0.4) { rest("line", at: 0, minutes: 5...20) }
    }
  }
}
