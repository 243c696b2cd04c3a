internal import Geodesy
internal import Reports

/// What `bbox` names (OGC API – Features 1.0, 7.15.3): longitudes and latitudes of WGS 84; a western edge that is greater than
/// the eastern one spans the antimeridian.
struct Box: Hashable, Sendable {
  var west: Double
  var south: Double
  var east: Double
  var north: Double

  /// Of four numbers, or six (heights count for nothing: everything lies on the ground). Throws a `Problem`.
  init(_ text: String) throws {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0.trimmingPrefix(" "))
    }
    guard numbers.count == 4 || numbers.count == 6,
      case let all = numbers.compactMap({ $0 }), all.count == numbers.count,
      all.allSatisfy(\.isFinite)
    else {
      throw Problem.wrong(
        "bbox: found \"\(text)\"; expected four or six numbers: west,south,east,north in degrees")
    }
    let half = all.count / 2
    (west, south, east, north) = (all[0], all[1], all[half], all[half + 1])
    guard south <= north, (-90...90).contains(south), (-90...90).contains(north),
      (-180...180).contains(west), (-180...180).contains(east)
    else {
      throw Problem.wrong(
        "bbox: found \"\(text)\"; expected longitudes in ±180, latitudes in ±90, south not above north"
      )
    }
  }

  /// One or two that do not span the antimeridian.
  private var parts: [(west: Double, east: Double)] {
    west <= east ? [(west, east)] : [(west, 180), (-180, east)]
  }

  func holds(_ c: Coordinate) -> Bool {
    c.latitude >= south && c.latitude <= north
      && parts.contains { c.longitude >= $0.west && c.longitude <= $0.east }
  }

  /// Some of a shape lies in it, edges included.
  func meets(_ shape: Shape) -> Bool {
    switch shape {
    case .point(let c): holds(c)
    case .lines(let lines): lines.contains(where: meets)
    case .polygons(let polygons):
      polygons.contains { rings in
        rings.contains(where: meets)
          || parts.contains { Self.holds(rings, longitude: $0.west, latitude: south) }
      }
    }
  }

  private func meets(_ line: [Coordinate]) -> Bool {
    if line.contains(where: holds) { return true }
    return zip(line, line.dropFirst()).contains { a, b in
      parts.contains { crosses(a, b, west: $0.west, east: $0.east) }
    }
  }

  /// A segment with both ends outside has some of it inside (Liang and Barsky 1984).
  private func crosses(_ a: Coordinate, _ b: Coordinate, west: Double, east: Double) -> Bool {
    let (dx, dy) = (b.longitude - a.longitude, b.latitude - a.latitude)
    var (enters, leaves) = (0.0, 1.0)
    for (p, q) in [
      (-dx, a.longitude - west), (dx, east - a.longitude), (-dy, a.latitude - south),
      (dy, north - a.latitude),
    ] {
      if p == 0 {
        if q < 0 { return false }
      } else if p < 0 {
        enters = max(enters, q / p)
      } else {
        leaves = min(leaves, q / p)
      }
    }
    return enters <= leaves
  }

  /// A position lies within the outer ring and in no hole: the box may lie inside of all edges.
  private static func holds(_ rings: [[Coordinate]], longitude: Double, latitude: Double) -> Bool {
    var isInside = false
    for ring in rings {
      for (a, b) in zip(ring, ring.dropFirst())
      where (a.latitude > latitude) != (b.latitude > latitude) {
        let share = (latitude - a.latitude) / (b.latitude - a.latitude)
        if longitude < a.longitude + share * (b.longitude - a.longitude) { isInside.toggle() }
      }
    }
    return isInside
  }

  /// West, south, east and north of some shapes; nil without any.
  static func bounds(of shapes: [Shape]) -> [Double]? {
    let all = shapes.flatMap { shape -> [Coordinate] in
      switch shape {
      case .point(let c): [c]
      case .lines(let lines): lines.flatMap { $0 }
      case .polygons(let polygons): polygons.flatMap { $0.flatMap { $0 } }
      }
    }
    guard let first = all.first else { return nil }
    return all.reduce([first.longitude, first.latitude, first.longitude, first.latitude]) {
      [
        min($0[0], $1.longitude), min($0[1], $1.latitude), max($0[2], $1.longitude),
        max($0[3], $1.latitude),
      ]
    }
  }
}
