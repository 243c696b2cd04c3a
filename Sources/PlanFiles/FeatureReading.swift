internal import Geodesy
internal import Patrol

/// Reads one feature of places.geojson.
struct FeatureReading {
  private static let known = ["id", "kind", "name", "radius_m", "corridor_m", "cell_m"]
  /// What drawing tools add and would otherwise pass for a slip of the pen.
  private static let drawingTools: Set<String> = ["fid", "marker", "fill", "ids", "names", "find"]
  static let radiusMaximum = 5000.0
  static let corridorMaximum = 500.0
  static let cellMaximum = 10_000.0

  let node: JSONNode
  let file: String
  let log: ProblemLog
  private(set) var label: PlanProblem.Feature
  private(set) var isSound = true

  init(_ node: JSONNode, number: Int, file: String, log: ProblemLog) {
    self.node = node
    self.file = file
    self.log = log
    label = PlanProblem.Feature(number: number, id: nil)
  }

  /// Nil where the feature has no id or no kind.
  mutating func read() -> PlacesReading.Found? {
    guard case .text("Feature")? = node["type"]?.content else {
      error(node, "type: found \(node["type"]?.described ?? node.described); expected \"Feature\"")
      return nil
    }
    let properties = node["properties"] ?? JSONNode(line: node.line, content: .null)
    let id = readID(properties)
    label.id = id
    checkProperties(properties)
    let kind = readKind(properties)
    let name = text("name", of: properties)
    guard let id, let kind else { return nil }
    let geometry: Place.Geometry?
    switch kind {
    case .point:
      let radius = number("radius_m", of: properties, atMost: Self.radiusMaximum)
      geometry = point().map { .point(centre: $0, radius: radius ?? Place.standardRadius) }
    case .line:
      let corridor =
        number("corridor_m", of: properties, atMost: Self.corridorMaximum) ?? Place.standardCorridor
      geometry = polyline(kind, corridor: corridor).map { .line($0, corridor: corridor) }
    case .area:
      let cell = number("cell_m", of: properties, atMost: Self.cellMaximum)
      geometry = surface(cell: cell, properties["cell_m"]).map { .area($0, cell: cell) }
    case .street:
      geometry = polyline(kind, corridor: nil).map(Place.Geometry.street)
    }
    guard let geometry = geometry ?? Self.standIn(kind) else { return nil }
    return PlacesReading.Found(
      place: Place(id: Place.ID(id), name: name ?? id, geometry: geometry), line: node.line,
      feature: label, isSound: isSound)
  }

  mutating func error(_ at: JSONNode, _ message: String) {
    isSound = false
    log.error(file, at.line, feature: label, message)
  }

  private mutating func readID(_ properties: JSONNode) -> String? {
    guard let node = properties["id"] else {
      let own = self.node["id"] == nil ? "" : " (the id beside them is the drawing tool's)"
      error(self.node, "id: missing in the properties; expected \(Form<String>.id.expected)\(own)")
      return nil
    }
    switch node.content {
    case .text(let text):
      if let id = Form<String>.id.read(text) { return id }
    case .number(let x) where x == x.rounded() && abs(x) < 1e15:
      return plain(x)
    default: break
    }
    error(node, "id: found \(node.described); expected \(Form<String>.id.expected)")
    return nil
  }

  private mutating func readKind(_ properties: JSONNode) -> Place.Kind? {
    let expected = "expected point, line, area or street"
    guard let node = properties["kind"] else {
      error(self.node, "kind: missing in the properties; \(expected)")
      return nil
    }
    guard case .text(let text) = node.content, let kind = Place.Kind(rawValue: text) else {
      var hint = ""
      if case .text(let text) = node.content {
        hint = Spelling.hint(text, among: Place.Kind.allCases.map(\.rawValue))
      }
      error(node, "kind: found \(node.described); \(expected)\(hint)")
      return nil
    }
    return kind
  }

  private mutating func checkProperties(_ properties: JSONNode) {
    guard case .object(let members) = properties.content else { return }
    var seen: Set<String> = []
    for member in members {
      if !seen.insert(member.key).inserted, Self.known.contains(member.key) {
        isSound = false
        log.error(
          file, member.line, feature: label, "\(member.key): stands twice; expected it once")
      }
      guard !Self.known.contains(member.key), !Self.drawingTools.contains(member.key) else {
        continue
      }
      if let near = Spelling.nearest(to: member.key, among: Self.known) {
        log.warning(
          file, member.line, feature: label,
          "property \(quoted(member.key)) is not used; did you mean \(quoted(near))?")
      }
    }
  }

  private mutating func text(_ key: String, of properties: JSONNode) -> String? {
    guard let node = properties[key] else { return nil }
    if case .text(let text) = node.content {
      if text.isEmpty { return nil }
      if let text = Form<String>.text.read(text) { return text }
    }
    error(node, "\(key): found \(node.described); expected a text")
    return nil
  }

  private mutating func number(_ key: String, of properties: JSONNode, atMost high: Double)
    -> Metres?
  {
    guard let node = properties[key] else { return nil }
    guard case .number(let x) = node.content, x > 0, x <= high else {
      error(
        node,
        "\(key): found \(node.described); expected \(Form<Double>.positive(atMost: high).expected)")
      return nil
    }
    return Metres(x)
  }

  /// A geometry of the kind, for a place whose own has faults.
  private static func standIn(_ kind: Place.Kind) -> Place.Geometry? {
    let corners = [(0, 0), (0, 10_000), (10_000, 10_000), (0, 0)].compactMap {
      Coordinate(latitudeE7: $0.0, longitudeE7: $0.1)
    }
    return switch kind {
    case .point: corners.first.map { .point(centre: $0, radius: Place.standardRadius) }
    case .line: Polyline(corners).map { .line($0, corridor: Place.standardCorridor) }
    case .area: Surface([[corners]]).map { .area($0, cell: nil) }
    case .street: Polyline(corners).map(Place.Geometry.street)
    }
  }
}
