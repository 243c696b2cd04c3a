internal import Geodesy
internal import Patrol
internal import SpatialIndex

/// A plan's places laid out for the engine: what is owed cut into cells, and indexes to find it by position.
///
/// Built once per plan; immutable, and one for all who hold it. Places, targets and cells are known by their position in these arrays.
final class Ground: Sendable {
  /// One cell that is attended by being inside it: a guard point, a whole area, or a grid cell of one.
  struct Target: Sendable {
    enum Shape: Sendable {
      case disc(centre: Coordinate, plane: LocalPlane, radius: Double)
      case surface(Surface)
      /// A square of the surface's plane, clipped to it.
      case square(Surface, low: PlanePoint, high: PlanePoint)
    }

    var place: Int
    /// Within the place.
    var cell: Int
    var shape: Shape
    /// Fixes less accurate than this prove no presence here.
    var accuracyMaximum: Double
  }

  struct Place: Sendable {
    var id: Patrol.Place.ID
    /// Its cells, at least one; weights in metres, square metres, or 1.
    var cells: [Cell]
    var topology: Topology
    /// Position of its first target; a target per cell. Nil for lines and streets.
    var firstTarget: Int?
    /// Position in `lines`; nil for points and areas.
    var line: Int?
  }

  struct Line: Sendable {
    var place: Int
    var polyline: Polyline
    /// Half-width within which it is walked.
    var corridor: Double
    /// Nothing is owed on a street.
    var isStreet: Bool
    /// Around it, in its own plane.
    var box: Box
  }

  /// For index look-ups only; distances are taken in each place's own plane.
  let plane: LocalPlane
  let places: [Place]
  let targets: [Target]
  let targetIndex: GridIndex
  let lines: [Line]
  let placeIndex: [Patrol.Place.ID: Int]
  /// The lines, as the matcher walks them; numbered as in `lines`.
  let ways: Ways

  /// The scale error of the index plane, as a share of the distance from its origin's neighbourhood: 30 km north or
  /// south at 60° changes the length of a degree of longitude by 0.8 %.
  static let slack = 1.01

  /// As far as a disc's own plane serves for distances to it, in metres.
  private static let planeReach = 1000.0

  /// The fastest that attends, of all duties and kinds of travel: metres per second, rising.
  let passSpeeds: [Double]
  /// By position in the plan.
  let bearers: [Bearer]
  /// Duties that are owed at each place, by position in the plan.
  let dutiesAt: [[Int]]

  init(_ plan: Plan) {
    bearers = plan.handhelds.map(Bearer.init)
    passSpeeds = Set(
      plan.duties.compactMap { $0.passSpeedMaximum?.value } + bearers.map(\.passSpeedMaximum)
    ).sorted()
    let plane = LocalPlane(origin: Self.middle(of: plan))
    var places: [Place] = []
    var targets: [Target] = []
    var boxes: [Box] = []
    var lines: [Line] = []

    for (p, place) in plan.places.enumerated() {
      switch place.geometry {
      case .point(let centre, let radius):
        let c = plane.point(centre)
        places.append(
          Place(
            id: place.id, cells: [Cell(weight: 1, from: 0, to: 0)], topology: .single,
            firstTarget: targets.count))
        targets.append(
          Target(
            place: p, cell: 0,
            shape: .disc(
              centre: centre, plane: LocalPlane(origin: centre), radius: radius.value),
            accuracyMaximum: max(radius.value, 30)))
        let r = radius.value * Self.slack
        boxes.append(Box(minX: c.x - r, minY: c.y - r, maxX: c.x + r, maxY: c.y + r))
      case .area(let surface, let cell):
        let first = targets.count
        let (cells, shapes, topology) = Self.cells(of: surface, side: cell?.value)
        places.append(
          Place(id: place.id, cells: cells, topology: topology, firstTarget: first))
        for (c, shape) in shapes.enumerated() {
          targets.append(Target(place: p, cell: c, shape: shape, accuracyMaximum: 30))
          boxes.append(Self.box(of: shape, in: surface.plane, to: plane))
        }
      case .line(let polyline, let corridor):
        places.append(
          Place(
            id: place.id, cells: Self.cells(of: polyline),
            topology: .chain(isClosed: polyline.isClosed), line: lines.count))
        lines.append(
          Line(
            place: p, polyline: polyline, corridor: corridor.value, isStreet: false,
            box: Box(around: polyline.vertices)!))
      case .street(let polyline):
        places.append(
          Place(
            id: place.id, cells: [Cell(weight: 1, from: 0, to: 0)], topology: .single,
            line: lines.count))
        lines.append(
          Line(
            place: p, polyline: polyline, corridor: Patrol.Place.standardCorridor.value,
            isStreet: true, box: Box(around: polyline.vertices)!))
      }
    }
    self.plane = plane
    self.places = places
    self.targets = targets
    targetIndex = GridIndex(boxes, reach: 100)
    self.lines = lines
    ways = Ways(lines.map { ($0.polyline, $0.corridor, $0.isStreet) }, in: plane)
    let placeIndex = Dictionary(
      places.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { a, _ in a })
    self.placeIndex = placeIndex
    var dutiesAt = [[Int]](repeating: [], count: places.count)
    for (d, duty) in plan.duties.enumerated() {
      for place in duty.places { if let p = placeIndex[place] { dutiesAt[p].append(d) } }
    }
    self.dutiesAt = dutiesAt
  }

