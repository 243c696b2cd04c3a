public import Geodesy
public import Patrol

extension Observation {
  /// GNSS times before this are a receiver's factory setting or a week roll-over.
  static let earliest = Instant(milliseconds: 1_577_836_800_000)  // 2020-01-01T00:00:00Z
  /// How far GNSS time may be ahead of the host's clock.
  static let clockTolerance = Milliseconds.seconds(5)

  /// With the model's week roll-over taken back: a fix that many weeks before its receipt, to half of them, was meant
  /// for now. To be done before anything else looks at it.
  public func mended(for model: DeviceModel) -> Observation {
    guard model.rolloverWeeks > 0, case .fix(var fix) = report else { return self }
    let rollover = Milliseconds.hours(model.rolloverWeeks * 7 * 24)
    guard receivedAt - fix.time > rollover / 2 else { return self }
    fix.time = fix.time + rollover
    return Observation(handheld: handheld, receivedAt: receivedAt, report: .fix(fix))
  }

  /// Its date or time cannot be so: it fails the `clock` gate.
  public var clockIsWrong: Bool {
    guard let fix else { return false }
    return fix.time < Self.earliest || fix.time - receivedAt > Self.clockTolerance
  }

  /// The moment it speaks of: GNSS time, or the time it was received where it has none that can be so.
  public var orderTime: Instant {
    guard let fix, !clockIsWrong else { return receivedAt }
    return fix.time
  }

  /// The one order in which observations of a handheld are judged, whatever order they came in: by time, at equal times
  /// the better fix first (mode, then accuracy, then all fields).
  static func precedes(_ a: Observation, _ b: Observation) -> Bool {
    let (ta, tb) = (a.orderTime, b.orderTime)
    if ta != tb { return ta < tb }
    switch (a.report, b.report) {
    case (.fix(let f), .fix(let g)):
      if a.clockIsWrong != b.clockIsWrong { return b.clockIsWrong }
      if f.mode != g.mode { return f.mode > g.mode }
      for (x, y) in zip(f.tieBreakers, g.tieBreakers) where x != y {
        guard let x else { return false }
        guard let y else { return true }
        return x < y
      }
    case (.fix, .noFix): return true
    case (.noFix, .fix): return false
    case (.noFix(let m), .noFix(let n)): if m != n { return m > n }
    }
    return a.receivedAt < b.receivedAt
  }
}

extension Fix {
  /// What decides between fixes of one time and mode: accuracy first, then everything else; nil comes last.
  fileprivate var tieBreakers: [Double?] {
    let receiver = [accuracy?.value, hdop, speed?.value, track, status.map { Double($0) }]
    let place = [Double(position.latitudeE7), Double(position.longitudeE7)]
    return receiver + place + [Double(time.milliseconds)]
  }

  /// Horizontal, 95 %: what the receiver told, else HDOP times the model's error, else the model's own accuracy.
  func accuracy(assuming model: DeviceModel) -> Metres {
    accuracy ?? hdop.map { model.hdopError * $0 } ?? model.accuracy
  }
}
