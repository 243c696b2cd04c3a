internal import Geodesy

/// All that a handheld can have reached on a leg, between two settled positions: a space-time prism (`Prism`) and, where
/// Doppler tells its velocity at both ends, a kinetic one besides (after Kuijpers, Miller & Othman): it cannot have left
/// the way that its velocities make the smoothest (a cubic) by more than its acceleration allows, a·d²/16 in d seconds,
/// were it to hurry off, turn and be back at its pace in time.
///
/// Single fixes are metres off, and over the seconds of a leg a walker can run further than they are apart: a plain prism
/// between fixes leaves everything within 15 m of a walk past a place possible, every few seconds anew.
struct LegPrism {
  /// Where it was, and at what velocity, if that is known: metres a second east and north.
  struct End: Hashable, Sendable {
    var time: Int64
    /// In the plane of the index.
    var point: PlanePoint
    /// Metres, 95 % of one side: which side of an edge it was on.
    var error: Double
    var velocity: PlanePoint?
  }

  let from: End
  let to: End
  private let anchors: (from: Anchor, to: Anchor)
  private let speed: Double
  private let seconds: Double
  /// How far from the smoothest way it can have been, metres; nil where that is not known.
  private let stray: Double?
  private let plane: LocalPlane

  /// From standing to the speed it can keep up, or back, takes at least so many seconds: 1.5 m/s² on foot (a walker is at
  /// his pace within two steps), 4 m/s² on a bicycle and 10 m/s² in a car, which is what tyres hold.
  private static let toSpeed = 2.0

  /// - Parameters:
  ///   - reach: metres a second it can keep up.
  ///   - end: the position of `to`.
  init?(from: End, to: End, at end: Coordinate, reach: Double, in plane: LocalPlane) {
    guard to.time > from.time, let start = plane.coordinate(from.point) else { return nil }
    (self.from, self.to, self.plane) = (from, to, plane)
    anchors = (
      Anchor(time: from.time, position: start, error: from.error),
      Anchor(time: to.time, position: end, error: to.error)
    )
    seconds = Double(to.time - from.time) / 1000
    speed = Prism.speed(from: anchors.from, to: anchors.to, reach: reach)
    let isKnown = from.velocity != nil && to.velocity != nil
    stray = isKnown ? reach / Self.toSpeed * seconds * seconds / 16 : nil
  }

  /// No further than this from `to` does the prism between them extend, metres.
  static func extent(from: End, to: End, reach: Double) -> Double {
    let apart = from.point.distance(to: to.point)
    let way = max(reach * Double(to.time - from.time) / 1000, 1.2 * apart)
    return max(from.error, to.error) + (way + apart) / 2
  }

  /// When it can have been at something `distance` away (a function of position, to the edge, in metres); nil: never.
  func possible(distance: (Coordinate) -> Double) -> Span? {
    let ends = (distance(anchors.from.position), distance(anchors.to.position))
    let plain = Prism.possible(
      at: speed, (anchors.from, ends.0), (anchors.to, ends.1), from.time, to.time)
    guard let plain, let stray, let u = from.velocity, let v = to.velocity else { return plain }
    let line = max(from.error, to.error) + stray
    var shares: (first: Double, last: Double)?
    var (before, a) = (0.0, ends.0)
    for share in [0.25, 0.5, 0.75, 1] {
      let b =
        share < 1 ? plane.coordinate(between(share, u, v)).map(distance) ?? ends.1 : ends.1
      if min(a, b) <= line {
        let crossing = a == b ? share : before + (share - before) * (a - line) / (a - b)
        if shares == nil { shares = (a > line ? crossing : before, share) }
        shares?.last = b > line ? crossing : share
      }
      (before, a) = (share, b)
    }
    guard let shares else { return nil }
    let length = Double(to.time - from.time)
    let start = max(plain.start, from.time + Int64((shares.first * length).rounded(.down)))
    let end = min(plain.end, from.time + Int64((shares.last * length).rounded(.up)))
    return start <= end ? Span(start, end) : nil
  }

  /// On the cubic through both ends with their velocities (Hermite's).
  private func between(_ s: Double, _ u: PlanePoint, _ v: PlanePoint) -> PlanePoint {
    let rest = 1 - s
    let straight = from.point + (to.point - from.point) * (s * s * (3 - 2 * s))
    return straight + (u * (rest * rest * s) - v * (s * s * rest)) * seconds
  }
}
