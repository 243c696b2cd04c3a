internal import Geodesy
internal import Patrol
internal import SpatialIndex

/// All that one handheld's observations in one span of duty come to: gates, stays, passes and prisms.
///
/// A pure fold over observations in their order; a value, so that the state before a late fix can be gone back to.
/// Nothing in it depends on when an observation arrived, but through the observation's own receive time. A fix far from
/// every place costs a few comparisons; none allocates, but for what it concludes.
struct Track: Sendable {
  /// The span of duty, in milliseconds since 1970.
  private(set) var span: Span
  /// When the shifts in it begin, rising; at least one.
  private(set) var shiftStarts: [Int64]

  private(set) var gates = Gates()
  private(set) var lastUsable: TrackFix?
  private(set) var lastAnchor: Anchor?

  // What was seen of it.
  /// Its first report in each of the shifts, as far as they have begun.
  private(set) var firstReports: [Int64] = []
  /// The order time of the last observation it took.
  private(set) var latestReport = Int64.min
  /// When the next of them begins; never, after the last.
  private var nextShift: Int64
  private(set) var firstAnchor: Anchor?
  /// Time within legs.
  private(set) var observed = RisingSpans()
  /// Time after reports that prove nothing, by what they would be called.
  private(set) var suspect = RisingSpans()
  private(set) var poorFix = RisingSpans()
  private(set) var noFix = RisingSpans()

  // Points and areas.
  private(set) var stays = Stays()
  /// Prisms over unobserved intervals, for all targets.
  private(set) var voids: [Prism] = []
  /// No target lies within so many metres of this point of the index plane.
  private var clearAt = PlanePoint(x: 0, y: 0)
  private var clearRadius = 0.0

  // Lines.
  private var matcher = Matcher()
  /// The latest: those that nothing late can change any more are taken out (`Tour.settled`).
  private(set) var legs: [MatchedLeg] = []
  /// The latest, likewise.
  private(set) var passes: [DecidedPass] = []
  private var openPasses: [DecidedPass] = []
  /// The first end of those.
  private var openPassesEnd = Int64.max
  /// Prisms over unobserved intervals between usable fixes, narrowed by poor ones.
  private(set) var lineVoids: [Prism] = []
  /// Where the next prism on lines begins: the last usable fix, or the last anchor whose prism is written.
  private var voidFrom: Anchor?
  /// Anchors of poor fixes since then; a leg drops them.
  private var voidOver: [Anchor] = []

  init(span: Span, shiftStarts: [Int64]) {
    self.span = span
    self.shiftStarts = shiftStarts
    nextShift = shiftStarts.first ?? Int64.max
  }

  /// The first report in the shift that begins at a moment, nil where there is none yet.
  func firstReport(inShiftFrom start: Int64) -> Int64? {
    let i = shiftStarts.lastIndex { $0 <= start } ?? 0
    return i < firstReports.count ? firstReports[i] : nil
  }

  /// Stays and passes decided up to here are all there are, unless something comes late.
  var decidedUntil: Int64 { lastUsable?.time ?? span.start - 1 }

  /// Takes the next observation in order, at its order time, and tells its gate. `decided` is room for legs, empty before and
  /// after.
  mutating func step(
    _ observation: Observation, at: Int64, of bearer: Bearer, on ground: Ground,
    simulatedCounts: Bool, touching touched: inout Touched, decided: inout [MatchedLeg]
  ) -> Gate? {
    while at >= nextShift {
      // One that reports across the beginning of a shift is there from its beginning on.
      let goesOn = latestReport > Int64.min && at - latestReport <= bearer.legMaximum
      firstReports.append(goesOn ? nextShift : at)
      let n = firstReports.count
      nextShift = n < shiftStarts.count ? shiftStarts[n] : Int64.max
      touched.isAll = true
    }
    latestReport = at
    let verdict = gates.judge(
      observation, at: at, of: bearer, on: ground, simulatedCounts: simulatedCounts)
    // What is not usable leaves the time after it unproven.
    let unproven = Span(at, at + bearer.legMaximum)
    switch (verdict, observation.report) {
    case (.usable(let accuracy, let isWhole), .fix(let fix)):
      use(
        TrackFix(fix, at: at, accuracy: accuracy), isWhole: isWhole, bearer, ground, &touched,
        &decided)
    case (.poor(let accuracy, let isPossible), .fix(let fix)):
      poorFix.append(unproven)
      if isPossible {
        pass(
          Anchor(time: at, position: fix.position, error: 2 * accuracy), bearer, ground, &touched)
      }
    case (.refused, _): suspect.append(unproven)
    case (.noFix, _), (_, .noFix): noFix.append(unproven)
    case (.duplicate, _): break
    }
    return verdict.gate
  }