  func cellCount(ofLine line: Int) -> Int { places[lines[line].place].cells.count }

  /// How many of the pass speeds a leg is faster than.
  func speedClass(_ speed: Double) -> Int {
    var c = 0
    while c < passSpeeds.count, passSpeeds[c] < speed { c += 1 }
    return c
  }

  /// Never less than the distance in metres between two positions, and seldom more by above some percent; infinite where
  /// that is not known. For gates: the exact one is asked only where this does not settle it.
  ///
  /// The scale is that of the index plane; its error is tan φ times the difference in latitude, so beyond half a degree
  /// (4.5 % at 79°, less below) it serves no more.
  func distanceAtMost(_ a: Coordinate, _ b: Coordinate) -> Double {
    let origin = plane.origin.latitudeE7
    let far: Int64 = 5_000_000
    guard abs(Int64(a.latitudeE7) - Int64(origin)) < far,
      abs(Int64(b.latitudeE7) - Int64(origin)) < far, abs(origin) < 790_000_000
    else { return .infinity }
    return plane.point(a).distance(to: plane.point(b)) * 1.05
  }

  /// Distance in metres from a position to a target's edge; 0 inside. For a clipped square the larger of the distances
  /// to the square and to the surface: never more than the true one.
  func distance(from c: Coordinate, toTarget t: Int) -> Double {
    switch targets[t].shape {
    case .disc(let centre, let plane, let radius):
      // Near it the plane is good to 6 cm (at 60° to 0.3 m at its edge, growing with the square of the distance).
      let near = plane.point(c).length
      let away = near < Self.planeReach ? near : c.distance(to: centre).value
      return max(0, away - radius)
    case .surface(let surface): return surface.distance(to: surface.plane.point(c))
    case .square(let surface, let low, let high):
      let p = surface.plane.point(c)
      let square = Box(minX: low.x, minY: low.y, maxX: high.x, maxY: high.y).distance(to: p)
      return max(square, surface.distance(to: p))
    }
  }

  /// Distance in metres from a position to a cell of a place, along no street: as the crow flies; 0 inside.
  func distance(from c: Coordinate, to cell: Int, of place: Int) -> Double {
    let p = places[place]
    if let first = p.firstTarget { return distance(from: c, toTarget: first + cell) }
    guard let l = p.line else { return .infinity }
    let polyline = lines[l].polyline
    return polyline.distance(
      from: polyline.plane.point(c), toStretch: p.cells[cell].from, p.cells[cell].to)
  }

  /// Never more than the distance to any cell of a place.
  func distanceAtLeast(from c: Coordinate, toPlace place: Int) -> Double {
    guard let l = places[place].line else { return 0 }
    return lines[l].box.distance(to: lines[l].polyline.plane.point(c))
  }

  private static func middle(of plan: Plan) -> Coordinate {
    var all: [Coordinate] = []
    for place in plan.places {
      switch place.geometry {
      case .point(let centre, _): all.append(centre)
      case .area(let surface, _): all.append(surface.plane.origin)
      case .line(let line, _), .street(let line): all.append(line.plane.origin)
      }
    }
    let count = Double(max(1, all.count))
    let latitude = all.reduce(0) { $0 + $1.latitude } / count
    let longitude = all.reduce(0) { $0 + $1.longitude } / count
    return Coordinate(latitude: latitude, longitude: longitude)
      ?? Coordinate(latitudeE7: 0, longitudeE7: 0)!
  }

  private static func box(of shape: Target.Shape, in from: LocalPlane, to plane: LocalPlane) -> Box
  {
    let corners: [PlanePoint]
    switch shape {
    case .disc(let centre, _, _): corners = [plane.point(centre)]
    case .surface(let surface): corners = Self.corners(surface.minimum, surface.maximum)
    case .square(_, let low, let high): corners = Self.corners(low, high)
    }
    // Corners carried to the index plane, with a metre for what the planes differ by.
    let box = Box(around: corners.compactMap { from.coordinate($0).map(plane.point) })
    guard let b = box else { return Box(minX: 0, minY: 0, maxX: 0, maxY: 0) }
    return Box(minX: b.minX - 1, minY: b.minY - 1, maxX: b.maxX + 1, maxY: b.maxY + 1)
  }

  private static func corners(_ low: PlanePoint, _ high: PlanePoint) -> [PlanePoint] {
    [low, PlanePoint(x: high.x, y: low.y), high, PlanePoint(x: low.x, y: high.y)]
  }
}
