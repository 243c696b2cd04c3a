/// A length or distance in metres.
public struct Metres: Hashable, Comparable, Sendable, BitwiseCopyable, Codable, AdditiveArithmetic,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral
{
  public var value: Double

  @inlinable public init(_ value: Double) { self.value = value }
  @inlinable public init(floatLiteral value: Double) { self.value = value }
  @inlinable public init(integerLiteral value: Int) { self.value = Double(value) }

  @inlinable public static var zero: Metres { Metres(0) }
  @inlinable public static func < (a: Metres, b: Metres) -> Bool { a.value < b.value }
  @inlinable public static func + (a: Metres, b: Metres) -> Metres { Metres(a.value + b.value) }
  @inlinable public static func - (a: Metres, b: Metres) -> Metres { Metres(a.value - b.value) }
  @inlinable public static func * (a: Metres, k: Double) -> Metres { Metres(a.value * k) }
  @inlinable public static func / (a: Metres, b: Metres) -> Double { a.value / b.value }

  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(Double.self))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

/// A speed in metres per second.
public struct MetresPerSecond: Hashable, Comparable, Sendable, BitwiseCopyable, Codable,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral
{
  public var value: Double

  @inlinable public init(_ value: Double) { self.value = value }
  @inlinable public init(floatLiteral value: Double) { self.value = value }
  @inlinable public init(integerLiteral value: Int) { self.value = Double(value) }

  @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
  @inlinable public static func * (a: Self, k: Double) -> Self { Self(a.value * k) }
  /// Distance covered at this speed in a time.
  @inlinable public static func * (a: Self, t: Milliseconds) -> Metres {
    Metres(a.value * t.seconds)
  }

  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(Double.self))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

extension Metres {
  /// The time to cover this distance, rounded to the nearest millisecond. `speed` must be above 0.
  @inlinable public func time(at speed: MetresPerSecond) -> Milliseconds {
    Milliseconds(Int64((value / speed.value * 1000).rounded()))
  }
}
