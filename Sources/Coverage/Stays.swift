internal import Geodesy
internal import Patrol
internal import SpatialIndex

/// One handheld's runs at points, areas and cells of gridded areas: usable fixes go in by GNSS time, ended runs come
/// out. A value, so that an earlier state can be kept and gone back to.
///
/// Runs go by `Whereabouts`, not by single fixes: they are known `Whereabouts.lag` after the fact. So do the prisms of legs,
/// of handhelds that report so often that the way between fixes is known. A fix far from every target costs no look-up;
/// one near some costs one look-up and a distance for each. Nothing is allocated but for runs.
struct Stays: Hashable, Sendable {
  /// Runs that have not ended, by rising target.
  private(set) var open: [Open] = []
  /// In the order in which they were decided; of a single fix none.
  private(set) var ended: [Ended] = []
  /// When it can have been at targets on legs.
  var near = NearPieces()
  private var whereabouts = Whereabouts()
  /// The last settled fix.
  private var before: LegPrism.End?
  /// No target lies within so many metres of this point of the index plane.
  private var clearAt = PlanePoint(x: 0, y: 0)
  private var clearRadius = 0.0

  typealias Run = StayRun

  struct Open: Hashable, Sendable {
    var target: Int
    var run: Run
  }

  struct Ended: Hashable, Sendable {
    var target: Int
    var run: Run
    /// When the fix that ended it was taken.
    var decided: Int64
  }

  /// How far outside the edge a settled position may lie and count as at it: what is surveyed and rounded, metres, ...
  static let surveyed = 1.0
  /// ... and this many standard deviations of the position. Half of them within: on the edge either is as likely.
  static let deviations = 1.0
  /// Beyond that an excursion begins another so many metres and deviations out: a few steps, and more than it wanders.
  static let steps = 2.0
  /// The most that a position may be off and count as at an area, metres; at a point its radius.
  static let areaMaximum = 15.0
  /// How far single fixes are off and a walker gets while they are not looked at closely, metres.
  private static let roughness = 45.0

  /// The run under way at a target.
  func run(at target: Int) -> Run? { open.first { $0.target == target }?.run }

  /// Takes the next usable fix. `touched` is called with each target whose runs changed.
  ///
  /// - Parameter legSpeed: metres per second since the fix before it; nil where the track begins anew.
  mutating func step(
    _ fix: TrackFix, legSpeed: Double?, of bearer: Bearer, on ground: Ground,
    touched: (Int) -> Void
  ) {
    whereabouts.add(
      fix, at: ground.plane.point(fix.position), legSpeed: legSpeed, of: bearer)
    guard whereabouts.isDue(at: fix.time) else { return }
    settle(at: fix.time, bearer, ground, touched)
  }

  /// How things stand for now: what waits for later fixes is settled as if there were none. Not to be stepped further.
  mutating func foresee(of bearer: Bearer, on ground: Ground) {
    let whereabouts = self.whereabouts
    whereabouts.foresee(interval: Double(bearer.interval) / 1000) {
      take($0, bearer, ground) { _ in }
    }
  }

  /// Ends what is under way: the span of duty is over.
  mutating func close(
    at time: Int64, of bearer: Bearer, on ground: Ground, touched: (Int) -> Void
  ) {
    let decided = ended.count
    settle(at: nil, bearer, ground, touched)
    for under in open {
      touched(under.target)
      end(under, at: time)
    }
    for i in decided..<ended.count { ended[i].decided = time }
    open = []
  }

  private mutating func settle(
    at now: Int64?, _ bearer: Bearer, _ ground: Ground, _ touched: (Int) -> Void
  ) {
    // Set aside while its fixes come back here.
    var whereabouts = Whereabouts()
    swap(&whereabouts, &self.whereabouts)
    let interval = Double(bearer.interval) / 1000
    // A plain prism extends no further from the nearer of its ends.
    let legReach =
      Whereabouts.Settled.oneSided * whereabouts.deviation + bearer.reach * interval / 2
    let margin = Self.roughness + max(Self.reach, legReach) * Ground.slack + 1
    whereabouts.settle(
      at: now, interval: interval, isIdle: { isClear($0, by: margin) },
      told: { take($0, bearer, ground, touched) })
    swap(&whereabouts, &self.whereabouts)
  }

  /// Whether a handheld's legs are judged here, by where it was found to have been: not where they can be so long that
  /// nothing is known of the way between.
  static func settlesLegs(of bearer: Bearer) -> Bool { bearer.legMaximum <= Whereabouts.knownWay }

  /// That no target lies within so many metres of a point.
  private func isClear(_ p: PlanePoint, by margin: Double) -> Bool {
    open.isEmpty && clearAt.distance(to: p) + margin < clearRadius
  }

