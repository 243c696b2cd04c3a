internal import Geodesy
internal import Patrol
internal import SpatialIndex

/// All that one handheld's observations in one span of duty come to: gates, stays, passes and prisms.
///
/// A pure fold over observations in their order; a value, so that the state before a late fix can be gone back to.
/// Nothing in it depends on when an observation arrived, but through the observation's own receive time.
struct Track: Hashable, Sendable, Codable {
  /// The span of duty, in milliseconds since 1970.
  let span: Span

  // Gates.
  private(set) var lastUsable: TrackFix?
  private var lastFixTime: Int64?
  private var strays: [TrackFix] = []
  /// The first of the latest fixes that lie at one position to the last digit.
  private var still: TrackFix?
  /// The next usable fix begins a new track: three strays agreed against the last one.
  private var isBroken = false

  // What was seen of it.
  private(set) var firstReport: Int64?
  private(set) var firstAnchor: Anchor?
  private(set) var lastAnchor: Anchor?
  /// Time within legs.
  private(set) var observed = IntervalSet()
  /// Time after reports that prove nothing, by what they would be called.
  private(set) var refused: [Cause: IntervalSet] = [:]

  // Points and areas.
  private(set) var stays = Stays()
  /// Prism pieces over legs, by target.
  private(set) var near: [Int: Presence] = [:]
  /// Those of legs faster than any pass speed here: possible only for duties that ask for a stay.
  private(set) var nearFast: [Int: Presence] = [:]
  /// Prisms over unobserved intervals, for all targets.
  private(set) var voids: [Prism] = []

  // Lines.
  private var matcher = Matcher()
  private(set) var legs: [MatchedLeg] = []
  private(set) var passes: [DecidedPass] = []
  private var openPasses: [DecidedPass] = []
  /// Prisms over unobserved intervals between usable fixes, narrowed by poor ones.
  private(set) var lineVoids: [Prism] = []
  /// Where the next prism on lines begins: the last usable fix, or the last anchor whose prism is written.
  private var voidFrom: Anchor?
  /// Anchors since then; a leg drops them.
  private var voidOver: [Anchor] = []

  /// What changed since its owner last looked.
  var touched = Touched.none

  init(span: Span) { self.span = span }

  /// Places whose attendance may have changed.
  enum Touched: Hashable, Sendable, Codable {
    case none, all
    case some(Set<Int>)

    func holds(_ place: Int) -> Bool {
      switch self {
      case .none: false
      case .all: true
      case .some(let places): places.contains(place)
      }
    }

    mutating func insert(_ place: Int) {
      switch self {
      case .none: self = .some([place])
      case .all: break
      case .some(var places):
        if places.insert(place).inserted { self = .some(places) }
      }
    }
  }

  /// Stays and passes decided up to here are all there are, unless something comes late.
  var decidedUntil: Int64 { lastUsable?.time ?? span.start - 1 }

  /// Takes the next observation in order and tells its gate.
  mutating func step(
    _ observation: Observation, of handheld: Handheld, on ground: Ground, simulatedCounts: Bool
  ) -> Gate? {
    let at = observation.orderTime.milliseconds
    if firstReport == nil {
      firstReport = at
      touched = .all
    }
    guard let fix = observation.fix else {
      refuse(.noFix, at, handheld)
      return .noFix
    }
    if observation.clockIsWrong {
      refuse(.suspect, at, handheld)
      return .clock
    }
    if lastFixTime == at { return .duplicate }
    lastFixTime = at
    if abs(fix.position.latitudeE7) < 90, abs(fix.position.longitudeE7) < 90 {
      refuse(.suspect, at, handheld)
      return .nullIsland
    }
    if fix.status == 8, !simulatedCounts {
      refuse(.suspect, at, handheld)
      return .simulated
    }
    let accuracy = fix.accuracy(assuming: handheld.model).value
    let usable = TrackFix(
      time: at, position: fix.position, accuracy: accuracy, speed: fix.speed?.value,
      track: fix.track)
    if isFrozen(usable) {
      refuse(.suspect, at, handheld)
      return .frozen
    }
    if accuracy > handheld.model.accuracyMaximum.value {
      refuse(.poorFix, at, handheld)
      // One that cannot be so, even taken at its best, narrows nothing either.
      let best = TrackFix(
        time: at, position: fix.position, accuracy: 2 * accuracy, speed: fix.speed?.value,
        track: fix.track)
      if lastUsable.map({ agree($0, best, handheld) }) ?? true {
        anchor(Anchor(time: at, position: fix.position, error: 2 * accuracy), handheld, ground, nil)
      }
      return .poorFix
    }
    if isJump(usable, handheld) {
      refuse(.suspect, at, handheld)
      return .jump
    }
    use(usable, handheld, ground)
    return nil
  }

  /// Ends what is under way: the span of duty is over.
  mutating func close(_ handheld: Handheld, on ground: Ground) {
    var decided: [MatchedLeg] = []
    matcher.reset(on: ground, into: &decided)
    add(decided, at: span.end, handheld, ground)
    flushVoids()
    stays.close(at: span.end, of: handheld, on: ground) { t in
      touched.insert(ground.targets[t].place)
    }
  }

  /// With the stays as they stand for now, those that later fixes are yet to settle included. Not to be stepped further.
  func foreseen(_ handheld: Handheld, on ground: Ground) -> Track {
    var track = self
    track.stays.foresee(of: handheld, on: ground)
    return track
  }

  // MARK: gates

  /// Position identical for a minute while the receiver reports movement.
  private mutating func isFrozen(_ fix: TrackFix) -> Bool {
    guard let held = still, held.position == fix.position else {
      still = fix
      return false
    }
    return fix.time - held.time >= 60_000 && (fix.speed ?? 0) > 0.5
  }

