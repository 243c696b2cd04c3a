internal import Geodesy

/// What a receiver's errors are made of: per axis a first-order Gauss–Markov process (Gelb 1974, Applied Optimal
/// Estimation) and white noise, fitted by maximum likelihood to errors at any times.
///
/// The likelihood is exact for unevenly spaced samples: the process is a state of one dimension, so a Kalman filter gives
/// every sample's prediction and its variance (Jones 1981, "Fitting a continuous time autoregression to discrete data";
/// Schweppe 1965). Both axes share the parameters and are of mean zero: a lasting offset counts as error, as it does for
/// whoever is judged by it. The size is concentrated out, the white share profiled out. The interval of `tau` is where
/// the profile likelihood is within 1.92 of its maximum (χ², one degree of freedom, 95 %).
public struct GaussMarkovFit: Hashable, Sendable {
  /// Standard deviation of the slow part, each axis, metres.
  public var sigma: Estimate
  /// Correlation time, seconds.
  public var tau: Estimate
  /// Standard deviation of the white part, each axis, metres.
  public var white: Double
  /// How many independent looks at the size of the errors the samples are worth.
  public var effective: Double

  /// Fewer say nothing of correlation.
  public static let samplesMinimum = 12
  /// More are thinned evenly: the span counts, not the number.
  static let samplesMaximum = 5000

  /// - Parameter samples: in rising order of time.
  /// - Returns: nil with fewer than `samplesMinimum`, or without any time or error between them.
  ///
  /// O(samples), about 700 times.
  public init?(_ samples: [ErrorSample]) {
    guard samples.count >= Self.samplesMinimum, let first = samples.first,
      let last = samples.last, last.seconds > first.seconds,
      samples.contains(where: { $0.radius > 0 })
    else { return nil }
    let stride = (samples.count + Self.samplesMaximum - 1) / Self.samplesMaximum
    let likelihood = Likelihood(
      samples.enumerated().filter { $0.offset % stride == 0 }.map(\.element))
    let span = last.seconds - first.seconds
    let range = Elementary.ln(likelihood.shortest / 5)...Elementary.ln(4 * span)
    let profile: (Double) -> Double = { likelihood.profile(tau: Elementary.exp($0)).value }

    // A coarse look first: the likelihood may be flat at both ends.
    let looks = 12
    let grid = (0...looks).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(looks)
    }
    let values = grid.map(profile)
    let best = values.indices.min { values[$0] < values[$1] }!
    let (at, least) = Search.minimum(
      in: grid[max(0, best - 1)]...grid[min(looks, best + 1)], steps: 18, of: profile)
    let limit = least + 1.92
    let low = Search.crossing(from: at, to: range.lowerBound, limit: limit, of: profile)
    let high = Search.crossing(from: at, to: range.upperBound, limit: limit, of: profile)

    let tau = Elementary.exp(at)
    let (w, square) = (
      likelihood.profile(tau: tau).white, likelihood.profile(tau: tau).square
    )
    let share = 1 / (1 + w)
    effective = Self.effective(samples, share: share, tau: tau)
    self.tau = Estimate(
      tau, low: low.map { Elementary.exp($0) } ?? 0,
      high: high.map { Elementary.exp($0) } ?? .infinity)
    // Of n independent looks on two axes: a variance is known to 1/√n of itself.
    sigma = Estimate(square.squareRoot(), spread: 0.5 / effective.squareRoot())
    white = (w * square).squareRoot()
  }

  /// n² / Σ ρ²: how many independent looks at squared errors these are worth (Bartlett 1946; of squares of normal
  /// variables the correlation is ρ²). O(n): the sum over pairs is carried on with the exponential.
  static func effective(_ samples: [ErrorSample], share: Double, tau: Double) -> Double {
    let n = Double(samples.count)
    var (sum, carried) = (n, 0.0)
    for (a, b) in zip(samples, samples.dropFirst()) {
      carried = (carried + 1) * Elementary.exp(-2 * (b.seconds - a.seconds) / tau)
      sum += 2 * share * share * carried
    }
    return n * n / sum
  }
}

/// −ln L of a Gauss–Markov process with white noise, but for a constant.
private struct Likelihood {
  private let steps: [Double]
  private let x: [Double]
  private let y: [Double]
  /// The shortest time between two samples, seconds.
  let shortest: Double

  init(_ samples: [ErrorSample]) {
    x = samples.map(\.error.x)
    y = samples.map(\.error.y)
    steps = [0] + zip(samples, samples.dropFirst()).map { max(1e-3, $1.seconds - $0.seconds) }
    shortest = steps.dropFirst().min() ?? 1
  }

  /// The least over the white share: `white` is its variance over the slow part's, `square` the slow part's variance.
  func profile(tau: Double) -> (value: Double, white: Double, square: Double) {
    let (w, value) = Search.minimum(in: -14...4, steps: 15) {
      at(tau: tau, white: Elementary.exp($0)).value
    }
    let white = Elementary.exp(w)
    return (value, white, at(tau: tau, white: white).square)
  }

  /// One pass of the filter, its state of variance 1 before anything is seen.
  private func at(tau: Double, white: Double) -> (value: Double, square: Double) {
    var (mx, my, p) = (0.0, 0.0, 1.0)
    var (squares, logs, product) = (0.0, 0.0, 1.0)
    var (keep, keptFor) = (1.0, 0.0)
    for i in x.indices {
      if i > 0 {
        if steps[i] != keptFor {
          keptFor = steps[i]
          keep = Elementary.exp(-keptFor / tau)
        }
        mx *= keep
        my *= keep
        p = keep * keep * p + 1 - keep * keep
      }
      let f = p + white
      let (vx, vy) = (x[i] - mx, y[i] - my)
      squares += (vx * vx + vy * vy) / f
      product *= f
      if product > 1e100 || product < 1e-100 {
        logs += Elementary.ln(product)
        product = 1
      }
      let gain = p / f
      mx += gain * vx
      my += gain * vy
      p *= 1 - gain
    }
    logs += Elementary.ln(product)
    let n = Double(x.count)
    let square = max(squares / (2 * n), 1e-12)
    return (n * Elementary.ln(square) + logs, square)
  }
}
