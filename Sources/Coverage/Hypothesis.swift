internal import Geodesy

/// One account of where a handheld is: on a line or street at a chainage, or off all of them; and by how much its
/// receiver is wrong just now. A Gaussian over (chainage or position, error), conditional on that line: a Kalman filter
/// each, weighed against each other (a Rao–Blackwellised filter; Doucet et al. 2000).
///
/// Lines 15 m apart cannot be told apart by a fix whose slow error is 5 m, but by a whole leg: an error of 15 m would have
/// to be kept up, and to have been there at the last corner.
struct Hypothesis: Hashable, Sendable {
  /// Negative natural logarithm of its weight.
  var cost: Double
  /// Of `Ways`; negative off all lines.
  var segment: Int32
  /// For how long it could not explain positions, in seconds.
  private var stray = 0.0
  /// Its latest step in the trellis, by position in the last node's row.
  var step: Int32 = 0
  /// On lines.
  var chainage: Double
  /// In the ways' plane.
  var position: PlanePoint
  /// The receiver's slow error: reported position less true position.
  var error: PlanePoint

  // Covariances, square metres. On a line: of the chainage (p0), of it with the error (c0, c1). Off lines: of the
  // position (xx, xy, yy in p0…p2), of it with the error (xx, xy, yx, yy in c0…c3).
  private var p0: Double
  private var p1 = 0.0
  private var p2 = 0.0
  private var c0: Double
  private var c1 = 0.0
  private var c2 = 0.0
  private var c3 = 0.0
  private var exx: Double
  private var exy = 0.0
  private var eyy: Double

  var isOff: Bool { segment < 0 }

  /// Off lines, where nothing is known but one position; `deviation` of the receiver's error.
  init(at z: PlanePoint, deviation: Double, white: Double) {
    let v = deviation * deviation
    (cost, segment, chainage) = (0, -1, 0)
    (position, error) = (z, PlanePoint(x: 0, y: 0))
    (p0, p2) = (v + white, v + white)
    (c0, c3) = (-v, -v)
    (exx, eyy) = (v, v)
  }

  // MARK: time

  /// How long one keeps to one side of a street, in seconds.
  private static let sideChange = 300.0

  /// The error decays and is renewed; on a line it also takes up how far to the side it is walked.
  mutating func drift(
    keep: Double, deviation: Double, seconds: Double, beside g: Ways.Segment?
  ) {
    error = error * keep
    c0 *= keep
    c1 *= keep
    c2 *= keep
    c3 *= keep
    let k2 = keep * keep
    let fresh = (1 - k2) * deviation * deviation
    exx = k2 * exx + fresh
    eyy = k2 * eyy + fresh
    exy *= k2
    if let g {
      let side = min(1, 2 * seconds / Self.sideChange) * g.slack * g.slack
      exx += side * g.unit.y * g.unit.y
      eyy += side * g.unit.x * g.unit.x
      exy -= side * g.unit.x * g.unit.y
    }
  }

  /// Off lines: goes where Doppler says, and a little astray.
  mutating func move(_ d: PlanePoint, variance: Double) {
    position = position + d
    p0 += variance
    p2 += variance
  }

  /// Off lines: less is known of where it is in one direction.
  mutating func blur(_ d: PlanePoint, variance: Double) {
    guard variance > 0 else { return }
    let share = variance / d.dot(d)
    p0 += share * d.x * d.x
    p1 += share * d.x * d.y
    p2 += share * d.y * d.y
  }

  /// On a line: to a chainage, the distance known to a variance.
  mutating func move(to place: (segment: Int, chainage: Double), variance: Double, on ways: Ways) {
    segment = Int32(place.segment)
    chainage = place.chainage
    position = ways.point(chainage, on: place.segment)
    p0 += variance
  }

  // MARK: measurements

  /// Half squared deviations beyond which a position teaches nothing: 99.9 % of a plane's Gaussian.
  private static let gate = 6.9
  /// What a position costs that has jumped. Receivers jump 1 to 3 % of the time (3 to 10 times an hour, for 5 to 30 s), to
  /// anywhere within some 40 m: -ln 0.02 + ln(π 40² / 2π) = 10.6, as costs leave the 2π of their densities out. Smaller
  /// leaps, as after a lost signal, are more frequent: 8.5 tells parallel streets apart best (measured: proving courses).
  /// The second of a row costs less, as jumps last.
  private static let jumpCost = 8.5
  private static let jumpLastingCost = 6.0
  /// How far a jump throws a position: a standard deviation, metres. One of 150 m is hardly a jump.
  private static let jumpReach = 40.0
  /// Jumps last no longer, in seconds: then it is not the positions that are wrong.
  private static let jumpMaximum = 20.0
  /// Variance of an error that has jumped to stay. Where that is not enough it may as well be elsewhere, four times the
  /// variance at each attempt.
  private static let anywhere = 400.0
  private static let attempts = 5

