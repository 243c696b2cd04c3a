public import Geodesy

/// One position with its GNSS time, as a receiver reported it.
public struct Fix: Hashable, Sendable, Codable {
  public var time: Instant
  public var position: Coordinate
  /// gpsd's: 2 for a 2-D fix, 3 for 3-D.
  public var mode: Int
  /// gpsd's: 1 normal, 2 differential, …, 8 simulated. Nil where not told.
  public var status: Int?
  /// Horizontal, 95 %: `eph`, else from `epx` and `epy`. Nil where the receiver told neither.
  public var accuracy: Metres?
  /// Horizontal dilution of precision in force with this fix.
  public var hdop: Double?
  /// Over ground, from Doppler.
  public var speed: MetresPerSecond?
  /// Course over ground, degrees clockwise from true north, 0 up to 360.
  public var track: Double?

  public init(
    time: Instant, position: Coordinate, mode: Int, status: Int? = nil, accuracy: Metres? = nil,
    hdop: Double? = nil, speed: MetresPerSecond? = nil, track: Double? = nil
  ) {
    self.time = time
    self.position = position
    self.mode = mode
    self.status = status
    self.accuracy = accuracy
    self.hdop = hdop
    self.speed = speed
    self.track = track
  }
}

/// What one handheld told at one moment.
public struct Observation: Hashable, Sendable, Codable {
  public enum Report: Hashable, Sendable, Codable {
    case fix(Fix)
    /// The handheld reported, but without a usable position or time. `mode` is gpsd's (0 unknown, 1 no fix,
    /// or more where the time was missing).
    case noFix(mode: Int)
  }

  public var handheld: Handheld.ID
  /// When this host received it; for a recording without receive times, the report's own time.
  public var receivedAt: Instant
  public var report: Report

  public init(handheld: Handheld.ID, receivedAt: Instant, report: Report) {
    self.handheld = handheld
    self.receivedAt = receivedAt
    self.report = report
  }

  public var fix: Fix? {
    if case .fix(let fix) = report { fix } else { nil }
  }
}

/// Time in which evidence could not reach the engine, through no doing of a handheld.
public struct Outage: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// This daemon was not running, or dropped what it received.
    case daemonDown = "daemon_down"
    /// The handheld's gpsd could not be reached.
    case unreachable
  }

  public var kind: Kind
  /// Nil: all of them (`daemonDown` only).
  public var handheld: Handheld.ID?
  public var began: Instant
  /// Nil while it lasts.
  public var ended: Instant?

  public init(kind: Kind, handheld: Handheld.ID?, began: Instant, ended: Instant?) {
    self.kind = kind
    self.handheld = handheld
    self.began = began
    self.ended = ended
  }
}
