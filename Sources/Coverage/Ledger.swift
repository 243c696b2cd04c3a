internal import Geodesy
internal import Patrol

/// The account of one place's window: who may have attended it, what that leaves open, and why.
///
/// Proven attendance is laid out by cell at once; what is possible, and what keeps it unproven, only for the cells that are
/// asked for: where proven attendance holds, nothing else matters.
struct Ledger {
  let duty: Duty
  let window: Span
  let place: Int
  let ground: Ground
  let witnesses: [Witness]
  let outages: OutageBook
  /// Time in which no handheld counts yet, though the roster rules none out: anything is possible, `silent`.
  let vacant: IntervalSet
  let now: Int64
  /// On lines.
  private(set) var passes: LinePasses?
  private var prisms: [[Prism]?]?
  private var states: [[(cause: Cause, when: IntervalSet)]]?
  private var open: [OpenCell?]

  /// What would have covered a cell's second had it counted.
  struct OpenCell {
    var possible = Presence()
    var short = Presence()
    var driveBy = Presence()
    /// By witness.
    fileprivate var possibleBy: [Presence] = []
    /// Of them all; for `at_once: n`, with what each proved, when n of them may have attended.
    fileprivate var together = Presence()
    /// Pieces of possible attendance by the cause that keeps them unproven; nil until asked for.
    fileprivate var unprovenBy: [Cause: Presence]?
  }

  init(
    duty: Duty, window: Span, place: Int, ground: Ground, witnesses: [Witness],
    passes: LinePasses?, outages: OutageBook, vacant: IntervalSet, now: Int64
  ) {
    self.duty = duty
    self.window = window
    self.place = place
    self.ground = ground
    self.witnesses = witnesses
    self.passes = passes
    self.outages = outages
    self.vacant = vacant
    self.now = now
    open = Array(repeating: nil, count: ground.places[place].cells.count)
  }

  /// The question put to `Judgement`. Where proven attendance has covered all of a cell so far, the same stands for what is
  /// possible; passes of a line are as one where they are no further apart than they keep a cell fresh.
  mutating func question() -> Question {
    let p = ground.places[place]
    var q = Question(
      opens: window.start, closes: window.end, every: duty.every.value, now: now, cells: p.cells,
      topology: p.topology, proven: [], possible: [])
    q.proven.reserveCapacity(p.cells.count)
    q.possible.reserveCapacity(p.cells.count)
    for c in p.cells.indices {
      let attended: Presence
      if let passes = plainPasses {
        attended = passes.runs(in: c)
      } else {
        attended = together(proven(in: c))
      }
      q.proven.append(attended)
      if let first = p.firstTarget {
        let under = witnesses.indices.map {
          witnesses[$0].attendance(of: first + c, under: duty)
        }
        let isRipening = under.contains { !$0.ripening.isEmpty }
        let arriving =
          isRipening
          ? together(under.map { Presence(unsorted: $0.proven + $0.ripening) }) : Presence()
        q.arriving.append(arriving)
        q.ripening.append(arriving.isEmpty ? arriving : ripe(arriving, attended))
      }
      let isHeld = q.holding(of: c) != nil
      q.possible.append(isHeld ? attended : evidence(on: c).possible.union(attended))
    }
    return q
  }

  /// On lines where any of the handhelds proves attendance by itself.
  var plainPasses: LinePasses? { duty.atOnce == 1 ? passes : nil }

  /// How often and how evenly a cell was attended.
  func cadence(of cell: Int, _ q: Question) -> Cadence {
    if let passes = plainPasses { return passes.cadence(of: cell) }
    var cadence = Cadence(opens: q.opens)
    for s in q.proven[cell].spans where s.meets(window) { cadence.take(s) }
    return cadence
  }

  /// Lets go of what the account is about to change.
  mutating func releasePasses() { passes = nil }

  /// By witness.
  private func proven(in cell: Int) -> [Presence] {
    if let passes {
      return witnesses.indices.map {
        Presence(unsorted: passes.spans(in: cell, .proven, of: $0))
      }
    }
    guard let first = ground.places[place].firstTarget else { return [] }
    return witnesses.indices.map {
      Presence(unsorted: witnesses[$0].attendance(of: first + cell, under: duty).proven)
    }
  }

  /// All there is to be known of one cell, but for causes and for what is proven. Computed once.
  mutating func evidence(on cell: Int) -> OpenCell {
    if let known = open[cell] { return known }
    var result = OpenCell()
    if let passes {
      let prisms = reaching()
      for w in witnesses.indices {
        result.possibleBy.append(
          witnesses[w].possible(
            atCell: cell, of: place, prisms: prisms[w],
            undecided: passes.spans(in: cell, .undecided, of: w), on: ground))
      }
      result.driveBy = Presence(unsorted: passes.spans(in: cell, .driveBy))
    } else if let first = ground.places[place].firstTarget {
      var (short, driveBy): ([Span], [Span]) = ([], [])
      for w in witnesses.indices {
        let at = witnesses[w].attendance(of: first + cell, under: duty)
        result.possibleBy.append(
          witnesses[w].possible(at: first + cell, under: duty, on: ground))
        short += at.short
        driveBy += at.driveBy
      }
      result.short = Presence(unsorted: short)
      result.driveBy = Presence(unsorted: driveBy)
    }
    var all =
      duty.atOnce == 1
      ? together(result.possibleBy)
      : together(zip(result.possibleBy, proven(in: cell)).map { $0.union($1) })
    if !vacant.isEmpty { all = all.union(Presence(unsorted: vacant.spans)) }
    (result.possible, result.together) = (all, all)
    open[cell] = result
    return result
  }

