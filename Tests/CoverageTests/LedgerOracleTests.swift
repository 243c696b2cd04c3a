import Geodesy
import Patrol
import Testing

@testable import Coverage

/// The attendance of every place from nothing but the observations and the definitions: each handheld's track folded anew,
/// all its legs, all its witnesses, every cell.
private struct PlainLedger {
  let engine: Engine
  let told: Set<Observation>

  func track(_ h: Int, _ dutySpan: Span) -> Track? {
    let handheld = engine.plan.handhelds[h]
    let mine = told.filter {
      $0.handheld == handheld.id && dutySpan.contains($0.orderTime.milliseconds)
    }
    guard !mine.isEmpty else { return nil }
    let day = engine.plan.operationalDay(of: Instant(milliseconds: dutySpan.start))
    let starts = engine.plan.shifts.map {
      engine.plan.span(of: $0, on: day).lowerBound.milliseconds
    }
    var track = Track(span: dutySpan, shiftStarts: starts.sorted())
    var touched = Touched()
    var decided: [MatchedLeg] = []
    for o in mine.sorted(by: { Observation.precedes($0, $1) }) {
      _ = track.step(
        o, at: o.orderTime.milliseconds, of: Bearer(handheld), on: engine.ground,
        simulatedCounts: false, touching: &touched, decided: &decided)
    }
    if engine.state.now >= dutySpan.end {
      track.close(on: engine.ground, of: Bearer(handheld), touching: &touched)
    }
    return track
  }

  func question(_ w: Int, _ p: Int) -> Question {
    let account = engine.state.accounts[w]
    let place = engine.ground.places[account.places[p].place]
    let duty = engine.plan.duty(account.duty)!
    var witnesses: [Witness] = []
    var free = IntervalSet()
    var counted = IntervalSet()
    for a in account.assigned {
      let track = track(a.handheld, a.dutySpan)
      var counts = a.span
      if !a.isRostered {
        free = free.union(IntervalSet(a.span))
        let mine = told.filter {
          $0.handheld == engine.plan.handhelds[a.handheld].id
            && a.span.contains($0.orderTime.milliseconds)
        }
        guard let first = mine.map(\.orderTime.milliseconds).min() else { continue }
        counts.start = max(counts.start, first)
      }
      counted = counted.union(IntervalSet(counts))
      var foreseen = track
      foreseen?.foresee(engine.ground.bearers[a.handheld], on: engine.ground)
      witnesses.append(
        Witness(
          handheld: engine.plan.handhelds[a.handheld].id, bearer: engine.ground.bearers[a.handheld],
          track: foreseen,
          dutySpan: a.dutySpan, counts: counts, now: engine.state.now))
    }
    let vacant = free.subtracting(counted)
    var q = Question(
      opens: account.span.start, closes: account.span.end, every: duty.every.value,
      now: engine.state.now, cells: place.cells, topology: place.topology, proven: [], possible: [])
    for c in place.cells.indices {
      var proven: [Span] = []
      var possible = vacant.spans
      for witness in witnesses {
        if let line = place.line {
          var undecided: [Span] = []
          for leg in witness.track?.legs ?? []
          where leg.line == line && leg.ended >= account.span.start
            && leg.began <= account.span.end
          {
            leg.forEachCell(of: place.cells.count, length: place.cells[place.cells.count - 1].to) {
              guard $0 == c else { return }
              let span = Span(
                max($1.start, witness.counts.start), min($1.end, witness.counts.end))
              guard span.start <= span.end else { return }
              if leg.isUndecided || leg.straddles(witness.bearer.passSpeed(duty)) {
                undecided.append(span)
              } else if leg.speed <= witness.bearer.passSpeed(duty) {
                proven.append(span)
              }
            }
          }
          possible +=
            witness.possible(
              atCell: c, of: account.places[p].place,
              prisms: witness.prisms(
                reaching: account.places[p].place, from: account.span.start, on: engine.ground),
              undecided: undecided, on: engine.ground
            ).spans
        } else {
          let target = place.firstTarget! + c
          proven += witness.attendance(of: target, under: duty).proven
          possible += witness.possible(at: target, under: duty, on: engine.ground).spans
        }
      }
      q.proven.append(Presence(unsorted: proven))
      q.possible.append(Presence(unsorted: possible + proven))
    }
    return q
  }
}

