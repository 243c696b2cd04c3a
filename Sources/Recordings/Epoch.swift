internal import Geodesy
internal import Patrol

/// The sentences of one moment, on their way to one observation.
struct Epoch: Hashable, Sendable {
  /// Since midnight; nil where the receiver has no time.
  var time: Milliseconds?
  /// RMC's; nil without one.
  var date: CivilDate?
  /// The line of its first sentence.
  var line: Int
  var position: Coordinate?
  /// RMC or GGA, which come once in an epoch.
  private(set) var taken: Set<String> = []
  private var isRMCVoid = false
  private var isGGAVoid = false
  /// GSA's.
  var mode: Int?
  var hasAltitude = false
  var status: Int?
  var hdop: Double?
  var accuracy: Metres?
  var speed: MetresPerSecond?
  var track: Double?

  init(time: Milliseconds?, line: Int) {
    self.time = time
    self.line = line
  }

  /// Some sentence says that there is no fix. A simulating receiver tells so in GGA and calls its RMC void: what it
  /// simulates is handed on, as gpsd does, with the status that says so.
  var isVoid: Bool { isGGAVoid || mode == 1 || isRMCVoid && status != 8 }

  /// One knot.
  static let knot = MetresPerSecond(1852.0 / 3600)

  /// Recommended minimum: time, A/V, position, speed, course, date, …, mode indicator.
  mutating func take(rmc s: Sentence) {
    taken.insert("RMC")
    date = s.date(8) ?? date
    let indicator = s.text(11)
    guard s.text(1) == "A", indicator != "N", let position = s.position(2) else {
      isRMCVoid = true
      return
    }
    if self.position == nil { self.position = position }
    speed = s.number(6).flatMap { $0 >= 0 ? Self.knot * $0 : nil }
    track = s.number(7).flatMap {
      (0...360).contains($0) ? ($0 == 360 ? 0 : $0) : nil
    }
    if status == nil || indicator == "S" { status = Self.status(indicator: indicator) }
  }

  /// Fix data: time, position, quality, satellites, HDOP, altitude. Its position is told finer by some receivers.
  mutating func take(gga s: Sentence) {
    taken.insert("GGA")
    let quality = s.text(5).flatMap { Int($0) } ?? 0
    guard quality != 0, let position = s.position(1) else {
      isGGAVoid = true
      return
    }
    self.position = position
    hasAltitude = s.number(8) != nil
    if status != 8 { status = Self.status(quality: quality) }
    if hdop == nil { hdop = Self.hdop(s.number(7)) }
  }

  /// DOP and active satellites: selection, mode, …, PDOP, HDOP, VDOP.
  mutating func take(gsa s: Sentence) {
    if let mode = s.text(1).flatMap({ Int($0) }), (1...3).contains(mode) {
      self.mode = max(self.mode ?? 0, mode)  // one GSA for each constellation
    }
    hdop = Self.hdop(s.number(15)) ?? hdop
  }

  /// Pseudorange errors: time, RMS, the error ellipse, standard deviations of latitude and longitude in metres.
  ///
  /// gpsd 3.22 prints these as a report of their own and makes `eph` of the HDOP (19 m or, differential, 4.75 m times
  /// it: the recordings). The 95 % radius here is with gpsd's own factor from one sigma to 95 % of a circular
  /// distribution, `CEP95_SIGMA` 2.45 (`gpsd.h`; √(−2 ln 0.05) = 2.4477), on the quadratic mean of the two axes.
  mutating func take(gst s: Sentence) {
    guard let north = s.number(5), let east = s.number(6), north >= 0, east >= 0 else { return }
    let radius = 2.4477 * ((north * north + east * east) / 2).squareRoot()
    if radius.isFinite { accuracy = Metres(radius) }
  }

  /// Receivers tell 99.99 or nothing for none.
  private static func hdop(_ value: Double?) -> Double? {
    value.flatMap { $0 > 0 && $0 < 99 ? $0 : nil }
  }

  /// gpsd's status of GGA's quality.
  private static func status(quality: Int) -> Int? {
    switch quality {
    case 1, 2, 7, 8: quality
    case 3: 9  // precise positioning service
    case 4: 3  // RTK, fixed
    case 5: 4  // RTK, float
    case 6: 5  // dead reckoning
    default: nil
    }
  }

  /// gpsd's status of RMC's mode indicator (NMEA 2.3 on).
  private static func status(indicator: Substring?) -> Int? {
    switch indicator {
    case "A": 1
    case "D": 2
    case "R": 3
    case "F": 4
    case "E": 5
    case "M": 7
    case "S": 8
    case "P": 9
    default: nil
    }
  }
}
