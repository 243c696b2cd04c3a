internal import Geodesy

/// A plan that reads every device of a fake fleet: a handheld each, on duty all day, five of them in a group, so that a
/// daemon stores all it hears. Each group owes the round that its first walks, every half an hour, and a point on it
/// every minute, which it is late for with every round.
///
/// Handhelds are called `h-<port>-<device number>`.
public struct FakePlan: Sendable {
  private let fleet: FakeFleet
  private let host: String
  private let ports: [Int]

  public init(_ fleet: FakeFleet, host: String, ports: [Int]) {
    self.fleet = fleet
    self.host = host
    self.ports = ports
  }

  public static func handheld(port: Int, device: Int) -> String { "h-\(port)-\(device)" }

  /// Writes `plan.yaml` and `places.geojson` into a folder, which is made where it is missing.
  public func write(to folder: String) throws(RigError) {
    try RigFile.write(plan, to: "\(folder)/plan.yaml")
    try RigFile.write(places, to: "\(folder)/places.geojson")
  }

  private static let groupSize = 5

  /// Handhelds in the order of their endpoints, each with what it is there.
  private var handhelds: [(id: String, endpoint: Int, device: Int)] {
    ports.enumerated().flatMap { e, port in
      (0..<fleet.devicesEach).map { (Self.handheld(port: port, device: $0), e, $0) }
    }
  }

  private var groups: [ArraySlice<(id: String, endpoint: Int, device: Int)>] {
    let all = handhelds
    return stride(from: 0, to: all.count, by: Self.groupSize).map {
      all[$0..<min($0 + Self.groupSize, all.count)]
    }
  }

  var plan: String {
    let seconds = Double(fleet.interval.value) / 1000
    let names = fleet.deviceNames
    let sources = handhelds.map {
      "  - {id: \($0.id), source: \"\(host):\(ports[$0.endpoint]):\(names[$0.device])\", model: generic, travel: foot, interval_s: \(seconds)}"
    }
    let groups = self.groups.enumerated().map { g, members in
      "      - {id: group-\(g), name: Group \(g), handhelds: [\(members.map(\.id).joined(separator: ", "))]}"
    }
    let duties = self.groups.indices.map { g in
      """
        - {id: round-\(g), group: group-\(g), places: [round-\(g)], days: daily, from: "06:00", to: "05:59", every: 30m}
        - {id: point-\(g), group: group-\(g), places: [point-\(g)], days: daily, from: "06:00", to: "05:59", every: 1m}
      """
    }
    return """
      brigade: {id: fake-fleet, name: Fake Fleet}
      timezone: Asia/Shanghai
      day_starts: "06:00"
      places: places.geojson
      rig: true
      squadrons:
        - id: all
          name: All
          groups:
      \(groups.joined(separator: "\n"))
      shifts:
        - {id: day, from: "06:00", to: "18:00"}
        - {id: night, from: "18:00", to: "06:00"}
      duties:
      \(duties.joined(separator: "\n"))
      handhelds:
      \(sources.joined(separator: "\n"))

      """
  }

  var places: String {
    let features = groups.enumerated().map { g, members in
      let first = members.first!  // no group is empty
      let walk = FakeWalk(seed: fleet.seed, endpoint: first.endpoint, device: first.device)
      let ring = (0...12).map { n in
        let at = walk.point(at: Double(n % 12) / 12)
        return "[\(at.longitude), \(at.latitude)]"
      }
      return """
          {"type": "Feature", "properties": {"id": "round-\(g)", "kind": "line", "name": "Round \(g)"},
           "geometry": {"type": "LineString", "coordinates": [\(ring.joined(separator: ", "))]}},
          {"type": "Feature", "properties": {"id": "point-\(g)", "kind": "point", "name": "Point \(g)"},
           "geometry": {"type": "Point", "coordinates": \(ring[0])}}
        """
    }
    return """
      {"type": "FeatureCollection", "features": [
      \(features.joined(separator: ",\n"))
      ]}

      """
  }
}