  /// Ends what is under way: the span of duty is over.
  mutating func close(on ground: Ground, of bearer: Bearer, touching touched: inout Touched) {
    var decided: [MatchedLeg] = []
    matcher.reset(on: ground, into: &decided)
    add(&decided, at: span.end, bearer, ground, &touched)
    flushVoids(&touched)
    stays.close(at: span.end, of: bearer, on: ground) { t in
      touched.insert(ground.targets[t].place)
    }
    touched.hasNews = true
  }

  /// Lets go the first legs, and the passes decided up to a moment: they are settled, and told.
  mutating func drop(legs count: Int, passesUntil: Int64) {
    legs.removeFirst(count)
    if let first = passes.first, first.decided <= passesUntil {
      passes.removeFirst(passes.prefix { $0.decided <= passesUntil }.count)
    }
  }

  /// Settles the stays as they stand for now, as if no later fixes were to come. Not to be stepped further.
  mutating func foresee(_ bearer: Bearer, on ground: Ground) {
    stays.foresee(of: bearer, on: ground)
  }

  // MARK: what is observed

  private mutating func use(
    _ fix: TrackFix, isWhole: Bool, _ bearer: Bearer, _ ground: Ground,
    _ touched: inout Touched, _ decided: inout [MatchedLeg]
  ) {
    let before = lastUsable
    let isLeg = before.map { fix.time - $0.time <= bearer.legMaximum && isWhole } ?? false
    if let before, isLeg { observed.append(Span(before.time, fix.time)) }

    let speed = before.map { b in
      if let v1 = b.speed, let v2 = fix.speed { return (v1 + v2) / 2 }
      return b.position.distance(to: fix.position).value / (Double(fix.time - b.time) / 1000)
    }
    let new = Anchor(time: fix.time, position: fix.position, error: fix.accuracy)
    let isFirst = lastAnchor == nil
    anchor(new, bearer, ground, isLeg ? speed : nil, &touched)
    // A run survives silences longer than a leg; what it went at over them counts as well.
    let ended = stays.ended.count
    stays.step(fix, legSpeed: isWhole ? speed : nil, of: bearer, on: ground) { t in
      touched.insert(ground.targets[t].place)
    }
    if stays.ended.count > ended { touched.hasNews = true }

    // Lines: legs are the matcher's; an unobserved interval leaves prisms.
    if !isLeg {
      matcher.reset(on: ground, into: &decided)
      if !isFirst {
        voidOver.append(new)
        flushVoids(&touched)
      }
    }
    matcher.step(fix, every: bearer.interval, on: ground, into: &decided)
    add(&decided, at: fix.time, bearer, ground, &touched)
    lastUsable = fix
    voidFrom = new
    if !voidOver.isEmpty { voidOver.removeAll(keepingCapacity: true) }
  }

  /// Takes decided legs and makes passes of them; a pass that the legs since its end do not continue is decided.
  private mutating func add(
    _ decided: inout [MatchedLeg], at time: Int64, _ bearer: Bearer, _ ground: Ground,
    _ touched: inout Touched
  ) {
    let node = matcher.undecidedFrom ?? Int64.max
    guard !decided.isEmpty || openPassesEnd < node else { return }
    for leg in decided {
      touched.insert(line: ground.lines[leg.line].place, from: leg.began)
      guard !leg.isUndecided else { continue }
      let isFast = leg.speed > bearer.passSpeedMaximum
      if let p = openPasses.firstIndex(where: { $0.isContinued(by: leg, isFast: isFast) }) {
        openPasses[p].extend(by: leg)
      } else {
        openPasses.append(DecidedPass(leg, isFast: isFast))
      }
    }
    legs += decided
    decided.removeAll(keepingCapacity: true)
    openPassesEnd = Int64.max
    var i = 0
    while i < openPasses.count {
      guard openPasses[i].ended < node else {
        openPassesEnd = min(openPassesEnd, openPasses[i].ended)
        i += 1
        continue
      }
      var pass = openPasses.remove(at: i)
      pass.decided = time
      passes.append(pass)
      touched.hasNews = true
    }
  }

