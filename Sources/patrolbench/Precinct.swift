import Geodesy
import Patrol

/// A made-up plan: groups with a line each, guard points along it, and handhelds to serve both all evening.
struct Precinct {
  /// How a group's line runs.
  enum Layout {
    /// 2 km in 40 segments; two guard points a line and a third on every other one, every half an hour.
    case street
    /// 1 km in 5 segments; a guard point a line and a second on every other one, every hour.
    case block
  }

  /// 2026-11-20T18:00:00+08:00, when shift and windows open; they close five hours later.
  static let opens = Instant(rfc3339: "2026-11-20T10:00:00Z")!
  static let closes = opens + .hours(5)

  let plan: Plan
  /// One a group.
  let beats: [Beat]

  struct Beat {
    var line: Polyline
    /// Chainages of its guard points.
    var stops: [Double]
    var handhelds: [Handheld.ID]
  }

  /// - Parameter handhelds: of all groups, which have as many each as can be.
  init(groups: Int, handhelds total: Int, squadrons: Int = 1, layout: Layout = .street) throws {
    let plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)
    var beats: [Beat] = []
    var places: [Place] = []
    var duties: [Duty] = []
    for g in 0..<groups {
      let line = Self.line(g, layout, in: plane)
      let length = line.length.value
      let stops =
        switch layout {
        case .street: g % 2 == 0 ? [0, length / 2, length] : [0, length]
        case .block: g % 2 == 0 ? [0, length] : [0]
        }
      let points = stops.enumerated().map { n, chainage in
        let centre = line.plane.coordinate(line.point(at: chainage))!
        return Place(
          id: Place.ID("point-\(g)-\(n)"), name: "Point \(g) \(n)",
          geometry: .point(centre: centre, radius: Place.standardRadius))
      }
      places += points
      places.append(
        Place(
          id: Place.ID("line-\(g)"), name: "Line \(g)",
          geometry: .line(line, corridor: Place.standardCorridor)))
      duties.append(
        Self.duty("guard", g, points.map(\.id), every: layout == .street ? 30 : 60, stay: 2))
      duties.append(Self.duty("walk", g, [Place.ID("line-\(g)")], every: 60, stay: 0))
      let own = (g + 1) * total / groups - g * total / groups
      let handhelds = (0..<own).map { Handheld.ID("handheld-\(g)-\($0)") }
      beats.append(Beat(line: line, stops: stops, handhelds: handhelds))
    }
    self.beats = beats
    plan = try Plan(
      brigade: Brigade(
        id: "brigade", name: "Brigade",
        squadrons: (0..<squadrons).map { s in
          Squadron(
            id: Squadron.ID("squadron-\(s)"), name: "Squadron \(s)",
            groups: beats.enumerated().filter { $0.offset % squadrons == s }.map {
              Group(id: Group.ID("group-\($0)"), name: "Group \($0)", handhelds: $1.handhelds)
            })
        }),
      zone: Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600),
      dayStarts: TimeOfDay("06:00")!, places: places,
      shifts: [Shift(id: "evening", from: TimeOfDay("18:00")!, to: TimeOfDay("23:00")!)],
      handhelds: beats.flatMap(\.handhelds).enumerated().map {
        Handheld(
          id: $1, source: Source(host: "localhost", port: 20_000 + $0), travel: .foot,
          model: DeviceModel(id: "generic"))
      }, duties: duties)
  }

  /// From west to east, bent by up to 15 m at each vertex: five side by side with 400 m between rows, or fifty with 200 m.
  private static func line(_ g: Int, _ layout: Layout, in plane: LocalPlane) -> Polyline {
    var random = SplitMix(UInt64(g) + 100)
    let (perRow, pitch, row, segments, length): (Int, Double, Double, Int, Double) =
      switch layout {
      case .street: (5, 2_500, 400, 40, 50)
      case .block: (50, 1_200, 200, 5, 200)
      }
    let (x, y) = (Double(g % perRow) * pitch, Double(g / perRow) * row)
    let vertices = (0...segments).map {
      PlanePoint(x: x + Double($0) * length, y: y + 30 * (random.unit() - 0.5))
    }
    return Polyline(vertices.map { plane.coordinate($0)! })!
  }

  private static func duty(
    _ kind: String, _ g: Int, _ places: [Place.ID], every: Int, stay: Int
  ) -> Duty {
    Duty(
      id: Duty.ID("\(kind)-\(g)"), group: Group.ID("group-\(g)"), places: places,
      from: TimeOfDay("18:00")!, to: TimeOfDay("23:00")!, every: .minutes(every),
      stay: .minutes(stay))
  }
}