  /// Takes a position `seconds` after the one before: weighs it and learns from it.
  mutating func observe(_ z: PlanePoint, after seconds: Double, white: Double, on ways: Ways) {
    let jump = stray > 0 ? Self.jumpLastingCost : Self.jumpCost
    var more = Self.anywhere
    for attempt in 0..<Self.attempts {
      let r = z - position - error
      let (sxx, sxy, syy) = innovation(white, ways)
      let det = sxx * syy - sxy * sxy
      let half = (syy * r.x * r.x - 2 * sxy * r.x * r.y + sxx * r.y * r.y) / (2 * det)
      let whole = half + Elementary.ln(det) / 2
      let jumped = jump + r.dot(r) / (2 * Self.jumpReach * Self.jumpReach)
      if half <= Self.gate {
        stray = 0
        cost += min(whole, jumped)
        learn(r, sxx, sxy, syy, det, ways)
        return
      }
      if attempt == 0 { stray += seconds }
      guard stray >= Self.jumpMaximum, attempt + 1 < Self.attempts else {
        cost += min(whole, jumped)
        return
      }
      exx += more
      eyy += more
      if attempt > 0 {
        p0 += more
        if isOff { p2 += more }
      }
      more *= 4
    }
  }

  private func innovation(_ white: Double, _ ways: Ways) -> (Double, Double, Double) {
    guard !isOff else {
      return (
        p0 + 2 * c0 + exx + white, p1 + c1 + c2 + exy, p2 + 2 * c3 + eyy + white
      )
    }
    let u = ways.segments[Int(segment)].unit
    return (
      p0 * u.x * u.x + 2 * u.x * c0 + exx + white,
      p0 * u.x * u.y + u.x * c1 + u.y * c0 + exy,
      p0 * u.y * u.y + 2 * u.y * c1 + eyy + white
    )
  }

  /// The Kalman update with innovation `r` and its covariance.
  private mutating func learn(
    _ r: PlanePoint, _ sxx: Double, _ sxy: Double, _ syy: Double, _ det: Double, _ ways: Ways
  ) {
    let (ixx, ixy, iyy) = (syy / det, -sxy / det, sxx / det)
    func gain(_ a: Double, _ b: Double) -> (x: Double, y: Double) {
      (a * ixx + b * ixy, a * ixy + b * iyy)
    }
    if isOff {
      // Rows of P Hᵀ: of position x, y, of error x, y.
      let (ax, ay) = (p0 + c0, p1 + c1)
      let (bx, by) = (p1 + c2, p2 + c3)
      let (fx, fy) = (c0 + exx, c2 + exy)
      let (gx, gy) = (c1 + exy, c3 + eyy)
      let (ka, kb, kf, kg) = (gain(ax, ay), gain(bx, by), gain(fx, fy), gain(gx, gy))
      position.x += ka.x * r.x + ka.y * r.y
      position.y += kb.x * r.x + kb.y * r.y
      error.x += kf.x * r.x + kf.y * r.y
      error.y += kg.x * r.x + kg.y * r.y
      p0 -= ka.x * ax + ka.y * ay
      p1 -= ka.x * bx + ka.y * by
      p2 -= kb.x * bx + kb.y * by
      c0 -= ka.x * fx + ka.y * fy
      c1 -= ka.x * gx + ka.y * gy
      c2 -= kb.x * fx + kb.y * fy
      c3 -= kb.x * gx + kb.y * gy
      exx -= kf.x * fx + kf.y * fy
      exy -= kf.x * gx + kf.y * gy
      eyy -= kg.x * gx + kg.y * gy
      return
    }
    let u = ways.segments[Int(segment)].unit
    let (ax, ay) = (p0 * u.x + c0, p0 * u.y + c1)
    let (fx, fy) = (c0 * u.x + exx, c0 * u.y + exy)
    let (gx, gy) = (c1 * u.x + exy, c1 * u.y + eyy)
    let (ka, kf, kg) = (gain(ax, ay), gain(fx, fy), gain(gx, gy))
    let along = ka.x * r.x + ka.y * r.y
    error.x += kf.x * r.x + kf.y * r.y
    error.y += kg.x * r.x + kg.y * r.y
    p0 -= ka.x * ax + ka.y * ay
    c0 -= ka.x * fx + ka.y * fy
    c1 -= ka.x * gx + ka.y * gy
    exx -= kf.x * fx + kf.y * fy
    exy -= kf.x * gx + kf.y * gy
    eyy -= kg.x * gx + kg.y * gy
    if along != 0 {
      move(to: ways.locate(chainage + along, from: Int(segment)), variance: 0, on: ways)
    }
  }

  /// Variance of the chainage, or of the position's worse axis.
  var spread: Double { isOff ? max(p0, p2) : p0 }

