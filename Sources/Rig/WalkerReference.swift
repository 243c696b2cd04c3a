public import Geodesy
public import Qualification

extension Walker {
  /// His walk as the truth of a session whose receiver it drove; nil where he is never switched on. Before his first step
  /// and after his last he stands, within `span`.
  public func reference(over span: Range<Instant>) -> Reference? {
    guard !knots.isEmpty else { return nil }
    let times = Set(knots.map(\.time) + [span.lowerBound, span.upperBound]).sorted()
    return Reference(
      times.map { Reference.Checkpoint(time: $0, position: position(at: $0)) }, isExact: true)
  }
}
