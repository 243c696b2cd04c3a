public import Geodesy

/// A shape on the map, in degrees of WGS 84.
public enum Shape: Hashable, Sendable {
  case point(Coordinate)
  case lines([[Coordinate]])
  /// Polygons of rings, the outer one first.
  case polygons([[[Coordinate]]])

  /// As a geometry of GeoJSON (RFC 7946), seven decimals of a degree.
  public var geojson: String {
    switch self {
    case .point(let c): Self.object("Point", Self.position(c))
    case .lines(let lines) where lines.count == 1: Self.object("LineString", Self.list(lines[0]))
    case .lines(let lines): Self.object("MultiLineString", Self.array(lines.map(Self.list)))
    case .polygons(let polygons):
      Self.object(
        "MultiPolygon", Self.array(polygons.map { Self.array($0.map(Self.list)) }))
    }
  }

  private static func object(_ type: String, _ coordinates: String) -> String {
    #"{"type": "\#(type)", "coordinates": \#(coordinates)}"#
  }

  private static func array(_ parts: [String]) -> String {
    "[" + parts.joined(separator: ", ") + "]"
  }

  private static func list(_ all: [Coordinate]) -> String { array(all.map(position)) }

  private static func position(_ c: Coordinate) -> String {
    "[\(Decimal.text(c.longitude, 7)), \(Decimal.text(c.latitude, 7))]"
  }
}
