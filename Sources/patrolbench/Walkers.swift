import Geodesy
import Patrol

/// A precinct's handhelds on their rounds: up and down their line at a walk, three minutes at each guard point, a fix a
/// second with 2.5 m of noise on each axis. Those of every tenth group leave out the last third of their line.
struct Walkers {
  /// Up to which fixes were told.
  private(set) var now: Instant
  private var walkers: [Walker] = []
  private var random = SplitMix(7)

  init(_ precinct: Precinct, from start: Instant = Precinct.opens) {
    now = start
    for beat in precinct.beats {
      let isLax = walkers.count / max(1, beat.handhelds.count) % 10 == 9
      let end = beat.line.length.value * (isLax ? 0.66 : 1)
      for (n, handheld) in beat.handhelds.enumerated() {
        let chainage = end * (Double(n) + 0.3) / Double(beat.handhelds.count)
        walkers.append(Walker(handheld: handheld, beat: beat, end: end, chainage: chainage))
      }
    }
  }

  /// A fix of every handheld, a second after the last.
  mutating func second() -> [Observation] {
    now = now + .seconds(1)
    return walkers.indices.map { walkers[$0].fix(at: now, &random) }
  }

  /// All fixes of the first hour of the evening, in blocks of five minutes, each with its end.
  mutating func firstHour(_ take: ([Observation], Instant) throws -> Void) rethrows {
    for minute in stride(from: 5, through: 60, by: 5) {
      var block: [Observation] = []
      while now < Precinct.opens + .minutes(minute) { block += second() }
      try take(block, now)
    }
  }
}

private struct Walker {
  let handheld: Handheld.ID
  let beat: Precinct.Beat
  /// How far along the line it goes.
  let end: Double
  var chainage: Double
  /// Metres a second along the line; its sign is the direction.
  var pace = 1.3
  var standing = 0
  var bias = PlanePoint(x: 0, y: 0)

  init(handheld: Handheld.ID, beat: Precinct.Beat, end: Double, chainage: Double) {
    self.handheld = handheld
    self.beat = beat
    self.end = end
    self.chainage = chainage
  }

  mutating func fix(at time: Instant, _ random: inout SplitMix) -> Observation {
    let speed = move()
    // Correlated over about 40 s, as a receiver's errors are.
    bias = bias * 0.975 + PlanePoint(x: 0.55 * random.normal(), y: 0.55 * random.normal())
    let position = beat.line.plane.coordinate(beat.line.point(at: chainage) + bias)!
    let fix = Fix(
      time: time, position: position, mode: 3, accuracy: 5, hdop: 0.9,
      speed: MetresPerSecond(speed + 0.1 * random.unit()), track: pace > 0 ? 90 : 270)
    return Observation(handheld: handheld, receivedAt: time, report: .fix(fix))
  }

  /// One second's walk; its speed.
  private mutating func move() -> Double {
    if standing > 0 {
      standing -= 1
      return 0
    }
    let before = chainage
    chainage = min(max(chainage + pace, 0), end)
    if chainage == 0 || chainage == end { pace = -pace }
    let passed = min(before, chainage)...max(before, chainage)
    if beat.stops.contains(where: { $0 != before && passed.contains($0) }) { standing = 180 }
    return 1.3
  }
}
