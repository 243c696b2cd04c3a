internal import Geodesy
internal import Patrol

/// One handheld's evidence on one window: what its track proves and leaves possible while it counts for the duty.
struct Witness {
  let handheld: Handheld
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

  private func passSpeed(_ duty: Duty) -> Double {
    (duty.passSpeedMaximum ?? handheld.travel.passSpeedMaximum).value
  }

  // MARK: points and areas

  func attendance(of target: Int, under duty: Duty) -> AtTarget {
    var result = AtTarget()
    guard let track else { return result }
    for ended in track.stays.ended where ended.target == target {
      sort(ended.run, isOpen: false, duty, into: &result)
    }
    if let run = track.stays.run(at: target), run.count > 1 {
      sort(
        run, isOpen: now - run.lastInside <= handheld.excursionMaximum.value, duty, into: &result)
    }
    return result
  }

  /// The length of a stay is judged before it is cut to the time in which the handheld counts.
  private func sort(_ run: Stays.Run, isOpen: Bool, _ duty: Duty, into result: inout AtTarget) {
    let span = Span(max(run.arrived, counts.start), min(run.lastInside, counts.end))
    guard span.start <= span.end else { return }
    switch run.worth(stay: duty.stay.value, passSpeed: passSpeed(duty)) {
    case .attends: result.proven.append(span)
    case .driveBy: result.driveBy.append(span)
    case .short where isOpen: result.ripening.append(span)
    case .short: result.short.append(span)
    case .nothing: break
    }
  }

  /// P of one target: prisms and stays of any length, joined, short pieces dropped, cut to when it counts. Without
  /// the proven attendance.
  func possible(at target: Int, under duty: Duty, on ground: Ground) -> Presence {
    guard let track, let first = track.firstAnchor, let last = track.lastAnchor else {
      return Presence(counts)
    }
    let distance = { (c: Coordinate) in ground.distance(from: c, toTarget: target) }
    var spans = track.near[target]?.spans ?? []
    if duty.stay.value > 0 { spans += track.nearFast[target]?.spans ?? [] }
    for prism in ends(first, last) + track.voids {
      if let piece = prism.possible(reach: handheld.reach, distance: distance) {
        spans.append(piece)
      }
    }
    let live = track.stays.run(at: target).map { [$0] } ?? []
    for run in track.stays.ended.filter({ $0.target == target }).map(\.run) + live
    where run.count > 1 {
      if duty.stay.value > 0 || run.slowest <= passSpeed(duty) {
        spans.append(Span(run.arrived, run.lastInside))
      }
    }
    let (edge, stay) = (dutySpan, duty.stay.value)
    return Presence(unsorted: spans, joining: handheld.excursionMaximum.value)
      .filter { $0.length >= stay || $0.start <= edge.start || $0.end >= edge.end }
      .clipped(to: counts)
  }

  /// The prisms that are open on one side: before the first position and after the last.
  private func ends(_ first: Anchor, _ last: Anchor) -> [Prism] {
    [
      Prism(from: nil, to: first, began: dutySpan.start, ended: first.time),
      Prism(from: last, to: nil, began: last.time, ended: knownUntil),
    ].filter { $0.began <= $0.ended }
  }

  // MARK: lines

  /// Attendance of a line's cells under a duty, by cell.
  struct OnLine {
    var proven: [[Span]]
    var driveBy: [[Span]]
    var possible: [[Span]]
  }

