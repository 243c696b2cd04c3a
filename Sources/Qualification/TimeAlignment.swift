internal import Geodesy
public import Patrol

/// By how much the clock of a reference walk differs from the receiver's, found where both show the same changes of pace.
///
/// Pearson's correlation of the told speeds with the reference's, at every lag of a grid of seconds; around the best the
/// lag is sought to a hundredth of a second, as the reference can be asked at any moment. Speeds along the track do not
/// depend on where the receiver believes to be, so position errors do not bias it. The interval of the lag follows from
/// how sharp the peak is: with residuals of variance v and slope s of the reference's speed, v/Σs² over the samples.
public struct TimeAlignment: Hashable, Sendable {
  /// Seconds to be added to the reference's times.
  public var lag: Estimate
  /// At that lag: −1 to 1.
  public var correlation: Double

  /// Below this nothing was recognised.
  public static let correlationMinimum = 0.6
  /// Fewer speeds within the reference say nothing.
  static let samplesMinimum = 30

  /// - Parameters:
  ///   - fixes: in rising order of time.
  ///   - most: the largest lag looked at, either way, seconds.
  /// - Returns: nil where no lag makes them alike.
  public init?(_ fixes: [Fix], to reference: Reference, within most: Int = 120) {
    let told = Self.speeds(fixes)
    guard reference.kind != .mark, told.count >= Self.samplesMinimum else { return nil }
    func correlation(_ lag: Double) -> Double {
      var (n, x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
      for (time, speed) in told {
        guard let s = reference.speed(at: time - Milliseconds(seconds: lag)) else { continue }
        n += 1
        x += speed
        y += s
        xx += speed * speed
        yy += s * s
        xy += speed * s
      }
      let (vx, vy) = (n * xx - x * x, n * yy - y * y)
      guard n >= Double(Self.samplesMinimum), n >= Double(told.count) / 2, vx > 0, vy > 0.01 * n * n
      else { return -1 }
      return (n * xy - x * y) / (vx * vy).squareRoot()
    }
    let grid = (-most...most).map { (lag: Double($0), r: correlation(Double($0))) }
    guard let best = grid.max(by: { $0.r < $1.r }), best.r >= Self.correlationMinimum else {
      return nil
    }
    let (lag, r) = Search.minimum(in: best.lag - 1...best.lag + 1, steps: 12) { -correlation($0) }
    var (residual, slope, count) = (0.0, 0.0, 0.0)
    for (time, speed) in told {
      let at = time - Milliseconds(seconds: lag)
      guard let s = reference.speed(at: at), let before = reference.speed(at: at - .seconds(1)),
        let after = reference.speed(at: at + .seconds(1))
      else { continue }
      residual += (speed - s) * (speed - s)
      slope += (after - before) * (after - before) / 4
      count += 1
    }
    guard slope > 0 else { return nil }
    let deviation = (residual / count / slope).squareRoot()
    // The reference is asked to the millisecond.
    let half = Estimate.normal95 * max(deviation, 0.01)
    self.lag = Estimate(lag, low: lag - half, high: lag + half)
    self.correlation = -r
  }

  /// As told; else by the way from the fix before to the one after.
  private static func speeds(_ fixes: [Fix]) -> [(Instant, Double)] {
    let told = fixes.compactMap { fix in fix.speed.map { (fix.time, $0.value) } }
    guard told.count < fixes.count / 2 else { return told }
    return fixes.indices.dropFirst().dropLast().compactMap { i in
      let (a, b) = (fixes[i - 1], fixes[i + 1])
      let seconds = (b.time - a.time).seconds
      guard seconds > 0, seconds <= 10 else { return nil }
      return (fixes[i].time, a.position.distance(to: b.position).value / seconds)
    }
  }
}