  private mutating func take(
    _ settled: Whereabouts.Settled, _ bearer: Bearer, _ ground: Ground,
    _ touched: (Int) -> Void
  ) {
    let time = settled.step.time
    let this = LegPrism.End(
      time: time, point: settled.point, error: settled.edgeError, velocity: settled.step.velocity)
    defer { before = this }
    let start = legBegan(at: this, legSpeed: settled.step.legSpeed, bearer)
    let runReach = Self.reach * Ground.slack + 1
    let legReach =
      start.map { LegPrism.extent(from: $0, to: this, reach: bearer.reach) * Ground.slack + 1 } ?? 0
    if isClear(settled.point, by: max(runReach, legReach)) { return }
    guard let position = ground.plane.coordinate(settled.point) else { return }
    let prism = start.flatMap {
      LegPrism(from: $0, to: this, at: position, reach: bearer.reach, in: ground.plane)
    }
    let excursion = bearer.excursionMaximum
    let leg = bearer.legMaximum
    func sight(_ t: Int, _ distance: Double) -> Run.Sight {
      let outer = ground.targets[t].outer(settled.error)
      return Run.Sight(
        time: time, before: before.flatMap { time - $0.time <= leg ? $0.time : nil },
        distance: distance, outer: outer, away: outer + Self.steps + settled.error,
        legSpeed: settled.step.legSpeed)
    }
    var i = 0
    while i < open.count {
      let t = open[i].target
      let sight = sight(t, ground.depth(of: position, inTarget: t))
      // A silence breaks a run when it is longer than a leg and than an excursion.
      let longest = open[i].run.isOutside ? excursion : max(excursion, leg)
      let isAt = sight.distance <= sight.outer
      let isOver =
        time - open[i].run.seen > longest
        // One fix begins nothing: its successor would have to be the next.
        || (open[i].run.count == 1 && !isAt)
      if isOver {
        touched(t)
        end(open[i], at: settled.decided)
        open.remove(at: i)
        continue
      }
      // A poor fix proves no presence; that it is elsewhere it may well tell.
      if !isAt || settled.step.accuracy <= ground.targets[t].accuracyMaximum {
        if isAt { touched(t) }
        open[i].run.take(sight)
      }
      i += 1
    }
    let speedClass = ground.speedClass(settled.step.legSpeed ?? 0)
    let searched = max(ground.targetIndex.reach, runReach, legReach)
    var clear = searched
    ground.targetIndex.search(near: settled.point, within: searched) { t in
      let away = ground.targetIndex.distance(from: settled.point, toBox: t)
      clear = min(clear, away)
      if away <= legReach, let prism,
        let span = prism.possible(distance: { ground.distance(from: $0, toTarget: t) })
      {
        touched(t)
        near.append(span, target: t, speedClass: speedClass, joining: excursion)
      }
      guard away <= runReach, settled.step.accuracy <= ground.targets[t].accuracyMaximum
      else { return }
      let i = open.firstIndex { $0.target >= t } ?? open.count
      if i < open.count, open[i].target == t { return }
      let sight = sight(t, ground.depth(of: position, inTarget: t))
      guard sight.distance <= sight.outer else { return }
      let from = before.flatMap { ground.plane.coordinate($0.point) }
        .map { ground.depth(of: $0, inTarget: t) }
      open.insert(Open(target: t, run: Run(sight, from: from ?? sight.distance)), at: i)
      touched(t)
    }
    (clearAt, clearRadius) = (settled.point, clear)
  }

  /// Where a leg that is judged here began; nil where there is none.
  private func legBegan(at end: LegPrism.End, legSpeed: Double?, _ bearer: Bearer)
    -> LegPrism.End?
  {
    guard let before, legSpeed != nil, Self.settlesLegs(of: bearer),
      end.time - before.time <= bearer.legMaximum
    else { return nil }
    return before
  }

  private mutating func end(_ under: Open, at time: Int64) {
    guard under.run.count > 1 else { return }
    ended.append(Ended(target: under.target, run: under.run, decided: time))
  }

  /// The furthest outer line from any edge, metres.
  fileprivate static let reach = surveyed + deviations * Whereabouts.limits.upperBound
}

extension Ground.Target {
  /// How far from its edge, in metres, a position with such a standard deviation still counts as at it. Cells of one area
  /// are told from each other at their common edge.
  fileprivate func outer(_ error: Double) -> Double {
    let most: Double
    switch shape {
    case .disc(_, _, let radius): most = radius
    case .surface: most = Stays.areaMaximum
    case .square: return 0
    }
    return min(most, Stays.surveyed + Stays.deviations * error)
  }
}

extension Ground {
  /// Metres from a target's edge: of a point below 0 within it, elsewhere 0.
  fileprivate func depth(of c: Coordinate, inTarget t: Int) -> Double {
    guard case .disc(let centre, _, let radius) = targets[t].shape else {
      return distance(from: c, toTarget: t)
    }
    return c.distance(to: centre).value - radius
  }
}

extension Stays: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&open)
    packing(&ended)
    packing(&near)
    packing(&whereabouts)
    packing(&before)
    packing(&clearAt)
    packing(&clearRadius)
  }
}
