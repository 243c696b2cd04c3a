public import Geodesy
internal import Patrol

extension Engine {
  /// How long after its end a window's shares become final, if nothing late comes: the decision lag of passes and
  /// ordinary delivery.
  static let settling: Int64 = 60_000
  /// While time passes, a place with an open gap is looked at no more often than this because of what is new, in
  /// milliseconds. What changes with the clock at rest, or in a window that is over, is judged at once: no later moment need
  /// come.
  static let breath: Int64 = 10_000
  /// The same where its gaps are closed.
  static let easyBreath: Int64 = 30_000
  /// How often new attendance is told where it changes no verdict; never while nobody looks on.
  private static let (telling, never) = (
    Milliseconds.minutes(5).value, Milliseconds.hours(24 * 36_500).value
  )
  /// How often the standing of a place with an open gap is told anew, and the growth of the gap.
  static let openBreath: Int64 = 60_000

  /// Lets time pass: opens windows, judges what fell due at the moment it fell due, lets go what is over. Time never
  /// runs backwards; an earlier `to` than before only judges what changed.
  ///
  /// Costs what falls due and what is new, not what there is.
  public mutating func advance(to: Instant) {
    let target = max(state.now, to.milliseconds)
    aim = target
    let isAtRest = target == state.now
    open(until: target)
    gather(until: target, isAtRest: isAtRest)
    while let at = nextMoment(until: target) {
      state.now = max(state.now, at)
      closeTours()
      lookAtDue()
    }
    state.now = target
    closeTours()
    lookAtDue()
    hearNews(isAtRest: isAtRest)
    letGo()
  }

  /// Windows up to here are added to the accounts; they are judged from their opening on.
  mutating func open(until target: Int64) {
    let limit = min(windows.upperBound.milliseconds, target + 1)
    guard state.openedUntil < limit else { return }
    var isNew = false
    while let window = nextOpening(before: limit) {
      guard let account = account(of: window) else { continue }
      state.accounts.append(account)
      isNew = true
    }
    state.openedUntil = limit
    if isNew { makeSchedule() }
  }

  /// A window as it is when it opens; nil where the plan has no such duty.
  mutating func account(of window: Window) -> WindowAccount? {
    guard let duty = plan.duty(window.duty) else { return nil }
    let assigned: [WindowAccount.Assigned] = plan.assignments(in: window).compactMap { a in
      guard let h = roll.position(of: a.handheld) else { return nil }
      let dutySpan = plan.dutySpan(of: a.handheld, at: a.span.lowerBound) ?? a.span
      return WindowAccount.Assigned(
        handheld: h, span: Span(a.span), dutySpan: Span(dutySpan),
        isRostered: a.basis != .firstReport)
    }
    let began = window.began.milliseconds
    let due = min(window.began + duty.every, window.ended).milliseconds
    let places = duty.places.compactMap { ground.placeIndex[$0] }.map { p in
      let cells = ground.places[p].cells.count
      return PlaceAccount(
        place: p, recheckAt: due, laterAt: window.ended.milliseconds, newsAt: began,
        frontier: Array(repeating: due, count: cells),
        passes: ground.places[p].line == nil
          ? nil
          : CellPasses(
            cells: cells, handhelds: assigned.count, window: Span(window.span),
            every: duty.every.value))
    }
    return WindowAccount(
      duty: duty.id, span: Span(window.span),
      servedUntil: max(
        window.ended.milliseconds, assigned.map(\.dutySpan.end).max() ?? Int64.min),
      assigned: assigned, places: places)
  }

  /// Takes the next window that opens from `openedUntil` on and before a moment. The plan is asked for a day at a time.
  private mutating func nextOpening(before limit: Int64) -> Window? {
    while true {
      while let next = schedule.upcoming.last {
        let began = next.began.milliseconds
        guard began < limit else { return nil }
        schedule.upcoming.removeLast()
        if began >= state.openedUntil { return next }
      }
      let from = max(schedule.plannedUntil, state.openedUntil)
      guard from < limit else { return nil }
      let until = max(limit, from + Milliseconds.hours(24).value)
      schedule.upcoming = plan.windows(opening: Span(from, until).range).reversed()
      schedule.plannedUntil = until
    }
  }

  /// The next moment, after the engine's clock and up to `target`, at which something has to be judged.
  private mutating func nextMoment(until target: Int64) -> Int64? {
    var next = schedule.nextTourEnd > state.now ? schedule.nextTourEnd : Int64.max
    while let first = schedule.due.first {
      if isStanding(first) {
        next = min(next, first.at)
        break
      }
      _ = schedule.due.popFirst()
    }
    return next <= target ? max(next, state.now) : nil
  }

  private func isStanding(_ moment: MomentHeap.Moment) -> Bool {
    place(moment.what).recheckAt == moment.at
  }

  private func place(_ what: Schedule.Reference) -> PlaceAccount {
    state.accounts[Int(what.window)].places[Int(what.place)]
  }

  /// Ends the tracks whose span of duty is over.
  private mutating func closeTours() {
    guard schedule.nextTourEnd <= state.now else { return }
    schedule.nextTourEnd = Int64.max
    for h in state.tours.indices {
      for t in state.tours[h].indices where !state.tours[h][t].isClosed {
        guard state.tours[h][t].span.end <= state.now else {
          schedule.nextTourEnd = min(schedule.nextTourEnd, state.tours[h][t].span.end)
          continue
        }
        state.tours[h][t].close(in: setting(of: h))
        noteTouched(h)
      }
    }
    gatherUrgent()
  }

