public import Geodesy
public import Patrol

/// Travel along a line, or standing on it, as the matcher decided it: time runs linearly along it. What passes are
/// made of, and finer than they are.
public struct Leg: Hashable, Sendable {
  public var place: Place.ID
  public var began: Instant
  public var ended: Instant
  /// Chainages: `from` above `to` where the line was walked backwards, equal while standing; over the joint of a closed
  /// loop they run on below 0 or above its length.
  public var from: Metres
  public var to: Metres
  public var speed: MetresPerSecond
  /// 0…1
  public var confidence: Double
  /// Below the mark: its cells are possible, not proven.
  public var isUndecided: Bool
}

extension Engine {
  /// The legs that come of what one handheld told in one span of duty: equal to those of an engine that was told the
  /// same in any order. None for a handheld the plan does not know.
  public static func legs(
    of handheld: Handheld.ID, in span: Range<Instant>, from observations: [Observation],
    under plan: Plan
  ) -> [Leg] {
    guard let handheld = plan.handheld(handheld) else { return [] }
    let ground = Ground(plan)
    let setting = Tour.Setting(
      handheld: handheld.id, bearer: Bearer(handheld), ground: ground, isRig: plan.isRig)
    var tour = Tour(span: Span(span))
    tour.rebuild(
      from: observations.filter { $0.handheld == handheld.id && span.contains($0.orderTime) }.map {
        ($0, nil)
      }, in: setting, regated: { _, _ in })
    tour.close(in: setting)
    return (tour.settled + tour.tail).map { Leg($0, ground) }
  }
}

extension Leg {
  init(_ leg: MatchedLeg, _ ground: Ground) {
    self.init(
      place: ground.places[ground.lines[leg.line].place].id,
      began: Instant(milliseconds: leg.began), ended: Instant(milliseconds: leg.ended),
      from: Metres(leg.from), to: Metres(leg.to), speed: MetresPerSecond(leg.speed),
      confidence: leg.confidence, isUndecided: leg.isUndecided)
  }
}