@Suite struct `Ledgers kept as evidence comes in` {
  /// At random moments, late evidence and restarts included; and the gaps that stand are those of the definitions.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `hold what all evidence taken together says`(seed: UInt64) throws {
    let evening = try SmallEvening(seed &+ 1000)
    var random = SplitMix(seed &* 104_729)
    for _ in 0..<3 {
      let delivered = evening.delivered(&random)
      var engine = Engine(plan: evening.plan, windows: Beat.minute(-300)..<Beat.minute(600))
      var told: Set<Observation> = []
      var ear = Ear()
      var start = 0
      while start < delivered.count {
        let end = min(delivered.count, start + Int.random(in: 1...25, using: &random))
        let part = delivered[start..<end]
        start = end
        let outcome = engine.ingest(Array(part))
        told.formUnion(part)
        for request in outcome.needsHistory {
          let history = told.filter {
            $0.handheld == request.handheld && request.span.contains($0.orderTime)
          }
          engine.supply(history.map { ($0, nil) }, for: request)
        }
        engine.advance(to: part.map(\.receivedAt).max() ?? engine.now)
        ear.hear(engine.takeEvents())
        guard Int.random(in: 0..<5, using: &random) == 0 else { continue }
        if Bool.random(using: &random) {
          engine = try #require(engine.takenUpAgain())
        }
        engine.advance(to: engine.now)
        ear.hear(engine.takeEvents())
        try compare(engine, told, "seed \(seed), at \(engine.now)")
      }
      // Once the shift is over.
      engine.advance(to: Beat.minute(190))
      ear.hear(engine.takeEvents())
      try compare(engine, told, "seed \(seed), in the end", finally: ear.attendance)
    }
  }

  private func compare(
    _ engine: Engine, _ told: Set<Observation>, _ when: String,
    finally said: [Owed: [Int: CellAttendance]]? = nil
  ) throws {
    let isFinal = said != nil
    let said = said ?? [:]
    let plain = PlainLedger(engine: engine, told: told)
    for (w, account) in engine.state.accounts.enumerated() {
      for (p, place) in account.places.enumerated() {
        let q = plain.question(w, p)
        var absorbed = engine
        absorbed.absorb(w)
        var ledger = absorbed.ledger(w, p)
        let ours = ledger.question()
        let isLine = place.passes != nil
        for c in q.cells.indices {
          // On lines passes are as one where nothing lapses between them.
          let meeting =
            isLine ? q.proven[c].spans.filter { $0.meets(account.span) } : q.proven[c].spans
          let proven = Presence(unsorted: meeting, joining: isLine ? q.every : 0)
          #expect(ours.proven[c] == proven, "\(account.duty) cell \(c) \(when)")
        }
        // And what was left unsaid of a held cell changes no verdict.
        var all = q
        // Of stays under way the plain ledger knows nothing.
        (all.ripening, all.arriving) = (ours.ripening, ours.arriving)
        let (short, whole) = (Judgement(ours), Judgement(all))
        #expect(short.covered == whole.covered, "\(account.duty) \(when)")
        #expect(short.missed == whole.missed, "\(account.duty) \(when)")
        #expect(short.unproven == whole.unproven, "\(account.duty) \(when)")
        for c in q.cells.indices {
          let (count, longest) = cadence(q, c)
          let ours = ledger.cadence(of: c, q)
          #expect(ours.attendances == count, "\(account.duty) cell \(c) \(when)")
          #expect(
            ours.longestInterval(until: min(q.now, q.closes)) == longest,
            "\(account.duty) cell \(c) \(when)")
        }
        // No cell lapses, and none is attended again, without the account's knowing.
        let isOver = engine.state.now >= q.closes
        if !isOver {
          let lapsed = place.lapsed.isEmpty ? q.cells.map { _ in false } : place.lapsed
          #expect(lapsed == q.cells.indices.map { q.dueNow($0) < q.now }, "\(account.duty) \(when)")
        }
        guard isFinal else { continue }
        let owed = Owed(
          duty: account.duty, windowBegan: Instant(milliseconds: account.span.start),
          place: engine.ground.places[place.place].id)
        check(said[owed] ?? [:], against: q, account.span, "\(account.duty) \(when)")
        let regions = whole.regions(ours)
        #expect(
          place.gaps.map(\.region.pieces.count).reduce(0, +)
            == regions.map(\.pieces.count).reduce(0, +), "\(account.duty) \(when)")
        #expect(
          place.standing?.shares == whole.shares(weights: q.cells.map(\.weight)),
          "\(account.duty) \(when)")
      }
    }
  }

  /// That what was told piece by piece is the attendance there is, and that verdicts follow from it.
  private func check(
    _ said: [Int: CellAttendance], against q: Question, _ window: Span, _ what: String
  ) {
    func spans(_ ranges: [ClosedRange<Instant>]) -> [Span] {
      ranges.map { Span($0.lowerBound.milliseconds, $0.upperBound.milliseconds) }
    }
    var told = q
    for c in q.cells.indices {
      let cell = said[c] ?? CellAttendance(cell: c)
      #expect(
        spans(cell.proven) == q.proven[c].spans.filter { $0.meets(window) },
        "told of \(what) cell \(c)")
      told.proven[c] = Presence(unsorted: spans(cell.proven))
      told.possible[c] = Presence(unsorted: spans(cell.proven + cell.possible))
    }
    let (judged, whole) = (Judgement(told), Judgement(q))
    #expect(judged.covered == whole.covered, "\(what)")
    #expect(judged.missed == whole.missed, "\(what)")
    #expect(judged.unproven == whole.unproven, "\(what)")
  }

  /// How often a cell was attended, and the longest time it was not, from all attendances.
  private func cadence(_ q: Question, _ cell: Int) -> (count: Int, longest: Int64) {
    let meeting = q.proven[cell].spans.filter { $0.end >= q.opens && $0.start < q.closes }
    let until = min(q.now, q.closes)
    let edges = [q.opens] + meeting.map(\.end)
    let begins = meeting.map(\.start) + [until]
    return (meeting.count, zip(edges, begins).map { max(0, $1 - $0) }.max() ?? 0)
  }
}
