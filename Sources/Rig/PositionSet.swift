/// A set of whole numbers as runs: what was sent of a long series costs nothing where nothing is missing.
///
/// Runs are sorted, disjoint and do not touch. Insertion at the end is O(1), elsewhere O(runs).
struct PositionSet: Hashable, Sendable {
  private(set) var runs: [Range<Int>] = []

  var count: Int { runs.reduce(0) { $0 + $1.count } }

  mutating func insert(_ run: Range<Int>) {
    guard !run.isEmpty else { return }
    if let last = runs.last, run.lowerBound >= last.lowerBound, run.lowerBound <= last.upperBound {
      runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
      return
    }
    guard let last = runs.last, run.lowerBound <= last.upperBound else {
      runs.append(run)
      return
    }
    let first = runs.firstIndex { $0.upperBound >= run.lowerBound }!
    var end = first
    var merged = run
    while end < runs.count, runs[end].lowerBound <= run.upperBound {
      merged =
        min(merged.lowerBound, runs[end].lowerBound)..<max(merged.upperBound, runs[end].upperBound)
      end += 1
    }
    runs.replaceSubrange(first..<end, with: [merged])
  }

  func contains(_ n: Int) -> Bool { runs.contains { $0.contains(n) } }

  func union(_ other: PositionSet) -> PositionSet {
    var all = self
    for run in other.runs { all.insert(run) }
    return all
  }

  /// What of `whole` is not in the set.
  func missing(in whole: Range<Int>) -> [Range<Int>] {
    var gaps: [Range<Int>] = []
    var from = whole.lowerBound
    for run in runs where run.upperBound > whole.lowerBound && run.lowerBound < whole.upperBound {
      if run.lowerBound > from { gaps.append(from..<run.lowerBound) }
      from = run.upperBound
    }
    if from < whole.upperBound { gaps.append(from..<whole.upperBound) }
    return gaps
  }

  func checkInvariants() {
    for run in runs { precondition(!run.isEmpty, "a run without numbers") }
    for (a, b) in zip(runs, runs.dropFirst()) {
      precondition(a.upperBound < b.lowerBound, "runs \(a) and \(b) are out of order or touch")
    }
  }
}
