/// When each of a line's cells was passed: where its midpoint was crossed, or while it was stood on.
struct CellPasses {
  /// A closed span of seconds since the course began.
  struct Span: Hashable {
    var began: Double
    var ended: Double
  }

  let length: Double
  let isClosed: Bool
  private(set) var cells: [[Span]]

  /// Crossings of one cell this close to each other are one pass: standing in between counts once, and no measure here
  /// tells times apart more finely (seconds).
  static let together = 60.0

  /// Equal cells.
  init(length: Double, isClosed: Bool, count: Int) {
    self.length = length
    self.isClosed = isClosed
    cells = Array(repeating: [], count: max(1, count))
  }

  /// Travel at one speed, or standing (`from` = `to`).
  mutating func add(_ began: Double, _ ended: Double, from: Double, to: Double) {
    let n = cells.count
    let size = length / Double(n)
    if from == to {
      if let c = index(Int((from / size).rounded(.down))) {
        cells[c].append(Span(began: began, ended: ended))
      }
      return
    }
    // Midpoints in [low, high).
    let first = Int((min(from, to) / size - 0.5).rounded(.up))
    let last = Int((max(from, to) / size - 0.5).rounded(.up))
    let rate = (ended - began) / (to - from)
    for i in first..<max(first, last) {
      guard let c = index(i) else { continue }
      let t = began + ((Double(i) + 0.5) * size - from) * rate
      cells[c].append(Span(began: t, ended: t))
    }
  }

  mutating func add(cell: Int, at t: Double) { cells[cell].append(Span(began: t, ended: t)) }

  private func index(_ i: Int) -> Int? {
    let n = cells.count
    if isClosed { return ((i % n) + n) % n }
    // A line ends in its last cell.
    return i >= 0 && i < n ? i : i == n ? n - 1 : nil
  }

  /// By cell, in rising order, those close together joined.
  func joined() -> [[Span]] {
    cells.map { spans in
      var result: [Span] = []
      for s in spans.sorted(by: { $0.began < $1.began }) {
        if let last = result.last, s.began - last.ended <= Self.together {
          result[result.count - 1].ended = max(last.ended, s.ended)
        } else {
          result.append(s)
        }
      }
      return result
    }
  }
}
