internal import Geodesy

/// Radii around the truth that hold a half and 95 % of the positions.
///
/// The radii are order statistics: no shape is assumed for them. Their intervals are a quantile's, √(p(1−p)/n)/f(r),
/// with n the *effective* number of samples, as neighbours err alike, and the density f of a circular normal error
/// (Rayleigh's): 0.721/√n of the median and 0.728/√n of the 95 % radius, on the logarithm so that they stay positive.
public struct CircularError: Hashable, Sendable {
  /// Metres, both.
  public var half: Estimate
  public var most: Estimate
  /// The mean error: metres east and north.
  public var east: Double
  public var north: Double
  /// How many independent samples they are worth.
  public var effective: Double
  /// Standard deviation of the truth, each axis, root mean square, metres.
  public var truthDeviation: Double

  /// - Parameter effective: how many independent samples these are worth, above 0.
  public init?(_ samples: [ErrorSample], effective: Double) {
    guard !samples.isEmpty, effective > 0 else { return nil }
    let n = Double(samples.count)
    let radii = samples.map(\.radius).sorted()
    let truth =
      (samples.reduce(0) { $0 + $1.truthDeviation * $1.truthDeviation } / n).squareRoot()
    func radius(_ p: Double) -> Estimate {
      var found = Estimate(
        Self.quantile(p, of: radii), spread: Self.spread(of: p) / effective.squareRoot())
      // What the truth is wrong by makes errors look larger, never smaller in the mean.
      let mine = Self.deviations(p) * truth
      found.low = max(0, found.low * found.low - mine * mine).squareRoot()
      return found
    }
    half = radius(0.5)
    most = radius(0.95)
    east = samples.reduce(0) { $0 + $1.error.x } / n
    north = samples.reduce(0) { $0 + $1.error.y } / n
    self.effective = effective
    truthDeviation = truth
  }

  /// The radius that holds the share `p` of a circular normal error, in standard deviations of one axis: √(−2 ln(1−p)).
  public static func deviations(_ p: Double) -> Double { (-2 * Elementary.ln(1 - p)).squareRoot() }

  /// What a radius that holds `b` is to be multiplied by to hold `a`.
  public static func ratio(of a: Double, to b: Double) -> Double {
    a == b ? 1 : deviations(a) / deviations(b)
  }

  /// Standard deviation of the logarithm of a quantile of one sample.
  static func spread(of p: Double) -> Double {
    let r = deviations(p)
    return (p * (1 - p)).squareRoot() / (r * r * (1 - p))
  }

  /// Between the two that enclose it, linearly.
  public static func quantile(_ p: Double, of sorted: [Double]) -> Double {
    let at = p * Double(sorted.count - 1)
    let i = min(Int(at), sorted.count - 1)
    let next = min(i + 1, sorted.count - 1)
    return sorted[i] + (sorted[next] - sorted[i]) * (at - Double(i))
  }
}
