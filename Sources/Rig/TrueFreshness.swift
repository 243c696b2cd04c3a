internal import Coverage
internal import Geodesy
internal import Patrol

/// How a place's window stood at every second.
struct TrueFreshness {
  /// Shorter runs of uncovered cells neither make nor join gaps (metres).
  private static let runMinimum = 25.0
  /// Nor do regions that last less (seconds).
  private static let gapMinimum = 60

  private let ground: TrueGround
  private let attendance: TrueAttendance
  private let window: Window
  private let every: Int
  /// Seconds of the scenario at which the window opens and closes.
  private let opens: Int
  private let closes: Int
  private let origin: Instant
  /// By cell, then second of the window.
  let covered: [[Bool]]
  /// By second of the window: kept fresh if somebody was there in hidden time, and what hid it last.
  private let hidden: [Cause?]

  init(
    _ attendance: TrueAttendance, _ ground: TrueGround, _ duty: Duty, _ window: Window,
    over span: Range<Instant>, hidden: [HiddenTime] = []
  ) {
    self.ground = ground
    self.attendance = attendance
    self.window = window
    every = Int(duty.every.value / 1000)
    origin = span.lowerBound
    opens = Int((window.began - origin).value / 1000)
    closes = Int((min(window.ended, span.upperBound) - origin).value / 1000)
    let (opens, closes, every) = (opens, closes, every)
    covered = attendance.proven.map { Self.fresh($0, opens, closes, every) }
    var causes = [Cause?](repeating: nil, count: max(0, closes - opens))
    for time in hidden.sorted(by: { $0.span.lowerBound < $1.span.lowerBound }) {
      let from = Int((time.span.lowerBound - span.lowerBound).value / 1000)
      let to = Int((time.span.upperBound - span.lowerBound).value / 1000)
      // What is hidden before the first date is due keeps that date.
      let first = from <= opens + every && to > opens ? opens : max(opens, from)
      for k in first..<max(first, min(closes, to + every)) { causes[k - opens] = time.cause }
    }
    self.hidden = causes
  }

  /// fresh(X), for a set of seconds.
  private static func fresh(_ seconds: [Int], _ opens: Int, _ closes: Int, _ every: Int) -> [Bool] {
    var result = [Bool](repeating: false, count: max(0, closes - opens))
    let meeting = seconds.filter { $0 >= opens && $0 < closes }
    guard let first = meeting.first else { return result }
    if first <= opens + every { for k in opens..<first { result[k - opens] = true } }
    // Rising: what is fresh already need not be written again.
    var written = opens
    for s in meeting {
      let end = min(closes, s + every)
      for k in max(s, written)..<max(s, written, end) { result[k - opens] = true }
      written = max(written, end)
    }
    return result
  }

  /// Cells are of equal weight.
  var coveredShare: Double {
    let all = covered.reduce(0) { $0 + $1.count }
    return all == 0 ? 1 : Double(covered.reduce(0) { $0 + $1.count(where: { $0 }) }) / Double(all)
  }

  func gaps(owed: Owed) -> [TrueGap] {
    let missed = covered.map { cell in cell.indices.map { !cell[$0] && hidden[$0] == nil } }
    let unproven = covered.map { cell in cell.indices.map { !cell[$0] && hidden[$0] != nil } }
    return regions(of: missed).map {
      gap($0, owed, .missed, cause(of: $0), isLiveOnly: false)
    }
      + regions(of: unproven).map {
        gap($0, owed, .unproven, hiddenCause(of: $0), isLiveOnly: false)
      }
  }

  /// What seemed uncovered before a moment and, with all that came later, was not.
  func gaps(owed: Owed, until moment: Instant, butNotIn final: TrueFreshness) -> [TrueGap] {
    let last = Int((moment - origin).value / 1000) - opens
    let seeming = zip(covered, final.covered).map { live, end in
      live.indices.map { $0 < last && !live[$0] && end[$0] }
    }
    return regions(of: seeming).map { gap($0, owed, .unproven, .silent, isLiveOnly: true) }
  }

  /// By cell: spans of seconds of the window.
  private typealias Pieces = [(cell: Int, span: Range<Int>)]

