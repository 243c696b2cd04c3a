public import Geodesy
public import Patrol

extension Engine {
  /// Replays what one handheld told in one span of duty, with what the matcher weighed. Its legs equal `legs`.
  ///
  /// Nil for a handheld the plan does not know. `now` is the clock up to which all was judged: later there is no
  /// silence yet.
  public static func trace(
    of id: Handheld.ID, in span: Range<Instant>, from observations: [Observation], under plan: Plan,
    until now: Instant = .distantFuture
  ) -> Trace? {
    guard let handheld = plan.handheld(id) else { return nil }
    let ground = Ground(plan)
    let own = observations.filter { $0.handheld == id && span.contains($0.orderTime) }
    var gates: [Observation: Gate] = [:]
    let bearer = Bearer(handheld)
    let setting = Tour.Setting(
      handheld: handheld.id, bearer: bearer, ground: ground, isRig: plan.isRig)
    let tour = Tour(closedOver: span, own, in: setting, gated: { gates[$0] = $1 })
    let track = tour.standing
    let observed = track.observed.set

    var judged: [Trace.Judged] = []
    for observation in own.sorted(by: Observation.precedes)
    where observation != judged.last?.observation {
      judged.append(Trace.Judged(observation: observation, gate: gates[observation]))
    }
    let end = min(span.upperBound.milliseconds, now.milliseconds)
    let ends = openPrisms(of: track, until: end)
    return Trace(
      handheld: id, span: span, observations: judged,
      legs: tour.legs(on: ground),
      weighings: weighings(judged, observed, bearer, ground),
      unobserved: IntervalSet(
        Span(span.lowerBound.milliseconds, max(end, span.lowerBound.milliseconds))
      )
      .subtracting(observed).spans
      .filter { $0.length > handheld.legMaximum.value }.map(\.range),
      ground: ground, reach: handheld.reach, prismsOnLines: track.lineVoids + ends,
      prismsAtTargets: track.voids + ends)
  }

  /// Before the first position and after the last; over all the time where there is none.
  private static func openPrisms(of track: Track, until end: Int64) -> [Prism] {
    guard let first = track.firstAnchor, let last = track.lastAnchor else {
      return [Prism(from: nil, to: nil, began: track.span.start, ended: end)]
    }
    return [
      Prism(from: nil, to: first, began: track.span.start, ended: first.time),
      Prism(from: last, to: nil, began: last.time, ended: end),
    ].filter { $0.began <= $0.ended }
  }

  /// Walks a matcher of its own over the usable fixes, with the interruptions that the track saw.
  private static func weighings(
    _ judged: [Trace.Judged], _ observed: IntervalSet, _ bearer: Bearer, _ ground: Ground
  ) -> [Trace.Weighing] {
    var matcher = Matcher()
    var weighings: [Trace.Weighing] = []
    var before: Int64?
    for entry in judged where entry.gate == nil {
      guard let fix = entry.observation.fix else { continue }
      let time = entry.observation.orderTime.milliseconds
      if !(before.map(observed.contains) ?? false) {
        weighings += matcher.resetWeighing(on: ground)
      }
      weighings += matcher.stepWeighing(
        TrackFix(
          time: time, position: fix.position, accuracy: bearer.accuracy(of: fix),
          speed: fix.speed?.value, track: fix.track), every: bearer.interval, on: ground)
      before = time
    }
    return weighings + matcher.resetWeighing(on: ground)
  }
}
