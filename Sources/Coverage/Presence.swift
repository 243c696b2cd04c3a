/// When something was, or may have been, at a cell: disjoint closed spans in rising order; a span may be one moment.
struct Presence: Hashable, Sendable {
  private(set) var spans: [Span] = []

  init() {}
  init(_ span: Span) { spans = [span] }
  /// From spans in any order, overlapping or not; takes over their array.
  init(unsorted: consuming [Span], joining gap: Int64 = 0) {
    spans = unsorted
    guard spans.count > 1 else { return }
    // Most come in order.
    for i in 1..<spans.count where spans[i].start < spans[i - 1].start {
      spans.sort { $0.start < $1.start }
      break
    }
    var last = 0
    for i in 1..<spans.count {
      if spans[i].start - spans[last].end <= gap {
        spans[last].end = max(spans[last].end, spans[i].end)
      } else {
        last += 1
        spans[last] = spans[i]
      }
    }
    spans.removeLast(spans.count - 1 - last)
  }

  var isEmpty: Bool { spans.isEmpty }

  /// Adds a span that starts no earlier than the last one starts; spans at most `gap` apart become one. O(1).
  mutating func append(_ s: Span, joining gap: Int64 = 0) {
    if let last = spans.last, s.start - last.end <= gap {
      spans[spans.count - 1].end = max(last.end, s.end)
    } else {
      spans.append(s)
    }
  }

  /// Adds a span wherever it belongs; spans at most `gap` apart become one. O(1) at the end, which is where most belong.
  mutating func insert(_ s: Span, joining gap: Int64 = 0) {
    guard let last = spans.last, s.start < last.start else { return append(s, joining: gap) }
    var from = spans.count
    while from > 0, s.start - spans[from - 1].end <= gap { from -= 1 }
    // From here on all end late enough to be joined, if they begin early enough.
    var joined = s
    var to = from
    while to < spans.count, spans[to].start - joined.end <= gap {
      joined = Span(min(joined.start, spans[to].start), max(joined.end, spans[to].end))
      to += 1
    }
    spans.replaceSubrange(from..<to, with: CollectionOfOne(joined))
  }

  func union(_ other: Presence) -> Presence {
    if isEmpty { return other }
    if other.isEmpty { return self }
    return Presence(unsorted: spans + other.spans)
  }

  /// Cut to a closed span.
  func clipped(to s: Span) -> Presence {
    var result = Presence()
    for p in spans where p.end >= s.start && p.start <= s.end {
      result.spans.append(Span(max(p.start, s.start), min(p.end, s.end)))
    }
    return result
  }

  func filter(_ keep: (Span) -> Bool) -> Presence {
    var result = Presence()
    result.spans = spans.filter(keep)
    return result
  }

  /// The moments of these spans within a set of half-open ones.
  func intersection(_ set: IntervalSet) -> Presence {
    var result = Presence()
    for p in spans {
      for s in set.spans where s.start <= p.end && s.end > p.start {
        result.spans.append(Span(max(p.start, s.start), min(p.end, s.end)))
      }
    }
    return result
  }

  /// When at least `n` of several are present at once.
  static func atLeast(_ n: Int, of all: [Presence]) -> Presence {
    if n == 1 { return all.count == 1 ? all[0] : Presence(unsorted: all.flatMap(\.spans)) }
    // Closed spans: at equal moments arrivals come before departures.
    var edges: [(at: Int64, departs: Bool)] = []
    for p in all {
      for s in p.spans {
        edges.append((s.start, false))
        edges.append((s.end, true))
      }
    }
    edges.sort { ($0.at, $0.departs ? 1 : 0) < ($1.at, $1.departs ? 1 : 0) }
    var result = Presence()
    var (count, began) = (0, Int64(0))
    for edge in edges {
      if edge.departs {
        if count == n { result.append(Span(began, edge.at)) }
        count -= 1
      } else {
        count += 1
        if count == n { began = edge.at }
      }
    }
    return result
  }

  /// The time within a window that these attendances keep fresh: after each for `every`; and from the opening to the
  /// first, where that one keeps its date. Spans that do not meet [opens, closes) do not count.
  ///
  ///     fresh(X) = ( ∪ [a, b+E)  ∪  [A, a1) if a1 <= min(A+E, B) )  ∩  [A, B)
  func fresh(opens: Int64, closes: Int64, every: Int64) -> IntervalSet {
    var result = IntervalSet()
    result.reserveCapacity(spans.count)
    var isFirst = true
    for s in spans where s.end >= opens && s.start < closes {
      if isFirst, s.start <= min(opens + every, closes) { result.append(Span(opens, s.start)) }
      isFirst = false
      result.append(Span(max(opens, s.start), min(closes, s.end + every)))
    }
    return result
  }

  func checkInvariants() {
    for s in spans { precondition(s.start <= s.end, "span ends before it starts") }
    for (a, b) in zip(spans, spans.dropFirst()) { precondition(a.end < b.start, "touching spans") }
  }
}

extension Presence: Packable {
  mutating func pack(_ packing: inout Packing) { packing(&spans) }
}