  /// On a line: takes it to have been at `other` when it thought to be at its chainage, to a variance. What that costs
  /// is added; so a corner teaches the error along the street that led to it.
  mutating func shift(to other: Double, variance: Double, on ways: Ways) {
    let m = other - chainage
    let s = p0 + variance
    cost += m * m / (2 * s)
    let (k, kx, ky) = (p0 / s, c0 / s, c1 / s)
    error.x += kx * m
    error.y += ky * m
    exx -= kx * c0
    exy -= kx * c1
    eyy -= ky * c1
    c0 -= k * c0
    c1 -= k * c1
    p0 -= k * p0
    move(to: ways.locate(chainage + k * m, from: Int(segment)), variance: 0, on: ways)
  }

  // MARK: going over

  /// At a junction: on another line, or another stretch of its own, at a chainage known to a variance.
  func turned(into segment: Int, at chainage: Double, variance: Double, on ways: Ways) -> Hypothesis
  {
    var h = self
    (h.p0, h.c0, h.c1) = (0, 0, 0)
    h.move(to: ways.locate(chainage, from: segment), variance: variance, on: ways)
    return h
  }

  /// From a line to nowhere. What was taken for error to the side is shared out between the receiver and the walk
  /// beside the drawn line, as their variances have it.
  func left(deviation: Double, on ways: Ways) -> Hypothesis {
    let g = ways.segments[Int(segment)]
    let (u, n) = (g.unit, PlanePoint(x: -g.unit.y, y: g.unit.x))
    let (slack, v) = (g.slack * g.slack, deviation * deviation)
    let aside = error.dot(n) * slack / (slack + v)
    let side = slack * v / (slack + v)
    var h = self
    h.segment = -1
    h.position = position + n * aside
    h.error = error - n * aside
    h.p0 = p0 * u.x * u.x + side * n.x * n.x
    h.p1 = p0 * u.x * u.y + side * n.x * n.y
    h.p2 = p0 * u.y * u.y + side * n.y * n.y
    h.c0 = u.x * c0 - side * n.x * n.x
    h.c1 = u.x * c1 - side * n.x * n.y
    h.c2 = u.y * c0 - side * n.x * n.y
    h.c3 = u.y * c1 - side * n.y * n.y
    h.exx += side * n.x * n.x
    h.exy += side * n.x * n.y
    h.eyy += side * n.y * n.y
    return h
  }

  /// From nowhere to a line: what is known given that it is on this segment, and how dense its position lay there, per metre
  /// across.
  func joined(_ segment: Int, on ways: Ways) -> (hypothesis: Hypothesis, density: Double) {
    let g = ways.segments[segment]
    let (u, n) = (g.unit, PlanePoint(x: -g.unit.y, y: g.unit.x))
    // Take the position to lie on the line, to its slack.
    let m = -(position - g.start).dot(n)
    let (px, py) = (p0 * n.x + p1 * n.y, p1 * n.x + p2 * n.y)
    let (qx, qy) = (c0 * n.x + c2 * n.y, c1 * n.x + c3 * n.y)
    let side = px * n.x + py * n.y
    let s = side + g.slack * g.slack
    var h = self
    let at = position + PlanePoint(x: px, y: py) * (m / s)
    h.error = error + PlanePoint(x: qx, y: qy) * (m / s)
    let xx = p0 - px * px / s
    let xy = p1 - px * py / s
    let yy = p2 - py * py / s
    let (dxx, dxy) = (c0 - px * qx / s, c1 - px * qy / s)
    let (dyx, dyy) = (c2 - py * qx / s, c3 - py * qy / s)
    // What it is still off to the side, the error takes up.
    let off = (at - g.start).dot(n)
    h.error = h.error + n * off
    let offSquare = n.x * n.x * xx + 2 * n.x * n.y * xy + n.y * n.y * yy
    let (ox, oy) = (n.x * dxx + n.y * dyx, n.x * dxy + n.y * dyy)
    h.exx += 2 * n.x * ox + n.x * n.x * offSquare - qx * qx / s
    h.exy += n.x * oy + n.y * ox + n.x * n.y * offSquare - qx * qy / s
    h.eyy += 2 * n.y * oy + n.y * n.y * offSquare - qy * qy / s
    let across = (u.x * xx + u.y * xy) * n.x + (u.x * xy + u.y * yy) * n.y
    h.p0 = u.x * u.x * xx + 2 * u.x * u.y * xy + u.y * u.y * yy
    (h.p1, h.p2) = (0, 0)
    h.c0 = u.x * dxx + u.y * dyx + n.x * across
    h.c1 = u.x * dxy + u.y * dyy + n.y * across
    (h.c2, h.c3) = (0, 0)
    let along = (at - g.start).dot(u)
    h.move(
      to: ways.locate(g.chainage + along * g.scale, from: segment), variance: 0, on: ways)
    // Short of the line or past it.
    let beyond = max(0, -along, along - g.length)
    let density =
      Elementary.exp(-m * m / (2 * s) - beyond * beyond / (2 * (h.p0 + 1)))
      / (2 * .pi * s).squareRoot()
    return (h, density)
  }
}