  func attendance(
    ofLine line: Int, cells: [Cell], place: Int, under duty: Duty, meeting window: Span,
    on ground: Ground
  ) -> OnLine {
    let empty = [[Span]](repeating: [], count: cells.count)
    var result = OnLine(proven: empty, driveBy: empty, possible: empty)
    guard let track, let first = track.firstAnchor, let last = track.lastAnchor else {
      for c in cells.indices { result.possible[c] = [counts] }
      return result
    }
    let speedMaximum = passSpeed(duty)
    let length = cells[cells.count - 1].to
    let before = track.legs.lastIndex { $0.ended < window.start }
    for leg in track.legs[(before.map { $0 + 1 } ?? 0)...] {
      guard leg.line == line, leg.began <= window.end else { continue }
      forEachCell(of: leg, cells, length) { c, span in
        guard span.end >= counts.start, span.start <= counts.end else { return }
        if leg.isUndecided {
          result.possible[c].append(span)
        } else if leg.speed <= speedMaximum {
          result.proven[c].append(span)
        } else {
          result.driveBy[c].append(span)
        }
      }
    }
    var prisms = track.lineVoids.filter { $0.ended >= window.start }
    for end in ends(first, last) {
      // After the last fix silence has to last before it is one, while the shift goes on.
      let isSilence =
        end.from == nil || now >= dutySpan.end
        || now - end.began > handheld.legMaximum.value
      if isSilence { prisms.append(end) }
    }
    for prism in prisms {
      let atLeast = { (c: Coordinate) in ground.distanceAtLeast(from: c, toPlace: place) }
      guard prism.possible(reach: handheld.reach, distance: atLeast) != nil else { continue }
      for c in cells.indices {
        let distance = { (p: Coordinate) in ground.distance(from: p, to: c, of: place) }
        if let piece = prism.possible(reach: handheld.reach, distance: distance) {
          result.possible[c].append(piece)
        }
      }
    }
    for c in cells.indices where !result.possible[c].isEmpty {
      result.possible[c] =
        Presence(unsorted: result.possible[c], joining: handheld.excursionMaximum.value)
        .clipped(to: counts).spans
    }
    return result
  }

  /// The cells whose midpoint a leg passes, each with the moment; of a standing leg the one cell stood on.
  private func forEachCell(
    of leg: MatchedLeg, _ cells: [Cell], _ length: Double, _ body: (Int, Span) -> Void
  ) {
    let size = length / Double(cells.count)
    if leg.from == leg.to {
      let c = min(cells.count - 1, max(0, Int(leg.from / size)))
      body(c, Span(leg.began, leg.ended))
      return
    }
    let (low, high) = (min(leg.from, leg.to), max(leg.from, leg.to))
    // Over the joint of a closed loop chainages run below 0 or above the length.
    let firstCell = Int(((low - size / 2) / size).rounded(.up))
    let lastCell = Int(((high - size / 2) / size).rounded(.down))
    guard firstCell <= lastCell else { return }
    for k in firstCell...lastCell {
      let middle = (Double(k) + 0.5) * size
      let share = (middle - leg.from) / (leg.to - leg.from)
      let at = leg.began + Int64((share * Double(leg.ended - leg.began)).rounded())
      let c = ((k % cells.count) + cells.count) % cells.count
      body(c, Span(at, at))
    }
  }

  // MARK: causes

  /// What kept each unobserved moment of its time from being observed.
  func states(_ outages: [Outage]) -> [(cause: Cause, when: IntervalSet)] {
    var left = IntervalSet(Span(counts.start, max(counts.start, min(counts.end, knownUntil))))
    if let track { left = left.subtracting(track.observed) }
    var states: [(Cause, IntervalSet)] = []
    func take(_ cause: Cause, _ when: IntervalSet) {
      let part = left.intersection(when)
      if !part.isEmpty { states.append((cause, part)) }
      left = left.subtracting(part)
    }
    func outage(_ kind: Outage.Kind) -> IntervalSet {
      IntervalSet(
        unsorted: outages.filter {
          $0.kind == kind && ($0.handheld == nil || $0.handheld == handheld.id)
        }.map {
          Span($0.began.milliseconds, min($0.ended?.milliseconds ?? now, now))
        })
    }
    take(.daemonDown, outage(.daemonDown))
    take(.unreachable, outage(.unreachable))
    for cause in [Cause.suspect, .poorFix, .noFix] {
      if let when = track?.refused[cause] { take(cause, when) }
    }
    take(.silent, left)
    return states
  }
}
