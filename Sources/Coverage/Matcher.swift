internal import Geodesy
internal import Patrol
internal import SpatialIndex

/// Tells which assigned line a handheld walks along, and from where to where. The one seam between fixes and passes:
/// usable fixes of one handheld go in by GNSS time, decided legs come out at most `lag` later. A value, so that
/// an earlier state can be kept and gone back to.
///
/// Legs run between nodes 15 m or 20 s apart: long enough for their direction to rise above the noise of single fixes.
/// Each is matched to the line, assigned or street, that it fits best by distance to both ends, length and direction.
struct Matcher: Hashable, Sendable, Codable {
  /// Nodes at most this far apart in time: the decision lag.
  static let lag: Int64 = 20_000
  /// A node where it has moved this far, in metres.
  static let nodeDistance = 15.0
  /// Nobody moves along a line slower than this, in metres per second (measured: receivers drift up to it).
  static let standingSpeed = 0.4
  /// cos 60°: a track at more than that to a line attends nothing.
  static let alongMinimum = 0.5
  /// Lines (or chainages of one line) this near to each other are walked together, in metres.
  static let coincidence = 5.0
  /// A cost difference (half squared deviations) below which two lines are not told apart.
  static let decisive = 1.0

  /// What it costs to begin somewhere new rather than to go on where the last leg ended.
  static let discontinuity = 1.5

  private struct Candidate {
    var line: Int
    var from: Double
    var to: Double
    var cost: Double
    /// The middle of the matched stretch.
    var middle: Coordinate
  }

  private struct Foot {
    var line: Int
    var chainage: Double
    var distance: Double
  }

  /// Where the last leg ended, by what it was matched to.
  private struct End: Hashable, Sendable, Codable {
    var line: Int
    var chainage: Double
  }
  private var ends: [End] = []

  private var node: TrackFix?
  /// Doppler speeds since the node, their squares, and how many.
  private var speedSum = 0.0
  private var speedSquares = 0.0
  private var speedCount = 0
  private var latest: TrackFix?

  /// Every leg that began before this is out; nil without a leg under way: all are.
  var undecidedFrom: Int64? { node?.time }

  /// Takes the next fix, at most `legMaximum` after the one before it; a longer silence is a `reset` first.
  mutating func step(_ fix: TrackFix, on ground: Ground, into legs: inout [MatchedLeg]) {
    guard let start = node else {
      begin(at: fix)
      return
    }
    if let speed = fix.speed {
      speedSum += speed
      speedSquares += speed * speed
      speedCount += 1
    }
    latest = fix
    let moved = start.position.distance(to: fix.position).value
    guard moved >= Self.nodeDistance || fix.time - start.time >= Self.lag else { return }
    legs += close(at: fix, on: ground)
  }

  /// Ends the track (an unobserved interval follows): what was walked since the last node is decided now.
  mutating func reset(on ground: Ground, into legs: inout [MatchedLeg]) {
    defer {
      node = nil
      ends = []
    }
    guard let latest, let node, latest.time > node.time else { return }
    legs += close(at: latest, on: ground)
  }

  private mutating func begin(at fix: TrackFix) {
    node = fix
    latest = fix
    speedSum = fix.speed ?? 0
    speedSquares = speedSum * speedSum
    speedCount = fix.speed == nil ? 0 : 1
  }

  private mutating func close(at end: TrackFix, on ground: Ground) -> [MatchedLeg] {
    guard let start = node else { return [] }
    let seconds = Double(end.time - start.time) / 1000
    let moved = start.position.distance(to: end.position).value
    let mean = speedCount > 0 ? speedSum / Double(speedCount) : moved / seconds
    // The speed at which the metres were covered: by distance, so that a halt before it does not slow a drive down.
    let speed = speedSum > 0 ? speedSquares / speedSum : moved / seconds
    begin(at: end)
    let isStanding = mean < Self.standingSpeed && moved < Self.nodeDistance
    let a = feet(of: start, on: ground)
    let b = feet(of: end, on: ground)
    let candidates =
      isStanding
      ? standing(a, b, on: ground) : moving(start, end, moved, a, b, on: ground)
    return decide(
      candidates, speed: isStanding ? 0 : speed, start, end, ground)
  }

  /// The local minima of the distance to each line within whose corridor a fix lies.
  private func feet(of fix: TrackFix, on ground: Ground) -> [Foot] {
    let p = ground.plane.point(fix.position)
    var near: [(line: Int, segment: Int, foot: Foot)] = []
    ground.segmentIndex.search(near: p, within: ground.segmentIndex.reach) { i in
      let (l, s) = (Int(ground.segments[i].line), Int(ground.segments[i].segment))
      let line = ground.lines[l]
      let (chainage, distance) = line.polyline.projection(
        of: line.polyline.plane.point(fix.position), onSegment: s)
      if distance <= line.corridor {
        near.append((l, s, Foot(line: l, chainage: chainage, distance: distance)))
      }
    }
    near.sort { ($0.line, $0.segment) < ($1.line, $1.segment) }
    var feet: [Foot] = []
    for (i, n) in near.enumerated() {
      let polyline = ground.lines[n.line].polyline
      // A foot at a vertex is a minimum if it is the foot on both its segments; the later one keeps it.
      if n.segment + 1 < polyline.segmentCount, n.foot.chainage == polyline.chainages[n.segment + 1]
      {
        continue
      }
      if n.segment > 0, n.foot.chainage == polyline.chainages[n.segment] {
        guard i > 0, near[i - 1].line == n.line, near[i - 1].segment == n.segment - 1,
          near[i - 1].foot.chainage == n.foot.chainage
        else { continue }
      }
      feet.append(n.foot)
    }
    return feet
  }

