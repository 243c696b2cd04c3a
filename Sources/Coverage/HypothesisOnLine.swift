internal import Geodesy

extension Displacement {
  /// A walk keeps to a drawn course to within this share of its length.
  static let swerve = 0.12
  /// cos 60°: a track at more than that to a line attends nothing.
  private static let along = 0.5

  /// What half the square of a deviation from a course is divided by: variance across it, square metres.
  var acrossVariance: Double {
    guard let vector else { return variance }
    return variance + Self.swerve * Self.swerve * vector.dot(vector)
  }

  /// Variance across a course, of unit length, for a change of velocity at a moment not known: a few steps aside within
  /// reach of one report seem to have lasted until the next.
  func changeVariance(across course: PlanePoint) -> Double {
    change.map { $0.variance(($0.after - $0.before).cross(course)) } ?? 0
  }

  /// The cost of taking this way along a course rather than in any direction whatever; below 0 where it fits. Infinite
  /// at more than 60° to it; 0 where it tells no direction.
  func alignment(with unit: PlanePoint) -> Double {
    guard let vector, !isStanding else { return 0 }
    let length = vector.length
    guard length > 1 else { return 0 }
    guard abs(vector.dot(unit)) >= Self.along * length else { return .infinity }
    let across = vector.cross(unit)
    // N(across; 0, v) against 1 / (π length): two directions in which to go along it.
    let v = acrossVariance
    return across * across / (2 * v) - Elementary.ln(.pi * length / (2 * .pi * v).squareRoot())
  }
}

extension Hypothesis {
  /// How far off Doppler one gets off all lines, m²/s.
  private static let wander = 0.05

  /// Off all lines: goes where Doppler says.
  mutating func roam(_ moved: Displacement, keeping heading: Heading) {
    let d = moved.vector ?? PlanePoint(x: 0, y: 0)
    guard !moved.isSeen else {
      // In any direction: its position alone shall tell.
      move(PlanePoint(x: 0, y: 0), variance: d.dot(d) / 2 + Self.wander * moved.duration)
      return
    }
    move(d, variance: moved.variance + Self.wander * moved.duration)
    if let change = moved.change {
      let by = change.after - change.before
      blur(by, variance: change.variance(by.length))
    }
    cost += heading.cost(of: moved)
  }

  /// What a course that does not fit costs at most: Doppler may be wrong too.
  private static let courseCostMaximum = 10.0
  /// A line bends where its course changes by more than 20°: cos 20°.
  private static let bend = 0.94
  /// What is not known of the moment at which one goes round a corner, square metres.
  private static let corner = 2.0

  /// A way along a line that fits a displacement.
  private struct Course {
    /// Where it set off, if not where it was taken to be.
    var began: Double
    /// Chainage gone, with its sign.
    var gone: Double
    var cost: Double
  }

  /// On a line: goes along it as Doppler says, with what does not fit the line's course added to its cost. At bends it may
  /// find that it was elsewhere along the line than it thought.
  mutating func carry(_ moved: Displacement, on ways: Ways) {
    guard let d = moved.vector, !moved.isStanding else {
      move(to: (Int(segment), chainage), variance: moved.variance, on: ways)
      return
    }
    let across =
      2 * (moved.acrossVariance + moved.changeVariance(across: ways.segments[Int(segment)].unit))
    var best = straight(d, across, ways)
    if best.cost > 0.5 { bent(d, across, moved.variance, ways, &best) }
    if best.began != chainage { shift(to: best.began, variance: moved.variance + 1, on: ways) }
    // Made of positions, its course is weighed with them.
    if !moved.isSeen { cost += min(Self.courseCostMaximum, best.cost) }
    let end = ways.locate(chainage + best.gone, from: Int(segment))
    let blur = moved.change.map { change in
      change.variance(
        change.after.dot(ways.segments[end.segment].unit)
          - change.before.dot(ways.segments[Int(segment)].unit))
    }
    move(to: end, variance: moved.variance + (blur ?? 0), on: ways)
  }

  /// From where it is, following gentle curves.
  private func straight(_ d: PlanePoint, _ across: Double, _ ways: Ways) -> Course {
    let g = ways.segments[Int(segment)]
    var gone = d.dot(g.unit) * g.scale
    var end = ways.locate(chainage + gone, from: Int(segment))
    var r = d - (ways.point(end.chainage, on: end.segment) - position)
    if abs(r.x) + abs(r.y) > 0.1, end.segment != Int(segment) {
      let more = r.dot(ways.segments[end.segment].unit)
      gone += more
      end = ways.locate(chainage + gone, from: end.segment)
      r = d - (ways.point(end.chainage, on: end.segment) - position)
    }
    return Course(began: chainage, gone: gone, cost: r.dot(r) / across)
  }

