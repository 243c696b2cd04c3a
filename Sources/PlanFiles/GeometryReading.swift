internal import Geodesy
internal import Patrol

/// Geometry of a feature: what RFC 7946 allows, and what a place of its kind needs.
extension FeatureReading {
  /// Positions of one geometry at most; more is not a street but an accident.
  private static let positionsMaximum = 50_000

  mutating func point() -> Coordinate? {
    guard let (type, coordinates) = geometry(.point, ["Point", "MultiPoint"]) else { return nil }
    guard let one = onePart(type, coordinates, multi: "MultiPoint") else { return nil }
    return position(one)
  }

  mutating func polyline(_ kind: Place.Kind, corridor: Metres?) -> Polyline? {
    guard let (type, coordinates) = geometry(kind, ["LineString", "MultiLineString"]),
      let one = onePart(type, coordinates, multi: "MultiLineString"),
      let positions = positions(one, of: "a line")
    else { return nil }
    guard let line = Polyline(positions.map(\.0)) else {
      error(one, "found a line with fewer than 2 different positions; expected at least 2")
      return nil
    }
    // Different numbers may be one point: at a pole, or at 180° east and west.
    guard zip(line.chainages, line.chainages.dropFirst()).allSatisfy({ $0 < $1 }) else {
      error(one, "found two positions that are the same point of the Earth; expected each once")
      return nil
    }
    guard let corridor else { return line }
    guard line.length >= corridor else {
      error(
        one,
        "found a line of \(metres(line.length)), shorter than its corridor of \(metres(corridor)); "
          + "expected a longer line, or a narrower corridor_m")
      return nil
    }
    guard line.length / Place.lineCellMaximum <= Double(Self.cellsMaximum) else {
      error(one, "found a line of \(metres(line.length)); expected at most 200 km")
      return nil
    }
    return line
  }

  mutating func surface(cell: Metres?, _ cellNode: JSONNode?) -> Surface? {
    guard let (type, coordinates) = geometry(.area, ["Polygon", "MultiPolygon"]) else { return nil }
    var polygons: [Surface.Rings] = []
    let parts = type == "MultiPolygon" ? list(coordinates) ?? [] : [coordinates]
    if parts.isEmpty { error(coordinates, "found no polygon; expected at least one") }
    for part in parts {
      guard let nodes = list(part), !nodes.isEmpty else {
        error(part, "found a polygon without a ring; expected an outer ring")
        continue
      }
      let rings = nodes.enumerated().compactMap { ring($1, number: $0 + 1) }
      if rings.count == nodes.count {
        checkHoles(rings, nodes)
        polygons.append(rings)
      }
    }
    guard isSound, let surface = Surface(polygons) else { return nil }
    guard surface.area >= 1 else {
      error(coordinates, "found an area of less than 1 m²; expected a surface")
      return nil
    }
    if let cell {
      let size = surface.maximum - surface.minimum
      let cells = (size.x / cell.value).rounded(.up) * (size.y / cell.value).rounded(.up)
      if cells > Double(Self.cellsMaximum) {
        error(
          cellNode ?? node,
          "cell_m: \(plain(cell.value)) gives about \(plain(cells)) cells; expected at most "
            + "\(Self.cellsMaximum): a larger cell_m or a smaller area")
      }
    }
    return surface
  }

  private static var cellsMaximum: Int { 20_000 }

  private mutating func geometry(_ kind: Place.Kind, _ types: [String]) -> (String, JSONNode)? {
    guard let geometry = node["geometry"] else {
      error(node, "geometry: missing; expected a \(types[0]) for a \(kind.rawValue)")
      return nil
    }
    guard case .text(let type)? = geometry["type"]?.content, types.contains(type) else {
      let found = geometry["type"]?.described ?? geometry.described
      let expected =
        kind == .area ? "Polygon or MultiPolygon for an area" : "\(types[0]) for a \(kind.rawValue)"
      error(geometry, "geometry: found \(found); expected a \(expected)")
      return nil
    }
    guard let coordinates = geometry["coordinates"] else {
      error(geometry, "coordinates: missing; expected those of a \(type)")
      return nil
    }
    return (type, coordinates)
  }

  /// The coordinates of a geometry, or of the only part of a multi-part one.
  private mutating func onePart(_ type: String, _ coordinates: JSONNode, multi: String) -> JSONNode?
  {
    guard type == multi else { return coordinates }
    guard let parts = list(coordinates) else { return nil }
    guard parts.count == 1 else {
      error(
        coordinates, "found a \(type) of \(parts.count) parts; expected one (a feature for each)")
      return nil
    }
    return parts[0]
  }

  private mutating func list(_ node: JSONNode) -> [JSONNode]? {
    if case .list(let elements) = node.content { return elements }
    error(node, "coordinates: found \(node.described); expected a list")
    return nil
  }

  private mutating func positions(_ node: JSONNode, of thing: String) -> [(Coordinate, JSONNode)]? {
    guard let nodes = list(node) else { return nil }
    guard nodes.count <= Self.positionsMaximum else {
      error(
        node,
        "found \(nodes.count) positions; expected at most \(Self.positionsMaximum) in \(thing)")
      return nil
    }
    let positions = nodes.compactMap { node in position(node).map { ($0, node) } }
    return positions.count == nodes.count ? positions : nil
  }

  /// Longitude, latitude, and an altitude that is not used.
  private mutating func position(_ node: JSONNode) -> Coordinate? {
    guard case .list(let parts) = node.content, parts.count >= 2,
      case .number(let longitude) = parts[0].content, case .number(let latitude) = parts[1].content
    else {
      error(
        node, "coordinates: found \(node.described); expected a position: [longitude, latitude]")
      return nil
    }
    guard let coordinate = Coordinate(latitude: latitude, longitude: longitude) else {
      let isSwapped = abs(longitude) <= 90 && abs(latitude) <= 180
      error(
        node,
        "coordinates: found longitude \(plain(longitude)), latitude \(plain(latitude)); expected them within ±180 and ±90"
          + (isSwapped ? "; are they swapped? Longitude comes first" : ""))
      return nil
    }
    return coordinate
  }

  private mutating func ring(_ node: JSONNode, number: Int) -> [Coordinate]? {
    let name = number == 1 ? "the outer ring" : "hole \(number - 1)"
    guard let positions = positions(node, of: "a ring") else { return nil }
    guard positions.count >= 4 else {
      error(
        node,
        "\(name) has \(positions.count) positions; expected at least 4, the last equal to the first"
      )
      return nil
    }
    let ring = positions.map(\.0)
    guard ring.first == ring.last else {
      error(
        positions[positions.count - 1].1,
        "\(name) is not closed; expected its last position to equal its first")
      return nil
    }
    if let contact = RingContact.first(in: ring) {
      error(
        positions[contact.first].1,
        "\(name) touches or crosses itself: the edge from position \(contact.first + 1) meets the one from position "
          + "\(contact.second + 1); expected a ring that does not")
      return nil
    }
    return ring
  }

  private mutating func checkHoles(_ rings: [[Coordinate]], _ nodes: [JSONNode]) {
    guard let outer = Surface([[rings[0]]]) else { return }
    for i in rings.indices.dropFirst() {
      let points = rings[i].map(outer.plane.point)
      // Corners on the outer ring itself fall on either side of it.
      if !points.contains(where: { outer.contains($0) }) {
        error(nodes[i], "hole \(i) lies outside the outer ring; expected it inside")
      }
    }
  }
}

/// `25 m`, `0.4 m`
func metres(_ length: Metres) -> String { "\(plain((length.value * 10).rounded() / 10)) m" }
