public import Coverage
public import Geodesy
public import Patrol

/// Geometry of what a plan owes.
public struct Shapes: Sendable {
  private let places: [Place.ID: Place]

  public init(_ places: [Place]) {
    self.places = Dictionary(places.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
  }

  /// A gap's, as GeoJSON text. Nil where the plan has no such place.
  public func geometry(of gap: Gap) -> String? { shape(of: gap)?.geojson }
  public func geometry(of id: Place.ID) -> String? { shape(of: id)?.geojson }

  public static func point(_ c: Coordinate) -> String { Shape.point(c).geojson }

  /// A gap's: its point, its stretch of line, its area or the squares of it. Nil where the plan has no such place.
  public func shape(of gap: Gap) -> Shape? {
    guard let place = places[gap.owed.place] else { return nil }
    switch place.geometry {
    case .line(let line, _):
      guard let stretch = gap.stretch else { return .lines([line.coordinates]) }
      guard stretch.from > stretch.to else {
        return .lines([line.coordinates(from: stretch.from, to: stretch.to)])
      }
      // Over the joint of a closed loop.
      return .lines([
        line.coordinates(from: stretch.from, to: line.length),
        line.coordinates(from: 0, to: stretch.to),
      ])
    case .area where !gap.cells.isEmpty:
      let cells = Dictionary(uniqueKeysWithValues: place.cells.map { ($0.cell, $0) })
      let squares = gap.cells.compactMap { cells[$0]?.corners }.filter { !$0.isEmpty }
      return .polygons(squares.map { [$0 + [$0[0]]] })
    default: return shape(of: place.id)
    }
  }

  /// The part of a line that was passed, in the direction of travel. Nil where the plan has no such line.
  public func shape(of id: Place.ID, passed stretch: Gap.Stretch) -> Shape? {
    guard case .line(let line, _) = places[id]?.geometry else { return nil }
    if stretch.from <= stretch.to {
      return .lines([line.coordinates(from: stretch.from, to: stretch.to)])
    }
    return .lines([line.coordinates(from: stretch.to, to: stretch.from).reversed()])
  }

  public func shape(of id: Place.ID) -> Shape? {
    switch places[id]?.geometry {
    case .point(let centre, _): .point(centre)
    case .line(let line, _), .street(let line): .lines([line.coordinates])
    case .area(let surface, _): .polygons(surface.polygons)
    case nil: nil
    }
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
