internal import Geodesy
internal import Patrol

/// The smallest part of a place that is judged on its own.
struct Cell: Hashable, Sendable {
  /// Metres (lines), square metres (gridded areas), or 1.
  var weight: Double
  /// Chainages, on lines only.
  var from: Double
  var to: Double

  var middle: Double { (from + to) / 2 }
}

/// Which cells of a place are neighbours.
enum Topology: Hashable, Sendable {
  case single
  /// Each adjoins the next; of a closed loop the last also the first.
  case chain(isClosed: Bool)
  /// Neighbours with a higher number, by cell: those that share an edge.
  case grid([[Int]])
}

extension Ground {
  /// Equal cells of at most 10 m.
  static func cells(of line: Polyline) -> [Cell] {
    let length = line.length.value
    let count = max(1, Int((length / Patrol.Place.lineCellMaximum.value).rounded(.up)))
    let size = length / Double(count)
    return (0..<count).map {
      Cell(
        weight: size, from: Double($0) * size,
        to: $0 == count - 1 ? length : Double($0 + 1) * size)
    }
  }

  /// One cell, or squares of `side` metres from the south-west corner of the bounding box, row by row, those with
  /// less than a hundredth of their surface inside left out.
  static func cells(of surface: Surface, side: Double?) -> ([Cell], [Target.Shape], Topology) {
    guard let side else {
      return ([Cell(weight: 1, from: 0, to: 0)], [.surface(surface)], .single)
    }
    let (low, high) = (surface.minimum, surface.maximum)
    let columns = max(1, Int(((high.x - low.x) / side).rounded(.up)))
    let rows = max(1, Int(((high.y - low.y) / side).rounded(.up)))
    var cells: [Cell] = []
    var shapes: [Target.Shape] = []
    var number: [Int: Int] = [:]
    for r in 0..<rows {
      for c in 0..<columns {
        let a = PlanePoint(x: low.x + Double(c) * side, y: low.y + Double(r) * side)
        let b = PlanePoint(x: a.x + side, y: a.y + side)
        let inside = surface.area(inside: a, b)
        guard inside >= side * side / 100 else { continue }
        number[r * columns + c] = cells.count
        cells.append(Cell(weight: inside, from: 0, to: 0))
        shapes.append(.square(surface, low: a, high: b))
      }
    }
    guard !cells.isEmpty else { return Self.cells(of: surface, side: nil) }
    var neighbours = [[Int]](repeating: [], count: cells.count)
    for (key, cell) in number {
      if (key + 1) % columns != 0, let east = number[key + 1] { neighbours[cell].append(east) }
      if let north = number[key + columns] { neighbours[cell].append(north) }
    }
    return (cells, shapes, .grid(neighbours))
  }
}
