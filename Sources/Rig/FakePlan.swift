internal import Geodesy

/// A plan that reads every device of a fake fleet: a handheld each, all day on duty at one point, so that a daemon
/// stores all it hears.
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
    try RigFile.write(Self.places, to: "\(folder)/places.geojson")
  }

  var plan: String {
    var ids: [String] = []
    var handhelds = ""
    let seconds = Double(fleet.interval.value) / 1000
    for port in ports {
      for (n, device) in fleet.deviceNames.enumerated() {
        let id = Self.handheld(port: port, device: n)
        ids.append(id)
        handhelds += """
            - {id: \(id), source: "\(host):\(port):\(device)", model: generic, travel: foot, interval_s: \(seconds)}

          """
      }
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
            - {id: everybody, name: Everybody, handhelds: [\(ids.joined(separator: ", "))]}
      shifts:
        - {id: day, from: "06:00", to: "18:00"}
        - {id: night, from: "18:00", to: "06:00"}
      duties:
        - {id: post, group: everybody, places: [post], days: daily, from: "06:00", to: "18:00", every: 60m, stay: 1m}
      handhelds:
      \(handhelds)
      """
  }

  static let places = """
    {"type": "FeatureCollection", "features": [
      {"type": "Feature", "properties": {"id": "post", "kind": "point", "name": "Post"},
       "geometry": {"type": "Point", "coordinates": [\(FakeWalk.west + FakeWalk.degrees / 2), \(FakeWalk.south + FakeWalk.degrees / 2)]}}
    ]}

    """
}