  private mutating func isJump(_ fix: TrackFix, _ handheld: Handheld) -> Bool {
    guard let last = lastUsable else { return false }
    if agree(last, fix, handheld) {
      strays = []
      return false
    }
    if let stray = strays.last, !agree(stray, fix, handheld) { strays = [] }
    strays.append(fix)
    // Three that agree with each other: it is the last usable fix that was wrong, or far too old.
    guard strays.count >= 3 else { return true }
    strays = []
    isBroken = true
    return false
  }

  /// No faster from one to the other than plausible, both taken at their best.
  private func agree(_ a: TrackFix, _ b: TrackFix, _ handheld: Handheld) -> Bool {
    let apart = a.position.distance(to: b.position).value - a.accuracy - b.accuracy
    return apart <= handheld.plausibleSpeed.value * Double(b.time - a.time) / 1000
  }

  // MARK: what is observed

  /// A report that proves nothing says why the time after it is unproven.
  private mutating func refuse(_ cause: Cause, _ at: Int64, _ handheld: Handheld) {
    refused[cause, default: IntervalSet()].append(Span(at, at + handheld.legMaximum.value))
  }

  private mutating func use(_ fix: TrackFix, _ handheld: Handheld, _ ground: Ground) {
    let legMaximum = handheld.legMaximum.value
    let before = lastUsable
    let isLeg = before.map { fix.time - $0.time <= legMaximum && !isBroken } ?? false
    let isWhole = !isBroken
    isBroken = false
    if let before, isLeg { observed.append(Span(before.time, fix.time)) }

    let speed = before.map { b in
      let apart = b.position.distance(to: fix.position).value
      let seconds = Double(fix.time - b.time) / 1000
      if let v1 = b.speed, let v2 = fix.speed { return (v1 + v2) / 2 }
      return apart / seconds
    }
    anchor(
      Anchor(time: fix.time, position: fix.position, error: fix.accuracy), handheld, ground,
      isLeg ? speed : nil)
    // A run survives silences longer than a leg; what it went at over them counts as well.
    stays.step(fix, legSpeed: isWhole ? speed : nil, of: handheld, on: ground) { t in
      touched.insert(ground.targets[t].place)
    }

    // Lines: legs are the matcher's; an unobserved interval leaves prisms.
    var decided: [MatchedLeg] = []
    if !isLeg {
      matcher.reset(on: ground, into: &decided)
      flushVoids()
    }
    matcher.step(fix, of: handheld, on: ground, into: &decided)
    add(decided, at: fix.time, handheld, ground)
    lastUsable = fix
    voidFrom = Anchor(time: fix.time, position: fix.position, error: fix.accuracy)
    voidOver = []
  }

  /// Takes decided legs and makes passes of them; a pass that the legs since its end do not continue is decided.
  private mutating func add(
    _ new: [MatchedLeg], at time: Int64, _ handheld: Handheld, _ ground: Ground
  ) {
    for leg in new {
      touched.insert(ground.lines[leg.line].place)
      guard !leg.isUndecided else { continue }
      let isFast = leg.speed > handheld.travel.passSpeedMaximum.value
      if let p = openPasses.firstIndex(where: { $0.isContinued(by: leg, isFast: isFast) }) {
        openPasses[p].extend(by: leg)
      } else {
        openPasses.append(DecidedPass(leg, isFast: isFast))
      }
    }
    legs += new
    let node = matcher.undecidedFrom ?? Int64.max
    for pass in openPasses where pass.ended < node {
      var pass = pass
      pass.decided = time
      passes.append(pass)
    }
    openPasses.removeAll { $0.ended < node }
  }

  /// The anchors since the last usable fix bound an unobserved interval: its prisms on lines.
  private mutating func flushVoids() {
    guard let from = voidFrom, let last = voidOver.last else { return }
    lineVoids += zip([from] + voidOver, voidOver).map(Prism.between)
    touched = .all
    voidFrom = last
    voidOver = []
  }

  /// A known position, well or poorly: possible attendance between it and the one before. `legSpeed` is that of
  /// a leg between usable fixes; nil for everything else.
  private mutating func anchor(
    _ new: Anchor, _ handheld: Handheld, _ ground: Ground, _ legSpeed: Double?
  ) {
    defer { lastAnchor = new }
    guard let last = lastAnchor else {
      firstAnchor = new
      voidFrom = new
      touched = .all
      return
    }
    voidOver.append(new)
    if lastUsable.map({ new.time - $0.time > handheld.legMaximum.value }) ?? true { flushVoids() }
    let prism = Prism.between(last, new)
    guard new.time - last.time <= handheld.legMaximum.value else {
      voids.append(prism)
      touched = .all
      return
    }
    let apart = last.position.distance(to: new.position).value
    let seconds = Double(new.time - last.time) / 1000
    let reach = max(handheld.reach.value * seconds, apart * 1.2) + last.error + new.error
    let isFast = (legSpeed ?? 0) > handheld.travel.passSpeedMaximum.value
    let p = ground.plane.point(last.position)
    ground.targetIndex.search(near: p, within: reach * Ground.slack + 1) { t in
      guard
        let piece = prism.possible(
          reach: handheld.reach, distance: { ground.distance(from: $0, toTarget: t) })
      else { return }
      touched.insert(ground.targets[t].place)
      let gap = handheld.excursionMaximum.value
      if isFast {
        nearFast[t, default: Presence()].append(piece, joining: gap)
      } else {
        near[t, default: Presence()].append(piece, joining: gap)
      }
    }
  }
}