  /// A poor fix that can be so: an anchor within an unobserved interval, if it becomes one.
  private mutating func pass(
    _ new: Anchor, _ bearer: Bearer, _ ground: Ground, _ touched: inout Touched
  ) {
    let isFirst = lastAnchor == nil
    anchor(new, bearer, ground, nil, &touched)
    guard !isFirst else { return }
    voidOver.append(new)
    if lastUsable.map({ new.time - $0.time > bearer.legMaximum }) ?? true {
      flushVoids(&touched)
    }
  }

  /// The anchors since the last usable fix bound an unobserved interval: its prisms on lines.
  private mutating func flushVoids(_ touched: inout Touched) {
    guard let from = voidFrom, let last = voidOver.last else { return }
    lineVoids += zip([from] + voidOver, voidOver).map(Prism.between)
    touched.isAll = true
    voidFrom = last
    voidOver = []
  }

  /// A known position, well or poorly: possible attendance between it and the one before. `legSpeed` is that of
  /// a leg between usable fixes; nil for everything else.
  private mutating func anchor(
    _ new: Anchor, _ bearer: Bearer, _ ground: Ground, _ legSpeed: Double?,
    _ touched: inout Touched
  ) {
    defer { lastAnchor = new }
    guard let last = lastAnchor else {
      firstAnchor = new
      voidFrom = new
      touched.isAll = true
      return
    }
    guard new.time - last.time <= bearer.legMaximum else {
      voids.append(Prism.between(last, new))
      touched.isAll = true
      return
    }
    // Of a leg it is told once it is settled.
    if legSpeed != nil, Stays.settlesLegs(of: bearer) { return }
    let p = ground.plane.point(last.position)
    let apart = p.distance(to: ground.plane.point(new.position)) * Ground.slack
    let seconds = Double(new.time - last.time) / 1000
    let errors = last.error + new.error
    let need =
      (max(bearer.reach * seconds, apart * 1.2) + errors) * Ground.slack + 1
    if isClear(p, need) { return }

    let isSlow = apart - errors <= bearer.reach * seconds
    let speed = isSlow ? bearer.reach : Prism.speed(from: last, to: new, reach: bearer.reach)
    let speedClass = ground.speedClass(legSpeed ?? 0)
    let searched = max(need, ground.targetIndex.reach)
    var clear = searched
    ground.targetIndex.search(near: p, within: searched) { t in
      let away = ground.targetIndex.distance(from: p, toBox: t)
      clear = min(clear, away)
      guard away <= need,
        let piece = Prism.possible(
          at: speed, (last, ground.distance(from: last.position, toTarget: t)),
          (new, ground.distance(from: new.position, toTarget: t)), last.time, new.time)
      else { return }
      touched.insert(ground.targets[t].place)
      stays.near.append(piece, target: t, speedClass: speedClass, joining: bearer.excursionMaximum)
    }
    (clearAt, clearRadius) = (p, clear)
  }

  /// No target lies within `distance` metres, on the index plane, of a point: known without a look at the index.
  private func isClear(_ p: PlanePoint, _ distance: Double) -> Bool {
    p.distance(to: clearAt) + distance < clearRadius
  }
}

extension Track: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&span)
    packing(&shiftStarts)
    packing(&gates)
    packing(&lastUsable)
    packing(&lastAnchor)
    packing(&firstReports)
    packing(&latestReport)
    packing(&nextShift)
    packing(&firstAnchor)
    packing(&observed)
    packing(&suspect)
    packing(&poorFix)
    packing(&noFix)
    packing(&stays)
    packing(&voids)
    packing(&clearAt)
    packing(&clearRadius)
    packing(&matcher)
    packing(&legs)
    packing(&passes)
    packing(&openPasses)
    packing(&openPassesEnd)
    packing(&lineVoids)
    packing(&voidFrom)
    packing(&voidOver)
  }
}
