public import Geodesy
public import Patrol

/// A cell as users see it: what the cells of gaps and of attendance are.
public struct PlaceCell: Hashable, Sendable {
  /// By position in the place.
  public var cell: Int
  /// Metres (lines), square metres (gridded areas), or 1.
  public var weight: Double
  /// The chainages it lies between; nil but on lines.
  public var stretch: Gap.Stretch?
  /// The corners of a gridded area's square, south-west first, anticlockwise, not clipped to the area; empty elsewhere.
  public var corners: [Coordinate]
}

extension Place {
  /// The cells this place is judged by; none where nothing can be owed (a street).
  public var cells: [PlaceCell] {
    switch geometry {
    case .point: [PlaceCell(cell: 0, weight: 1, stretch: nil, corners: [])]
    case .street: []
    case .line(let line, _):
      Ground.cells(of: line).enumerated().map {
        PlaceCell(
          cell: $0, weight: $1.weight,
          stretch: Gap.Stretch(from: Metres($1.from), to: Metres($1.to)), corners: [])
      }
    case .area(let surface, let side): Self.cells(of: surface, side: side)
    }
  }

  private static func cells(of surface: Surface, side: Metres?) -> [PlaceCell] {
    let (cells, shapes, _) = Ground.cells(of: surface, side: side?.value)
    return zip(cells, shapes).enumerated().map { n, pair in
      var corners: [Coordinate] = []
      if case .square(_, let low, let high) = pair.1 {
        corners = [
          low, PlanePoint(x: high.x, y: low.y), high, PlanePoint(x: low.x, y: high.y),
        ].compactMap(surface.plane.coordinate)
      }
      return PlaceCell(cell: n, weight: pair.0.weight, stretch: nil, corners: corners)
    }
  }
}
