public import Patrol

/// Where a gpsd listens.
public struct Endpoint: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var host: String
  public var port: Int

  public init(host: String, port: Int = Source.standardPort) {
    self.host = host
    self.port = port
  }

  public init(_ source: Source) { self.init(host: source.host, port: source.port) }

  public var description: String { Source(host: host, port: port).description }

  public static func < (a: Self, b: Self) -> Bool { (a.host, a.port) < (b.host, b.port) }
}
