internal import Geodesy
internal import SpatialIndex

/// Tells which line a handheld walks along, and from where to where. The one seam between fixes and passes: usable
/// fixes of one handheld go in by GNSS time, decided legs come out at most `lag` later. A value, so that an earlier
/// state can be kept and gone back to.
///
/// Fixes are gathered into nodes of 5 s or 15 m. At each node every hypothesis (`Hypothesis`) goes on by what Doppler says,
/// branches where it may have turned off, left its line or come to one, and is weighed against the position. What
/// happened `lag` ago is then told by the sum of weights of those that agree on it.
///
/// O(hypotheses) a node, of which there are at most `Generation.capacity`; nothing is allocated once its arrays have
/// grown. Off all lines a node costs one look at the index.
struct Matcher: Hashable, Sendable {
  /// A leg is decided at most this long after it ended, in milliseconds (measured: offline quality from 30 s on).
  static let lag: Int64 = 30_000
  /// Nodes are this far apart in time, or as soon as this far was gone. Receiver errors are correlated: more fixes add
  /// little. Milliseconds, metres.
  static let nodeInterval: Int64 = 5_000
  static let nodeDistance = 15.0
  /// Hypotheses live through a silence of at most this long, in milliseconds; no leg comes of it.
  static let bridgeMaximum: Int64 = 120_000

  private(set) var receiver = ReceiverError()
  private(set) var hypotheses: [Hypothesis] = []
  var trellis = Trellis()
  /// Where legs ended that were told last, so that the next go on from there.
  var told: [Told] = []

  /// The latest fix; nil after an interruption.
  private var latest: TrackFix?
  /// The latest node.
  private var nodeTime: Int64?
  private var nodePosition = PlanePoint(x: 0, y: 0)
  private var heading = Heading()
  private var gathering = Gathering()

  struct Told: Hashable, Sendable {
    var line: Int32
    var time: Int64
    var chainage: Double
  }

  /// Every leg that began before this is out; nil without one under way: all are.
  var undecidedFrom: Int64? { latest == nil ? nil : trellis.nodes.first?.time }

  /// Takes the next fix of a handheld that reports every `interval` milliseconds, at most `legMaximum` after the one before
  /// it; a longer silence is a `reset` first.
  mutating func step(
    _ fix: TrackFix, every interval: Int64, on ground: Ground, into legs: inout [MatchedLeg]
  ) {
    let ways = ground.ways
    let p = ground.plane.point(fix.position)
    guard let before = latest, let nodeTime else {
      takeUp(fix, p, on: ways)
      return
    }
    latest = fix
    gathering.add(before, fix, p, velocityError: receiver.velocityError)
    if fix.time - nodeTime >= Self.nodeInterval
      || gathering.odometer.travelled >= Self.nodeDistance
    {
      closeGathering(at: fix.time, seen: p, since: nodeTime, on: ways)
    }
    // The next fix would be too late.
    while trellis.nodes.count > 1, fix.time - trellis.nodes[1].time > Self.lag - interval {
      tellFirst(on: ways, into: &legs)
    }
  }

  /// Ends the track or interrupts it (an unobserved interval follows): what is not decided is decided now.
  mutating func reset(on ground: Ground, into legs: inout [MatchedLeg]) {
    // What was gone since the latest node is no less observed than what was before it.
    if let latest, let nodeTime, gathering.count > 0 {
      closeGathering(
        at: latest.time, seen: ground.plane.point(latest.position), since: nodeTime, on: ground.ways
      )
    }
    while trellis.nodes.count > 1 { tellFirst(on: ground.ways, into: &legs) }
    trellis.clear()
    told.removeAll(keepingCapacity: true)
    latest = nil
  }

  // MARK: nodes

  /// A node of all that was gathered since the latest, with the last of it at `p`.
  private mutating func closeGathering(
    at time: Int64, seen p: PlanePoint, since nodeTime: Int64, on ways: Ways
  ) {
    let moved = gathering.odometer.displacement(
      seen: p - nodePosition,
      variance: receiver.wandering(over: Double(time - nodeTime) / 1000))
    close(at: time, gathering.position(moved), moved, on: ways)
  }

  /// The first fix, or the first after an interruption: hypotheses that a short one left are carried over it.
  private mutating func takeUp(_ fix: TrackFix, _ p: PlanePoint, on ways: Ways) {
    latest = fix
    if let nodeTime, !hypotheses.isEmpty, fix.time - nodeTime <= Self.bridgeMaximum {
      let seconds = Double(fix.time - nodeTime) / 1000
      let far = Self.bridgeSpeed * seconds
      let moved = Displacement(
        vector: nil, variance: far * far, duration: seconds, way: 0, isStanding: false)
      if p.distance(to: nodePosition) < 3 * far + 10 * receiver.deviation {
        gathering = Gathering()
        gathering.worstAccuracy = fix.accuracy
        close(at: fix.time, p, moved, on: ways)
        return
      }
    }
    begin(fix.time, p, accuracy: fix.accuracy, on: ways)
  }

