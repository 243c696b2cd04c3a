internal import Geodesy

/// A line's geometry in a course's plane, as walkers walk it.
struct CourseTrack {
  let vertices: [PlanePoint]
  /// Metres, as the polyline has them.
  let chainages: [Double]
  let isClosed: Bool

  init(_ line: Polyline, in plane: LocalPlane) {
    vertices = line.coordinates.map(plane.point)
    chainages = line.chainages
    isClosed = line.isClosed
  }

  var length: Double { chainages[chainages.count - 1] }

  /// The point `aside` metres to the left of a chainage, mitred at vertices so that it stays that far from both
  /// segments. Over the joint of a closed loop chainages run on.
  func point(_ chainage: Double, aside: Double) -> PlanePoint {
    var s = chainage
    if isClosed {
      s = s.truncatingRemainder(dividingBy: length)
      if s < 0 { s += length }
    }
    s = min(max(0, s), length)
    var i = 0
    var high = chainages.count - 1
    while high - i > 1 {
      let middle = (i + high) / 2
      if chainages[middle] <= s { i = middle } else { high = middle }
    }
    let share = (s - chainages[i]) / (chainages[i + 1] - chainages[i])
    let on = vertices[i] + (vertices[i + 1] - vertices[i]) * share
    var normal = self.normal(i)
    let nearStart = s - chainages[i] < 1e-6
    let nearEnd = chainages[i + 1] - s < 1e-6
    if nearStart, i > 0 || isClosed {
      normal = mitre(self.normal(i > 0 ? i - 1 : chainages.count - 2), normal)
    } else if nearEnd, i + 2 < chainages.count || isClosed {
      normal = mitre(normal, self.normal(i + 2 < chainages.count ? i + 1 : 0))
    }
    return on + normal * aside
  }

  /// The chainages of a way: its ends and the vertices between.
  func stops(from: Double, to: Double) -> [Double] {
    var inner: [Double] = []
    let (low, high) = (min(from, to), max(from, to))
    let rounds =
      isClosed ? Int((low / length).rounded(.down))...Int((high / length).rounded(.down)) : 0...0
    for round in rounds {
      for s in chainages.dropLast(isClosed ? 1 : 0) {
        let at = s + Double(round) * length
        if at > low + 1e-6, at < high - 1e-6 { inner.append(at) }
      }
    }
    return [from] + (from <= to ? inner : inner.reversed()) + [to]
  }

  /// To the left.
  private func normal(_ i: Int) -> PlanePoint {
    let d = vertices[i + 1] - vertices[i]
    return PlanePoint(x: -d.y, y: d.x) * (1 / d.length)
  }

  /// At hairpins no further out than the ends of both.
  private func mitre(_ a: PlanePoint, _ b: PlanePoint) -> PlanePoint {
    let sum = a + b
    guard sum.length > 0.5 else { return a }
    return sum * (2 / sum.dot(sum))
  }
}

extension CourseTrack {
  /// O(segments).
  func nearest(to p: PlanePoint) -> (chainage: Double, distance: Double) {
    var best = (chainage: 0.0, distance: Double.infinity)
    for i in 0..<vertices.count - 1 {
      let a = vertices[i]
      let ab = vertices[i + 1] - a
      let t = min(1, max(0, (p - a).dot(ab) / ab.dot(ab)))
      let distance = p.distance(to: a + ab * t)
      if distance < best.distance {
        best = (chainages[i] + t * (chainages[i + 1] - chainages[i]), distance)
      }
    }
    return best
  }
}