  /// Connected regions of marked cells × seconds; neighbours in one cell, or at one second.
  private func regions(of marked: [[Bool]]) -> [Pieces] {
    let kept = withoutShortRuns(marked)
    var pieces: Pieces = []
    for c in kept.indices {
      var k = 0
      while k < kept[c].count {
        guard kept[c][k] else {
          k += 1
          continue
        }
        let start = k
        while k < kept[c].count, kept[c][k] { k += 1 }
        pieces.append((c, start..<k))
      }
    }
    var group = Array(pieces.indices)
    func root(_ i: Int) -> Int {
      var i = i
      while group[i] != i { i = group[i] }
      return i
    }
    for i in pieces.indices {
      for j in pieces.indices where j < i {
        let isNext =
          pieces[i].cell - pieces[j].cell == 1
          || (isClosed && pieces[i].cell - pieces[j].cell == ground.cells - 1)
        if isNext, pieces[i].span.overlaps(pieces[j].span) { group[root(i)] = root(j) }
      }
    }
    let byRoot = Dictionary(grouping: pieces.indices, by: root)
    return byRoot.keys.sorted().map { byRoot[$0]!.map { pieces[$0] } }.filter {
      $0.map(\.span.upperBound).max()! - $0.map(\.span.lowerBound).min()! >= Self.gapMinimum
    }
  }

  private var isClosed: Bool {
    if case .line(let line, _) = ground.shape { line.isClosed } else { false }
  }

  private func withoutShortRuns(_ marked: [[Bool]]) -> [[Bool]] {
    let least = Int((Self.runMinimum / ground.cellSize).rounded(.up))
    guard ground.isLine, marked.count > least else { return marked }
    var kept = marked
    for k in marked[0].indices {
      var c = 0
      while c < marked.count {
        guard marked[c][k] else {
          c += 1
          continue
        }
        let start = c
        while c < marked.count, marked[c][k] { c += 1 }
        let touchesJoint = isClosed && (start == 0 || c == marked.count)
        if Double(c - start) * ground.cellSize < Self.runMinimum, !touchesJoint {
          for run in start..<c { kept[run][k] = false }
        }
      }
    }
    return kept
  }

  /// The cause with the most seconds, each given to the first that would have kept it fresh.
  private func cause(of region: Pieces) -> Cause {
    var seconds: [Cause: Int] = [:]
    for (cell, span) in region {
      let short = Self.fresh(attendance.short[cell], opens, closes, every)
      let fast = Self.fresh(attendance.driveBy[cell], opens, closes, every)
      for k in span {
        seconds[short[k] ? .shortStay : fast[k] ? .driveBy : .away, default: 0] += 1
      }
    }
    let order: [Cause] = [.shortStay, .driveBy, .away]
    return order.max { seconds[$0, default: 0] < seconds[$1, default: 0] } ?? .away
  }

  private func hiddenCause(of region: Pieces) -> Cause {
    var seconds: [Cause: Int] = [:]
    for (_, span) in region {
      for k in span { if let cause = hidden[k] { seconds[cause, default: 0] += 1 } }
    }
    return Cause.allCases.max { seconds[$0, default: 0] < seconds[$1, default: 0] } ?? .silent
  }

  private func gap(
    _ pieces: Pieces, _ owed: Owed, _ verdict: Verdict, _ cause: Cause, isLiveOnly: Bool
  ) -> TrueGap {
    func instant(_ k: Int) -> Instant { window.began + .seconds(k) }
    let cells = pieces.map(\.cell)
    let stretch = Gap.Stretch(
      from: Metres(Double(cells.min()!) * ground.cellSize),
      to: Metres(Double(cells.max()! + 1) * ground.cellSize))
    return TrueGap(
      owed: owed, verdict: verdict, cause: cause,
      began: instant(pieces.map(\.span.lowerBound).min()!),
      ended: instant(pieces.map(\.span.upperBound).max()!), stretch: ground.isLine ? stretch : nil,
      extent: pieces.reduce(0) { $0 + Double($1.span.count) * ground.cellSize },
      region: Region(
        pieces: pieces.map {
          Region.Piece(
            cell: $0.cell, began: instant($0.span.lowerBound), ended: instant($0.span.upperBound))
        }), fault: nil, isLiveOnly: isLiveOnly, cellCount: ground.cells)
  }
}
