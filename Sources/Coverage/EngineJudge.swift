internal import Geodesy
internal import Patrol

extension Engine {
  /// The evidence on one place's window as it stands.
  func ledger(_ w: Int, _ place: Int) -> Ledger {
    let account = state.accounts[w]
    let duty = plan.duty(account.duty)!  // accounts are opened from the plan's own duties
    var witnesses: [Witness] = []
    var possible = IntervalSet()
    var counted = IntervalSet()
    for a in account.assigned {
      let tour = state.tours[a.handheld].last {
        $0.span.start < a.span.end && $0.span.end > a.span.start
      }
      var counts = a.span
      if !a.isRostered {
        possible = possible.union(IntervalSet(a.span))
        guard let first = tour?.standing.firstReport, first < a.span.end else { continue }
        counts.start = max(counts.start, first)
      }
      counted = counted.union(IntervalSet(counts))
      let handheld = plan.handhelds[a.handheld]
      let span =
        tour?.span
        ?? plan.dutySpan(of: handheld.id, at: Instant(milliseconds: a.span.start)).map(Span.init)
        ?? a.span
      witnesses.append(
        Witness(
          handheld: handheld, track: tour?.standing.foreseen(handheld, on: ground), dutySpan: span,
          counts: counts,
          now: state.now))
    }
    return Ledger(
      duty: duty, window: account.span, place: place, ground: ground, witnesses: witnesses,
      outages: state.outages, vacant: possible.subtracting(counted), now: state.now)
  }

  /// Judges one place's window at the engine's clock and tells what changed.
  mutating func judge(_ w: Int, _ p: Int) {
    let window = state.accounts[w]
    let before = window.places[p]
    let ledger = ledger(w, before.place)
    let account = ledger.account()
    let q = account.question
    let judgement = Judgement(q)
    let owed = Owed(
      duty: window.duty, windowBegan: Instant(milliseconds: window.span.start),
      place: ground.places[before.place].id)

    let isOver = state.now >= window.span.end

    var after = before
    after.isDirty = false
    after.judgedAt = state.now
    after.recheckAt = recheck(q, judgement, ledger)
    if before.gaps.contains(where: \.isOpen) {
      after.recheckAt = min(after.recheckAt, state.now + Self.openBreath)
    }
    let changed = attendance(q, window.span, told: before.attendance, isOver: isOver)
    if !changed.isEmpty {
      events.append(.attendance(owed, changed))
      for cell in changed { after.attendance[cell.cell] = cell }
    }

    let manned = IntervalSet(unsorted: ledger.witnesses.map(\.counts))
    let found = judgement.regions(q).map { region in
      FoundGap(
        region: region, evidence: account.evidence(for: region, manned: manned),
        isOpen: region.ended >= q.now && !isOver)
    }
    let handhelds = Array(Set(ledger.witnesses.map(\.handheld.id))).sorted()
    let gaps = GapBook(owed: owed, cells: q.cells, topology: q.topology, handhelds: handhelds)
      .revise(before.gaps, found, at: Instant(milliseconds: state.now))
    events += gaps.events
    after.gaps = gaps.current

    let standing = standing(owed, window, q, judgement)
    let isRunningUp = gaps.current.contains(where: \.isOpen)
    if isOver || isRunningUp || !gaps.events.isEmpty || before.standing == nil || !changed.isEmpty,
      standing != before.standing
    {
      events.append(.standing(standing))
      after.standing = standing
    }
    state.accounts[w].places[p] = after
  }

  /// The cells whose attendance is to be told: all that differ from what was told, but while the window runs only for
  /// what is proven; what is possible moves with every fix.
  private func attendance(
    _ q: Question, _ window: Span, told: [Int: CellAttendance], isOver: Bool
  ) -> [CellAttendance] {
    q.cells.indices.compactMap { c in
      let cell = CellAttendance(
        cell: c, proven: q.proven[c].ranges(meeting: window),
        possible: q.possible[c].ranges(meeting: window))
      guard let before = told[c] else {
        return cell.proven.isEmpty && (cell.possible.isEmpty || !isOver) ? nil : cell
      }
      return cell.proven != before.proven || (isOver && cell != before) ? cell : nil
    }
  }

  private func standing(_ owed: Owed, _ window: WindowAccount, _ q: Question, _ j: Judgement)
    -> Standing
  {
    let weights = q.cells.map(\.weight)
    var extent = 0.0
    for c in q.cells.indices {
      let judged = j.covered[c].length + j.missed[c].length + j.unproven[c].length
      extent += weights[c] * Double(judged) / 1000
    }
    var attendances = 0
    var longest: [Int64] = []
    for c in q.cells.indices {
      let meeting = q.proven[c].clipped(to: q.windowSpan).spans
      attendances = max(attendances, meeting.count)
      var since = q.opens
      longest.append(0)
      for s in meeting {
        longest[c] = max(longest[c], s.start - since)
        since = max(since, s.end)
      }
      longest[c] = max(longest[c], min(q.now, q.closes) - since)
    }
    return Standing(
      owed: owed, ended: Instant(milliseconds: window.span.end), shares: j.shares(weights: weights),
      judgedExtent: extent, isFinal: state.now >= window.span.end + Self.settling,
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

  /// The next moment at which time alone may change a verdict.
  private func recheck(_ q: Question, _ j: Judgement, _ ledger: Ledger) -> Int64 {
    let now = state.now
    if now >= q.closes + Self.settling { return Int64.max }
    if now >= q.closes { return q.closes + Self.settling }
    var next = q.closes
    func consider(_ at: Int64) { if at > now { next = min(next, at) } }
    let isRipening = q.ripening.contains { !$0.isEmpty }
    for c in q.cells.indices {
      consider(q.nextDue(of: c) + 1)
      if let last = q.possible[c].spans.last, last.end < now { consider(last.end + q.every + 1) }
    }
    if isRipening { consider(now + Self.breath) }
    // A missed place becomes possible once a silent handheld can have reached it.
    if j.missed.contains(where: { $0.last?.end == now }) {
      for witness in ledger.witnesses where now < witness.counts.end {
        guard let last = witness.track?.lastAnchor else { continue }
        let nearest = ground.distanceAtLeast(from: last.position, toPlace: ledger.place)
        let travel = Metres(max(0, nearest - last.error)).time(at: witness.handheld.reach)
        let silence = witness.handheld.legMaximum
        // Fixes keep moving this moment on; looking once per leg is soon enough.
        consider(max(last.time + max(travel, silence).value, now + silence.value))
      }
    }
    return next
  }
}

extension Question {
  var windowSpan: Span { Span(opens, closes) }
}

extension Presence {
  /// Those that meet a window, as they are reported.
  func ranges(meeting window: Span) -> [ClosedRange<Instant>] {
    spans.filter { $0.end >= window.start && $0.start < window.end }.map {
      Instant(milliseconds: $0.start)...Instant(milliseconds: $0.end)
    }
  }
}
