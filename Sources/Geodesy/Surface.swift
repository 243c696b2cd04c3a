/// A polygon or multipolygon with holes, in the plane of its own middle.
public struct Surface: Hashable, Sendable {
  /// Rings of one polygon: the outer one first, then its holes; closed (first vertex repeated at the end).
  public typealias Rings = [[Coordinate]]

  public let polygons: [Rings]
  public let plane: LocalPlane
  /// In `plane`: polygons, their rings, their vertices.
  public let vertices: [[[PlanePoint]]]
  /// The corners of the bounding box, in `plane`.
  public let minimum: PlanePoint
  public let maximum: PlanePoint

  /// Every ring must be closed and have at least 4 positions; nil otherwise, or without a polygon.
  public init?(_ polygons: [Rings]) {
    guard !polygons.isEmpty,
      polygons.allSatisfy({ rings in
        !rings.isEmpty && rings.allSatisfy { $0.count >= 4 && $0.first == $0.last }
      })
    else { return nil }
    let all = polygons.joined().joined()
    let south = all.map(\.latitudeE7).min()!
    let north = all.map(\.latitudeE7).max()!
    let west = all.map(\.longitudeE7).min()!
    let east = all.map(\.longitudeE7).max()!
    guard
      let middle = Coordinate(
        latitudeE7: Int32((Int64(south) + Int64(north)) / 2),
        longitudeE7: Int32((Int64(west) + Int64(east)) / 2))
    else { return nil }
    let plane = LocalPlane(origin: middle)
    self.polygons = polygons
    self.plane = plane
    vertices = polygons.map { $0.map { $0.map(plane.point) } }
    let points = vertices.joined().joined()
    minimum = PlanePoint(x: points.map(\.x).min()!, y: points.map(\.y).min()!)
    maximum = PlanePoint(x: points.map(\.x).max()!, y: points.map(\.y).max()!)
  }

  /// By the even-odd rule; points on an edge may fall on either side. O(vertices).
  public func contains(_ p: PlanePoint) -> Bool {
    vertices.contains { rings in
      var inside = false
      for ring in rings {
        for (a, b) in zip(ring, ring.dropFirst()) where (a.y > p.y) != (b.y > p.y) {
          if p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) { inside.toggle() }
        }
      }
      return inside
    }
  }

  /// The distance to the nearest edge, outer or hole, in metres; 0 for none is impossible. O(vertices).
  public func distanceToEdge(_ p: PlanePoint) -> Double {
    var best = Double.infinity
    for rings in vertices {
      for ring in rings {
        for (a, b) in zip(ring, ring.dropFirst()) { best = min(best, p.distance(toSegment: a, b)) }
      }
    }
    return best
  }

  /// 0 inside, else the distance to the nearest edge, in metres.
  public func distance(to p: PlanePoint) -> Double { contains(p) ? 0 : distanceToEdge(p) }

  /// In square metres, holes taken off.
  public var area: Double {
    vertices.reduce(0) { sum, rings in
      let areas = rings.map { abs(Self.signedArea($0)) }
      return sum + areas[0] - areas.dropFirst().reduce(0, +)
    }
  }

  /// The surface of its part inside an axis-parallel box of `plane`, in square metres
  /// (Sutherland–Hodgman 1974 on each ring; degenerate bridges have no surface).
  public func area(inside low: PlanePoint, _ high: PlanePoint) -> Double {
    vertices.reduce(0) { sum, rings in
      let areas = rings.map { abs(Self.signedArea(Self.clip($0, low, high))) }
      return sum + areas[0] - areas.dropFirst().reduce(0, +)
    }
  }

  private static func signedArea(_ ring: [PlanePoint]) -> Double {
    guard let first = ring.first else { return 0 }
    var twice = 0.0
    for i in ring.indices {
      let next = i + 1 < ring.count ? ring[i + 1] : first
      twice += (ring[i] - first).cross(next - first)
    }
    return twice / 2
  }

  private static func clip(_ ring: [PlanePoint], _ low: PlanePoint, _ high: PlanePoint)
    -> [PlanePoint]
  {
    // Signed distance inside each of the four edges, positive inside.
    let edges: [(PlanePoint) -> Double] = [
      { $0.x - low.x }, { high.x - $0.x }, { $0.y - low.y }, { high.y - $0.y },
    ]
    var points = Array(ring.dropLast())
    for inside in edges {
      var out: [PlanePoint] = []
      for i in points.indices {
        let a = points[i]
        let b = points[(i + 1) % points.count]
        let (da, db) = (inside(a), inside(b))
        if da >= 0 { out.append(a) }
        if (da >= 0) != (db >= 0) { out.append(a + (b - a) * (da / (da - db))) }
      }
      points = out
    }
    return points
  }
}
