internal import Geodesy
internal import Patrol

/// When a handheld reported positions, close enough together to observe what lies between.
struct Heard {
  private let times: [Double]
  private let most: Double

  init(_ handheld: Handheld, _ reports: [(report: Observation, at: Double)]) {
    times = reports.filter { $0.report.handheld == handheld.id && $0.report.fix != nil }
      .map(\.at).sorted()
    most = handheld.legMaximum.seconds
  }

  func observes(_ t: Double) -> Bool {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= t { low = middle + 1 } else { high = middle }
    }
    return low > 0 && low < times.count && times[low] - times[low - 1] <= most
  }
}

extension Accuracy {
  mutating func count(_ truth: VerdictGrid, _ said: VerdictGrid) {
    var counts = [Int](repeating: 0, count: 6)
    for i in truth.states.indices {
      counts[(truth.states[i] == .covered ? 0 : 3) + Int(said.states[i].rawValue)] += 1
    }
    for i in counts.indices { confusion[i / 3][i % 3] += counts[i] }
  }

  /// Passes of one cell by one handheld. For the score they are matched one to one, in order of time. A true one is missed,
  /// and a said one false, where nothing of the other side is near: two said as one are one too few, and no length
  /// is missed.
  mutating func count(
    _ truth: [CellPasses.Span], _ said: [CellPasses.Span], _ heard: Heard
  ) {
    let near = CellPasses.together
    cells.truth += truth.count
    cells.said += said.count
    var (i, j) = (0, 0)
    while i < truth.count, j < said.count {
      if said[j].began - truth[i].ended > near {
        i += 1
      } else if truth[i].began - said[j].ended > near {
        j += 1
      } else {
        cells.matched += 1
        i += 1
        j += 1
      }
    }
    Self.forEach(of: truth, farFrom: said) { span in
      if heard.observes((span.began + span.ended) / 2) {
        missedObserved += 1
      } else {
        missedUnobserved += 1
      }
    }
    Self.forEach(of: said, farFrom: truth) { _ in falseCover += 1 }
  }

  /// Both in rising order, the spans of each apart.
  private static func forEach(
    of spans: [CellPasses.Span], farFrom others: [CellPasses.Span],
    _ body: (CellPasses.Span) -> Void
  ) {
    let near = CellPasses.together
    var k = 0
    for span in spans {
      while k < others.count, others[k].ended < span.began - near { k += 1 }
      if k == others.count || others[k].began > span.ended + near { body(span) }
    }
  }

  /// Stays at one point.
  mutating func count(_ truth: [TrueStay], _ said: [TrueStay]) {
    visits.truth += truth.count
    visits.said += said.count
    var free = Set(said.indices)
    for t in truth {
      // No two said stays can each share more than half with one true stay.
      let best = free.first { j in
        let s = said[j]
        let common = min(t.left, s.left) - max(t.arrived, s.arrived)
        return common > 0 && 2 * common >= max(t.left, s.left) - min(t.arrived, s.arrived)
      }
      guard let best else { continue }
      free.remove(best)
      visits.matched += 1
      dwellErrors.append(abs(said[best].length - t.length))
    }
  }
}
