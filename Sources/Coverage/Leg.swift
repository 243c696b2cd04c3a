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
    let setting = Tour.Setting(
      handheld: handheld.id, bearer: Bearer(handheld), ground: Ground(plan), isRig: plan.isRig)
    return Tour(
      closedOver: span,
      observations.filter { $0.handheld == handheld.id && span.contains($0.orderTime) },
      in: setting
    ).legs(on: setting.ground)
  }
}

extension Tour {
  /// A span of duty that is over, from all that was told in it, in any order. Gates are told to `gated`.
  init(
    closedOver span: Range<Instant>, _ observations: [Observation], in setting: Setting,
    gated: (Observation, Gate?) -> Void = { _, _ in }
  ) {
    self.init(span: Span(span))
    rebuild(from: observations.map { ($0, nil) }, in: setting, regated: gated)
    close(in: setting)
  }

  /// All of them, of a tour that has let none go.
  func legs(on ground: Ground) -> [Leg] { (settled + tail).map { Leg($0, ground) } }
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
