/// A polyline with chainage: metres along it from its first vertex.
///
/// Vertices lie in the plane of the polyline's own middle; chainage is summed from leg lengths by the
/// mid-latitude formula (`Coordinate.distance`), so a line's length does not depend on its plane.
public struct Polyline: Hashable, Sendable {
  public let coordinates: [Coordinate]
  public let plane: LocalPlane
  /// In `plane`, one per coordinate.
  public let vertices: [PlanePoint]
  /// Chainage of each vertex, in metres; rising strictly.
  public let chainages: [Double]

  /// Repeated neighbouring coordinates are taken once. Nil where fewer than two remain.
  public init?(_ all: [Coordinate]) {
    var kept: [Coordinate] = []
    for c in all where c != kept.last { kept.append(c) }
    guard kept.count >= 2 else { return nil }
    let plane = LocalPlane(origin: kept[kept.count / 2])
    var chainages = [0.0]
    for (a, b) in zip(kept, kept.dropFirst()) {
      chainages.append(chainages[chainages.count - 1] + a.distance(to: b).value)
    }
    self.coordinates = kept
    self.plane = plane
    self.vertices = kept.map(plane.point)
    self.chainages = chainages
  }

  public var length: Metres { Metres(chainages[chainages.count - 1]) }
  public var segmentCount: Int { vertices.count - 1 }
  /// The first vertex is also the last.
  public var isClosed: Bool { coordinates.first == coordinates.last }

  /// The nearest point of one segment to `p`: its chainage and distance, in metres. O(1).
  @inlinable public func projection(of p: PlanePoint, onSegment i: Int) -> (
    chainage: Double, distance: Double
  ) {
    let a = vertices[i]
    let ab = vertices[i + 1] - a
    let t = min(1, max(0, (p - a).dot(ab) / ab.dot(ab)))
    let foot = a + ab * t
    return (chainages[i] + t * (chainages[i + 1] - chainages[i]), p.distance(to: foot))
  }

  /// The nearest point of the whole line: O(segments); the first of equals.
  public func nearest(to p: PlanePoint) -> (chainage: Double, distance: Double) {
    var best = projection(of: p, onSegment: 0)
    for i in 1..<max(1, segmentCount) {
      let other = projection(of: p, onSegment: i)
      if other.distance < best.distance { best = other }
    }
    return best
  }

  /// The segment that holds a chainage (clamped to the line); a vertex belongs to the segment it begins. O(log n).
  public func segment(at chainage: Double) -> Int {
    var low = 0
    var high = segmentCount
    while high - low > 1 {
      let mid = (low + high) / 2
      if chainages[mid] <= chainage { low = mid } else { high = mid }
    }
    return low
  }

  /// The point at a chainage, clamped to the line.
  public func point(at chainage: Double) -> PlanePoint {
    let i = segment(at: chainage)
    let t = (chainage - chainages[i]) / (chainages[i + 1] - chainages[i])
    return vertices[i] + (vertices[i + 1] - vertices[i]) * min(1, max(0, t))
  }

  /// Unit vector along the line at a chainage.
  public func direction(at chainage: Double) -> PlanePoint {
    let i = segment(at: chainage)
    let d = vertices[i + 1] - vertices[i]
    return d * (1 / d.length)
  }

  /// The distance from `p` to the stretch between two chainages (`from` ≤ `to`), in metres.
  public func distance(from p: PlanePoint, toStretch from: Double, _ to: Double) -> Double {
    let first = segment(at: from)
    let last = segment(at: to)
    var a = point(at: from)
    var best = p.distance(to: a)
    var i = first
    while i <= last {
      let b = i == last ? point(at: to) : vertices[i + 1]
      best = min(best, p.distance(toSegment: a, b))
      a = b
      i += 1
    }
    return best
  }
}

extension PlanePoint {
  /// The distance to the segment from `a` to `b`; the two may coincide.
  public func distance(toSegment a: PlanePoint, _ b: PlanePoint) -> Double {
    let ab = b - a
    let l2 = ab.dot(ab)
    guard l2 > 0 else { return distance(to: a) }
    let t = min(1, max(0, (self - a).dot(ab) / l2))
    return distance(to: a + ab * t)
  }
}
