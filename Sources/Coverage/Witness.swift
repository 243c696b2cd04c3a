internal import Geodesy
internal import Patrol

/// One handheld's evidence on one window: what its track proves and leaves possible while it counts for the duty.
struct Witness {
  let handheld: Handheld.ID
  let bearer: Bearer
  /// Nil where nothing was received in this span of duty.
  let track: Track?
  /// The span of duty it belongs to.
  let dutySpan: Span
  /// When it counts, within that.
  let counts: Span
  /// Judged up to here.
  let now: Int64

  /// Attendance of one target under a duty.
  struct AtTarget {
    var proven: [Span] = []
    var short: [Span] = []
    var driveBy: [Span] = []
    var ripening: [Span] = []
  }

  private var knownUntil: Int64 { min(now, dutySpan.end) }

  // MARK: points and areas

  func attendance(of target: Int, under duty: Duty) -> AtTarget {
    var result = AtTarget()
    guard let track else { return result }
    for ended in track.stays.ended where ended.target == target {
      sort(ended.run, isOpen: false, duty, into: &result)
    }
    if let run = track.stays.run(at: target), run.count > 1 {
      sort(run, isOpen: now - run.lastInside <= bearer.excursionMaximum, duty, into: &result)
    }
    return result
  }

  /// The length of a stay is judged before it is cut to the time in which the handheld counts.
  private func sort(_ run: Stays.Run, isOpen: Bool, _ duty: Duty, into result: inout AtTarget) {
    let span = Span(max(run.arrived, counts.start), min(run.lastInside, counts.end))
    guard span.start <= span.end else { return }
    switch run.worth(stay: duty.stay.value, passSpeed: bearer.passSpeed(duty)) {
    case .attends: result.proven.append(span)
    case .driveBy: result.driveBy.append(span)
    case .short where isOpen: result.ripening.append(span)
    case .short: result.short.append(span)
    case .nothing: break
    }
  }

  /// P of one target: prisms and stays of any length, joined, short ones dropped, cut to when it counts. Without
  /// the proven attendance. Without a stay asked for, legs faster than the duty's pass speed leave nothing possible.
  func possible(at target: Int, under duty: Duty, on ground: Ground) -> Presence {
    guard let track, let first = track.firstAnchor, let last = track.lastAnchor else {
      return Presence(counts)
    }
    let asksForStay = duty.stay.value > 0
    let distance = { (c: Coordinate) in ground.distance(from: c, toTarget: target) }
    let fastest = asksForStay ? Int.max : ground.speedClass(bearer.passSpeed(duty))
    var pieces = track.stays.near.pieces(at: target, upTo: fastest).map {
      PossibleStay(span: $0.span, inside: $0.inside)
    }
    for prism in ends(first, last) + track.voids {
      if let piece = prism.possible(reach: bearer.reach, distance: distance) {
        pieces.append(PossibleStay(span: piece, inside: piece.length))
      }
    }
    var runs: [Span] = []
    let live = track.stays.run(at: target).map { [$0] } ?? []
    for run in track.stays.ended.filter({ $0.target == target }).map(\.run) + live
    where run.count > 1 {
      if asksForStay || run.slowest <= bearer.passSpeed(duty) {
        runs.append(Span(run.arrived, run.lastInside))
      }
    }
    let (edge, stay) = (dutySpan, duty.stay.value)
    return Presence(
      unsorted: PossibleStay.joined(pieces, with: runs, over: bearer.excursionMaximum).filter {
        $0.inside >= stay || $0.span.start <= edge.start || $0.span.end >= edge.end
      }.map(\.span)
    ).clipped(to: counts)
  }

  /// The prisms that are open on one side: before the first position and after the last.
  private func ends(_ first: Anchor, _ last: Anchor) -> [Prism] {
    [
      Prism(from: nil, to: first, began: dutySpan.start, ended: first.time),
      Prism(from: last, to: nil, began: last.time, ended: knownUntil),
    ].filter { $0.began <= $0.ended }
  }

  // MARK: lines

  /// The prisms over its unobserved intervals that may reach a line's place within a window; nil where nothing is known of
  /// it and everything is possible.
  func prisms(reaching place: Int, from start: Int64, on ground: Ground) -> [Prism]? {
    guard let track, let first = track.firstAnchor, let last = track.lastAnchor else { return nil }
    var prisms = track.lineVoids.filter { $0.ended >= start }
    for end in ends(first, last) {
      // After the last fix silence has to last before it is one, while the shift goes on.
      let isSilence =
        end.from == nil || now >= dutySpan.end || now - end.began > bearer.legMaximum
      if isSilence { prisms.append(end) }
    }
    let atLeast = { (c: Coordinate) in ground.distanceAtLeast(from: c, toPlace: place) }
    return prisms.filter { $0.possible(reach: bearer.reach, distance: atLeast) != nil }
  }

  /// P of one cell of a line: undecided legs and prisms, joined, cut to when it counts.
  func possible(
    atCell cell: Int, of place: Int, prisms: [Prism]?, undecided: [Span], on ground: Ground
  ) -> Presence {
    guard let prisms else { return Presence(counts) }
    var spans = undecided
    for prism in prisms {
      let distance = { (p: Coordinate) in ground.distance(from: p, to: cell, of: place) }
      if let piece = prism.possible(reach: bearer.reach, distance: distance) {
        spans.append(piece)
      }
    }
    return Presence(unsorted: spans, joining: bearer.excursionMaximum).clipped(to: counts)
  }

  // MARK: causes

  /// What kept each unobserved moment of its time from being observed.
  ///
  /// - Parameter outages: those that concern it.
  func states(_ outages: [Outage]) -> [(cause: Cause, when: IntervalSet)] {
    var left = IntervalSet(Span(counts.start, max(counts.start, min(counts.end, knownUntil))))
    if let track { left = left.subtracting(track.observed.set) }
    var states: [(Cause, IntervalSet)] = []
    func take(_ cause: Cause, _ when: IntervalSet) {
      let part = left.intersection(when)
      if !part.isEmpty { states.append((cause, part)) }
      left = left.subtracting(part)
    }
    func outage(_ kind: Outage.Kind) -> IntervalSet {
      IntervalSet(
        unsorted: outages.filter { $0.kind == kind }.map {
          Span($0.began.milliseconds, min($0.ended?.milliseconds ?? now, now))
        })
    }
    take(.daemonDown, outage(.daemonDown))
    take(.unreachable, outage(.unreachable))
    if let track {
      take(.suspect, track.suspect.set)
      take(.poorFix, track.poorFix.set)
      take(.noFix, track.noFix.set)
    }
    take(.silent, left)
    return states
  }
}
