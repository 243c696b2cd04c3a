internal import Geodesy

/// A visit on foot into a place and out again, of exactly some length, as a handheld sees it that reports every so often:
/// the edge is taken for crossed where a straight line between the fixes around it crosses it.
///
/// Whoever stands is not seen arriving: between a fix 50 m outside and one where he stands the crossing is placed later
/// than it was, and likewise earlier as he leaves. The longer the interval, the more of a stay is lost in this way.
struct IdealVisit {
  /// Seconds within the edge.
  var length: Double
  /// How far inside he stands, metres at most.
  var depth: Double
  /// Seconds.
  var interval: Double
  /// A position this far outside still counts as at the place, metres.
  var outer: Double

  private static let pace = Detectability.pace.value
  /// He comes from so far away, metres.
  private static let far = 200.0

  /// Metres from the edge, below 0 within, so many seconds after entering.
  private func distance(at t: Double) -> Double {
    let walk = min(depth / Self.pace, length / 2)
    if t < walk { return min(-Self.pace * t, Self.far) }
    if t <= length - walk { return -walk * Self.pace }
    return min(Self.pace * (t - length), Self.far)
  }

  /// The length that is measured where fixes lie `phase` seconds after entering, and every interval before and after; nil
  /// with fewer than two at the place, or none inside.
  func measured(phase: Double) -> Double? {
    let first = phase - interval * ((phase + outer / Self.pace) / interval).rounded(.down)
    let end = length + outer / Self.pace
    guard first + interval <= end else { return nil }
    var (arrived, left): (Double?, Double?) = (nil, nil)
    var (t, before) = (first - interval, distance(at: first - interval))
    while t < end + interval {
      t += interval
      let now = distance(at: t)
      if before > 0, now <= 0, arrived == nil {
        arrived = t - interval + interval * before / (before - now)
      }
      if before <= 0, now > 0 { left = t - interval + interval * before / (before - now) }
      before = now
    }
    guard let arrived, let left else { return nil }
    return left - arrived
  }

  /// The share of phases, evenly spread, in which at least `stay` is measured, positions erring so that a measured length
  /// has the standard deviation `spread`, seconds.
  func share(of stay: Double, spread: Double) -> Double {
    let phases = 60
    let sum = (0..<phases).reduce(0.0) { sum, k in
      guard let measured = measured(phase: interval * (Double(k) + 0.5) / Double(phases)) else {
        return sum
      }
      return sum + Self.normal((measured - stay) / spread)
    }
    return sum / Double(phases)
  }

  /// The share of a standard normal distribution below `z`: logistic approximation, within 0.01 (Bowling and others 2009,
  /// "A logistic approximation to the cumulative normal distribution").
  private static func normal(_ z: Double) -> Double {
    1 / (1 + Elementary.exp(-(0.07056 * z * z * z + 1.5976 * z)))
  }
}
