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
  mutating func second() -> [Observation] { next(after: ErrorDrift(seconds: 1)) }

  /// A fix of every handheld, some seconds after the last.
  mutating func next(after drift: ErrorDrift) -> [Observation] {
    now = now + .seconds(drift.seconds)
    return walkers.indices.map { walkers[$0].fix(at: now, after: drift, &random) }
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

/// How a receiver's error goes on in some seconds: correlated over about 40 s.
struct ErrorDrift {
  let seconds: Int
  /// What is left of the error before.
  let kept: Double
  /// The standard deviation of what is new, in metres on each axis.
  let fresh: Double

  init(seconds: Int) {
    var (kept, variance) = (0.975, 0.55 * 0.55)
    for _ in 1..<max(1, seconds) {
      variance = variance * (0.975 * 0.975) + 0.55 * 0.55
      kept *= 0.975
    }
    (self.seconds, self.kept, fresh) = (seconds, kept, variance.squareRoot())
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

  mutating func fix(
    at time: Instant, after drift: ErrorDrift, _ random: inout SplitMix
  ) -> Observation {
    var speed = 0.0
    for _ in 0..<drift.seconds { speed = move() }
    let fresh = PlanePoint(x: drift.fresh * random.normal(), y: drift.fresh * random.normal())
    bias = bias * drift.kept + fresh
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
    for stop in beat.stops where stop != before && passed.contains(stop) { standing = 180 }
    return 1.3
  }
}
