public import Geodesy

/// How long things took, counted as Prometheus counts: so many within each bound.
public struct DelayHistogram: Hashable, Sendable, Codable {
  /// Milliseconds, rising.
  public static let bounds: [Int64] = [
    50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1250, 1500, 2000, 3000, 5000, 10_000,
  ]
  /// How many took no longer than each bound and longer than the one before; at last those that took longer than all.
  public private(set) var counts = Array(repeating: 0, count: bounds.count + 1)
  /// The longest, in milliseconds.
  public private(set) var longest: Int64 = 0
  /// Of all of them, in milliseconds; nil from a daemon that did not add them up.
  public private(set) var sum: Int64? = 0

  public init() {}

  public var count: Int { counts.reduce(0, +) }

  public mutating func add(_ delay: Milliseconds) {
    let bucket = Self.bounds.firstIndex { delay.value <= $0 } ?? Self.bounds.count
    counts[bucket] += 1
    longest = max(longest, delay.value)
    sum = (sum ?? 0) + delay.value
  }

  /// Within which bound that share of them lies (the longest where none is wide enough); nil where there are none.
  public func bound(of share: Double) -> Milliseconds? {
    guard count > 0 else { return nil }
    let wanted = Double(count) * share
    var sum = 0
    for (bound, count) in zip(Self.bounds, counts) {
      sum += count
      if Double(sum) >= wanted { return Milliseconds(min(bound, longest)) }
    }
    return Milliseconds(longest)
  }
}
