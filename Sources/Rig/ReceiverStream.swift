internal import Geodesy
internal import Glibc
internal import Patrol

/// What one walker's receiver makes of where it is: every interval of its model from the first moment on, but for
/// outages of its environment, with the faults that lie between antenna and port.
struct ReceiverStream {
  let scenario: Scenario
  let seed: UInt64
  let walker: Walker

  /// Under an open sky.
  static let hdop = 0.9
  /// gpsd 3.22 makes `eph` of HDOP alone, whatever GST says: 19 m each (measured: 17.1 m at 0.9).
  static let gpsdErrorPerHDOP = 19.0

  func epochs() -> [Epoch] {
    let model = walker.handheld.model
    let id = walker.handheld.id
    var noise = ReceiverNoise(model, handheld: id, seed: seed)
    let everywhere = walker.environment.map { errors($0, id.text) }
    let canyon =
      walker.faults.contains { $0.kind == .canyon } ? errors(.canyon, "\(id)/canyon") : nil
    var stuck: [Int: Coordinate] = [:]
    var epochs: [Epoch] = []
    var at = walker.on.lowerBound
    while at < walker.on.upperBound {
      let faults = walker.faults.filter { $0.span.contains(at) }
      let interval = faults.compactMap(\.rate).last ?? model.interval
      defer { at = at + interval }
      let second = Int((at - walker.on.lowerBound).value / 1000)
      let street = faults.contains { $0.kind == .canyon } ? (canyon, Environment.canyon) : nil
      let error = (street?.0 ?? everywhere)?.seconds[second]
      // Drawn at every moment, so that no fault shifts the errors of what follows.
      let plain = (noise.next(after: interval), noise.speedError())
      if let error, error.reception == .silent { continue }
      var epoch = epoch(at: at, error, street?.1 ?? walker.environment, plain)
      if let error, error.reception == .noFix { epoch.report = .noFix(mode: 1) }
      befall(&epoch, &stuck)
      epochs.append(epoch)
    }
    return epochs
  }

  private func errors(_ environment: Environment, _ stream: String) -> ReceiverErrors {
    let count = Int((walker.on.upperBound - walker.on.lowerBound).value / 1000) + 1
    return ReceiverErrors(
      environment, seed: seed, stream: stream,
      isStanding: (0..<count).map {
        walker.motion(at: walker.on.lowerBound + .seconds($0)).speed.value < Course.standingSpeed
      })
  }

  private func epoch(
    at: Instant, _ error: ReceiverErrors.Second?, _ environment: Environment?,
    _ plain: (position: PlanePoint, speed: Double)
  ) -> Epoch {
    let model = walker.handheld.model
    let bearer = scenario.bearer(of: walker, at: at)
    let motion = bearer.motion(at: at)
    let plane = LocalPlane(origin: bearer.position(at: at))
    let (sigma, white) =
      environment.map { ($0.sigma.value, $0.white.value) }
      ?? (model.noise.sigma.value, model.noise.white.value)
    var hdop = Self.hdop
    var speed = MetresPerSecond(abs(motion.speed.value + plain.speed))
    var track = motion.track
    var accuracy = model.accuracy
    if let error {
      let course = (motion.track ?? 0) * .pi / 180
      let velocity =
        PlanePoint(x: sin(course), y: cos(course)) * motion.speed.value + error.velocity
      hdop = Self.hdop * error.accuracy.value / ReceiverErrors.claimed
      accuracy = error.accuracy
      speed = MetresPerSecond(velocity.length)
      track = velocity.length < Course.trackSpeed ? nil : Bearing.degrees(of: velocity)
    }
    if walker.feed == .nmea { accuracy = Metres(hdop * Self.gpsdErrorPerHDOP) }
    let offset = (error?.position ?? plain.position) + thrown(at: at)
    let fix = Fix(
      time: at, position: plane.coordinate(offset)!, mode: 3, accuracy: accuracy, hdop: hdop,
      speed: speed, track: track)
    return Epoch(
      handheld: walker.handheld.id, observedAt: at, time: at, report: .fix(fix), receivedAt: at,
      deviation: Metres((sigma * sigma + white * white).squareRoot()))
  }

  /// By drift and jumps: metres east and north.
  private func thrown(at: Instant) -> PlanePoint {
    var sum = PlanePoint(x: 0, y: 0)
    for fault in walker.faults where fault.span.contains(at) {
      let since = at - fault.span.lowerBound
      switch fault.kind {
      case .drift(let by, let bearing):
        let share = since.seconds / (fault.span.upperBound - fault.span.lowerBound).seconds
        let angle = bearing * .pi / 180
        sum = sum + PlanePoint(x: sin(angle), y: cos(angle)) * (by.value * share)
      case .jumps(let by, let lasting, let every):
        if since.value % every.value < lasting.value { sum = sum + PlanePoint(x: by.value, y: 0) }
      default: break
      }
    }
    return sum
  }

  /// What the receiver makes of its position, in the order of the way.
  private func befall(_ epoch: inout Epoch, _ stuck: inout [Int: Coordinate]) {
    let at = epoch.observedAt
    for (f, fault) in walker.faults.enumerated() {
      guard case .frozen = fault.kind, fault.span.contains(at), case .fix(var fix) = epoch.report
      else { continue }
      let first = stuck[f] ?? fix.position
      stuck[f] = first
      fix.position = first
      epoch.report = .fix(fix)
    }
    for fault in walker.faults {
      switch (fault.kind, epoch.report) {
      case (.outage, _) where fault.span.contains(at),
        (.coldStart, _) where fault.span.contains(at):
        epoch.report = .noFix(mode: 1)
      case (.coldStart, .fix(var fix))
      where fault.span.upperBound <= at
        && at < fault.span.upperBound + HandheldFault.settling:
        let worse = HandheldFault.settlingHDOP / Self.hdop
        fix.hdop = HandheldFault.settlingHDOP
        fix.accuracy = fix.accuracy.map { $0 * worse }
        epoch.report = .fix(fix)
      case (.simulated, .fix(var fix)) where fault.span.contains(at):
        fix.status = 8
        epoch.report = .fix(fix)
      case (.timeSkew(let by), _) where fault.span.contains(at):
        epoch.time = epoch.time + by
        if case .fix(var fix) = epoch.report {
          fix.time = fix.time + by
          epoch.report = .fix(fix)
        }
      default: break
      }
    }
  }
}

extension HandheldFault {
  fileprivate var rate: Milliseconds? {
    if case .rate(let every) = kind { every } else { nil }
  }
}

extension Scenario {
  func walker(_ id: Handheld.ID) -> Walker? { walkers.first { $0.handheld.id == id } }

  /// Who has a walker's handheld in his pocket.
  func bearer(of walker: Walker, at instant: Instant) -> Walker {
    for fault in walker.faults where fault.span.contains(instant) {
      if case .carried(let id) = fault.kind, let other = self.walker(id), !other.knots.isEmpty {
        return other
      }
    }
    return walker
  }
}
