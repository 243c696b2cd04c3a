internal import Geodesy
internal import Patrol

/// The account of one place's window: who may have attended it, what that leaves open, and why.
struct Ledger {
  let duty: Duty
  let window: Span
  let place: Int
  let ground: Ground
  let witnesses: [Witness]
  let outages: [Outage]
  /// Time in which no handheld counts yet, though the roster rules none out: anything is possible, `silent`.
  let vacant: IntervalSet
  let now: Int64

  /// Its outcome: the question put to `Judgement`, and by cell what would have covered a second had it counted.
  struct Account {
    var question: Question
    var short: [Presence]
    var driveBy: [Presence]
    /// By cell: pieces of possible attendance by the cause that keeps them unproven.
    var unprovenBy: [[Cause: Presence]]
  }

  func account() -> Account {
    let p = ground.places[place]
    let n = p.cells.count
    let states = witnesses.map { $0.states(outages) }
    let vacantPieces = vacant.spans
    var question = Question(
      opens: window.start, closes: window.end, every: duty.every.value,
      now: min(now, window.end), cells: p.cells, topology: p.topology,
      proven: [], possible: [], ripening: [], arriving: [])
    question.now = now
    var account = Account(question: question, short: [], driveBy: [], unprovenBy: [])

    let onLines = p.line.map { l in
      witnesses.map {
        $0.attendance(
          ofLine: l, cells: p.cells, place: place, under: duty, meeting: window, on: ground)
      }
    }
    for c in 0..<n {
      var proven: [Presence] = []
      var possible: [Presence] = []
      var ripening: [Presence] = []
      var (short, driveBy): ([Span], [Span]) = ([], [])
      for (w, witness) in witnesses.enumerated() {
        if let onLines {
          let on = onLines[w]
          proven.append(Presence(unsorted: on.proven[c]))
          possible.append(Presence(unsorted: on.possible[c]))
          driveBy += on.driveBy[c]
        } else if let first = p.firstTarget {
          let at = witness.attendance(of: first + c, under: duty)
          proven.append(Presence(unsorted: at.proven))
          ripening.append(Presence(unsorted: at.proven + at.ripening))
          possible.append(witness.possible(at: first + c, under: duty, on: ground))
          short += at.short
          driveBy += at.driveBy
        }
      }
      let held = zip(possible, proven).map { $0.union($1) }
      var all = together(held)
      if !vacantPieces.isEmpty { all = all.union(Presence(unsorted: vacantPieces)) }
      let attended = together(proven)
      account.question.proven.append(attended)
      account.question.possible.append(all.union(attended))
      let arriving = ripening.allSatisfy(\.isEmpty) ? Presence() : together(ripening)
      account.question.arriving.append(arriving)
      account.question.ripening.append(arriving.isEmpty ? arriving : ripe(arriving, attended))
      account.short.append(Presence(unsorted: short))
      account.driveBy.append(Presence(unsorted: driveBy))
      account.unprovenBy.append(byCause(possible, proven, all, states))
    }
    return account
  }

  /// For `at_once: n`, when at least n attend, in pieces of at least the stay asked for; a piece at the edge of a
  /// span of duty is open there.
  private func together(_ each: [Presence]) -> Presence {
    guard duty.atOnce > 1 else { return Presence.atLeast(1, of: each) }
    let edges = witnesses.map(\.dutySpan)
    // A handheld allotted twice (touching shifts, two roster rows) is still one.
    var byHandheld: [Handheld.ID: Presence] = [:]
    for (witness, presence) in zip(witnesses, each) {
      byHandheld[witness.handheld.id, default: Presence()] =
        byHandheld[witness.handheld.id, default: Presence()].union(presence)
    }
    return Presence.atLeast(duty.atOnce, of: Array(byHandheld.values)).filter { piece in
      piece.length >= duty.stay.value
        || edges.contains { piece.start <= $0.start || piece.end >= $0.end }
    }
  }

