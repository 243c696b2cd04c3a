internal import Geodesy

/// A figure found in a session, and an interval that holds the true one in 95 of 100 sessions like it.
public struct Estimate: Hashable, Sendable {
  public var value: Double
  public var low: Double
  /// Infinite where the session sets no bound.
  public var high: Double

  public init(_ value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  public func contains(_ x: Double) -> Bool { low <= x && x <= high }

  /// Of a standard normal distribution, 95 % lie within so many deviations.
  static let normal95 = 1.96

  /// Of a positive figure whose logarithm has the standard deviation `spread`.
  init(_ value: Double, spread: Double) {
    self.init(
      value, low: value / Elementary.exp(Self.normal95 * spread),
      high: value * Elementary.exp(Self.normal95 * spread))
  }

  /// Of a share of `count` independent cases (Wilson 1927, "Probable inference, the law of succession, and statistical
  /// inference", JASA 22).
  init(share: Double, of count: Double) {
    let z = Self.normal95 * Self.normal95 / count
    let middle = (share + z / 2) / (1 + z)
    let half = (z * (share * (1 - share) + z / 4)).squareRoot() / (1 + z)
    self.init(share, low: max(0, middle - half), high: min(1, middle + half))
  }
}
