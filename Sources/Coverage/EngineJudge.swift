internal import Geodesy
internal import Patrol

extension Engine {
  /// The evidence on one place's window as it stands: all that its handhelds settled is to be absorbed first.
  func ledger(_ w: Int, _ p: Int) -> Ledger { ledger(w, p, latest: latestPasses(w, p)) }

  private func ledger(_ w: Int, _ p: Int, latest: LatestPasses?) -> Ledger {
    let account = state.accounts[w]
    let place = account.places[p]
    let duty = plan.duty(account.duty)!  // accounts are opened from the plan's own duties
    var witnesses: [Witness] = []
    var who: [Int] = []
    var possible = IntervalSet()
    var counted = IntervalSet()
    let line = ground.places[place.place].line
    for (k, a) in account.assigned.enumerated() {
      let t = tour(of: a)
      if !a.isRostered { possible = possible.union(IntervalSet(a.span)) }
      guard let counts = counts(a, t) else { continue }
      counted = counted.union(IntervalSet(counts))
      var track = t.map { state.tours[a.handheld][$0].standing }
      let bearer = ground.bearers[a.handheld]
      // Of stays lines know nothing.
      if line == nil { track?.foresee(bearer, on: ground) }
      witnesses.append(
        Witness(
          handheld: plan.handhelds[a.handheld].id, bearer: bearer, track: track,
          dutySpan: a.dutySpan, counts: counts, now: state.now))
      who.append(k)
    }
    var passes: LinePasses?
    if let latest, let settled = place.passes {
      passes = LinePasses(
        settled: settled, latest: latest, who: who, window: account.span, every: duty.every.value)
    }
    return Ledger(
      duty: duty, window: account.span, place: place.place, ground: ground, witnesses: witnesses,
      passes: passes, outages: state.outages,
      vacant: possible.subtracting(counted), now: state.now)
  }

  /// What of a line's passes is not settled; nil of points and areas.
  private func latestPasses(_ w: Int, _ p: Int) -> LatestPasses? {
    let account = state.accounts[w]
    let place = ground.places[account.places[p].place]
    guard let line = place.line else { return nil }
    let duty = plan.duty(account.duty)!  // accounts are opened from the plan's own duties
    var found: [(cell: Int, pass: CellPass)] = []
    for (k, a) in account.assigned.enumerated() {
      guard let t = tour(of: a), let counts = counts(a, t) else { continue }
      let passSpeed = ground.bearers[a.handheld].passSpeed(duty)
      for leg in state.tours[a.handheld][t].tail where leg.line == line {
        leg.forEachCell(of: ground, meeting: account.span, passSpeed: passSpeed) {
          cell, span, kind in
          if let span = counts.cut(span) { found.append((cell, CellPass(span, by: k, kind: kind))) }
        }
      }
    }
    return LatestPasses(cells: place.cells.count, found)
  }

  /// The position, among its handheld's, of the tour in which an assignment is served.
  private func tour(of a: WindowAccount.Assigned) -> Int? {
    state.tours[a.handheld].lastIndex { $0.span.overlaps(a.span) }
  }

  /// Lets the handhelds of a window catch up, and takes in what they settled.
  mutating func absorb(_ w: Int) {
    for k in state.accounts[w].assigned.indices {
      let h = state.accounts[w].assigned[k].handheld
      catchUp(h)
      for t in state.tours[h].indices where !state.tours[h][t].settled.isEmpty { absorb(h, t) }
    }
  }

  // MARK: a look

