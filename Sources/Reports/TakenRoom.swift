/// Where texts stand already: discs, found by where they are.
struct TakenRoom {
  private typealias Disc = (x: Double, y: Double, radius: Double, next: Int)

  private var discs: [Disc] = []
  /// The last disc of each square; -1 for none.
  private var squares: [Int]
  private let columns: Int
  private let rows: Int
  private let left: Double
  private let top: Double
  private var largest = 0.0
  private static let side = 12.0

  /// What lies outside is kept in the squares at the edge.
  init(x: ClosedRange<Double>, y: ClosedRange<Double>) {
    (left, top) = (x.lowerBound, y.lowerBound)
    columns = Int((x.upperBound - x.lowerBound) / Self.side) + 1
    rows = Int((y.upperBound - y.lowerBound) / Self.side) + 1
    squares = Array(repeating: -1, count: columns * rows)
  }

  private func column(_ x: Double) -> Int {
    Int(min(max((x - left) / Self.side, 0), Double(columns - 1)))
  }

  private func row(_ y: Double) -> Int {
    Int(min(max((y - top) / Self.side, 0), Double(rows - 1)))
  }

  mutating func take(_ x: Double, _ y: Double, radius: Double) {
    let square = row(y) * columns + column(x)
    discs.append((x, y, radius, squares[square]))
    squares[square] = discs.count - 1
    largest = max(largest, radius)
  }

  /// That a disc overlaps none of them. O(those nearby).
  func isFree(_ x: Double, _ y: Double, radius: Double) -> Bool {
    let reach = largest + radius
    for r in row(y - reach)...row(y + reach) {
      for c in column(x - reach)...column(x + reach) {
        var n = squares[r * columns + c]
        while n >= 0 {
          let (dx, dy, apart) = (x - discs[n].x, y - discs[n].y, discs[n].radius + radius)
          if dx * dx + dy * dy < apart * apart { return false }
          n = discs[n].next
        }
      }
    }
    return true
  }
}
