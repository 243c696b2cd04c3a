/// What is asked of one place's window: attendance in, verdicts out. Times in milliseconds since 1970.
struct Question: Sendable {
  /// [opens, closes)
  var opens: Int64
  var closes: Int64
  /// E
  var every: Int64
  /// Judged up to here, at most `closes`.
  var now: Int64
  var cells: [Cell]
  var topology: Topology
  /// By cell.
  var proven: [Presence]
  /// By cell; holds `proven`.
  var possible: [Presence]
  /// By cell: stays that began before their due moment and have yet to ripen. They keep a gap from opening and prove
  /// nothing.
  var ripening: [Presence] = []
  /// By cell: attendance with every stay under way, when it began being no matter.
  var arriving: [Presence] = []
  /// Runs of uncovered cells shorter than this, in metres, neither make nor join a line's gaps.
  var runMinimum = 25.0
  /// Nor do regions that last less, in milliseconds. One that is still open is not held to it.
  var durationMinimum: Int64 = 60_000
}

/// How the cells of one place stand over a window, or over what has passed of it.
struct Judgement: Sendable {
  /// By cell. Disjoint; with `pending` they make up [opens, min(now, closes)).
  var covered: [IntervalSet]
  var unproven: [IntervalSet]
  var missed: [IntervalSet]
  /// Not due yet: the first attendance may still earn this time.
  var pending: [IntervalSet]
  /// By cell, of one that is unproven now: until when it will be, if nothing more is heard.
  var unprovenUntil: [Int64?] = []

  /// The definition, cell by cell:
  ///
  ///     covered = fresh(T),  unproven = fresh(P) - fresh(T),  missed = [A, B) - fresh(P)
  init(_ q: Question) {
    let judged = IntervalSet(Span(q.opens, min(q.now, q.closes)))
    let firstDue = min(q.opens + q.every, q.closes)
    let none = [IntervalSet](repeating: IntervalSet(), count: q.cells.count)
    (covered, unproven, missed, pending) = (none, none, none, none)
    unprovenUntil = Array(repeating: nil, count: q.cells.count)
    for c in q.cells.indices {
      if let held = q.holding(of: c) {
        // Most are: the definition comes to this.
        switch held {
        case .awaited: pending[c] = judged
        case .attended: covered[c] = judged
        }
        continue
      }
      func fresh(_ presence: Presence) -> IntervalSet {
        presence.fresh(opens: q.opens, closes: q.closes, every: q.every)
      }
      let freshT = fresh(q.proven[c]).intersection(judged)
      let everP = fresh(q.possible[c])
      let freshP = everP.intersection(judged)
      let isRipening = !q.ripening.isEmpty && !q.ripening[c].isEmpty
      let held =
        isRipening ? fresh(q.proven[c].union(q.ripening[c])).intersection(judged) : freshT
      let isAwaited =
        q.now < firstDue && !q.proven[c].spans.contains { $0.end >= q.opens && $0.start < q.closes }
      let pending = isAwaited ? judged : held.subtracting(freshT)
      let left = judged.subtracting(freshT).subtracting(pending)
      // What was missed stays so until a late stay is long enough; but that it may be is no verdict of its own.
      let settling =
        q.arriving.isEmpty || q.arriving[c].isEmpty
        ? IntervalSet() : left.intersection(freshP).intersection(fresh(q.arriving[c]))
      let open = left.subtracting(settling)
      covered[c] = freshT.subtracting(isAwaited ? judged : IntervalSet())
      unproven[c] = open.intersection(freshP)
      missed[c] = open.subtracting(freshP)
      self.pending[c] = pending.union(settling)
      unprovenUntil[c] = everP.spans.first { $0.start < q.now && q.now <= $0.end }?.end
    }
  }

  /// Parts of 1 by cell weight, of the time judged; nil before anything is.
  func shares(weights: [Double], excused: [IntervalSet] = []) -> Shares? {
    var (c, m, u, e) = (0.0, 0.0, 0.0, 0.0)
    for i in covered.indices {
      let w = weights[i]
      c += w * Double(covered[i].length)
      var (missed, unproven) = (missed[i], unproven[i])
      if !excused.isEmpty {
        e += w * Double(missed.union(unproven).intersection(excused[i]).length)
        missed = missed.subtracting(excused[i])
        unproven = unproven.subtracting(excused[i])
      }
      m += w * Double(missed.length)
      u += w * Double(unproven.length)
    }
    let total = c + m + u + e
    guard total > 0 else { return nil }
    return Shares(covered: c / total, missed: m / total, unproven: u / total, excused: e / total)
  }
}
