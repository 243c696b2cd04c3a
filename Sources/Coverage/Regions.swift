/// A maximal connected region of cells × time of one verdict, as it comes out of one judgement.
struct GapRegion: Hashable, Sendable {
  var verdict: Verdict
  /// By cell, then time; disjoint.
  var pieces: [Piece]

  struct Piece: Hashable, Sendable {
    var cell: Int
    var span: Span
  }

  var began: Int64 { pieces.reduce(Int64.max) { min($0, $1.span.start) } }
  var ended: Int64 { pieces.reduce(Int64.min) { max($0, $1.span.end) } }
}

extension Judgement {
  /// The gaps: O(slabs × cells) on lines, where slabs are the times between changes.
  func regions(_ q: Question) -> [GapRegion] {
    let kept = q.cells.count > 1 ? withoutShortRuns(q) : (missed: missed, unproven: unproven)
    var regions: [GapRegion] = []
    for (verdict, sets) in [(Verdict.missed, kept.missed), (.unproven, kept.unproven)] {
      regions += Self.connected(sets, q.topology).map { GapRegion(verdict: verdict, pieces: $0) }
    }
    return regions.filter { region in
      if region.ended - region.began >= q.durationMinimum { return true }
      guard region.ended == q.now, q.now < q.closes else { return false }
      // Open now, and bound to last; the sliver between what was proven and what was possible is not.
      guard region.verdict == .unproven else { return true }
      let until = region.pieces.compactMap { unprovenUntil[$0.cell] }.max() ?? q.now
      return until - region.began >= q.durationMinimum
    }.sorted {
      ($0.began, $0.pieces[0].cell, $0.verdict.rawValue) < (
        $1.began, $1.pieces[0].cell, $1.verdict.rawValue
      )
    }
  }

  /// On lines, at each moment: runs of neighbouring uncovered cells shorter than 25 m, unless they are the whole line,
  /// are taken out.
  private func withoutShortRuns(_ q: Question) -> (missed: [IntervalSet], unproven: [IntervalSet]) {
    guard case .chain(let isClosed) = q.topology else { return (missed, unproven) }
    let n = q.cells.count
    var changes: [(at: Int64, cell: Int, opens: Bool)] = []
    var uncovered: [IntervalSet] = []
    for c in 0..<n {
      let open = missed[c].union(unproven[c])
      uncovered.append(open)
      for s in open.spans {
        changes.append((s.start, c, true))
        changes.append((s.end, c, false))
      }
    }
    guard !changes.isEmpty else { return (missed, unproven) }
    changes.sort { $0.at < $1.at }
    var isOpen = [Bool](repeating: false, count: n)
    // When each cell's run became too short; nil where it is long enough or covered.
    var shortSince = [Int64?](repeating: nil, count: n)
    var short = [IntervalSet](repeating: IntervalSet(), count: n)
    var i = 0
    while i < changes.count {
      let at = changes[i].at
      var touched: [Int] = []
      while i < changes.count, changes[i].at == at {
        isOpen[changes[i].cell] = changes[i].opens
        touched.append(changes[i].cell)
        i += 1
      }
      // Only runs beside a changed cell can have changed their length.
      var seen = Set<Int>()
      for c in touched {
        if !isOpen[c], let since = shortSince[c] {
          short[c].append(Span(since, at))
          shortSince[c] = nil
        }
        for start in [c - 1, c, c + 1] {
          let s = isClosed ? (start + n) % n : start
          guard s >= 0, s < n, isOpen[s], !seen.contains(s) else { continue }
          let run = Self.run(around: s, isOpen, isClosed)
          seen.formUnion(run)
          let length = run.reduce(0.0) { $0 + q.cells[$1].weight }
          let isShort = length < q.runMinimum && run.count < n
          for cell in run {
            if isShort, shortSince[cell] == nil { shortSince[cell] = at }
            if !isShort, let since = shortSince[cell] {
              short[cell].append(Span(since, at))
              shortSince[cell] = nil
            }
          }
        }
      }
    }
    return (
      (0..<n).map { missed[$0].subtracting(short[$0]) },
      (0..<n).map { unproven[$0].subtracting(short[$0]) }
    )
  }

  private static func run(around c: Int, _ isOpen: [Bool], _ isClosed: Bool) -> [Int] {
    let n = isOpen.count
    var cells = [c]
    var (low, high) = (c, c)
    while cells.count < n {
      let next = isClosed ? (low - 1 + n) % n : low - 1
      guard next >= 0, isOpen[next], next != high else { break }
      low = next
      cells.append(next)
    }
    while cells.count < n {
      let next = isClosed ? (high + 1) % n : high + 1
      guard next < n, isOpen[next], next != low else { break }
      high = next
      cells.append(next)
    }
    return cells
  }

  /// Spans of neighbouring cells that overlap for some time belong together (union–find over spans).
  private static func connected(_ sets: [IntervalSet], _ topology: Topology) -> [[GapRegion.Piece]]
  {
    var first: [Int] = []
    var pieces: [GapRegion.Piece] = []
    for (c, set) in sets.enumerated() {
      first.append(pieces.count)
      for span in set.spans { pieces.append(GapRegion.Piece(cell: c, span: span)) }
    }
    first.append(pieces.count)
    guard !pieces.isEmpty else { return [] }
    var parent = Array(pieces.indices)
    func root(_ i: Int) -> Int {
      var i = i
      while parent[i] != i {
        parent[i] = parent[parent[i]]
        i = parent[i]
      }
      return i
    }
    func join(_ a: Int, _ b: Int) {
      var (i, j) = (first[a], first[b])
      while i < first[a + 1], j < first[b + 1] {
        let (s, t) = (pieces[i].span, pieces[j].span)
        if max(s.start, t.start) < min(s.end, t.end) {
          let (r, q) = (root(i), root(j))
          parent[max(r, q)] = min(r, q)
        }
        if s.end < t.end { i += 1 } else { j += 1 }
      }
    }
    switch topology {
    case .single: break
    case .chain(let isClosed):
      for c in 0..<max(0, sets.count - 1) { join(c, c + 1) }
      if isClosed, sets.count > 2 { join(sets.count - 1, 0) }
    case .grid(let neighbours):
      for (c, others) in neighbours.enumerated() { for other in others { join(c, other) } }
    }
    var groups: [Int: [GapRegion.Piece]] = [:]
    for i in pieces.indices { groups[root(i), default: []].append(pieces[i]) }
    return groups.keys.sorted().map { groups[$0]! }
  }
}
