public import Geodesy

/// Somewhere a patrol is owed, or a street that only helps to tell where a patrol walks.
public struct Place: Hashable, Sendable {
  public typealias ID = Identifier<Place>

  public enum Geometry: Hashable, Sendable {
    /// A guard point: attended within `radius` of `centre`.
    case point(centre: Coordinate, radius: Metres)
    /// A patrol line: walked within `corridor` of it (half-width).
    case line(Polyline, corridor: Metres)
    /// A patrol area; with `cell`, judged by square grid cells of that side.
    case area(Surface, cell: Metres?)
    /// A street that owes nothing.
    case street(Polyline)
  }

  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case point, line, area, street
  }

  public static let standardRadius: Metres = 30
  public static let standardCorridor: Metres = 25
  /// The longest cell of a line.
  public static let lineCellMaximum: Metres = 10

  public var id: ID
  public var name: String
  public var geometry: Geometry

  public init(id: ID, name: String, geometry: Geometry) {
    self.id = id
    self.name = name
    self.geometry = geometry
  }

  public var kind: Kind {
    switch geometry {
    case .point: .point
    case .line: .line
    case .area: .area
    case .street: .street
    }
  }
}
