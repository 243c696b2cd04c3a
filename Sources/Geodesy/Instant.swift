/// A length of time in whole milliseconds; may be negative.
public struct Milliseconds: Hashable, Comparable, Sendable, BitwiseCopyable, Codable,
  AdditiveArithmetic
{
  public var value: Int64

  @inlinable public init(_ value: Int64) { self.value = value }

  @inlinable public static func seconds(_ s: Int) -> Self { Self(Int64(s) * 1000) }
  @inlinable public static func minutes(_ m: Int) -> Self { Self(Int64(m) * 60_000) }
  @inlinable public static func hours(_ h: Int) -> Self { Self(Int64(h) * 3_600_000) }
  /// Rounded to the nearest millisecond. `s` must be finite and within ±9e15.
  @inlinable public init(seconds s: Double) { value = Int64((s * 1000).rounded()) }

  /// In seconds.
  @inlinable public var seconds: Double { Double(value) / 1000 }

  @inlinable public static var zero: Self { Self(0) }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
  @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
  @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
  @inlinable public static func * (a: Self, k: Int64) -> Self { Self(a.value * k) }
  @inlinable public static func / (a: Self, k: Int64) -> Self { Self(a.value / k) }

  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(Int64.self))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

/// A moment of UTC, in milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (as POSIX time).
public struct Instant: Hashable, Comparable, Sendable, BitwiseCopyable, Codable {
  public var milliseconds: Int64

  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Bounds far outside any plan, with room left for arithmetic.
  public static let distantPast = Instant(milliseconds: -1 << 52)
  public static let distantFuture = Instant(milliseconds: 1 << 52)

  @inlinable public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }
  @inlinable public static func + (a: Self, d: Milliseconds) -> Self {
    Self(milliseconds: a.milliseconds + d.value)
  }
  @inlinable public static func - (a: Self, d: Milliseconds) -> Self {
    Self(milliseconds: a.milliseconds - d.value)
  }
  @inlinable public static func - (a: Self, b: Self) -> Milliseconds {
    Milliseconds(a.milliseconds - b.milliseconds)
  }

  public init(from decoder: any Decoder) throws {
    self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}
