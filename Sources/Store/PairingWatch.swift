internal import Coverage
internal import Geodesy
internal import Patrol

/// Looks through the stored fixes for handhelds carried together: each operational day once from its beginning, some way
/// behind the engines and in small steps, so that nothing waits for it. (No span of duty reaches over a day's ends.)
///
/// Where fixes come late or change their gates the day is gone through again from the last hour before them. What the
/// store then holds is a function of the fixes stored; how far each day was looked through stands in the store too, in
/// the transaction that brought the fixes, so that no restart forgets any. A restart begins the day anew.
///
/// Memory: a pass, and a copy of it for each hour of the day (some 2 MB each for 10,000 handhelds).
struct PairingWatch {
  private struct Day {
    let span: Range<Instant>
    var pass: PairingPass
    /// Of handhelds in the pass.
    let positions: [Handheld.ID: Int]
    /// Its passes as they were at full hours, to be put back to.
    var hours: [PairingPass] = []
    /// The first fix that came after the pass had gone by, and since when one waits.
    var late: (first: Instant, since: Instant)?
    /// Told before the pass was put back: to be found once only.
    var voided: [Pairing] = []
    /// Nothing was stored before this when a step last found nothing.
    var quietUntil = Instant.distantPast

    /// What of it needs no second look, if nothing more comes.
    var known: Instant { min(pass.fedUntil, late?.first ?? pass.fedUntil) }

    mutating func void(_ pairings: [Pairing]) {
      voided.removeAll { old in
        pairings.contains {
          ($0.first, $0.second, $0.began) == (old.first, old.second, old.began)
        }
      }
      voided += pairings
    }

    func wasTold(_ pairing: Pairing) -> Bool {
      voided.contains {
        ($0.first, $0.second) == (pairing.first, pairing.second) && $0.began <= pairing.ended
          && pairing.began <= $0.ended
      }
    }
  }

  private var days: [Day] = []
  private var isTakenUp = false
  private var latest: LatestUsable

  /// - Parameter latest: what it need not read from the store.
  init(_ latest: LatestUsable = LatestUsable()) { self.latest = latest }

  /// How far the pass stays behind: what comes sooner is not late.
  private static let behind = Milliseconds.seconds(30)
  /// It goes on when it can go this far, and so far at a time: the more handhelds there are, the shorter, as what was
  /// received waits for it. (10,000 once a second, 20 s at a time: it waited .8 s; 5 s: .2 s.)
  private static func step(of pass: PairingPass) -> Milliseconds {
    Milliseconds(min(20_000, max(2_000, 50_000_000 / Int64(max(1, pass.handhelds.count)))))
  }
  /// Backlogs come in many parts: it is put back once for all of a minute's.
  private static let patience = Milliseconds.seconds(60)
  /// Rows read in one call, a seek counted as five: some tens of milliseconds.
  var budget = 100_000
  /// Of that, what the last call took.
  private(set) var cost = 0
  private static let seek = 5

  enum Extent {
    /// A little at a time, for as long as time passes.
    case someWay
    /// As far as time has passed: where nothing waits for it.
    case upToNow
    /// All that is stored.
    case toTheEnd
  }

  // MARK: what is new

  /// Notes observations that are new, and moments at which gates were changed.
  mutating func note(
    _ batches: [GatedBatch], changed: [Instant], at now: Instant, under plans: [Plan],
    _ tx: Transaction
  ) throws {
    for batch in batches { latest.append(batch) }
    for moment in changed { latest.distrust(upTo: moment) }
    for batch in batches {
      guard let usable = batch.usable else { continue }
      // Mostly all lie in one day.
      if let day = days.last(where: { $0.span.contains(usable.lowerBound) }),
        day.span.contains(usable.upperBound)
      {
        try note([usable.lowerBound], at: now, under: plans, tx)
      } else {
        try note(
          zip(batch.observations, batch.gates).lazy.filter { $0.1 == nil }.map(\.0.orderTime),
          at: now, under: plans, tx)
      }
    }
    try note(changed, at: now, under: plans, tx)
  }

  /// Notes moments at which usable fixes are new, or are usable no longer.
  private mutating func note(
    _ moments: some Sequence<Instant>, at now: Instant, under plans: [Plan], _ tx: Transaction
  ) throws {
    var firsts: [(d: Int, span: Range<Instant>, first: Instant)] = []
    for moment in moments {
      if let known = firsts.firstIndex(where: { $0.span.contains(moment) }) {
        if moment < firsts[known].first { firsts[known].first = moment }
      } else {
        let d = try day(holding: moment, plans, tx)
        firsts.append((d, days[d].span, moment))
      }
    }
    for (d, _, moment) in firsts {
      days[d].quietUntil = min(days[d].quietUntil, moment)
      guard moment < days[d].pass.fedUntil else { continue }
      let late = days[d].late
      days[d].late = (min(late?.first ?? moment, moment), late?.since ?? now)
      try tx.savePairingsKnown(of: days[d].span, until: days[d].known)
    }
  }

