internal import Geodesy
internal import Patrol

/// Reads places.geojson (RFC 7946). Every feature with an id and a kind gives a place, so that duties can be checked
/// against it; one with faults of its own is marked unsound.
struct PlacesReading {
  struct Found {
    var place: Place
    var line: Int
    var feature: PlanProblem.Feature
    var isSound: Bool
  }

  private(set) var found: [Found] = []
  /// Ids of features of no known kind, which give no place.
  private(set) var lost: Set<Place.ID> = []

  /// Nil where the file is no feature collection.
  static func read(_ text: String, file: String, log: ProblemLog) -> PlacesReading? {
    let root: JSONNode
    do {
      root = try JSONParser.parse(text)
    } catch {
      let isEmpty = !text.contains { !$0.isWhitespace }
      log.error(
        file, isEmpty ? nil : error.line,
        isEmpty
          ? "found an empty file; expected a GeoJSON FeatureCollection"
          : "not JSON: \(error.message)")
      return nil
    }
    guard case .text("FeatureCollection")? = root["type"]?.content else {
      let found = root["type"].map(\.described) ?? root.described
      log.error(file, root.line, "type: found \(found); expected \"FeatureCollection\"")
      return nil
    }
    if let crs = root["crs"] { checkCRS(crs, file, log) }
    guard let features = root["features"], case .list(let nodes) = features.content else {
      let found = root["features"].map { "found \($0.described)" } ?? "missing"
      log.error(
        file, root["features"]?.line ?? root.line, "features: \(found); expected a list of features"
      )
      return nil
    }
    var reading = PlacesReading()
    for (i, node) in nodes.enumerated() {
      var feature = FeatureReading(node, number: i + 1, file: file, log: log)
      if let found = feature.read() {
        reading.found.append(found)
      } else if let id = feature.label.id {
        reading.lost.insert(Place.ID(id))
      }
    }
    return reading
  }

  /// The old `crs` member, as drawing tools still write it for WGS 84, longitude first.
  private static func checkCRS(_ crs: JSONNode, _ file: String, _ log: ProblemLog) {
    guard case .text(let name)? = crs["properties"]?["name"]?.content else {
      log.error(
        file, crs.line, "crs: found no name; expected urn:ogc:def:crs:OGC:1.3:CRS84, or no crs")
      return
    }
    let parts = name.uppercased().split { ":/".contains($0) }
    if parts.contains("OGC"), parts.last == "CRS84" { return }
    log.error(
      file, crs.line,
      "crs: found \(quoted(name)); expected urn:ogc:def:crs:OGC:1.3:CRS84, or no crs (export in WGS 84)"
    )
  }
}
