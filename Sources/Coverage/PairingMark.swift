internal import Geodesy
internal import Patrol

/// Where a handheld was and how it moved at one moment, from the two usable fixes around it: those of one leg, so that
/// nothing is made up across a silence.
struct PairingMark: Hashable, Sendable {
  /// Its position in the pass's handhelds.
  var handheld: Int32
  var position: Coordinate
  /// Metres, 95 %: what the fixes have, and what may have happened between them.
  var accuracy: Double
  /// Metres a second.
  var speed: Double
  /// Metres a second east and north; nil where it was not told, or too long before and after.
  var velocity: PlanePoint?

  var isMoving: Bool { speed >= Odometer.standingSpeed }

  /// At a moment after `a` and not after `b`. Nil where the position is too vague to compare.
  ///
  /// Between two known velocities the track is a cubic (Hermite's), else a straight line. How far from it one may have
  /// been follows from how freely walkers change their velocity (`Odometer.diffusion` q): over a leg of T seconds the
  /// variance of each axis at the part u is q·T³·(u(1-u))³/3, or q·T³·(u(1-u))²/3 where velocities were not told (a Wiener
  /// process's velocity pinned at the ends; nothing in a second, 4.7 m at the middle of a minute).
  init?(_ handheld: Int32, at moment: Int64, from a: Fix, to b: Fix, _ bearer: Bearer) {
    let duration = Double(b.time.milliseconds - a.time.milliseconds) / 1000
    let u = Double(moment - a.time.milliseconds) / 1000 / duration
    let (accuracyA, accuracyB) = (bearer.accuracy(of: a), bearer.accuracy(of: b))
    let claimed = max(Pairing.accuracyMinimum, accuracyA * (1 - u) + accuracyB * u)
    let (velocityA, velocityB) = (Self.velocity(a), Self.velocity(b))
    let (q, bend) = (Odometer.diffusion * duration * duration * duration / 3, u * (1 - u))
    let variance = q * bend * bend * (velocityA != nil && velocityB != nil ? bend : 1)
    // Of a Rayleigh distribution 95 % are within 2.45 deviations.
    accuracy = (claimed * claimed + 6 * variance).squareRoot()
    guard accuracy <= Pairing.accuracyMaximum else { return nil }

    let plane = LocalPlane(origin: a.position)
    let step = plane.point(b.position)
    var point = step * u
    if let v = velocityA, let w = velocityB {
      point =
        step * (u * u * (3 - 2 * u)) + v * (duration * u * (1 - u) * (1 - u))
        - w * (duration * u * u * (1 - u))
    }
    guard let position = plane.coordinate(point) else { return nil }
    self.handheld = handheld
    self.position = position
    if let s = a.speed?.value, let t = b.speed?.value {
      speed = s + (t - s) * u
    } else {
      // Without Doppler: what positions cannot feign.
      let error = (accuracyA * accuracyA + accuracyB * accuracyB).squareRoot()
      speed = max(0, step.length - error) / duration
    }
    if let v = velocityA, let w = velocityB,
      b.time.milliseconds - a.time.milliseconds <= Pairing.velocityLegMaximum
    {
      velocity = v + (w - v) * u
    } else {
      velocity = nil
    }
  }

  private static func velocity(_ fix: Fix) -> PlanePoint? {
    guard let speed = fix.speed?.value else { return nil }
    // One that stands needs no course.
    guard speed > 0.1 else { return PlanePoint(x: 0, y: 0) }
    return fix.track.map { Elementary.direction(bearing: $0) * speed }
  }
}

/// What two handhelds' marks of one moment say of their being carried together.
enum PairingMeeting: Hashable, Sendable {
  /// Both move, as one. In metres, these two.
  case together(distance: Double, joint: Double)
  /// As near as receivers can tell, and not both moving: that says nothing.
  case beside
  /// Too far apart, or near each other and moving differently. `isMoving`: both are.
  case apart(distance: Double, isMoving: Bool)

  init(_ a: PairingMark, _ b: PairingMark) {
    let distance = a.position.distance(to: b.position).value
    let joint = (a.accuracy * a.accuracy + b.accuracy * b.accuracy).squareRoot()
    let isMoving = a.isMoving && b.isMoving
    guard distance <= joint else {
      self = .apart(distance: distance, isMoving: isMoving)
      return
    }
    guard isMoving else {
      self = .beside
      return
    }
    if let v = a.velocity, let w = b.velocity {
      let tolerance = max(
        Pairing.velocityTolerance.least,
        Pairing.velocityTolerance.share * max(v.length, w.length))
      guard (v - w).length <= tolerance else {
        self = .apart(distance: distance, isMoving: true)
        return
      }
    }
    self = .together(distance: distance, joint: joint)
  }
}
