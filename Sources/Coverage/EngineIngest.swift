internal import Geodesy
public import Patrol

extension Engine {
  /// Takes what handhelds told, in any order. Those of handhelds that the plan does not know are `offDuty`.
  ///
  /// Each handheld's part of a batch is taken in one go: batches of some seconds are quicker than single ones. Gates are
  /// answered; what comes of the fixes waits for `advance`.
  public mutating func ingest(_ batch: [Observation]) -> Outcome {
    var outcome = Outcome(
      gates: Array(repeating: .offDuty, count: batch.count), needsHistory: [], reopens: [])
    sorting.begin(batch: batch.count, handhelds: plan.handhelds.count)
    for i in batch.indices { sorting.append(roll.position(of: batch[i].handheld)) }
    for o in sorting.order.indices {
      let h = Int(sorting.order[o])
      let setting = setting(of: h)
      var t: Int?
      var position: Int? = sorting.takeFirst(of: h)
      while let i = position {
        outcome.gates[i] = take(batch[i], of: h, in: setting, tour: &t, &outcome)
        position = sorting.position(after: i)
      }
      if let t, state.tours[h][t].isFarBehind {
        state.tours[h][t].catchUp(in: setting, decided: &decided)
      }
      noteTouched(h)
    }
    return outcome
  }

  func setting(of h: Int) -> Tour.Setting {
    Tour.Setting(
      handheld: roll.ids[h], bearer: ground.bearers[h], ground: ground, isRig: plan.isRig)
  }

  /// `t` is the tour that the handheld's last one fell into.
  private mutating func take(
    _ observation: Observation, of h: Int, in setting: Tour.Setting, tour t: inout Int?,
    _ outcome: inout Outcome
  ) -> Gate? {
    let at = observation.orderTime.milliseconds
    if t.map({ !state.tours[h][$0].span.contains(at) }) ?? true {
      t = state.tours[h].lastIndex { $0.span.contains(at) }
    }
    if t == nil {
      guard let span = plan.dutySpan(of: setting.handheld, at: observation.orderTime) else {
        return .offDuty
      }
      guard span.upperBound.milliseconds + backlog.value > state.now else {
        if !outcome.reopens.contains(span) { outcome.reopens.append(span) }
        return nil
      }
      t = begin(Span(span), of: h)
    }
    guard let t else { return .offDuty }
    let told = state.tours[h][t].toldUntil
    var changed: [(Observation, Gate?)] = []
    let result = state.tours[h][t].take(
      observation, at: at, in: setting, decided: &decided, regated: { changed.append(($0, $1)) })
    for (other, gate) in changed { events.append(.regated(other, gate)) }
    if state.tours[h][t].toldUntil < told { retract(h, t) }
    switch result {
    case .judged(let gate): return gate
    case .repeated: return .duplicate
    case .awaitsHistory:
      let request = HistoryRequest(
        handheld: observation.handheld, span: state.tours[h][t].span.range)
      if !outcome.needsHistory.contains(request) { outcome.needsHistory.append(request) }
      return nil
    }
  }

  /// Answers a request of `ingest`: all stored observations of that handheld in that span, those of the batch that
  /// asked included, with the gates stored for them.
  public mutating func supply(
    _ history: [(observation: Observation, gate: Gate?)], for request: HistoryRequest
  ) {
    guard let h = roll.position(of: request.handheld) else { return }
    let span = Span(request.span)
    let t = state.tours[h].firstIndex { $0.span == span } ?? begin(span, of: h)
    var changed: [(Observation, Gate?)] = []
    state.tours[h][t].rebuild(
      from: history.map { ($0.observation, $0.gate) }, in: setting(of: h),
      regated: { changed.append(($0, $1)) })
    for (other, gate) in changed { events.append(.regated(other, gate)) }
    retract(h, t)
    forget(h, t)
    noteTouched(h)
  }

  private mutating func begin(_ span: Span, of h: Int) -> Int {
    let t = state.tours[h].firstIndex { $0.span.start >= span.start } ?? state.tours[h].count
    let day = plan.operationalDay(of: Instant(milliseconds: span.start))
    let starts = Set(
      plan.shifts.map { plan.span(of: $0, on: day).lowerBound.milliseconds }
    ).filter(span.contains).sorted()
    state.tours[h].insert(Tour(span: span, shiftStarts: starts), at: t)
    schedule.nextTourEnd = min(schedule.nextTourEnd, span.end)
    schedule.nextLetGo = min(schedule.nextLetGo, span.end + backlog.value)
    return t
  }

  mutating func retract(_ h: Int, _ t: Int) {
    let tour = state.tours[h][t]
    events.append(
      .retracted(
        plan.handhelds[h].id, after: Instant(milliseconds: tour.toldUntil),
        before: Instant(milliseconds: tour.span.end + 1)))
  }
}

extension Span {
  var range: Range<Instant> {
    Instant(milliseconds: start)..<Instant(milliseconds: end)
  }
  func contains(_ moment: Int64) -> Bool { start <= moment && moment < end }
}
