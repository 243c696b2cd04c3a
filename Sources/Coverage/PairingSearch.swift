internal import Geodesy

/// Which of the marks of one moment lie near each other: a grid of cells wider than the widest joint accuracy, as a sorted
/// list. O(n log n + pairs in neighbouring cells) time.
///
/// Rows of cells run along parallels and each has columns of its own width, so that cells are as wide anywhere but within
/// half a degree of a pole. Who walks across 180° is not looked for on the other side.
struct PairingSearch {
  /// At least 50 m of latitude, in 1e-7 degree; two marks are compared within √2 · 30 m.
  private static let height: Int32 = 4600

  private var cells: [(key: UInt64, mark: Int32)] = []

  /// Calls with the positions of each two marks that may be within their joint accuracy, once and in rising order.
  mutating func pairs(of marks: [PairingMark], _ body: (Int, Int) -> Void) {
    cells.removeAll(keepingCapacity: true)
    for (i, mark) in marks.enumerated() {
      let row = Self.row(mark.position)
      cells.append((Self.key(row, Self.column(mark.position, in: row)), Int32(i)))
    }
    cells.sort { ($0.key, $0.mark) < ($1.key, $1.mark) }
    for c in cells.indices {
      let (key, i) = cells[c]
      var next = c + 1
      while next < cells.count, cells[next].key <= key + 1 {
        Self.inOrder(i, cells[next].mark, body)
        next += 1
      }
      let position = marks[Int(i)].position
      let above = Self.row(position) + 1
      let column = Self.column(position, in: above)
      next = firstCell(from: Self.key(above, column - 1), after: next)
      while next < cells.count, cells[next].key <= Self.key(above, column + 1) {
        Self.inOrder(i, cells[next].mark, body)
        next += 1
      }
    }
  }

  private static func inOrder(_ i: Int32, _ j: Int32, _ body: (Int, Int) -> Void) {
    body(Int(min(i, j)), Int(max(i, j)))
  }

  private func firstCell(from key: UInt64, after start: Int) -> Int {
    var (low, high) = (start, cells.count)
    while low < high {
      let middle = (low + high) / 2
      if cells[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func key(_ row: Int32, _ column: Int32) -> UInt64 {
    let (r, c) = (UInt32(bitPattern: row ^ .min), UInt32(bitPattern: column ^ .min))
    return UInt64(r) << 32 | UInt64(c)
  }

  private static func row(_ position: Coordinate) -> Int32 {
    Int32((Double(position.latitudeE7) / Double(height)).rounded(.down))
  }

  private static func column(_ position: Coordinate, in row: Int32) -> Int32 {
    // Narrowest at the edge nearer to the pole: no cell is narrower than it is high.
    let edge = Double(max(abs(row), abs(row + 1))) * Double(height) / 1e7
    let width = Double(height) / max(0.01, Elementary.direction(bearing: edge).y)
    return Int32((Double(position.longitudeE7) / width).rounded(.down))
  }
}