  /// What one goes at unseen, in metres a second: a standard deviation.
  private static let bridgeSpeed = 1.2

  private mutating func begin(
    _ time: Int64, _ z: PlanePoint, accuracy: Double, on ways: Ways
  ) {
    let deviation = receiver.deviation(claiming: accuracy)
    heading = Heading()
    hypotheses.removeAll(keepingCapacity: true)
    hypotheses.append(Hypothesis(at: z, deviation: deviation, white: receiver.white))
    Generation.make { generation in
      generation.add(hypotheses[0], parent: -1, course: .between)
      generation.join(nil, among: [], on: ways)
      record(&generation, at: time, z, nil, on: ways)
    }
  }

  private mutating func close(
    at time: Int64, _ z: PlanePoint, _ moved: Displacement, on ways: Ways
  ) {
    let keep = ReceiverError.kept(after: moved.duration)
    let way = moved.vector ?? PlanePoint(x: 0, y: 0)
    receiver.learn(step: z - nodePosition - way, moved, keep: keep)
    defer { heading.follow(moved) }
    if isAsleep, !ways.index.holds(near: z, within: Ways.reach) {
      trellis.clear()
      begin(time, z, accuracy: gathering.worstAccuracy, on: ways)
      return
    }
    let deviation = receiver.deviation(claiming: gathering.worstAccuracy)
    let white = max(
      ReceiverError.whiteMinimum * ReceiverError.whiteMinimum / 2,
      receiver.white / Double(max(1, gathering.count)))
    Generation.make { generation in
      for (i, hypothesis) in hypotheses.enumerated() {
        generation.carry(
          hypothesis, parent: Int32(i), moved, keeping: heading, among: hypotheses,
          deviation: deviation, on: ways)
      }
      generation.observe(
        z, after: moved.duration, keep: keep, deviation: deviation, white: white, on: ways)
      generation.join(moved, among: hypotheses, on: ways)
      record(&generation, at: time, z, moved, on: ways)
    }
  }

  /// Off all lines, with nothing left to decide on any.
  private var isAsleep: Bool {
    hypotheses.allSatisfy(\.isOff) && trellis.steps.allSatisfy { $0.segment < 0 }
  }

  private mutating func record(
    _ generation: inout Generation, at time: Int64, _ z: PlanePoint, _ moved: Displacement?,
    on ways: Ways
  ) {
    generation.prune(on: ways)
    let speed = gathering.odometer.speed ?? moved?.speed ?? 0
    trellis.begin(
      Trellis.Node(
        time: time, speed: speed, speeds: gathering.odometer.speeds ?? speed...speed,
        isStanding: moved?.isStanding ?? false, way: moved?.way ?? 0,
        velocity: latest?.velocity ?? PlanePoint(x: 0, y: 0), endSpeed: latest?.speed))
    hypotheses.removeAll(keepingCapacity: true)
    for i in 0..<generation.count {
      var branch = generation[i]
      branch.hypothesis.step = trellis.add(
        Trellis.Step(
          segment: branch.hypothesis.segment, parent: branch.parent,
          chainage: branch.hypothesis.chainage, course: branch.course))
      hypotheses.append(branch.hypothesis)
    }
    nodeTime = time
    nodePosition = z
    gathering = Gathering()
  }
}

extension Matcher: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&receiver)
    packing(&hypotheses)
    packing(&trellis)
    packing(&told)
    packing(&latest)
    packing(&nodeTime)
    packing(&nodePosition)
    packing(&heading)
    packing(&gathering)
  }
}

/// The fixes since the latest node, as one position and one displacement.
struct Gathering: Hashable, Sendable {
  private(set) var odometer = Odometer()
  /// Sum of positions, each less the displacement up to it.
  private var sum = PlanePoint(x: 0, y: 0)
  private var last = PlanePoint(x: 0, y: 0)
  private(set) var count = 0
  var worstAccuracy = 0.0

  mutating func add(
    _ before: TrackFix, _ fix: TrackFix, _ p: PlanePoint, velocityError: Double
  ) {
    odometer.add(from: before, to: fix, velocityError: velocityError)
    sum = sum + p - odometer.vector
    count += 1
    last = p
    worstAccuracy = max(worstAccuracy, fix.accuracy)
  }

  /// Where it is now: the mean of all positions carried forward by Doppler, or the last one where there is none.
  func position(_ moved: Displacement) -> PlanePoint {
    moved.isSeen ? last : sum * (1 / Double(max(1, count))) + odometer.vector
  }
}
