internal import Geodesy
internal import Glibc
internal import Patrol

/// A stay at a guard point as it truly was, in seconds since the course began.
struct TrueStay: Hashable {
  var arrived: Double
  var left: Double
  /// The span less its excursions outside.
  var length: Double
}

extension TrueWalk {
  /// The spans in which he was within a radius of a point, those at most `excursion` seconds apart taken together.
  func stays(at centre: PlanePoint, radius: Double, excursion: Double = 60) -> [TrueStay] {
    var stays: [TrueStay] = []
    for (a, b) in zip(knots, knots.dropFirst()) {
      guard let (u, v) = Self.within(a.point - centre, b.point - centre, radius) else { continue }
      let (from, to) = (a.time + u * (b.time - a.time), a.time + v * (b.time - a.time))
      guard from < to else { continue }
      if let last = stays.last, from - last.left <= excursion {
        stays[stays.count - 1].left = to
        stays[stays.count - 1].length += to - from
      } else {
        stays.append(TrueStay(arrived: from, left: to, length: to - from))
      }
    }
    return stays
  }

  /// The part of the way from `a` to `b`, from 0 to 1, that lies within a circle about the origin.
  private static func within(_ a: PlanePoint, _ b: PlanePoint, _ radius: Double) -> (
    Double, Double
  )? {
    let d = b - a
    let (qa, qb, qc) = (d.dot(d), 2 * a.dot(d), a.dot(a) - radius * radius)
    guard qa > 0 else { return qc <= 0 ? (0, 1) : nil }
    let root = qb * qb - 4 * qa * qc
    guard root > 0 else { return nil }
    let u = max(0, (-qb - root.squareRoot()) / (2 * qa))
    let v = min(1, (-qb + root.squareRoot()) / (2 * qa))
    return u < v ? (u, v) : nil
  }
}

extension Place {
  /// Cells of a line in which passes are compared: 1 m each, apart from those the engine judges by.
  static func fineCells(_ line: Polyline) -> Int { max(1, Int(line.length.value.rounded())) }

  /// Those that places are judged by.
  static func judgedCells(_ line: Polyline) -> Int {
    max(1, Int((line.length.value / lineCellMaximum.value).rounded(.up)))
  }
}
