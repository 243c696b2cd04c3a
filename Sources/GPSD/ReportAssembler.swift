public import Geodesy
public import Patrol

/// Makes observations of one device's reports: a `TPV` is an observation, weighed with the last `SKY`'s HDOP.
public struct ReportAssembler: Sendable {
  public let handheld: Handheld.ID
  private var hdop: (value: Double, receivedAt: Instant)?

  /// gpsd prints a SKY a cycle, receivers of this kind cycle within 1 s to 5 s; an older one is of another fix.
  public static let hdopAge = Milliseconds.seconds(5)

  public init(handheld: Handheld.ID) { self.handheld = handheld }

  /// Nil for all but a `TPV`.
  public mutating func take(_ message: Message, receivedAt: Instant) -> Observation? {
    switch message {
    case .tpv(let tpv): return take(tpv, receivedAt: receivedAt)
    case .sky(let sky):
      note(sky, receivedAt: receivedAt)
      return nil
    default: return nil
    }
  }

  /// A `SKY` without an HDOP (gpsd prints those too, between) leaves the last one in force.
  public mutating func note(_ sky: Message.SKY, receivedAt: Instant) {
    if let value = sky.hdop { hdop = (value, receivedAt) }
  }

  public func take(_ tpv: Message.TPV, receivedAt: Instant) -> Observation {
    Observation(
      handheld: handheld, receivedAt: receivedAt, report: report(tpv, receivedAt: receivedAt))
  }

  private func report(_ tpv: Message.TPV, receivedAt: Instant) -> Observation.Report {
    guard tpv.mode >= 2, let time = tpv.time, let position = tpv.position else {
      return .noFix(mode: tpv.mode)
    }
    return .fix(
      Fix(
        time: time, position: position, mode: tpv.mode, status: tpv.status,
        accuracy: tpv.accuracy, hdop: hdop(at: receivedAt),
        speed: tpv.speed.map { MetresPerSecond($0) }, track: tpv.track))
  }

  private func hdop(at now: Instant) -> Double? {
    guard let hdop, now - hdop.receivedAt <= Self.hdopAge, hdop.receivedAt <= now else {
      return nil
    }
    return hdop.value
  }
}

extension Message.TPV {
  /// Nil where a part is missing.
  public var position: Coordinate? {
    guard let latitude, let longitude else { return nil }
    return Coordinate(latitude: latitude, longitude: longitude)
  }

  /// Horizontal, 95 %: `eph`, else the root of the squares of `epx` and `epy`, which are 95 % too (gpsd_json(5)).
  public var accuracy: Metres? {
    if let eph { return Metres(eph) }
    guard let epx, let epy else { return nil }
    let radius = (epx * epx + epy * epy).squareRoot()
    return radius.isFinite ? Metres(radius) : nil
  }
}
