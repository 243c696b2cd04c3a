internal import Geodesy
internal import Patrol

/// One walker's true position at every whole second, and whether anything of it is ever heard.
struct Footprints {
  let walker: Walker
  let positions: [Coordinate]
  /// When what is observed at a second is received; nil while the handheld is off, or nothing usable is ever heard.
  let received: [Instant?]
  let hidden: [HiddenTime]

  init(_ walker: Walker, of scenario: Scenario) {
    let span = scenario.span
    let hidden = scenario.hidden(walker)
    self.walker = walker
    self.hidden = hidden
    let count = Int((span.upperBound - span.lowerBound).value / 1000)
    guard !walker.on.isEmpty else {
      (positions, received) = ([], [])
      return
    }
    let moments = (0...count).map { span.lowerBound + .seconds($0) }
    positions = moments.map { scenario.bearer(of: walker, at: $0).position(at: $0) }
    received = moments.map { moment in
      hidden.contains { $0.span.contains(moment) } ? nil : walker.received(moment)
    }
  }
}

/// A place cut into what is judged on its own. Gridded areas are taken whole.
struct TrueGround {
  enum Shape {
    case disc(LocalPlane, radius: Double)
    case surface(Surface)
    case line(Polyline, corridor: Double)
  }

  let shape: Shape
  let cells: Int
  /// Metres on lines, else 1.
  let cellSize: Double

  init(_ place: Place) {
    switch place.geometry {
    case .point(let centre, let radius):
      shape = .disc(LocalPlane(origin: centre), radius: radius.value)
      (cells, cellSize) = (1, 1)
    case .area(let surface, _):
      shape = .surface(surface)
      (cells, cellSize) = (1, 1)
    case .line(let line, let corridor):
      shape = .line(line, corridor: corridor.value)
      let length = line.length.value
      cells = max(1, Int((length / Place.lineCellMaximum.value).rounded(.up)))
      cellSize = length / Double(cells)
    case .street(let line):
      shape = .line(line, corridor: 0)
      (cells, cellSize) = (1, line.length.value)
    }
  }

  var isLine: Bool { if case .line = shape { true } else { false } }

  /// On points and areas.
  func holds(_ c: Coordinate) -> Bool {
    switch shape {
    case .disc(let plane, let radius): plane.point(c).length <= radius
    case .surface(let surface): surface.contains(surface.plane.point(c))
    case .line: false
    }
  }
}
