public import Coverage
public import Geodesy
public import Patrol

/// Geometry of what a plan owes, as GeoJSON text.
public struct Shapes {
  private let places: [Place.ID: Place]

  public init(_ places: [Place]) {
    self.places = Dictionary(places.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
  }

  /// A gap's: its point, its stretch of line, its area or the squares of it. Nil where the plan has no such place.
  public func geometry(of gap: Gap) -> String? {
    guard let place = places[gap.owed.place] else { return nil }
    switch place.geometry {
    case .line(let line, _):
      guard let stretch = gap.stretch else { return Self.line(line.coordinates) }
      guard stretch.from > stretch.to else {
        return Self.line(line.coordinates(from: stretch.from, to: stretch.to))
      }
      // Over the joint of a closed loop.
      let parts = [
        line.coordinates(from: stretch.from, to: line.length),
        line.coordinates(from: 0, to: stretch.to),
      ]
      return #"{"type": "MultiLineString", "coordinates": ["#
        + parts.map { Self.list($0) }.joined(separator: ", ") + "]}"
    case .area where !gap.cells.isEmpty:
      let cells = Dictionary(uniqueKeysWithValues: place.cells.map { ($0.cell, $0) })
      let squares = gap.cells.compactMap { cells[$0]?.corners }.filter { !$0.isEmpty }
      return #"{"type": "MultiPolygon", "coordinates": ["#
        + squares.map { "[\(Self.list($0 + [$0[0]]))]" }.joined(separator: ", ") + "]}"
    default: return geometry(of: place.id)
    }
  }

  public func geometry(of id: Place.ID) -> String? {
    switch places[id]?.geometry {
    case .point(let centre, _): Self.point(centre)
    case .line(let line, _), .street(let line): Self.line(line.coordinates)
    case .area(let surface, _):
      #"{"type": "MultiPolygon", "coordinates": ["#
        + surface.polygons.map { "[\($0.map(Self.list).joined(separator: ", "))]" }
        .joined(separator: ", ") + "]}"
    case nil: nil
    }
  }

  public static func point(_ c: Coordinate) -> String {
    #"{"type": "Point", "coordinates": \#(position(c))}"#
  }

  private static func line(_ all: [Coordinate]) -> String {
    #"{"type": "LineString", "coordinates": \#(list(all))}"#
  }

  private static func list(_ all: [Coordinate]) -> String {
    "[" + all.map(position).joined(separator: ", ") + "]"
  }

  private static func position(_ c: Coordinate) -> String {
    "[\(Decimal.text(c.longitude, 7)), \(Decimal.text(c.latitude, 7))]"
  }
}

extension Polyline {
  /// The positions of a stretch, its ends included.
  func coordinates(from: Metres, to: Metres) -> [Coordinate] {
    let inner = zip(coordinates, chainages).filter { $1 > from.value && $1 < to.value }.map(\.0)
    return [plane.coordinate(point(at: from.value))].compactMap { $0 } + inner
      + [plane.coordinate(point(at: to.value))].compactMap { $0 }
  }
}