  private mutating func day(holding moment: Instant, _ plans: [Plan], _ tx: Transaction) throws
    -> Int
  {
    if let d = days.lastIndex(where: { $0.span.contains(moment) }) { return d }
    let plan = plans[plans.count - 1]
    return try begin(plan.span(of: plan.operationalDay(of: moment)), plans, tx)
  }

  private mutating func begin(_ span: Range<Instant>, _ plans: [Plan], _ tx: Transaction) throws
    -> Int
  {
    var handhelds: [Handheld.ID: Handheld] = [:]
    for plan in plans {
      for handheld in plan.handhelds { handhelds[handheld.id] = handheld }
    }
    let pass = PairingPass(over: span, handhelds: Array(handhelds.values))
    var day = Day(
      span: span, pass: pass,
      positions: Dictionary(pass.handhelds.enumerated().map { ($1, $0) }) { first, _ in first })
    day.voided = try tx.removePairings(beganIn: span, endedFrom: span.lowerBound)
    try tx.savePairingsKnown(of: span, until: span.lowerBound)
    days.append(day)
    return days.count - 1
  }

  // MARK: going on

  /// Goes on where there is something to look through. Tells pairings that are found for the first time.
  mutating func go(
    _ extent: Extent = .someWay, at now: Instant, under plans: [Plan], _ tx: Transaction
  ) throws -> [Pairing] {
    if !isTakenUp {
      isTakenUp = true
      for span in try tx.unfinishedPairingDays()
      where !days.contains(where: { $0.span.lowerBound == span.lowerBound }) {
        _ = try begin(span, plans, tx)
      }
    }
    var found: [Pairing] = []
    cost = 0
    for d in days.indices {
      if let late = days[d].late, extent == .toTheEnd || now - late.since >= Self.patience {
        try putBack(d, to: late.first, tx)
      }
      let fed = days[d].pass.fedUntil
      while let next = next(d, extent, now, tx), cost < budget || extent != .someWay {
        cost += try go(d, to: next, tx, &found)
      }
      if days[d].pass.fedUntil != fed {
        try tx.savePairingsKnown(of: days[d].span, until: days[d].known)
      }
    }
    days.removeAll { $0.late == nil && $0.pass.fedUntil >= $0.span.upperBound }
    if let known = days.map(\.pass.fedUntil).min() { latest.drop(before: known) }
    return found
  }

  /// How far a day's pass is to go next; nil where it is to stay.
  private func next(_ d: Int, _ extent: Extent, _ now: Instant, _ tx: Transaction)
    -> Instant?
  {
    let (pass, end) = (days[d].pass, days[d].span.upperBound)
    guard pass.fedUntil < end else { return nil }
    let goal = extent == .toTheEnd ? end : min(end, now - Self.behind)
    let step = Self.step(of: pass)
    guard pass.fedUntil + step <= goal || (goal == end && pass.fedUntil < end) else { return nil }
    // Over hours without a fix it goes in one stride.
    let isOver = tx.latestOfAll.map { $0 < pass.fedUntil } ?? true
    if isOver || extent == .upToNow { return goal }
    return min(goal, max(pass.fedUntil + step, days[d].quietUntil))
  }

  private mutating func go(
    _ d: Int, to end: Instant, _ tx: Transaction, _ found: inout [Pairing]
  ) throws -> Int {
    var pass = days[d].pass
    let hour = Milliseconds.hours(1).value
    if pass.fedUntil.milliseconds / hour != end.milliseconds / hour { days[d].hours.append(pass) }
    let positions = days[d].positions
    var rows = 0
    if let held = latest.forEach(in: pass.fedUntil..<end, of: positions, { pass.take($1, of: $0) })
    {
      rows = held
    } else {
      rows = try tx.usableFixes(in: pass.fedUntil..<end) { id, fix in
        if let h = positions[id] { pass.take(fix, of: h) }
      }
    }
    if rows == 0 { days[d].quietUntil = try tx.first(from: end) ?? end }
    for change in pass.advance(to: end) {
      switch change {
      case .void(let first, let second, let began):
        try tx.removePairing(first, second, began: began)
      case .stands(let pairing):
        if try tx.save(pairing), !days[d].wasTold(pairing) { found.append(pairing) }
      }
    }
    days[d].pass = pass
    return rows + Self.seek * pass.handhelds.count
  }

  private mutating func putBack(_ d: Int, to moment: Instant, _ tx: Transaction) throws {
    days[d].late = nil
    days[d].hours.removeAll { $0.fedUntil > moment }
    let pass = days[d].hours.popLast() ?? days[d].pass.anew
    days[d].void(try tx.removePairings(beganIn: days[d].span, endedFrom: pass.judgedUntil))
    for pairing in pass.open { _ = try tx.save(pairing) }
    days[d].pass = pass
    try tx.savePairingsKnown(of: days[d].span, until: pass.fedUntil)
  }
}