  /// Of the stays under way, those that began before the place fell due.
  private func ripe(_ attending: Presence, _ proven: Presence) -> Presence {
    let firstDue = min(window.start + duty.every.value, window.end)
    let due =
      proven.spans.last { $0.end >= window.start }.map { $0.end + duty.every.value } ?? firstDue
    return attending.filter { $0.start <= due }
  }

  /// Each piece of possible attendance under what kept its unobserved part from being observed; one that was observed
  /// throughout is `undecided`: nearer than the receiver resolves, or a leg the matcher could not place.
  private func byCause(
    _ possible: [Presence], _ proven: [Presence], _ together: Presence,
    _ states: [[(cause: Cause, when: IntervalSet)]]
  ) -> [Cause: Presence] {
    guard !vacant.isEmpty || possible.contains(where: { !$0.isEmpty }) else { return [:] }
    var pieces: [Cause: [Span]] = [:]
    for (w, presence) in possible.enumerated() {
      for piece in presence.spans {
        var isUnobserved = false
        for (cause, when) in states[w] {
          let part = Presence(piece).intersection(when)
          guard !part.isEmpty else { continue }
          isUnobserved = true
          pieces[cause, default: []] += part.spans
        }
        // The fringe of a proven stay explains nothing.
        let isFringe = !proven[w].clipped(to: piece).isEmpty
        if !isUnobserved && !isFringe { pieces[.undecided, default: []].append(piece) }
      }
    }
    pieces[.silent, default: []] += vacant.spans
    return pieces.compactMapValues { spans in
      var presence = Presence(unsorted: spans)
      if duty.atOnce > 1 {
        presence = Presence(unsorted: together.spans.flatMap { presence.clipped(to: $0).spans })
      }
      return presence.isEmpty ? nil : presence
    }
  }
}

extension Ledger.Account {
  /// Extent by cause of a region: each second goes to the first cause, in order of precedence, that would have kept
  /// it fresh had it counted; what is left of missed time is `away` where a handheld counted, else `unmanned`.
  func evidence(for region: GapRegion, manned: IntervalSet) -> [Cause: Double] {
    var evidence: [Cause: Double] = [:]
    let q = question
    for (cell, pieces) in Dictionary(grouping: region.pieces, by: \.cell).sorted(by: {
      $0.key < $1.key
    }) {
      var left = IntervalSet(unsorted: pieces.map(\.span))
      func take(_ cause: Cause, _ when: IntervalSet) {
        let part = left.intersection(when)
        guard !part.isEmpty else { return }
        evidence[cause, default: 0] += Double(part.length) / 1000 * q.cells[cell].weight
        left = left.subtracting(part)
      }
      func fresh(_ presence: Presence) -> IntervalSet {
        presence.fresh(opens: q.opens, closes: q.closes, every: q.every)
      }
      switch region.verdict {
      case .missed:
        take(.shortStay, fresh(short[cell]))
        take(.driveBy, fresh(driveBy[cell]))
        take(.away, manned)
        take(.unmanned, left)
      case .unproven:
        for cause in Cause.ofUnproven {
          if let presence = unprovenBy[cell][cause] { take(cause, fresh(presence)) }
        }
        take(.undecided, left)
      }
    }
    return evidence
  }
}

extension Cause {
  /// In order of precedence.
  static let ofMissed: [Cause] = [.shortStay, .driveBy, .away, .unmanned]
  static let ofUnproven: [Cause] = [
    .undecided, .suspect, .poorFix, .noFix, .silent, .unreachable, .daemonDown,
  ]

  /// The one with the most; of equals the first in order of precedence.
  static func main(of evidence: [Cause: Double], verdict: Verdict) -> Cause {
    let order = verdict == .missed ? ofMissed : ofUnproven
    var best = verdict == .missed ? Cause.away : .silent
    var most = 0.0
    for cause in order where evidence[cause, default: 0] > most {
      (best, most) = (cause, evidence[cause]!)
    }
    return best
  }
}
