internal import Geodesy
public import Patrol

/// Under which a course is walked.
public struct Conditions: Hashable, Sendable {
  public var environment: Environment
  public var delivery: Delivery
  /// Of errors and delivery.
  public var seed: UInt64

  public init(environment: Environment, delivery: Delivery, seed: UInt64) {
    self.environment = environment
    self.delivery = delivery
    self.seed = seed
  }
}

extension Course {
  /// What all handhelds report, in order of receipt: at each multiple of their interval from the window's opening on.
  public func observations(_ conditions: Conditions) -> [Observation] {
    walks.flatMap { observations(of: $0, conditions) }.enumerated().sorted {
      ($0.element.receivedAt, $0.offset) < ($1.element.receivedAt, $1.offset)
    }.map(\.element)
  }

  private func observations(of walk: TrueWalk, _ conditions: Conditions) -> [Observation] {
    let stream = "\(kind.rawValue)/\(walk.handheld.id)"
    let steps = walk.seconds(duration)
    let errors = ReceiverErrors(
      conditions.environment, seed: conditions.seed, stream: stream,
      isStanding: steps.map { $0.velocity.length < Self.standingSpeed }, dark: walk.dark)
    let interval = max(1, Int(walk.handheld.model.interval.value / 1000))
    var reports: [(at: Instant, report: Observation)] = []
    for k in stride(from: 0, to: duration, by: interval) {
      let error = errors.seconds[k]
      let at = instant(Double(k))
      let report: Observation.Report
      switch error.reception {
      case .silent: continue
      case .noFix: report = .noFix(mode: 1)
      case .position:
        let velocity = steps[k].velocity + error.velocity
        guard let position = plane.coordinate(steps[k].point + error.position) else { continue }
        report = .fix(
          Fix(
            time: at, position: position, mode: 3, accuracy: error.accuracy,
            hdop: error.accuracy.value / ReceiverErrors.claimed * 0.9,
            speed: MetresPerSecond(velocity.length),
            track: velocity.length < Self.trackSpeed ? nil : Bearing.degrees(of: velocity)))
      }
      reports.append(
        (at, Observation(handheld: walk.handheld.id, receivedAt: at, report: report)))
    }
    return conditions.delivery.deliver(
      reports, from: window.began, seed: conditions.seed, stream: stream)
  }

  /// Slower than this a bearer stands, metres a second.
  static let standingSpeed = 0.2
  /// Slower than this a receiver tells no course, metres a second.
  static let trackSpeed = 0.1
}
