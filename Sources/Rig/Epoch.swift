public import Geodesy
internal import Glibc
public import Patrol

/// One report of a handheld: what it observed, and when that arrives.
public struct Epoch: Hashable, Sendable {
  public var handheld: Handheld.ID
  public var fix: Fix
  /// Late for what was kept through a silence.
  public var receivedAt: Instant
  /// Standard deviation of each axis.
  public var deviation: Metres

  public var observation: Observation {
    Observation(handheld: handheld, receivedAt: receivedAt, report: .fix(fix))
  }
}

extension Scenario {
  /// A backlog arrives at this rate: what one gpsd passes on without loss, halved.
  static let backlogPerSecond = 2000
  /// Under an open sky.
  static let hdop = 0.9
  /// gpsd 3.22 makes `eph` of HDOP alone, whatever GST says: 19 m each (measured: 17.1 m at 0.9).
  static let gpsdErrorPerHDOP = 19.0

  /// What one walker's handheld reports, in the order in which it is received: every interval of its model from the
  /// first whole second on, but for outages of its environment; a backlog in one go, oldest first, before what is
  /// reported at that moment.
  public func epochs(of walker: Walker, seed: UInt64? = nil) -> [Epoch] {
    let model = walker.handheld.model
    var noise = ReceiverNoise(model, handheld: walker.handheld.id, seed: seed ?? self.seed)
    let errors = walker.environment.map { environment in
      let count = Int((walker.on.upperBound - walker.on.lowerBound).value / 1000) + 1
      return ReceiverErrors(
        environment, seed: seed ?? self.seed, stream: walker.handheld.id.text,
        isStanding: (0..<count).map {
          walker.motion(at: walker.on.lowerBound + .seconds($0)).speed.value < Course.standingSpeed
        })
    }
    let (sigma, white) =
      walker.environment.map { ($0.sigma.value, $0.white.value) }
      ?? (model.noise.sigma.value, model.noise.white.value)
    let accuracy =
      walker.feed == .nmea ? Metres(Self.hdop * Self.gpsdErrorPerHDOP) : model.accuracy
    let deviation = Metres((sigma * sigma + white * white).squareRoot())
    var epochs: [Epoch] = []
    var backlog: [Instant: Int64] = [:]
    var at = walker.on.lowerBound
    while at < walker.on.upperBound, var received = walker.received(at) {
      if received > at {
        let place = backlog[received, default: 0]
        backlog[received] = place + 1
        received = received + Milliseconds(place * 1000 / Int64(Self.backlogPerSecond))
      }
      let plane = LocalPlane(origin: walker.position(at: at))
      if let errors {
        let error = errors.seconds[Int((at - walker.on.lowerBound).value / 1000)]
        if error.reception == .position {
          epochs.append(
            Self.epoch(of: walker, at: at, plane, error, receivedAt: received, deviation))
        }
      } else {
        let motion = walker.motion(at: at)
        let error = noise.next(after: model.interval)
        let fix = Fix(
          time: at, position: plane.coordinate(error)!, mode: 3, accuracy: accuracy,
          hdop: Self.hdop, speed: MetresPerSecond(abs(motion.speed.value + noise.speedError())),
          track: motion.track)
        epochs.append(
          Epoch(
            handheld: walker.handheld.id, fix: fix, receivedAt: received, deviation: deviation))
      }
      at = at + model.interval
    }
    return epochs.enumerated().sorted {
      ($0.element.receivedAt, $0.offset) < ($1.element.receivedAt, $1.offset)
    }.map(\.element)
  }

  /// Under an environment's errors.
  private static func epoch(
    of walker: Walker, at: Instant, _ plane: LocalPlane, _ error: ReceiverErrors.Second,
    receivedAt: Instant, _ deviation: Metres
  ) -> Epoch {
    let motion = walker.motion(at: at)
    let course = (motion.track ?? 0) * .pi / 180
    let velocity =
      PlanePoint(x: sin(course), y: cos(course)) * motion.speed.value + error.velocity
    let hdop = Self.hdop * error.accuracy.value / ReceiverErrors.claimed
    let fix = Fix(
      time: at, position: plane.coordinate(error.position)!, mode: 3,
      accuracy: walker.feed == .nmea ? Metres(hdop * gpsdErrorPerHDOP) : error.accuracy, hdop: hdop,
      speed: MetresPerSecond(velocity.length),
      track: velocity.length < Course.trackSpeed ? nil : Bearing.degrees(of: velocity))
    return Epoch(
      handheld: walker.handheld.id, fix: fix, receivedAt: receivedAt, deviation: deviation)
  }

  /// Everybody's, in the order in which they are received.
  public func epochs(seed: UInt64? = nil) -> [Epoch] {
    walkers.flatMap { epochs(of: $0, seed: seed) }.enumerated().sorted {
      ($0.element.receivedAt, $0.offset) < ($1.element.receivedAt, $1.offset)
    }.map(\.element)
  }
}
