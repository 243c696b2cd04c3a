internal import Geodesy
internal import Patrol

/// From tours to accounts: what handhelds did is heard of by the places it concerns.
extension Engine {
  /// While time passes, tours wait this long before they take their steps and the accounts hear of what is new, in
  /// milliseconds; what was told late does not wait.
  private static let gatherEvery: Int64 = 10_000

  mutating func makeSchedule() {
    var made = Schedule()
    made.serving = Array(repeating: [], count: plan.handhelds.count)
    made.mark = Array(repeating: 0, count: plan.handhelds.count)
    for (w, account) in state.accounts.enumerated() {
      for (k, a) in account.assigned.enumerated() {
        made.serving[a.handheld].append(
          Schedule.Serving(window: Int32(w), assigned: Int32(k)))
      }
      for (p, place) in account.places.enumerated() {
        let reference = Schedule.Reference(window: Int32(w), place: Int32(p))
        if place.recheckAt < Int64.max { made.due.insert(place.recheckAt, reference) }
        if place.newsAt < Int64.max { made.news.insert(place.newsAt, reference) }
      }
      made.nextLetGo = min(made.nextLetGo, account.servedUntil + backlog.value)
    }
    for tours in state.tours {
      for tour in tours {
        if !tour.isClosed { made.nextTourEnd = min(made.nextTourEnd, tour.span.end) }
        made.nextLetGo = min(made.nextLetGo, tour.span.end + backlog.value)
      }
    }
    made.gatheredAt = schedule.gatheredAt
    (made.upcoming, made.plannedUntil) = (schedule.upcoming, schedule.plannedUntil)
    schedule = made
    for h in state.tours.indices where !state.tours[h].isEmpty { noteTouched(h) }
  }

  /// Puts a handheld on the list of those whose accounts are to hear of it.
  mutating func noteTouched(_ h: Int) {
    for t in state.tours[h].indices
    where state.tours[h][t].isBehind || !state.tours[h][t].touched.isEmpty {
      if !state.tours[h][t].isClosed {
        schedule.nextTourEnd = min(schedule.nextTourEnd, state.tours[h][t].span.end)
      }
      schedule.note(h, isUrgent: state.tours[h][t].touched.isUrgent)
    }
  }

  /// Lets the accounts hear of what handhelds did: at rest of all, else of each every few seconds, in shares, and of what
  /// cannot wait.
  mutating func gather(until target: Int64, isAtRest: Bool) {
    gatherUrgent()
    let due =
      isAtRest
      ? Array(0..<Schedule.shares) : schedule.shares(dueAt: target, ofEvery: Self.gatherEvery)
    schedule.gatheredAt = max(schedule.gatheredAt, target)
    for share in due {
      while let h = schedule.touched[share].popLast() {
        schedule.mark[Int(h)] = 0
        gather(Int(h))
      }
    }
  }

  mutating func gatherUrgent() {
    while let h = schedule.urgent.popLast() {
      schedule.mark[Int(h)] = 1
      gather(Int(h))
    }
  }

  private mutating func gather(_ h: Int) {
    catchUp(h)
    for t in state.tours[h].indices where !state.tours[h][t].touched.isEmpty {
      let touched = state.tours[h][t].touched
      state.tours[h][t].touched = Touched()
      if touched.isUrgent { tell(h, t) }
      let span = state.tours[h][t].span
      for s in schedule.serving[h].indices {
        let w = Int(schedule.serving[h][s].window)
        guard state.accounts[w].span.start <= span.end, state.accounts[w].span.end >= span.start
        else { continue }
        for p in state.accounts[w].places.indices {
          let place = state.accounts[w].places[p].place
          let isLine = ground.places[place].line != nil
          if touched.isAll
            || touched.holds(place) && !(isLine && touched.legsFrom > state.accounts[w].span.end)
          {
            hear(w, p, isAll: touched.isAll)
          }
        }
      }
      absorb(h, t)
    }
  }

  /// Takes the steps of a handheld's tours that wait.
  mutating func catchUp(_ h: Int) {
    for t in state.tours[h].indices where state.tours[h][t].isBehind {
      state.tours[h][t].catchUp(in: setting(of: h), decided: &decided)
    }
  }

