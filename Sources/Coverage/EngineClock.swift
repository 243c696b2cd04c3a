public import Geodesy
internal import Patrol

extension Engine {
  /// How long after its end a window's shares become final, if nothing late comes: the decision lag of passes and
  /// ordinary delivery.
  static let settling: Int64 = 60_000
  /// While time passes in an open window, changed attendance is judged no more often than this, unless something falls
  /// due. What changes with the clock at rest, or in a window that is over, is judged at once: no later moment need come.
  static let breath: Int64 = 5_000
  /// The same where no gap is open: what is new can only keep fresh what is fresh.
  static let easyBreath: Int64 = 30_000

  /// How often the standing of a place with an open gap is told anew.
  static let openBreath: Int64 = 60_000

  /// Lets time pass: opens windows, judges what fell due at the moment it fell due, lets go what is over. Time never
  /// runs backwards; an earlier `to` than before only judges what changed.
  public mutating func advance(to: Instant) {
    let target = max(state.now, to.milliseconds)
    let isAtRest = target == state.now
    open(until: target)
    while let at = nextMoment(until: target) {
      state.now = max(state.now, at)
      closeTours()
      judgeDue(.fallenDue)
    }
    state.now = target
    closeTours()
    judgeDue(isAtRest ? .changedAtRest : .changed)
    letGo()
  }

  /// Windows up to here are added to the accounts; they are judged from their opening on.
  mutating func open(until target: Int64) {
    let limit = min(windows.upperBound.milliseconds, target + 1)
    guard state.openedUntil < limit else { return }
    let range = Span(state.openedUntil, limit).range
    for window in plan.windows(opening: range) {
      guard let duty = plan.duty(window.duty) else { continue }
      let assigned = plan.assignments(in: window).compactMap { a in
        handheldIndex[a.handheld].map {
          WindowAccount.Assigned(
            handheld: $0, span: Span(a.span), isRostered: a.basis != .firstReport)
        }
      }
      let due = min(window.began + duty.every, window.ended).milliseconds
      let places = duty.places.compactMap { ground.placeIndex[$0] }
        .map { PlaceAccount(place: $0, recheckAt: due) }
      state.accounts.append(
        WindowAccount(
          duty: duty.id, span: Span(window.span), assigned: assigned, places: places))
    }
    state.openedUntil = limit
  }

  /// The next moment, after the engine's clock and up to `target`, at which something has to be judged.
  private func nextMoment(until target: Int64) -> Int64? {
    var next = Int64.max
    for account in state.accounts where account.span.start <= target {
      for place in account.places {
        if place.recheckAt > state.now { next = min(next, place.recheckAt) }
      }
    }
    for tours in state.tours {
      for tour in tours where tour.closed == nil && tour.span.end > state.now {
        next = min(next, tour.span.end)
      }
    }
    return next <= target ? next : nil
  }

  /// Ends the tracks whose span of duty is over.
  private mutating func closeTours() {
    for h in state.tours.indices {
      for t in state.tours[h].indices
      where state.tours[h][t].closed == nil && state.tours[h][t].span.end <= state.now {
        state.tours[h][t].close(plan.handhelds[h], on: ground)
        tell(h, t)
        let span = state.tours[h][t].span
        for w in state.accounts.indices
        where state.accounts[w].span.end >= span.start
          && state.accounts[w].assigned.contains(where: { $0.handheld == h })
        {
          for p in state.accounts[w].places.indices { state.accounts[w].places[p].isDirty = true }
        }
      }
    }
  }

  /// Which places are judged: those whose moment has come, or also those whose attendance changed and that were not
  /// judged for a breath.
  private enum Occasion {
    case fallenDue
    case changed
    /// The same, with no moment to wait for.
    case changedAtRest
  }

  private mutating func judgeDue(_ occasion: Occasion) {
    for h in state.tours.indices {
      for t in state.tours[h].indices { tell(h, t) }
    }
    for w in state.accounts.indices where state.accounts[w].span.start <= state.now {
      for p in state.accounts[w].places.indices {
        let place = state.accounts[w].places[p]
        let isDue = place.recheckAt <= state.now
        let isStale: Bool
        switch occasion {
        case .fallenDue: isStale = false
        case .changedAtRest: isStale = place.isDirty
        case .changed:
          let isOver = state.now >= state.accounts[w].span.end
          let breath =
            isOver ? 0 : place.gaps.contains(where: \.isOpen) ? Self.breath : Self.easyBreath
          isStale = place.isDirty && state.now - place.judgedAt >= breath
        }
        if isDue || isStale { judge(w, p) }
      }
    }
  }

  private mutating func letGo() {
    let limit = state.now - backlog.value
    // A window stays as long as late reports of any handheld that served it are still taken up.
    state.accounts.removeAll { account in
      account.span.end <= limit
        && account.assigned.allSatisfy { a in
          let id = plan.handhelds[a.handheld].id
          let span = plan.dutySpan(of: id, at: Instant(milliseconds: a.span.start))
          return (span?.upperBound.milliseconds ?? account.span.end) <= limit
        }
    }
    for h in state.tours.indices {
      state.tours[h].removeAll { $0.span.end <= limit }
    }
    state.outages.removeAll { outage in
      guard let ended = outage.ended?.milliseconds else { return false }
      // Kept while any tour or window in memory may still ask for it.
      return ended <= limit - Milliseconds.hours(24).value
    }
  }

  /// What falls due and is not yet open as a gap, soonest first, with the nearest handheld that serves it.
  public func forecasts(within horizon: Milliseconds) -> [Forecast] {
    var forecasts: [Forecast] = []
    for (w, account) in state.accounts.enumerated()
    where account.span.start <= state.now && account.span.end > state.now {
      for place in account.places {
        guard let duty = plan.duty(account.duty) else { continue }
        let q = ledger(w, place.place).account().question
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
