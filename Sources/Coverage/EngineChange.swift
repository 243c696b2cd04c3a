internal import Geodesy
public import Patrol

extension Engine {
  /// What follows from other changes of the plan.
  public struct Reordering: Hashable, Sendable {
    /// Windows in memory that are judged anew from their beginnings, or that were added: all of their attendance is told
    /// again.
    public var windows: [Window]
    /// Handhelds whose stored observations are needed before the next `advance`: see `supply`.
    public var needsHistory: [HistoryRequest]
  }

  /// Judges by its plan with other changes of single days from now on (`Plan.changed(by:)`): who serves, and until when, in the
  /// windows that are in memory. Their gaps stay, and are revised by what follows.
  ///
  /// Costs the windows concerned, and the history of the handhelds that serve them. A window whose beginning became another
  /// after it had opened is not touched.
  public mutating func reorder(by changes: [PlanChange]) -> Reordering {
    let before = plan
    plan = before.changed(by: changes)
    // Of a plan's changes it knows the duties alone.
    if plan.duties != before.duties { ground = Ground(plan) }
    // Of those that are still to open the plan is asked anew.
    (schedule.upcoming, schedule.plannedUntil) = ([], Int64.min)

    var reordering = Reordering(windows: [], needsHistory: [])
    // By their positions: windows that are other now, and handhelds.
    var reopened: [Int] = []
    var concerned: Set<Int> = []
    for w in state.accounts.indices {
      let known = state.accounts[w]
      guard let duty = plan.duty(known.duty) else { continue }
      let window = plan.window(of: duty, onDayOf: Instant(milliseconds: known.span.start))
      guard window.began.milliseconds == known.span.start, !window.span.isEmpty,
        var account = account(of: window)
      else { continue }
      guard account.span != known.span || account.assigned != known.assigned else { continue }
      for p in account.places.indices { account.places[p].gaps = known.places[p].gaps }
      state.accounts[w] = account
      reopened.append(w)
      concerned.formUnion((known.assigned + account.assigned).map(\.handheld))
      reordering.windows.append(window)
    }
    let isKnown = Set(state.accounts.map { [$0.duty.text, "\($0.span.start)"] })
    let opened = Span(state.openedUntil - Window.longest.value, state.openedUntil)
    for window in plan.windows(opening: opened.range)
    where window.ended.milliseconds + backlog.value > state.now
      && windows.contains(window.began)
      && !isKnown.contains([window.duty.text, "\(window.began.milliseconds)"])
    {
      guard let account = account(of: window) else { continue }
      reopened.append(state.accounts.count)
      state.accounts.append(account)
      concerned.formUnion(account.assigned.map(\.handheld))
      reordering.windows.append(window)
    }
    // Such as serve nothing in memory and are on duty at another time.
    for h in state.tours.indices where state.tours[h].contains(where: { !isStanding($0, of: h) }) {
      concerned.insert(h)
    }
    // What a stay or a pass is called goes by the duties of its place.
    let places = Set(
      Set(before.duties).symmetricDifference(plan.duties).flatMap(\.places)
        .compactMap { ground.placeIndex[$0] })
    for h in state.tours.indices where state.tours[h].contains(where: { isAt(places, $0) }) {
      concerned.insert(h)
    }
    makeSchedule()
    for h in concerned.sorted() {
      reordering.needsHistory += again(h, in: reopened, at: places)
    }
    for w in reopened {
      for p in state.accounts[w].places.indices { reconsider(w, p) }
    }
    return reordering
  }

  /// That the plan has that span of duty as it is.
  private func isStanding(_ tour: Tour, of h: Int) -> Bool {
    let span = plan.dutySpan(of: roll.ids[h], at: Instant(milliseconds: tour.span.start))
    return span.map(Span.init) == tour.span
  }

  /// That it told of any of some places, by their positions.
  private func isAt(_ places: Set<Int>, _ tour: Tour) -> Bool {
    guard !places.isEmpty else { return false }
    return tour.track.stays.ended.contains { places.contains(ground.targets[$0.target].place) }
      || tour.track.passes.contains { places.contains(ground.lines[$0.line].place) }
  }

  /// Lets go of a handheld's spans of duty that are others now, and asks for what is stored of those that windows use.
  private mutating func again(
    _ h: Int, in reopened: [Int], at places: Set<Int>
  ) -> [HistoryRequest] {
    let id = roll.ids[h]
    var spans: [Range<Instant>] = []
    func ask(at moment: Instant) {
      if let span = plan.dutySpan(of: id, at: moment), !spans.contains(span) { spans.append(span) }
    }
    for t in state.tours[h].indices.reversed() {
      let tour = state.tours[h][t]
      if isStanding(tour, of: h) {
        if isAt(places, tour)
          || reopened.contains(where: { state.accounts[$0].span.overlaps(tour.span) })
        {
          ask(at: Instant(milliseconds: tour.span.start))
        }
        continue
      }
      retract(h, t)
      forget(h, t)
      state.tours[h].remove(at: t)
      ask(at: Instant(milliseconds: tour.span.start))
      ask(at: Instant(milliseconds: tour.span.end - 1))
    }
    for serving in schedule.serving[h] where reopened.contains(Int(serving.window)) {
      let assigned = state.accounts[Int(serving.window)].assigned[Int(serving.assigned)]
      ask(at: Instant(milliseconds: assigned.span.start))
    }
    return spans.filter { $0.lowerBound.milliseconds <= state.now }
      .map { HistoryRequest(handheld: id, span: $0) }
  }
}
