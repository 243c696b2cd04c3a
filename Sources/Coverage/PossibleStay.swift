/// A stay that cannot be ruled out, and how much of it can have been spent inside: as of a stay that was seen, what lies
/// between counts as an excursion and makes it no longer.
struct PossibleStay: Equatable {
  var span: Span
  /// Milliseconds.
  var inside: Int64

  /// Joined where at most an excursion apart. `runs` are stays of any length that were seen: where pieces speak of the same
  /// time, they know more closely how much of it was inside.
  static func joined(_ pieces: [PossibleStay], with runs: [Span], over gap: Int64)
    -> [PossibleStay]
  {
    var all = pieces.map { (span: $0.span, inside: Int64?.some($0.inside)) }
    all += runs.map { ($0, nil) }
    all.sort { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
    var joined: [PossibleStay] = []
    for next in all {
      guard let last = joined.last, next.span.start - last.span.end <= gap else {
        joined.append(
          PossibleStay(span: next.span, inside: next.inside ?? next.span.length))
        continue
      }
      let beyond = max(0, next.span.end - max(next.span.start, last.span.end))
      joined[joined.count - 1].inside += next.inside ?? beyond
      joined[joined.count - 1].span.end = max(last.span.end, next.span.end)
    }
    return joined
  }
}
