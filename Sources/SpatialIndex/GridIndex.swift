public import Geodesy

/// An axis-parallel box of a local plane, in metres.
public struct Box: Hashable, Sendable {
  public var minX: Double
  public var minY: Double
  public var maxX: Double
  public var maxY: Double

  public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
    self.minX = minX
    self.minY = minY
    self.maxX = maxX
    self.maxY = maxY
  }

  /// The smallest box around points; nil without any.
  public init?(around points: some Sequence<PlanePoint>) {
    var box: Box?
    for p in points {
      guard let b = box else {
        box = Box(minX: p.x, minY: p.y, maxX: p.x, maxY: p.y)
        continue
      }
      box = Box(
        minX: min(b.minX, p.x), minY: min(b.minY, p.y), maxX: max(b.maxX, p.x),
        maxY: max(b.maxY, p.y))
    }
    guard let box else { return nil }
    self = box
  }

  /// 0 inside.
  @inlinable public func distance(to p: PlanePoint) -> Double {
    let dx = max(0, max(minX - p.x, p.x - maxX))
    let dy = max(0, max(minY - p.y, p.y - maxY))
    return (dx * dx + dy * dy).squareRoot()
  }
}

/// A static index over boxes: a uniform grid in flat arrays, each box entered in every grid cell that it comes
/// within `reach` of, so that a query reads one row (compressed sparse rows).
///
/// Queries up to `reach` cost O(boxes near the point); wider ones look at every box. Building is O(n × cells per box).
public struct GridIndex: Sendable {
  public let reach: Double
  @usableFromInline let boxes: [Box]
  @usableFromInline let cell: Double
  @usableFromInline let columns: Int
  @usableFromInline let rows: Int
  @usableFromInline let originX: Double
  @usableFromInline let originY: Double
  /// Where each cell's row begins in `entries`; one more than there are cells.
  @usableFromInline let starts: [Int32]
  @usableFromInline let entries: [Int32]

  /// The most grid cells: beyond it the cell grows. Far places must not cost a table as large as the country.
  static let cellsMaximum = 1 << 20

  /// - Parameters:
  ///   - reach: the widest quick query, in metres.
  ///   - cell: the side of a grid cell, in metres. 64 m was the quickest for street segments (measured).
  public init(_ boxes: [Box], reach: Double, cell: Double = 64) {
    self.boxes = boxes
    self.reach = reach
    guard let first = boxes.first else {
      (self.cell, columns, rows, originX, originY) = (cell, 0, 0, 0, 0)
      (starts, entries) = ([0], [])
      return
    }
    var all = first
    for b in boxes {
      all = Box(
        minX: min(all.minX, b.minX), minY: min(all.minY, b.minY), maxX: max(all.maxX, b.maxX),
        maxY: max(all.maxY, b.maxY))
    }
    let width = all.maxX - all.minX + 2 * reach
    let height = all.maxY - all.minY + 2 * reach
    var side = cell
    while (width / side + 1) * (height / side + 1) > Double(Self.cellsMaximum) { side *= 2 }
    let columns = Int(width / side) + 1
    let rows = Int(height / side) + 1
    (self.cell, self.columns, self.rows) = (side, columns, rows)
    let (originX, originY) = (all.minX - reach, all.minY - reach)
    (self.originX, self.originY) = (originX, originY)

    func forEachCell(of b: Box, _ body: (Int) -> Void) {
      let c0 = max(0, Int((b.minX - reach - originX) / side))
      let c1 = min(columns - 1, Int((b.maxX + reach - originX) / side))
      let r0 = max(0, Int((b.minY - reach - originY) / side))
      let r1 = min(rows - 1, Int((b.maxY + reach - originY) / side))
      for r in r0...max(r0, r1) {
        for c in c0...max(c0, c1) { body(r * columns + c) }
      }
    }
    var counts = [Int32](repeating: 0, count: columns * rows + 1)
    for b in boxes { forEachCell(of: b) { counts[$0 + 1] += 1 } }
    for i in 1..<counts.count { counts[i] += counts[i - 1] }
    var next = counts
    var entries = [Int32](repeating: 0, count: Int(counts[counts.count - 1]))
    for (i, b) in boxes.enumerated() {
      forEachCell(of: b) {
        entries[Int(next[$0])] = Int32(i)
        next[$0] += 1
      }
    }
    starts = counts
    self.entries = entries
  }

  @inlinable public var count: Int { boxes.count }

  /// Calls `body` with each box at most `distance` metres from `p`, in rising order.
  @inlinable public func search(
    near p: PlanePoint, within distance: Double, _ body: (Int) -> Void
  ) {
    guard distance <= reach else {
      for i in 0..<count where box(i).distance(to: p) <= distance { body(i) }
      return
    }
    let row = row(of: p)
    for e in row {
      let i = entry(e)
      if box(i).distance(to: p) <= distance { body(i) }
    }
  }

  /// That some box lies at most `distance` metres from `p`.
  @inlinable public func holds(near p: PlanePoint, within distance: Double) -> Bool {
    guard distance <= reach else { return boxes.contains { $0.distance(to: p) <= distance } }
    return row(of: p).contains { box(entry($0)).distance(to: p) <= distance }
  }

  /// 0 inside.
  @inlinable public func distance(from p: PlanePoint, toBox i: Int) -> Double {
    boxes[i].distance(to: p)
  }

  /// The nearest of the boxes' contents by a distance that is never below the distance to its box; the lowest index of
  /// equals. Nil where there is none within `limit`.
  public func nearest(
    to p: PlanePoint, within limit: Double = .infinity, distance: (Int) -> Double
  ) -> (index: Int, distance: Double)? {
    var best: (index: Int, distance: Double)?
    var radius = min(reach, limit)
    while true {
      best = nil
      search(near: p, within: radius) { i in
        let d = distance(i)
        if d <= limit, best.map({ d < $0.distance }) ?? true { best = (i, d) }
      }
      // Beyond the searched radius something nearer may lie.
      if let found = best, found.distance <= radius { return found }
      if radius >= limit || radius == .infinity { return best }
      radius = radius < reach ? reach : .infinity
      radius = min(radius, limit)
    }
  }

  @inlinable func box(_ i: Int) -> Box { boxes[i] }
  @inlinable func entry(_ i: Int) -> Int { Int(entries[i]) }

  /// The range of `entries` for the grid cell that holds `p`; empty outside the grid, where nothing is within reach.
  @inlinable func row(of p: PlanePoint) -> Range<Int> {
    let x = (p.x - originX) / cell
    let y = (p.y - originY) / cell
    guard x >= 0, y >= 0, x < Double(columns), y < Double(rows) else { return 0..<0 }
    let i = Int(y) * columns + Int(x)
    return Int(starts[i])..<Int(starts[i + 1])
  }
}
