internal import Coverage
internal import Geodesy
internal import Patrol

/// The part of a place that a gap is of.
public struct GapTarget: Sendable {
  enum Shape: Sendable {
    case point(Coordinate, radius: Double)
    /// Of a line; two stretches where it runs over the joint of a closed loop.
    case stretches(Polyline, [ClosedRange<Double>])
    case surface(Surface)
  }

  let shape: Shape
  /// Of the place, those the gap touches, rising.
  let cells: [Int]

  /// Nil where nothing can be owed at the place.
  init?(of gap: Gap, at place: Place) {
    let touched = Set(gap.region.pieces.map(\.cell)).sorted()
    cells = touched.isEmpty ? [0] : touched
    switch place.geometry {
    case .street: return nil
    case .point(let centre, let radius): shape = .point(centre, radius: radius.value)
    case .line(let line, _):
      let whole = 0...line.length.value
      guard let stretch = gap.stretch else {
        shape = .stretches(line, [whole])
        return
      }
      let (from, to) = (
        min(max(0, stretch.from.value), line.length.value),
        min(max(0, stretch.to.value), line.length.value)
      )
      shape = .stretches(line, from <= to ? [from...to] : [from...whole.upperBound, 0...to])
    case .area(let surface, _):
      let squares = Dictionary(uniqueKeysWithValues: place.cells.map { ($0.cell, $0.corners) })
      let rings = gap.cells.compactMap { squares[$0] }.filter { !$0.isEmpty }.map { [$0 + [$0[0]]] }
      shape = .surface(Surface(rings) ?? surface)
    }
  }

  /// Metres to its edge; 0 inside, or on the line.
  func distance(from c: Coordinate) -> Double {
    switch shape {
    case .point(let centre, let radius): return max(0, c.distance(to: centre).value - radius)
    case .stretches(let line, let all):
      let p = line.plane.point(c)
      return all.map { line.distance(from: p, toStretch: $0.lowerBound, $0.upperBound) }.min() ?? 0
    case .surface(let surface): return surface.distance(to: surface.plane.point(c))
    }
  }

  /// Nearest to a position on the line; nil elsewhere.
  func chainage(of c: Coordinate) -> Double? {
    guard case .stretches(let line, _) = shape else { return nil }
    return line.nearest(to: line.plane.point(c)).chainage
  }

  /// That a span of chainage has some of it.
  func meets(_ from: Double, _ to: Double) -> Bool {
    guard case .stretches(let line, let all) = shape else { return false }
    let length = line.length.value
    // Over the joint of a closed loop chainages run on.
    return [0, length, -length].contains { shift in
      let (low, high) = (min(from, to) + shift, max(from, to) + shift)
      return all.contains { $0.lowerBound <= high && $0.upperBound >= low }
    }
  }

  /// Positions around it, for a map to hold.
  var outline: [Coordinate] {
    switch shape {
    case .point(let centre, let radius):
      let plane = LocalPlane(origin: centre)
      return [(-1.0, -1.0), (1, 1)].compactMap {
        plane.coordinate(PlanePoint(x: $0.0 * radius, y: $0.1 * radius))
      }
    case .stretches(let line, let all):
      return all.flatMap {
        line.coordinates(from: Metres($0.lowerBound), to: Metres($0.upperBound))
      }
    case .surface(let surface): return surface.polygons.flatMap { $0.flatMap { $0 } }
    }
  }
}