  /// Looks at the places whose moment has come.
  private mutating func lookAtDue() {
    while let first = schedule.due.first, first.at <= state.now {
      _ = schedule.due.popFirst()
      guard isStanding(first) else { continue }
      let (w, p) = (Int(first.what.window), Int(first.what.place))
      state.accounts[w].places[p].recheckAt = Int64.max
      let isOver = state.now >= state.accounts[w].span.end
      let isLater = isOver || state.now >= state.accounts[w].places[p].laterAt
      if isLater || isReached(w, p) || !isStillFresh(w, p) {
        judge(w, p)
      }
    }
  }

  /// When new attendance of a place is told next, where it changes no verdict: each at moments of its own, as all were judged
  /// in the same one where a daemon began.
  static func tellingMoment(_ place: PlaceAccount, asItGoes: Bool) -> Int64 {
    guard asItGoes else { return place.judgedAt + never }
    // A prime, so that neighbours lie apart.
    let since = (place.judgedAt + Int64(place.place) * 7_919) % telling
    return place.judgedAt + telling - (since < 0 ? since + telling : since)
  }

  /// Judges where what is new may change a verdict, and tells where it is time to.
  private mutating func hearNews(isAtRest: Bool) {
    var later: [Schedule.Reference] = []
    // At rest each is judged once: what it finds ahead of the clock waits until the clock gets there.
    var judged: Set<Schedule.Reference> = []
    while let first = schedule.news.first, isAtRest || first.at <= state.now {
      _ = schedule.news.popFirst()
      let (w, p) = (Int(first.what.window), Int(first.what.place))
      guard state.accounts[w].places[p].newsAt == first.at else { continue }
      guard state.accounts[w].span.start <= state.now,
        first.at <= state.now || !judged.contains(first.what)
      else {
        later.append(first.what)
        continue
      }
      let isDue = isAtRest || state.now >= state.accounts[w].span.end
      absorb(w)
      let place = state.accounts[w].places[p]
      let isHealed = !place.lapsed.isEmpty && (place.isOpenToChange || isHealing(w, p))
      let isToBeTold = state.now >= Self.tellingMoment(place, asItGoes: tellsAsItGoes)
      if isDue || isHealed || isToBeTold || (place.isOpenToChange && !place.gaps.isEmpty)
        || !isStillFresh(w, p)
      {
        judge(w, p)
        if isAtRest { judged.insert(first.what) }
      } else {
        let at = Self.tellingMoment(place, asItGoes: tellsAsItGoes)
        state.accounts[w].places[p].newsAt = at
        schedule.news.insert(at, first.what)
      }
    }
    for what in later {
      schedule.news.insert(place(what).newsAt, what)
    }
  }

  private mutating func letGo() {
    guard schedule.nextLetGo <= state.now else { return }
    let limit = state.now - backlog.value
    // A window stays as long as late reports of any handheld that served it are still taken up.
    state.accounts.removeAll { $0.servedUntil <= limit }
    for h in state.tours.indices {
      state.tours[h].removeAll { $0.span.end <= limit }
    }
    state.outages.removeAll { outage in
      guard let ended = outage.ended?.milliseconds else { return false }
      // Kept while any tour or window in memory may still ask for it.
      return ended <= limit - Milliseconds.hours(24).value
    }
    makeSchedule()
  }

  /// What falls due and is not yet open as a gap, soonest first, with the nearest handheld that serves it.
  public mutating func forecasts(within horizon: Milliseconds) -> [Forecast] {
    var forecasts: [Forecast] = []
    for w in state.accounts.indices
    where state.accounts[w].span.start <= state.now && state.accounts[w].span.end > state.now {
      absorb(w)
      let account = state.accounts[w]
      for (p, place) in account.places.enumerated() {
        guard let duty = plan.duty(account.duty) else { continue }
        var ledger = ledger(w, p)
        let q = ledger.question()
        let limit = min(state.now + horizon.value, account.span.end)
        var soonest: (cell: Int, due: Int64)?
        for c in q.cells.indices {
          let due = q.nextDue(of: c)
          guard due > state.now, due < limit || (due == limit && due < account.span.end) else {
            continue
          }
          if soonest.map({ due < $0.due }) ?? true { soonest = (c, due) }
        }
        guard let soonest else { continue }
        let owed = Owed(
          duty: duty.id, windowBegan: Instant(milliseconds: account.span.start),
          place: ground.places[place.place].id)
        forecasts.append(
          Forecast(
            owed: owed, due: Instant(milliseconds: soonest.due),
            nearest: nearest(to: soonest.cell, of: place.place, account)))
      }
    }
    return forecasts.sorted { ($0.due, $0.owed) < ($1.due, $1.owed) }
  }

  private func nearest(to cell: Int, of place: Int, _ account: WindowAccount) -> Forecast.Nearest? {
    var best: Forecast.Nearest?
    for a in account.assigned where a.span.start <= state.now && state.now < a.span.end {
      guard
        let anchor = state.tours[a.handheld].last(where: { $0.span.start <= state.now })?.track
          .lastAnchor
      else { continue }
      let distance = Metres(ground.distance(from: anchor.position, to: cell, of: place))
      if best.map({ distance < $0.distance }) ?? true {
        best = Forecast.Nearest(
          handheld: plan.handhelds[a.handheld].id, distance: distance,
          seen: Instant(milliseconds: anchor.time))
      }
    }
    return best
  }
}

extension Question {
  /// When a cell's attendance so far runs out; the first due date where there is none.
  func nextDue(of cell: Int) -> Int64 {
    let meeting = proven[cell].spans.last { $0.end >= opens && $0.start < closes }
    return min(closes, meeting.map { $0.end + every } ?? opens + every)
  }
}