  /// Whether every cell that was fresh when last judged has been so since: then no verdict can have changed, and the moment
  /// of the next look is set. Errs towards no. O(cells + latest legs), and nothing is allocated.
  mutating func isStillFresh(_ w: Int, _ p: Int) -> Bool {
    absorb(w)
    let duty = plan.duty(state.accounts[w].duty)!  // accounts are opened from the plan's own duties
    guard duty.atOnce == 1, state.accounts[w].places[p].judgedAt >= state.accounts[w].span.start
    else { return false }
    var until: [Int64] = []
    swap(&until, &scratch)
    until.removeAll(keepingCapacity: true)
    until.append(contentsOf: state.accounts[w].places[p].frontier)
    let judgedAt = state.accounts[w].places[p].judgedAt
    forEachLatest(w, p, duty) { cell, span in
      if span.start <= max(until[cell], judgedAt) {
        until[cell] = max(until[cell], span.end + duty.every.value)
      }
    }
    let lapsed = state.accounts[w].places[p].lapsed
    var due = Int64.max
    for c in until.indices where lapsed.isEmpty || !lapsed[c] { due = min(due, until[c]) }
    swap(&until, &scratch)
    guard due > state.now else { return false }
    if due < Int64.max { due += 1 }
    state.accounts[w].places[p].lookedAt = state.now
    let place = state.accounts[w].places[p]
    setRecheck(w, p, min(due, place.laterAt, place.reachAt))
    return true
  }

  /// Whether a missed place has become possible: a silent handheld can have reached it. Sets the moment of the next look where
  /// none has been silent that long.
  mutating func isReached(_ w: Int, _ p: Int) -> Bool {
    guard state.now >= state.accounts[w].places[p].reachAt else { return false }
    absorb(w)
    let silent = silence(w, p) { $0 <= state.now }
    state.accounts[w].places[p].reachAt = reach(w, p) ?? Int64.max
    return silent
  }

  /// The first moment at which a handheld, if nothing more is heard of it, can have been at a place; fixes keep moving it on,
  /// and looking once per leg is soon enough.
  private func reach(_ w: Int, _ p: Int) -> Int64? {
    var first: Int64?
    _ = silence(w, p) { at in
      first = min(first ?? Int64.max, at)
      return false
    }
    return first.map { max($0, state.now + Self.easyBreath / 2) }
  }

  /// Whether for a handheld of a place's window the moment at which it can have got there unseen fulfils a condition.
  private func silence(_ w: Int, _ p: Int, _ holds: (Int64) -> Bool) -> Bool {
    let account = state.accounts[w]
    return account.assigned.contains { a in
      guard let t = tour(of: a), let counts = counts(a, t), state.now < counts.end,
        let last = state.tours[a.handheld][t].lastAnchor
      else { return false }
      let bearer = ground.bearers[a.handheld]
      let nearest = ground.distanceAtLeast(
        from: last.position, toPlace: account.places[p].place)
      let travel = Metres(max(0, nearest - last.error)).time(at: MetresPerSecond(bearer.reach))
      return holds(last.time + max(travel.value, bearer.legMaximum))
    }
  }

  /// A handheld's latest legs meet a cell that had lapsed.
  mutating func isHealing(_ w: Int, _ p: Int) -> Bool {
    let duty = plan.duty(state.accounts[w].duty)!  // accounts are opened from the plan's own duties
    let lapsed = state.accounts[w].places[p].lapsed
    var isHealing = false
    forEachLatest(w, p, duty) { cell, _ in if lapsed[cell] { isHealing = true } }
    return isHealing
  }

  /// Proven attendance that is not settled: of lines the latest legs, of points and areas every stay.
  private func forEachLatest(_ w: Int, _ p: Int, _ duty: Duty, _ body: (Int, Span) -> Void) {
    let account = state.accounts[w]
    let place = ground.places[account.places[p].place]
    for a in account.assigned {
      guard let t = tour(of: a), let counts = counts(a, t) else { continue }
      let speed = ground.bearers[a.handheld].passSpeed(duty)
      func take(_ cell: Int, _ span: Span) {
        guard let cut = counts.cut(span), cut.end >= account.span.start else { return }
        body(cell, cut)
      }
      if let line = place.line {
        for leg in state.tours[a.handheld][t].tail where leg.line == line {
          leg.forEachCell(of: ground, meeting: account.span, passSpeed: speed) {
            cell, span, kind in
            if kind == .proven { take(cell, span) }
          }
        }
      } else if let first = place.firstTarget {
        let stays = state.tours[a.handheld][t].stays
        func attend(_ target: Int, _ run: Stays.Run) {
          guard run.count > 1, (first..<first + place.cells.count).contains(target) else { return }
          if run.worth(stay: duty.stay.value, passSpeed: speed) == .attends {
            take(target - first, Span(run.arrived, run.lastInside))
          }
        }
        for ended in stays.ended { attend(ended.target, ended.run) }
        for open in stays.open { attend(open.target, open.run) }
      }
    }
  }

