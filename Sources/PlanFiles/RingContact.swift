internal import Geodesy

/// Whether a ring is simple, decided exactly, in integers of 1e-7 degree.
enum RingContact {
  /// The first two edges (by the positions they begin at, counted from 0) that are not neighbours and share a point, or
  /// are neighbours and run back over each other. Repeated positions are passed over. Sorted by west end: O(n log n) for
  /// rings as they are drawn, O(n²) at worst.
  static func first(in ring: [Coordinate]) -> (first: Int, second: Int)? {
    var edges: [Edge] = []
    for i in ring.indices.dropLast() where ring[i] != ring[i + 1] {
      edges.append(Edge(ring[i], ring[i + 1], position: i, order: edges.count))
    }
    let count = edges.count
    var best: (first: Int, second: Int)?
    let sorted = edges.sorted { $0.west < $1.west }
    for (k, a) in sorted.enumerated() {
      for b in sorted[(k + 1)...] {
        if b.west > a.east { break }
        guard max(a.south, b.south) <= min(a.north, b.north) else { continue }
        let (x, y) = a.order < b.order ? (a, b) : (b, a)
        let apart = y.order - x.order
        let meets =
          if apart == 1 {
            x.runsBack(into: y)
          } else if apart == count - 1 {
            y.runsBack(into: x)
          } else {
            x.meets(y)
          }
        if meets, (x.position, y.position) < best ?? (.max, .max) {
          best = (x.position, y.position)
        }
      }
    }
    return best
  }
}

private struct Edge {
  struct Point: Equatable {
    var x: Int64
    var y: Int64
  }

  let a: Point
  let b: Point
  let position: Int
  let order: Int

  init(_ a: Coordinate, _ b: Coordinate, position: Int, order: Int) {
    self.a = Point(x: Int64(a.longitudeE7), y: Int64(a.latitudeE7))
    self.b = Point(x: Int64(b.longitudeE7), y: Int64(b.latitudeE7))
    self.position = position
    self.order = order
  }

  var west: Int64 { min(a.x, b.x) }
  var east: Int64 { max(a.x, b.x) }
  var south: Int64 { min(a.y, b.y) }
  var north: Int64 { max(a.y, b.y) }

  /// 1 where `p` lies left of the edge, -1 right of it, 0 on its line.
  private func side(_ p: Point) -> Int {
    let cross =
      Int128(b.x - a.x) * Int128(p.y - a.y) - Int128(b.y - a.y) * Int128(p.x - a.x)
    return cross.signum() < 0 ? -1 : cross == 0 ? 0 : 1
  }

  private func spans(_ p: Point) -> Bool {
    p.x >= west && p.x <= east && p.y >= south && p.y <= north
  }

  func meets(_ other: Edge) -> Bool {
    let (s1, s2, s3, s4) = (side(other.a), side(other.b), other.side(a), other.side(b))
    if s1 * s2 < 0, s3 * s4 < 0 { return true }
    return (s1 == 0 && spans(other.a)) || (s2 == 0 && spans(other.b))
      || (s3 == 0 && other.spans(a)) || (s4 == 0 && other.spans(b))
  }

  /// This edge ends where `next` begins; that one goes back over it.
  func runsBack(into next: Edge) -> Bool {
    guard side(next.b) == 0 else { return false }
    return Int128(b.x - a.x) * Int128(next.b.x - next.a.x) + Int128(b.y - a.y)
      * Int128(next.b.y - next.a.y) < 0
  }
}
