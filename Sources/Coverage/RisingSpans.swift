/// A set of moments that grows at its end: the last span in place, those before it in an array.
///
/// Adding to the last span allocates nothing.
struct RisingSpans: Hashable, Sendable {
  private var ended: [Span] = []
  private var last: Span?

  /// Adds a half-open span that starts no earlier than the last one starts. O(1).
  mutating func append(_ s: Span) {
    guard s.start < s.end else { return }
    guard let last else {
      self.last = s
      return
    }
    if s.start <= last.end {
      if s.end > last.end { self.last = Span(last.start, s.end) }
    } else {
      ended.append(last)
      self.last = s
    }
  }

  var set: IntervalSet {
    var set = IntervalSet()
    for s in ended { set.append(s) }
    if let last { set.append(last) }
    return set
  }
}

extension RisingSpans: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&ended)
    packing(&last)
  }
}