  private func standing(_ a: [Foot], _ b: [Foot], on ground: Ground) -> [Candidate] {
    a.compactMap { foot in
      guard
        let other = b.filter({ $0.line == foot.line }).min(by: {
          abs($0.chainage - foot.chainage) < abs($1.chainage - foot.chainage)
        })
      else { return nil }
      let polyline = ground.lines[foot.line].polyline
      let middle = (foot.chainage + other.chainage) / 2
      guard abs(foot.chainage - other.chainage) <= Self.nodeDistance,
        let at = polyline.plane.coordinate(polyline.point(at: middle))
      else { return nil }
      let offset = (foot.distance + other.distance) / 2
      return Candidate(
        line: foot.line, from: middle, to: middle, cost: offset * offset / 50, middle: at)
    }
  }

  private func moving(
    _ start: TrackFix, _ end: TrackFix, _ moved: Double, _ a: [Foot], _ b: [Foot], on ground: Ground
  ) -> [Candidate] {
    var candidates: [Candidate] = []
    for f in a {
      for t in b where t.line == f.line {
        let polyline = ground.lines[f.line].polyline
        var along = t.chainage - f.chainage
        // Over the joint of a closed loop.
        let length = polyline.length.value
        if polyline.isClosed, abs(along) > length / 2 { along += along > 0 ? -length : length }
        guard abs(along) >= Self.alongMinimum * moved else { continue }
        // Longer along the line than as the crow flies is a bend; much longer is another branch of the line.
        let slack = 5 + 0.3 * moved
        let excess = abs(along) > 1.6 * moved ? abs(along) - 1.6 * moved : 0
        guard excess <= 2 * slack else { continue }
        guard isAlong(start, end, polyline, f.chainage, along) else { continue }
        let from = f.chainage
        let to = from + along
        guard
          let middle = polyline.plane.coordinate(
            polyline.point(at: wrapped(from + along / 2, length, polyline.isClosed)))
        else { continue }
        // Standard deviation of the distance to the line: 5 m, ordinary noise.
        let offset = (f.distance * f.distance + t.distance * t.distance) / 2
        candidates.append(
          Candidate(
            line: f.line, from: from, to: to,
            cost: offset / 50 + excess * excess / (2 * slack * slack), middle: middle))
      }
    }
    return candidates
  }

  /// The walked vector is within 60° of the line's own course between the two feet.
  private func isAlong(
    _ start: TrackFix, _ end: TrackFix, _ polyline: Polyline, _ from: Double, _ along: Double
  ) -> Bool {
    let walked = polyline.plane.point(end.position) - polyline.plane.point(start.position)
    let length = polyline.length.value
    let isClosed = polyline.isClosed
    let course =
      polyline.point(at: wrapped(from + along, length, isClosed)) - polyline.point(at: from)
    guard course.length > 0.5 else { return false }
    return walked.dot(course) >= Self.alongMinimum * walked.length * course.length
  }

  private func wrapped(_ s: Double, _ length: Double, _ isClosed: Bool) -> Double {
    guard isClosed else { return s }
    return s < 0 ? s + length : s > length ? s - length : s
  }

  /// The best candidate and all that coincide with it; or, where another line fits as well, all of those undecided.
  private mutating func decide(
    _ candidates: [Candidate], speed: Double, _ start: TrackFix, _ end: TrackFix, _ ground: Ground
  ) -> [MatchedLeg] {
    func cost(_ c: Candidate) -> Double { c.cost + (isContinuous(c) ? 0 : Self.discontinuity) }
    guard let best = candidates.min(by: { cost($0) < cost($1) }) else {
      ends = []
      return []
    }
    // Neighbouring chainages of one line are one hypothesis: a corner has a foot on both its arms.
    let others = candidates.filter {
      $0.line != best.line || abs($0.from + $0.to - best.from - best.to) / 2 > Self.nodeDistance
    }
    func coincides(_ c: Candidate) -> Bool {
      c.middle.distance(to: best.middle).value <= Self.coincidence
    }
    let together = [best] + others.filter(coincides)
    let rivals = others.filter { !coincides($0) && cost($0) - cost(best) < Self.decisive }
    let weight = others.filter { !coincides($0) }.reduce(0) { $0 + exp(cost(best) - cost($1)) }
    let confidence = 1 / (1 + weight)
    let isUndecided = !rivals.isEmpty
    ends = (isUndecided ? together + rivals : together).map { End(line: $0.line, chainage: $0.to) }
    return (isUndecided ? together + rivals : together).compactMap { c in
      guard !ground.lines[c.line].isStreet else { return nil }
      return MatchedLeg(
        line: c.line, began: start.time, ended: end.time, from: c.from, to: c.to, speed: speed,
        confidence: confidence, isUndecided: isUndecided)
    }
  }

  private func isContinuous(_ c: Candidate) -> Bool {
    ends.isEmpty
      || ends.contains { $0.line == c.line && abs($0.chainage - c.from) <= Self.coincidence }
  }

  /// e^x for x ≤ 0 by squaring: the core has no mathematics library; 1e-6 is near enough for a confidence.
  private func exp(_ x: Double) -> Double {
    guard x > -30 else { return 0 }
    var y = 1 + x / 65_536
    for _ in 0..<16 { y *= y }
    return y
  }
}