  private mutating func setRecheck(_ w: Int, _ p: Int, _ at: Int64) {
    guard state.accounts[w].places[p].recheckAt != at else { return }
    state.accounts[w].places[p].recheckAt = at
    guard at < Int64.max else { return }
    schedule.due.insert(at, Schedule.Reference(window: Int32(w), place: Int32(p)))
  }

  // MARK: judging

  /// Judges one place's window at the engine's clock and tells what changed.
  mutating func judge(_ w: Int, _ p: Int) {
    absorb(w)
    let window = state.accounts[w].span
    let isOver = state.now >= window.end
    let latest = latestPasses(w, p)
    state.accounts[w].places[p].passes?.fold(before: latest?.from ?? .max)
    var before = state.accounts[w].places[p]
    var ledger = ledger(w, p, latest: latest)
    let q = ledger.question()
    let judgement = Judgement(q)
    let owed = Owed(
      duty: state.accounts[w].duty, windowBegan: Instant(milliseconds: window.start),
      place: ground.places[before.place].id)

    var after = before
    after.isOpenToChange = false
    after.judgedAt = state.now
    after.lookedAt = state.now
    after.newsAt = Int64.max
    setFrontier(&after, q)
    if after.told.isEmpty { after.told = Array(repeating: Told(), count: q.cells.count) }
    let changed = attendance(q, &ledger, told: &after.told, isOver: isOver)
    if !changed.isEmpty { events.append(.attendance(owed, changed)) }

    let found = judgement.regions(q).map { region in
      FoundGap(
        region: region, evidence: ledger.evidence(for: region, of: q),
        isOpen: region.ended >= q.now && !isOver)
    }
    let handhelds = Array(Set(ledger.witnesses.map(\.handheld))).sorted()
    let isGrowthTold = isOver || state.now - before.growthToldAt >= Self.openBreath
    let gaps = GapBook(owed: owed, cells: q.cells, topology: q.topology, handhelds: handhelds)
      .revise(
        before.gaps, found, at: Instant(milliseconds: state.now), growthIsTold: isGrowthTold)
    events += gaps.events
    after.gaps = gaps.current
    if gaps.tellsGrowth { after.growthToldAt = state.now }

    let standing = standing(owed, q, judgement, ledger)
    let isRunningUp = gaps.current.contains(where: \.isOpen)
    if isOver || isRunningUp || !gaps.events.isEmpty || before.standing == nil || !changed.isEmpty,
      standing != before.standing
    {
      events.append(.standing(standing))
      after.standing = standing
    }
    after.laterAt = later(q)
    let isMissed = judgement.missed.contains { $0.last?.end == state.now }
    after.reachAt = isMissed ? reach(w, p) ?? Int64.max : Int64.max
    // A batch is judged at every moment that falls due in it: some of its evidence may still be to come.
    if let ahead = ahead(q) {
      after.isOpenToChange = true
      after.newsAt = max(ahead, state.now + Self.breath)
      schedule.news.insert(
        after.newsAt, Schedule.Reference(window: Int32(w), place: Int32(p)))
    }
    if isRunningUp { after.laterAt = min(after.laterAt, max(aim, state.now + Self.openBreath)) }
    // In place: nobody else holds them any more.
    ledger.releasePasses()
    (before.passes, after.passes) = (nil, nil)
    state.accounts[w].places[p].passes?.noteTold(changed.map(\.cell))
    swap(&after.passes, &state.accounts[w].places[p].passes)
    state.accounts[w].places[p] = after
    setRecheck(w, p, isOver ? after.laterAt : min(after.laterAt, after.reachAt, firstDue(q)))
  }

