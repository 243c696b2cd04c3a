internal import Coverage

/// How every cell of a place stood at every second of a window, and the gaps that makes.
struct VerdictGrid {
  enum State: UInt8 { case covered, unproven, missed }

  /// Cells × seconds of one gap; by cell, then time.
  struct Region {
    var pieces: [(cell: Int, span: Range<Int>)]
    var area: Int { pieces.reduce(0) { $0 + $1.span.count } }
  }

  let cells: Int
  let seconds: Int
  /// Metres; nil on points.
  let cellSize: Double?
  let isClosed: Bool
  /// By cell, then second.
  private(set) var states: [State]

  static let runMinimum = 25.0
  static let durationMinimum = 60

  /// - Parameters:
  ///   - proven: by cell, seconds since the window opened, in any order.
  ///   - possible: the same, of what cannot be ruled out; holds `proven`.
  init(
    cellSize: Double?, isClosed: Bool, seconds: Int, every: Double,
    proven: [[CellPasses.Span]], possible: [[CellPasses.Span]]? = nil
  ) {
    cells = proven.count
    self.seconds = seconds
    self.cellSize = cellSize
    self.isClosed = isClosed
    states = Array(repeating: .missed, count: cells * seconds)
    for c in 0..<cells {
      if let possible { fill(c, possible[c], every, .unproven) }
      fill(c, proven[c], every, .covered)
    }
  }

  /// fresh(X) of the definitions.
  private mutating func fill(
    _ cell: Int, _ spans: [CellPasses.Span], _ every: Double, _ state: State
  ) {
    let closes = Double(seconds)
    let meeting = spans.filter { $0.ended >= 0 && $0.began < closes }
      .sorted { $0.began < $1.began }
    guard let first = meeting.first else { return }
    if first.began <= min(every, closes) { fill(cell, 0, first.began, state) }
    for s in meeting { fill(cell, s.began, s.ended + every, state) }
  }

  private mutating func fill(_ cell: Int, _ from: Double, _ to: Double, _ state: State) {
    for k in Self.seconds(from, to, of: seconds) { states[cell * seconds + k] = state }
  }

  /// The seconds whose middle lies in [from, to).
  static func seconds(_ from: Double, _ to: Double, of count: Int) -> Range<Int> {
    let low = min(count, max(0, Int((from - 0.5).rounded(.up))))
    return low..<max(low, min(count, Int((to - 0.5).rounded(.up))))
  }

  /// Maximal connected regions of the states given: neighbouring cells where their spans overlap. Runs shorter than
  /// 25 m neither make nor join them, nor do regions of less than a minute. O(cells × seconds).
  func regions(_ wanted: Set<State>) -> [Region] {
    var marked = states.map(wanted.contains)
    dropShortRuns(&marked)
    var pieces: [(cell: Int, span: Range<Int>)] = []
    var first: [Int] = []
    for c in 0..<cells {
      first.append(pieces.count)
      var k = 0
      while k < seconds {
        guard marked[c * seconds + k] else {
          k += 1
          continue
        }
        let start = k
        while k < seconds, marked[c * seconds + k] { k += 1 }
        pieces.append((c, start..<k))
      }
    }
    first.append(pieces.count)
    var parent = Array(pieces.indices)
    func root(_ i: Int) -> Int {
      var i = i
      while parent[i] != i { i = parent[i] }
      return i
    }
    func join(_ a: Int, _ b: Int) {
      var (i, j) = (first[a], first[b])
      while i < first[a + 1], j < first[b + 1] {
        if pieces[i].span.overlaps(pieces[j].span) {
          let (r, q) = (root(i), root(j))
          parent[max(r, q)] = min(r, q)
        }
        if pieces[i].span.upperBound < pieces[j].span.upperBound { i += 1 } else { j += 1 }
      }
    }
    for c in 0..<max(0, cells - 1) { join(c, c + 1) }
    if isClosed, cells > 2 { join(cells - 1, 0) }
    var groups: [Int: Region] = [:]
    for i in pieces.indices {
      groups[root(i), default: Region(pieces: [])].pieces.append(pieces[i])
    }
    return groups.sorted { $0.key < $1.key }.map(\.value).filter { region in
      let began = region.pieces.map(\.span.lowerBound).min() ?? 0
      let ended = region.pieces.map(\.span.upperBound).max() ?? 0
      return ended - began >= Self.durationMinimum
    }
  }

  /// At each moment; all is the same from one change to the next.
  private func dropShortRuns(_ marked: inout [Bool]) {
    guard let cellSize, seconds > 0 else { return }
    var isChange = [Bool](repeating: false, count: seconds + 1)
    for c in 0..<cells {
      let row = c * seconds
      for k in 1..<seconds where marked[row + k] != marked[row + k - 1] {
        isChange[k] = true
      }
    }
    isChange[seconds] = true
    var from = 0
    for until in 1...seconds where isChange[until] {
      for run in shortRuns((0..<cells).map { marked[$0 * seconds + from] }, cellSize) {
        for c in run {
          let row = c * seconds
          for k in from..<until { marked[row + k] = false }
        }
      }
      from = until
    }
  }

  /// The runs of marked cells that are shorter than 25 m and not the whole line.
  private func shortRuns(_ marked: [Bool], _ cellSize: Double) -> [[Int]] {
    // On a closed loop runs are counted from an unmarked cell on.
    let start = isClosed ? marked.firstIndex(of: false) ?? 0 : 0
    var runs: [[Int]] = []
    var run: [Int] = []
    for i in 0...cells {
      let c = (start + i) % cells
      if i < cells, marked[c] {
        run.append(c)
        continue
      }
      if run.count < cells, Double(run.count) * cellSize < Self.runMinimum, !run.isEmpty {
        runs.append(run)
      }
      run = []
    }
    return runs
  }

  /// Pairs of regions of the same cells and seconds, one to one, the largest overlap first, where what they share is
  /// at least half of what they cover together.
  static func match(_ truth: [Region], _ said: [Region], cells: Int, seconds: Int) -> [(Int, Int)] {
    var label = [Int32](repeating: -1, count: cells * seconds)
    for (i, region) in truth.enumerated() {
      for p in region.pieces {
        for k in p.span { label[p.cell * seconds + k] = Int32(i) }
      }
    }
    var overlaps: [(truth: Int, said: Int, common: Int)] = []
    for (j, region) in said.enumerated() {
      var common: [Int: Int] = [:]
      for p in region.pieces where p.cell < cells {
        for k in p.span where label[p.cell * seconds + k] >= 0 {
          common[Int(label[p.cell * seconds + k]), default: 0] += 1
        }
      }
      for (i, n) in common { overlaps.append((i, j, n)) }
    }
    overlaps.sort { ($1.common, $0.truth, $0.said) < ($0.common, $1.truth, $1.said) }
    var pairs: [(Int, Int)] = []
    var (usedTruth, usedSaid) = (Set<Int>(), Set<Int>())
    for o in overlaps where !usedTruth.contains(o.truth) && !usedSaid.contains(o.said) {
      let union = truth[o.truth].area + said[o.said].area - o.common
      guard 2 * o.common >= union else { continue }
      pairs.append((o.truth, o.said))
      usedTruth.insert(o.truth)
      usedSaid.insert(o.said)
    }
    return pairs
  }
}