  /// Something that may concern a place's window is new.
  mutating func hear(_ w: Int, _ p: Int, isAll: Bool) {
    let isOver = state.now >= state.accounts[w].span.end
    let isLine = ground.places[state.accounts[w].places[p].place].line != nil
    let tellsAsItGoes = tellsAsItGoes
    func moment(_ place: inout PlaceAccount) -> Int64 {
      if isOver { return state.now }
      let isUneven = !place.lapsed.isEmpty || !place.gaps.isEmpty
      if isAll {
        if isUneven { place.isOpenToChange = true }
        return place.lookedAt + (isUneven && !place.hasOpenGap ? Self.easyBreath : Self.breath)
      }
      if place.lapsed.isEmpty {
        return Self.tellingMoment(place, asItGoes: tellsAsItGoes)
      }
      if !isLine { place.isOpenToChange = true }
      return place.lookedAt + Self.breath
    }
    let at = max(state.now, moment(&state.accounts[w].places[p]))
    guard at < state.accounts[w].places[p].newsAt else { return }
    state.accounts[w].places[p].newsAt = at
    schedule.news.insert(at, Schedule.Reference(window: Int32(w), place: Int32(p)))
  }

  /// What was known of a place's window no longer holds: it is judged anew as soon as may be.
  mutating func reconsider(_ w: Int, _ p: Int) {
    for c in state.accounts[w].places[p].frontier.indices {
      state.accounts[w].places[p].frontier[c] = Int64.min
    }
    state.accounts[w].places[p].isOpenToChange = true
    hear(w, p, isAll: true)
  }

  /// Takes back all that a tour settled: it was told anew.
  mutating func forget(_ h: Int, _ t: Int) {
    let span = state.tours[h][t].span
    for serving in schedule.serving[h] {
      let (w, k) = (Int(serving.window), Int(serving.assigned))
      guard state.accounts[w].assigned[k].dutySpan.overlaps(span) else { continue }
      for p in state.accounts[w].places.indices {
        state.accounts[w].places[p].passes?.forget(k)
        reconsider(w, p)
      }
    }
  }

  /// Hands a tour's settled legs to the windows that its handheld serves; each takes every leg once.
  mutating func absorb(_ h: Int, _ t: Int) {
    let settled = state.tours[h][t].settled
    guard !settled.isEmpty else { return }
    let (span, before) = (state.tours[h][t].span, state.tours[h][t].settledBefore)
    let upTo = before + settled.count
    for serving in schedule.serving[h] {
      let (w, k) = (Int(serving.window), Int(serving.assigned))
      let assigned = state.accounts[w].assigned[k]
      guard assigned.dutySpan.overlaps(span) else { continue }
      let window = state.accounts[w].span
      // Accounts are opened from the plan's own duties.
      let duty = plan.duty(state.accounts[w].duty)!
      let counts = counts(assigned, t)
      for p in state.accounts[w].places.indices {
        guard let line = ground.places[state.accounts[w].places[p].place].line,
          let from = state.accounts[w].places[p].passes?.taken(of: k), from < upTo
        else { continue }
        state.accounts[w].places[p].passes?.begin(k, upTo: upTo, counts: counts)
        for leg in settled[max(0, from - before)...] where leg.line == line {
          leg.forEachCell(
            of: ground, meeting: window, passSpeed: ground.bearers[h].passSpeed(duty)
          ) { cell, span, kind in
            state.accounts[w].places[p].take(
              CellPass(span, by: k, kind: kind), in: cell, every: duty.every.value)
          }
        }
      }
    }
    let isLast = state.openedUntil >= windows.upperBound.milliseconds
    state.tours[h][t].dropSettled(endedBefore: isLast ? Int64.max : state.openedUntil)
  }

  /// When a handheld counts for a window; nil where it does not yet: the roster is silent, and so is the handheld.
  /// `t` is the position of the tour in which it is served; nil without one.
  func counts(_ assigned: WindowAccount.Assigned, _ t: Int?) -> Span? {
    if assigned.isRostered { return assigned.span }
    guard let t,
      let first = state.tours[assigned.handheld][t].firstReport(
        inShiftFrom: assigned.span.start), first < assigned.span.end
    else { return nil }
    return Span(max(assigned.span.start, first), assigned.span.end)
  }
}

extension Engine.PlaceAccount {
  /// Takes a settled pass.
  fileprivate mutating func take(_ pass: CellPass, in cell: Int, every: Int64) {
    guard let proven = passes?.take(pass, in: cell) else { return }
    if proven.start <= max(frontier[cell], judgedAt) {
      frontier[cell] = max(frontier[cell], proven.end + every)
    }
    if !lapsed.isEmpty, lapsed[cell] { isOpenToChange = true }
  }
}

extension Span {
  /// For some time.
  func overlaps(_ other: Span) -> Bool { start < other.end && end > other.start }
}