  /// Pieces of a cell's possible attendance by cause. Computed once.
  private mutating func unproven(_ cell: Int) -> [Cause: Presence] {
    let known = evidence(on: cell)
    if let unprovenBy = known.unprovenBy { return unprovenBy }
    let found = byCause(known.possibleBy, proven(in: cell), known.together)
    open[cell]?.unprovenBy = found
    return found
  }

  /// By witness, the prisms that reach the line at all; nil where everything is possible to it.
  private mutating func reaching() -> [[Prism]?] {
    if let prisms { return prisms }
    let found = witnesses.map {
      $0.prisms(reaching: place, from: window.start, on: ground)
    }
    prisms = found
    return found
  }

  /// For `at_once: n`, when at least n attend, in pieces of at least the stay asked for; a piece at the edge of a
  /// span of duty is open there.
  private func together(_ each: [Presence]) -> Presence {
    guard duty.atOnce > 1 else { return Presence.atLeast(1, of: each) }
    let edges = witnesses.map(\.dutySpan)
    // A handheld allotted twice (touching shifts, two roster rows) is still one.
    var byHandheld: [Handheld.ID: Presence] = [:]
    for (witness, presence) in zip(witnesses, each) {
      byHandheld[witness.handheld, default: Presence()] =
        byHandheld[witness.handheld, default: Presence()].union(presence)
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
  private mutating func byCause(
    _ possible: [Presence], _ proven: [Presence], _ together: Presence
  ) -> [Cause: Presence] {
    guard !vacant.isEmpty || possible.contains(where: { !$0.isEmpty }) else { return [:] }
    let states = self.states ?? witnesses.map { $0.states(outages.concerning($0.handheld)) }
    self.states = states
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

  /// Extent by cause of a region: each second goes to the first cause, in order of precedence, that would have kept
  /// it fresh had it counted; what is left of missed time is `away` where a handheld counted, else `unmanned`.
  mutating func evidence(for region: GapRegion, of q: Question) -> [Cause: Double] {
    let manned = IntervalSet(unsorted: witnesses.map(\.counts))
    var evidence: [Cause: Double] = [:]
    var i = 0
    while i < region.pieces.count {
      let cell = region.pieces[i].cell
      var left = IntervalSet()
      while i < region.pieces.count, region.pieces[i].cell == cell {
        left.append(region.pieces[i].span)
        i += 1
      }
      let open = self.evidence(on: cell)
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
        take(.shortStay, fresh(open.short))
        take(.driveBy, fresh(open.driveBy))
        take(.away, manned)
        take(.unmanned, left)
      case .unproven:
        let unprovenBy = unproven(cell)
        for cause in Cause.ofUnproven {
          if let presence = unprovenBy[cause] { take(cause, fresh(presence)) }
        }
        take(.undecided, left)
      }
    }
    return evidence
  }
}

/// The passes of a line as its witnesses tell of them: what is settled, and what is not.
struct LinePasses {
  let settled: CellPasses
  /// Cut to when their handhelds count.
  let latest: LatestPasses
  /// By witness, its position among the handhelds that serve the window.
  let who: [Int]
  let window: Span
  /// For how long a pass keeps a cell fresh.
  let every: Int64

  /// Of one cell and kind, of one witness or of all: those that are settled, then the others, each in rising order.
  func spans(in cell: Int, _ kind: CellPass.Kind, of witness: Int? = nil) -> [Span] {
    let who = witness.map { self.who[$0] }
    var spans: [Span] = []
    for pass in settled.rows[cell].passes
    where pass.kind == kind && (who.map { $0 == pass.who } ?? true) {
      if let span = settled.span(of: pass) { spans.append(span) }
    }
    for pass in latest[cell] where pass.kind == kind && (who.map { $0 == pass.who } ?? true) {
      spans.append(pass.span)
    }
    return spans
  }

  /// Proven attendance, as one where no further apart than it keeps the cell fresh.
  func runs(in cell: Int) -> Presence {
    var runs = settled.rows[cell].runs
    for span in latestProven(cell) { runs.insert(span, joining: every) }
    return runs
  }

  func cadence(of cell: Int) -> Cadence { settled.cadence(of: cell, with: latestProven(cell)) }

  /// Those that are not settled and meet the window, in rising order.
  func latestProven(_ cell: Int) -> some Sequence<Span> {
    latest[cell].lazy.filter { $0.kind == .proven && $0.span.meets(window) }.map(\.span)
  }
}

extension Question {
  /// Why nothing is open about a cell by now.
  enum Holding {
    /// Proven attendance has covered all that is judged.
    case attended
    /// The first is not due yet.
    case awaited
  }

  /// Nil where possible attendance matters.
  func holding(of cell: Int) -> Holding? {
    let firstDue = min(opens + every, closes)
    var due = firstDue
    var isFirst = true
    for s in proven[cell].spans where s.end >= opens && s.start < closes {
      guard s.start <= due else { return nil }
      due = isFirst ? s.end + every : max(due, s.end + every)
      isFirst = false
    }
    if isFirst { return now < firstDue ? .awaited : nil }
    return due >= min(now, closes) ? .attended : nil
  }

  /// Until when proven attendance keeps a cell fresh that is so now, or may yet be; in the past where it lapsed.
  func dueNow(_ cell: Int) -> Int64 {
    var due = min(opens + every, closes)
    for s in proven[cell].spans where s.end >= opens && s.start <= max(due, now) {
      due = max(due, s.end + every)
    }
    return due
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
