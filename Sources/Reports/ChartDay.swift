public import Geodesy
public import Patrol

/// The day that charts are of.
public struct ChartDay: Hashable, Sendable {
  public let date: CivilDate
  public let span: Range<Instant>
  public let zone: Zone
  /// The clock up to which the store was judged.
  public let judgedUntil: Instant

  public init(_ date: CivilDate, span: Range<Instant>, zone: Zone, judgedUntil: Instant) {
    (self.date, self.span, self.zone, self.judgedUntil) = (date, span, zone, judgedUntil)
  }
}
