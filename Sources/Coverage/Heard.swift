internal import Geodesy
internal import Patrol

/// One observation of a handheld as its tour keeps it, with the gate it was given: 64 bytes, and no text.
///
/// Lossless for every mode and status that fits 16 bits; gpsd's are below 10.
struct Heard: Hashable, Sendable {
  /// Of the fix; of a report without one, of no meaning.
  private var time: Int64 = 0
  private var receivedAt: Int64
  private var position = Coordinate(latitudeE7: 0, longitudeE7: 0)!
  private var accuracy = 0.0
  private var hdop = 0.0
  private var speed = 0.0
  private var track = 0.0
  private var mode: Int16
  private var status: Int16 = 0
  private var told: Told = []
  private var gateNumber = Self.noGate

  /// What a report holds of that which may be missing.
  private struct Told: OptionSet, Hashable {
    var rawValue: UInt8
    static let fix = Told(rawValue: 1)
    static let status = Told(rawValue: 2)
    static let accuracy = Told(rawValue: 4)
    static let hdop = Told(rawValue: 8)
    static let speed = Told(rawValue: 16)
    static let track = Told(rawValue: 32)
  }

  private static let noGate = UInt8.max
  private static let gates = Gate.allCases

  init(_ observation: Observation, gate: Gate?) {
    receivedAt = observation.receivedAt.milliseconds
    switch observation.report {
    case .noFix(let mode): self.mode = Int16(clamping: mode)
    case .fix(let fix):
      told.insert(.fix)
      time = fix.time.milliseconds
      position = fix.position
      mode = Int16(clamping: fix.mode)
      if let x = fix.status { (status, told) = (Int16(clamping: x), told.union(.status)) }
      if let x = fix.accuracy { (accuracy, told) = (x.value, told.union(.accuracy)) }
      if let x = fix.hdop { (hdop, told) = (x, told.union(.hdop)) }
      if let x = fix.speed { (speed, told) = (x.value, told.union(.speed)) }
      if let x = fix.track { (track, told) = (x, told.union(.track)) }
    }
    self.gate = gate
  }

  var gate: Gate? {
    get { gateNumber == Self.noGate ? nil : Self.gates[Int(gateNumber)] }
    set {
      gateNumber =
        newValue.flatMap { Self.gates.firstIndex(of: $0) }.map { UInt8($0) } ?? Self.noGate
    }
  }

  /// As it was told.
  func observation(of handheld: Handheld.ID) -> Observation {
    guard told.contains(.fix) else {
      return Observation(
        handheld: handheld, receivedAt: Instant(milliseconds: receivedAt),
        report: .noFix(mode: Int(mode)))
    }
    let fix = Fix(
      time: Instant(milliseconds: time), position: position, mode: Int(mode),
      status: told.contains(.status) ? Int(status) : nil,
      accuracy: told.contains(.accuracy) ? Metres(accuracy) : nil,
      hdop: told.contains(.hdop) ? hdop : nil,
      speed: told.contains(.speed) ? MetresPerSecond(speed) : nil,
      track: told.contains(.track) ? track : nil)
    return Observation(
      handheld: handheld, receivedAt: Instant(milliseconds: receivedAt), report: .fix(fix))
  }
}
