package import Geodesy

/// A span of time in milliseconds since 1970. Half-open in an `IntervalSet`, closed in a `Presence`.
struct Span: Hashable, Sendable {
  var start: Int64
  var end: Int64

  init(_ start: Int64, _ end: Int64) {
    self.start = start
    self.end = end
  }
  init(_ range: Range<Instant>) {
    self.init(range.lowerBound.milliseconds, range.upperBound.milliseconds)
  }
  var length: Int64 { end - start }

  /// As a closed span, the part of another that lies in it; nil where none does.
  func cut(_ other: Span) -> Span? {
    let part = Span(max(start, other.start), min(end, other.end))
    return part.start <= part.end ? part : nil
  }
}

/// A set of moments: disjoint, non-touching half-open spans in rising order.
package struct IntervalSet: Hashable, Sendable {
  private(set) var spans: [Span] = []

  package init() {}
  init(_ span: Span) { if span.start < span.end { spans = [span] } }
  package init(_ range: Range<Instant>) { self.init(Span(range)) }
  /// From ranges in any order, overlapping or not. O(n log n).
  package init(unsorted ranges: [Range<Instant>]) {
    self.init(unsorted: ranges.lazy.map { Span($0) })
  }
  /// From spans in any order, overlapping or not.
  init(unsorted: some Sequence<Span>) {
    for s in unsorted.filter({ $0.start < $0.end }).sorted(by: { $0.start < $1.start }) {
      append(s)
    }
  }

  var isEmpty: Bool { spans.isEmpty }
  package var ranges: [Range<Instant>] {
    spans.map { Instant(milliseconds: $0.start)..<Instant(milliseconds: $0.end) }
  }
  var length: Int64 { spans.reduce(0) { $0 + $1.length } }
  var last: Span? { spans.last }

  mutating func reserveCapacity(_ count: Int) { spans.reserveCapacity(count) }

  /// Adds a span that starts no earlier than the last one starts. O(1).
  mutating func append(_ s: Span) {
    guard s.start < s.end else { return }
    if let last = spans.last, s.start <= last.end {
      spans[spans.count - 1].end = max(last.end, s.end)
    } else {
      spans.append(s)
    }
  }

  /// Adds a range that begins no earlier than the last span. O(1); one that goes on from the last allocates nothing.
  package mutating func append(_ range: Range<Instant>) { append(Span(range)) }

  /// Ends the last span no later than a moment that none before it reaches beyond. O(1).
  package mutating func cut(_ at: Instant) {
    guard let last = spans.last, last.end > at.milliseconds else { return }
    spans.removeLast()
    append(Span(min(last.start, at.milliseconds), at.milliseconds))
  }

  func union(_ other: IntervalSet) -> IntervalSet {
    if isEmpty { return other }
    if other.isEmpty { return self }
    var result = IntervalSet()
    var (i, j) = (0, 0)
    while i < spans.count || j < other.spans.count {
      if j == other.spans.count || (i < spans.count && spans[i].start <= other.spans[j].start) {
        result.append(spans[i])
        i += 1
      } else {
        result.append(other.spans[j])
        j += 1
      }
    }
    return result
  }

  package func intersection(_ other: IntervalSet) -> IntervalSet {
    var result = IntervalSet()
    var (i, j) = (0, 0)
    while i < spans.count, j < other.spans.count {
      let (a, b) = (spans[i], other.spans[j])
      result.append(Span(max(a.start, b.start), min(a.end, b.end)))
      if a.end < b.end { i += 1 } else { j += 1 }
    }
    return result
  }

  func intersection(_ s: Span) -> IntervalSet { intersection(IntervalSet(s)) }

  package func subtracting(_ other: IntervalSet) -> IntervalSet {
    if other.isEmpty || isEmpty { return self }
    var result = IntervalSet()
    var j = 0
    for s in spans {
      var start = s.start
      while j < other.spans.count, other.spans[j].end <= start { j += 1 }
      var k = j
      while k < other.spans.count, other.spans[k].start < s.end {
        result.append(Span(start, min(other.spans[k].start, s.end)))
        start = max(start, other.spans[k].end)
        k += 1
      }
      result.append(Span(start, s.end))
    }
    return result
  }

  func contains(_ t: Int64) -> Bool { spans.contains { $0.start <= t && t < $0.end } }

  func checkInvariants() {
    for s in spans { precondition(s.start < s.end, "empty span") }
    for (a, b) in zip(spans, spans.dropFirst()) { precondition(a.end < b.start, "touching spans") }
  }
}
