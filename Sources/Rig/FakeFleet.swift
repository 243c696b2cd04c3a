public import Geodesy

/// Generated handhelds: so many endpoints of a fake gpsd, so many devices each, every device a walker that goes round a
/// block of its own for ever. Equal seeds walk equal ways.
///
/// Reports are numbered: number p is of `clock.start` + p · `interval`, numbers below 0 are what was stored before.
public struct FakeFleet: Hashable, Sendable {
  /// What an endpoint's devices are.
  public enum Naming: String, Hashable, Sendable, CaseIterable {
    /// Receivers of its own: `/dev/ttyUSB0`, `/dev/ttyUSB1`, …
    case tty
    /// Handhelds whose reports one object forwards: `udp://0.0.0.0:5931#handheld-0`, …; `?DEVICES;` tells of the
    /// object alone.
    case gateway
  }

  /// What a device delivers at a connection of what it stored.
  public enum Backlog: Hashable, Sendable {
    case none
    /// Of the time before the connection, what was not sent yet: store and forward.
    case undelivered(within: Milliseconds)
    /// Of the time before the connection all, at every connection again.
    case whole(Milliseconds)
  }

  public var endpoints: Int
  public var devicesEach: Int
  public var naming: Naming
  /// Above 0, whole milliseconds.
  public var interval: Milliseconds
  public var seed: UInt64
  public var backlog: Backlog

  public init(
    endpoints: Int, devicesEach: Int, naming: Naming = .tty, interval: Milliseconds = .seconds(1),
    seed: UInt64 = 1, backlog: Backlog = .none
  ) {
    precondition(endpoints > 0 && devicesEach > 0 && interval > .zero, "a fleet that reports")
    self.endpoints = endpoints
    self.devicesEach = devicesEach
    self.naming = naming
    self.interval = interval
    self.seed = seed
    self.backlog = backlog
  }

  static let gatewayPath = "udp://0.0.0.0:5931"

  /// By number within an endpoint; in full, as in a plan's `source`.
  public var deviceNames: [String] {
    (0..<devicesEach).map {
      switch naming {
      case .tty: "/dev/ttyUSB\($0)"
      case .gateway: "\(Self.gatewayPath)#handheld-\($0)"
      }
    }
  }

  /// Endpoints do not all report in the same instant: a report leaves so long after its time.
  func delay(of endpoint: Int) -> Milliseconds {
    Milliseconds(interval.value * Int64(endpoint) / Int64(endpoints))
  }
}
