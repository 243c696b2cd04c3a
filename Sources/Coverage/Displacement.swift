internal import Geodesy

/// How far a handheld went between two nodes, from Doppler alone: velocity over ground, which receivers know a
/// magnitude better than they know where they are, and which their slow position error does not touch.
struct Displacement: Sendable {
  /// Metres east and north; nil where the receiver told no course, or no speed.
  var vector: PlanePoint?
  /// Variance of each axis of the vector; without one, of how far it may have gone on each axis. Square metres.
  var variance: Double
  /// Velocities told before and after, metres a second.
  var change: Change?
  /// In seconds.
  var duration: Double
  /// Metres gone in all, by Doppler's speed; no less than what its vector spans.
  var way: Double
  /// Nobody moves along a line as slowly as this.
  var isStanding: Bool
  /// Made of positions, for want of a course: it says nothing of how they err.
  var isSeen = false

  /// From one velocity to another, at a moment that lies anywhere between two of the reports.
  struct Change: Hashable, Sendable {
    var before: PlanePoint
    var after: PlanePoint
    /// Seconds between those reports.
    var duration: Double

    /// Variance of the way along a direction in which the velocity changed by so much: the moment is uniformly distributed.
    func variance(_ change: Double) -> Double {
      change * change * duration * duration / 12
    }
  }

  /// Metres per second, on the whole.
  var speed: Double {
    guard duration > 0 else { return 0 }
    return (vector?.length ?? variance.squareRoot()) / duration
  }
}

/// Adds up a displacement fix by fix.
struct Odometer: Hashable, Sendable {
  /// Metres east and north so far; meaningless once a velocity was not told.
  private(set) var vector = PlanePoint(x: 0, y: 0)
  private var variance = 0.0
  /// The first velocity and the last, and the longest between two reports, in seconds.
  private var before: PlanePoint?
  private var after = PlanePoint(x: 0, y: 0)
  private var longest = 0.0
  private var duration = 0.0
  private var isWhole = true
  /// Metres, and metres × metres a second: the mean speed over the way is the quotient of the sums.
  private var way = 0.0
  private var wayBySpeed = 0.0
  private var isSpeedKnown = true
  /// Told on the way, metres per second.
  private var slowest = Double.infinity
  private var fastest = 0.0

  /// Slower than this nobody moves along a line, in metres a second (measured: receivers drift up to it).
  static let standingSpeed = 0.4
  /// How freely a velocity changes between fixes, in m²/s³: 0.14 m/s in a second, 0.8 m/s in half a minute, as walkers
  /// stop, turn and go round things.
  static let diffusion = 0.02
  /// What the way between two fixes is wrong by even at a steady pace, as a share of it.
  static let unsteadiness = 0.04

  /// From the fix before to this one. `velocityError` is the standard deviation of each axis of a told velocity.
  mutating func add(from a: TrackFix, to b: TrackFix, velocityError: Double) {
    let dt = Double(b.time - a.time) / 1000
    duration += dt
    if let u = a.velocity, let v = b.velocity {
      let step = (u + v) * (dt / 2)
      vector = vector + step
      let unsteady = Self.unsteadiness * step.length
      variance +=
        velocityError * velocityError * dt * dt / 2 + Self.diffusion * dt * dt * dt / 12
        + unsteady * unsteady
      before = before ?? u
      after = v
      longest = max(longest, dt)
    } else {
      isWhole = false
    }
    if let s = a.speed, let t = b.speed {
      slowest = min(slowest, s, t)
      fastest = max(fastest, s, t)
      way += (s + t) / 2 * dt
      wayBySpeed += (s * s + t * t) / 2 * dt
    } else {
      isSpeedKnown = false
    }
  }

  /// - Parameters:
  ///   - seen: from the position at one end to that at the other, for receivers that tell no course.
  ///   - variance: of each axis of it.
  func displacement(seen: PlanePoint, variance seenVariance: Double) -> Displacement {
    let far = isSpeedKnown ? way : seen.length
    let isStanding =
      isWhole
      // Errors of velocity even out over the interval; its speeds, being lengths, do not.
      ? vector.length < Self.standingSpeed * duration && way < 2 * Self.standingSpeed * duration
      : far < Self.standingSpeed * duration
    if isStanding {
      return Displacement(
        vector: PlanePoint(x: 0, y: 0), variance: 0.02 * duration, duration: duration, way: 0,
        isStanding: true)
    }
    if isWhole {
      return Displacement(
        vector: vector, variance: variance + 0.05,
        change: before.map { Displacement.Change(before: $0, after: after, duration: longest) },
        duration: duration,
        way: max(way, vector.length), isStanding: false)
    }
    let length = seen.length
    return Displacement(
      vector: length > 0 ? seen * (far / length) : nil,
      variance: length > 0 ? seenVariance : far * far, duration: duration, way: far,
      isStanding: false, isSeen: true)
  }

  /// The speed at which the metres were covered: by distance, so that a halt before it does not slow a drive down.
  /// Nil where the receiver told none.
  var speed: Double? {
    guard isSpeedKnown, duration > 0 else { return nil }
    return way > 0 ? wayBySpeed / way : 0
  }

  /// The slowest and the fastest told; nil where the receiver told none.
  var speeds: ClosedRange<Double>? { slowest <= fastest ? slowest...fastest : nil }

  /// Metres so far.
  var travelled: Double { isSpeedKnown ? way : 0 }
}
