internal import Geodesy

/// A set of moments as half-open spans: disjoint, rising, none empty.
struct TimeSet: Hashable, Sendable {
  private(set) var spans: [Range<Instant>] = []

  init() {}

  /// O(n log n).
  init(_ unsorted: [Range<Instant>]) {
    for span in unsorted.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(span) }
  }

  /// Adds a span that begins no earlier than the last one. O(1); one that goes on from the last allocates nothing.
  mutating func append(_ span: Range<Instant>) {
    guard !span.isEmpty else { return }
    guard let last = spans.last, span.lowerBound <= last.upperBound else {
      spans.append(span)
      return
    }
    if span.upperBound > last.upperBound {
      spans[spans.count - 1] = last.lowerBound..<span.upperBound
    }
  }

  /// Ends the last span no later than a moment.
  mutating func cut(_ at: Instant) {
    guard let last = spans.last, last.upperBound > at else { return }
    spans.removeLast()
    append(min(last.lowerBound, at)..<at)
  }

  /// O(n + m).
  func intersection(_ other: TimeSet) -> TimeSet {
    var result = TimeSet()
    var (i, j) = (0, 0)
    while i < spans.count, j < other.spans.count {
      let (a, b) = (spans[i], other.spans[j])
      if a.overlaps(b) { result.append(a.clamped(to: b)) }
      if a.upperBound < b.upperBound { i += 1 } else { j += 1 }
    }
    return result
  }

  /// O(n + m).
  func subtracting(_ other: TimeSet) -> TimeSet {
    var result = TimeSet()
    var j = 0
    for span in spans {
      var from = span.lowerBound
      while j < other.spans.count, other.spans[j].upperBound <= from { j += 1 }
      var k = j
      while k < other.spans.count, other.spans[k].lowerBound < span.upperBound {
        let cut = other.spans[k]
        if cut.lowerBound > from { result.append(from..<cut.lowerBound) }
        from = max(from, cut.upperBound)
        k += 1
      }
      if from < span.upperBound { result.append(from..<span.upperBound) }
    }
    return result
  }
}
