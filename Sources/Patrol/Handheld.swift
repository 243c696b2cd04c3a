public import Geodesy

/// How its bearer moves; decides what speeds are taken for possible, plausible and attentive.
public enum Travel: String, Hashable, Sendable, Codable, CaseIterable {
  case foot, ebike, car

  /// The most that a bearer keeps up, for what cannot be ruled out (`reach_mps`).
  public var reach: MetresPerSecond {
    switch self {
    case .foot: 3
    case .ebike: 8
    case .car: 20
    }
  }

  /// Above this between two fixes, the receiver is wrong (`plausible_speed_mps`).
  public var plausibleSpeed: MetresPerSecond {
    switch self {
    case .foot: 12
    case .ebike: 25
    case .car: 60
    }
  }

  /// Faster than this attends nothing (`pass_speed_max_mps`).
  public var passSpeedMaximum: MetresPerSecond {
    switch self {
    case .foot: 3
    case .ebike: 7
    case .car: 12
    }
  }
}

/// A device's position source, as gpsd's own clients write it: `host[:port[:device]]`, IPv6 in brackets.
public struct Source: Hashable, Sendable, CustomStringConvertible {
  public var host: String
  public var port: Int
  /// In full, sub-device included (`udp://0.0.0.0:5931#handheld-17`); nil: every device of that gpsd.
  public var device: String?

  public static let standardPort = 2947

  public init(host: String, port: Int = standardPort, device: String? = nil) {
    self.host = host
    self.port = port
    self.device = device
  }

  /// Nil where the text is no such source: an empty host, a port outside 1…65535, an unclosed bracket.
  public init?(_ text: String) {
    var rest = text[...]
    if rest.hasPrefix("[") {
      guard let close = rest.firstIndex(of: "]") else { return nil }
      host = String(rest[rest.index(after: rest.startIndex)..<close])
      rest = rest[rest.index(after: close)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
    } else {
      let colon = rest.firstIndex(of: ":") ?? rest.endIndex
      host = String(rest[..<colon])
      rest = rest[colon...]
    }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
    port = Self.standardPort
    guard rest.popFirst() != nil else { return }
    let colon = rest.firstIndex(of: ":") ?? rest.endIndex
    guard let port = Int(rest[..<colon]), (1...65535).contains(port) else { return nil }
    self.port = port
    rest = rest[colon...]
    guard rest.popFirst() != nil else { return }
    guard !rest.isEmpty else { return nil }
    device = String(rest)
  }

  public var description: String {
    let host = host.contains(":") ? "[\(host)]" : host
    return "\(host):\(port)" + (device.map { ":\($0)" } ?? "")
  }
}

/// What is known of a kind of handheld: `devices/models/<id>/model.yaml`.
public struct DeviceModel: Hashable, Sendable {
  public typealias ID = Identifier<DeviceModel>

  /// Receiver noise for simulation: Gauss–Markov plus white, per axis.
  public struct Noise: Hashable, Sendable {
    public var sigma: Metres
    public var tau: Milliseconds
    public var white: Metres

    public init(sigma: Metres, tau: Milliseconds, white: Metres) {
      self.sigma = sigma
      self.tau = tau
      self.white = white
    }
  }

  /// What a receiver does otherwise than others, where whoever reads it should know.
  public enum Quirk: String, Hashable, Sendable, CaseIterable {
    /// Holds its position while it believes to stand still, to the last digit.
    case staticNavigation = "static_navigation"
    /// Keeps reports while it has no network and delivers them later.
    case backlog
    /// The accuracy it tells is a radius of 68 %, not of 95 %.
    case claims68 = "claims_68"
    /// Positions to 1/10,000 of a minute, 0.19 m.
    case fourDecimals = "minutes_4_decimals"
    /// Tells no speed and no course.
    case noSpeed = "no_speed"
  }

  public var id: ID
  public var receiver: String
  /// Nominal reporting interval (`interval_s`).
  public var interval: Milliseconds
  /// 95 %, under an open sky; also assumed of fixes that tell no accuracy of their own.
  public var accuracy: Metres
  /// Fixes worse than this prove nothing (`accuracy_max_m`).
  public var accuracyMaximum: Metres
  /// Accuracy per unit of HDOP (`hdop_error_m`).
  public var hdopError: Metres
  public var timeToFirstFix: Milliseconds
  /// Added to times of this model that lie that far in the past; 0 or 1024.
  public var rolloverWeeks: Int
  /// NMEA talker, `GN`.
  public var talker: String
  /// NMEA sentence formatters, `RMC`, `GGA`, …
  public var sentences: [String]
  public var noise: Noise
  /// Faster than this the receiver gives no position (`speed_max_mps`).
  public var speedMaximum: MetresPerSecond
  /// Of a told speed, one standard deviation (`speed_accuracy_mps`).
  public var speedAccuracy: MetresPerSecond
  public var quirks: Set<Quirk>

  public init(
    id: ID, receiver: String = "", interval: Milliseconds = .seconds(1), accuracy: Metres = 6,
    accuracyMaximum: Metres = 50, hdopError: Metres = 5,
    timeToFirstFix: Milliseconds = .seconds(30),
    rolloverWeeks: Int = 0, talker: String = "GN",
    sentences: [String] = ["RMC", "GGA", "GSA", "GST"],
    noise: Noise = Noise(sigma: 2.5, tau: .seconds(90), white: 0.4),
    speedMaximum: MetresPerSecond = 500, speedAccuracy: MetresPerSecond = 0.05,
    quirks: Set<Quirk> = []
  ) {
    self.id = id
    self.receiver = receiver
    self.interval = interval
    self.accuracy = accuracy
    self.accuracyMaximum = accuracyMaximum
    self.hdopError = hdopError
    self.timeToFirstFix = timeToFirstFix
    self.rolloverWeeks = rolloverWeeks
    self.talker = talker
    self.sentences = sentences
    self.noise = noise
    self.speedMaximum = speedMaximum
    self.speedAccuracy = speedAccuracy
    self.quirks = quirks
  }
}

/// A handheld as the plan lists it, its model's keys and its own overrides resolved.
public struct Handheld: Hashable, Sendable {
  public typealias ID = Identifier<Handheld>

  public var id: ID
  public var source: Source
  public var travel: Travel
  /// With the plan's overrides for this handheld applied.
  public var model: DeviceModel
  /// `reach_mps`
  public var reach: MetresPerSecond
  /// `plausible_speed_mps`
  public var plausibleSpeed: MetresPerSecond

  public init(
    id: ID, source: Source, travel: Travel, model: DeviceModel, reach: MetresPerSecond? = nil,
    plausibleSpeed: MetresPerSecond? = nil
  ) {
    self.id = id
    self.source = source
    self.travel = travel
    self.model = model
    self.reach = reach ?? travel.reach
    self.plausibleSpeed = plausibleSpeed ?? travel.plausibleSpeed
  }

  /// The longest time between two consecutive usable fixes that still observes what lies between them.
  public var legMaximum: Milliseconds { max(model.interval * 3, .seconds(15)) }
  /// The longest excursion that does not break a stay.
  public var excursionMaximum: Milliseconds { max(.seconds(60), model.interval * 2) }
}