  /// What later looks start from: which cells are fresh, and how long settled attendance alone keeps them so.
  private func setFrontier(_ after: inout PlaceAccount, _ q: Question) {
    let isAnyLapsed = q.cells.indices.contains { q.dueNow($0) < q.now }
    after.lapsed = isAnyLapsed ? q.cells.indices.map { q.dueNow($0) < q.now } : []
    let first = min(q.opens + q.every, q.closes)
    for c in after.frontier.indices {
      after.frontier[c] = first
      guard let passes = after.passes else { continue }
      for run in passes.rows[c].runs.spans where run.start <= max(after.frontier[c], q.now) {
        after.frontier[c] = max(after.frontier[c], run.end + q.every)
      }
    }
  }

  /// The first moment ahead of the clock at which a cell that is not fresh is, or may be, attended.
  private func ahead(_ q: Question) -> Int64? {
    var first: Int64?
    for c in q.cells.indices where q.dueNow(c) < q.now {
      for presence in [q.proven[c], q.possible[c]] {
        guard let next = presence.spans.first(where: { $0.start > q.now }) else { continue }
        first = min(first ?? Int64.max, next.start)
      }
    }
    return first
  }

  /// Just after the first of the cells that are fresh now falls due; never, where none is.
  private func firstDue(_ q: Question) -> Int64 {
    var first = Int64.max
    for c in q.cells.indices {
      let due = q.dueNow(c)
      if due >= q.now { first = min(first, due + 1) }
    }
    return first
  }

  private func standing(
    _ owed: Owed, _ q: Question, _ j: Judgement, _ ledger: Ledger
  ) -> Standing {
    let window = ledger.window
    let weights = q.cells.map(\.weight)
    var extent = 0.0
    for c in q.cells.indices {
      let judged = j.covered[c].length + j.missed[c].length + j.unproven[c].length
      extent += weights[c] * Double(judged) / 1000
    }
    var attendances = 0
    var longest: [Int64] = []
    for c in q.cells.indices {
      let cadence = ledger.cadence(of: c, q)
      attendances = max(attendances, cadence.attendances)
      longest.append(cadence.longestInterval(until: min(q.now, q.closes)))
    }
    return Standing(
      owed: owed, ended: Instant(milliseconds: window.end), shares: j.shares(weights: weights),
      judgedExtent: extent, isFinal: state.now >= window.end + Self.settling,
      attendances: attendances,
      longestInterval: Milliseconds(sharedLongest(longest, q)))
  }

  /// On a line the longest that a run of cells as long as makes a gap went through together; elsewhere the longest of any.
  private func sharedLongest(_ byCell: [Int64], _ q: Question) -> Int64 {
    guard case .chain = q.topology else { return byCell.max() ?? 0 }
    let size = max(q.cells[0].weight, 0.001)
    let run = min(byCell.count, max(1, Int((q.runMinimum / size).rounded(.up))))
    return (0...(byCell.count - run)).map { first in
      byCell[first..<first + run].min() ?? 0
    }.max() ?? 0
  }

  /// The next moment at which something else than proven attendance running out may change a verdict.
  private func later(_ q: Question) -> Int64 {
    let now = state.now
    if now >= q.closes + Self.settling { return Int64.max }
    if now >= q.closes { return q.closes + Self.settling }
    var next = q.closes
    func consider(_ at: Int64) { if at > now { next = min(next, at) } }
    for c in q.cells.indices {
      if let last = q.possible[c].spans.last, last.end < now { consider(last.end + q.every + 1) }
    }
    // Where a cell is fresh anyway, nothing hangs on a stay under way.
    let isHanging = q.ripening.indices.contains {
      !q.ripening[$0].isEmpty && q.dueNow($0) < now
    }
    if isHanging { consider(now + Self.breath) }
    return next
  }
}

extension Span {
  /// Of a closed span: that it reaches into a window.
  func meets(_ window: Span) -> Bool { end >= window.start && start < window.end }
}