  /// Round the bends, or to the ends, that are near.
  private func bent(
    _ d: PlanePoint, _ across: Double, _ variance: Double, _ ways: Ways, _ best: inout Course
  ) {
    let way = ways.ways[Int(ways.segments[Int(segment)].line)]
    let near = 2.5 * spread.squareRoot() + d.length
    let (first, last) = (
      Int(way.firstSegment), Int(way.firstSegment + way.segmentCount) - 1
    )
    let along = 2 * (spread + variance + Self.corner)
    func consider(_ began: Double, _ gone: Double, _ r: PlanePoint) {
      let m = began - chainage
      let cost = r.dot(r) / across
      // Where it set off is weighed when it is shifted there; here the sum decides.
      if m * m / along + cost < best.cost + (best.began - chainage) * (best.began - chainage)
        / along
      {
        best = Course(began: began, gone: gone, cost: cost)
      }
    }
    // The vertex that begins segment i; one past the last ends the line.
    var i = Int(segment)
    while i > first, chainage - ways.segments[i].chainage < near { i -= 1 }
    while i <= last + 1 {
      let v = i > last ? way.length : ways.segments[i].chainage
      if v - chainage > near { break }
      defer { i += 1 }
      guard abs(v - chainage) <= near else { continue }
      let before =
        i > first ? ways.segments[i - 1].unit : way.isClosed ? ways.segments[last].unit : nil
      let after = i <= last ? ways.segments[i].unit : way.isClosed ? ways.segments[first].unit : nil
      if let u = before, let w = after, u.dot(w) > Self.bend { continue }
      if let u = before {
        let a = d.dot(u)
        consider(min(chainage, v - max(a, 0)), a, d - u * a)
      }
      if let w = after {
        let b = d.dot(w)
        consider(max(chainage, v + max(-b, 0)), b, d - w * b)
      }
      if let u = before, let w = after {
        let cross = u.cross(w)
        guard abs(cross) > 0.3 else { continue }
        let (a, b) = (d.cross(w) / cross, u.cross(d) / cross)
        if a > 0, b > 0 { consider(v - a, a + b, PlanePoint(x: 0, y: 0)) }
        if a < 0, b < 0 { consider(v - b, a + b, PlanePoint(x: 0, y: 0)) }
      }
    }
  }

  /// Turning off at a junction: the hypothesis beyond it, and the share of the time before it. Nil where that does not
  /// go with what Doppler says.
  func turning(at junction: Ways.Junction, _ moved: Displacement, on ways: Ways) -> (
    hypothesis: Hypothesis, share: Double
  )? {
    var h = self
    let blur = moved.change.map { $0.variance($0.after.length - $0.before.length) } ?? 0
    let variance = moved.variance + blur + Self.corner
    guard let d = moved.vector else {
      h.shift(to: junction.chainage, variance: moved.variance, on: ways)
      return (
        h.turned(
          into: Int(junction.segment), at: junction.otherChainage, variance: variance, on: ways),
        0.5
      )
    }
    let own = ways.locate(junction.chainage, from: Int(segment)).segment
    let (u, w) = (ways.segments[own].unit, ways.segments[Int(junction.segment)].unit)
    let cross = u.cross(w)
    var (a, b): (Double, Double)
    if abs(cross) > 0.3 {
      (a, b) = (d.cross(w) / cross, u.cross(d) / cross)
    } else {
      // Straight on.
      let all = d.dot(u)
      a = junction.chainage - chainage
      b = (all - a) * (u.dot(w) > 0 ? 1 : -1)
      let slack = 2 * spread.squareRoot()
      guard a * all > -slack * abs(all), abs(a) < abs(all) + slack else { return nil }
      if a * all < 0 || abs(a) > abs(all) {
        (a, b) = (min(max(a, min(0, all)), max(0, all)), 0)
        b = (all - a) * (u.dot(w) > 0 ? 1 : -1)
      }
    }
    guard abs(b) > 0.5 else { return nil }
    let began = junction.chainage - a
    let m = began - chainage
    guard m * m < 12 * (spread + variance) else { return nil }
    h.shift(to: began, variance: variance, on: ways)
    let turned = h.turned(
      into: Int(junction.segment), at: junction.otherChainage + b, variance: variance, on: ways)
    return (turned, abs(a) / (abs(a) + abs(b)))
  }

  // MARK: coming and going

  /// Doppler is trusted to tell where a way across began and ended up to this variance, square metres.
  private static let trusted = 6.0

  /// On a line just joined: where it came to it on the way here from `before`, where it was off all lines.
  func arrival(from before: PlanePoint?, _ moved: Displacement?, on ways: Ways)
    -> Trellis.Step.Course
  {
    guard let moved, let before else { return .between }
    let began = moved.variance < Self.trusted ? moved.vector.map { position - $0 } : nil
    guard let edge = edge(towards: began ?? before, moved, on: ways) else { return .between }
    return .came(entry: edge.chainage, share: 1 - edge.share)
  }

  /// Where a line was left is not told further out than this short of the likeliest, in metres: half the doubt is somebody's
  /// unwatched door.
  private static let edgeCertainty = 2.0

  /// A point no further from a line than so many deviations of a way across its course is on it: who walks along a street
  /// from where he came to it is not taken to have come to it at the end.
  private static let swerves = 1.5

  /// A way from here along the line and then straight across to a point off it, as long as the way gone: where it leaves
  /// the line, and the share of the way until then. The same backwards for one that came. Nil where standing.
  ///
  /// With h the point's distance to the line, Δ the chainage from here to its foot and w the way gone, it leaves the line
  /// x before the foot: (Δ - x) + √(h² + x²) = w.
  func edge(towards p: PlanePoint, _ moved: Displacement, on ways: Ways) -> (
    chainage: Double, share: Double
  )? {
    guard !moved.isStanding, moved.way > 0.5 else { return nil }
    let foot = ways.foot(of: p, around: Int(segment), within: moved.way)
    let gap = foot.chainage - chainage
    let swerve = Self.swerves * moved.acrossVariance.squareRoot()
    let (h, delta, w) = (max(0, foot.distance - swerve), abs(gap), moved.way)
    let rest = w - delta
    let x =
      h == 0 ? 0 : rest > 0.01 ? min(delta, max(0, (h * h - rest * rest) / (2 * rest))) : delta
    let along = max(0, delta - x - Self.edgeCertainty)
    let across = (h * h + x * x).squareRoot()
    guard along + across > 0 else { return nil }
    return (chainage + (gap > 0 ? along : -along), along / (along + across))
  }
}
