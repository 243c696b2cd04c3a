internal import Geodesy
internal import SpatialIndex

/// The hypotheses of one node in the making, on the stack.
struct Generation {
  struct Branch {
    var hypothesis: Hypothesis
    /// In the generation before.
    var parent: Int32
    var course: Trellis.Step.Course
  }

  /// The most hypotheses of a node while it is made; the best `kept` of them live on.
  private static let capacity = 32
  private static let kept = 12

  private let branches: UnsafeMutableBufferPointer<Branch>
  private(set) var count = 0

  static func make(_ body: (inout Generation) -> Void) {
    withUnsafeTemporaryAllocation(of: Branch.self, capacity: capacity) { buffer in
      var generation = Generation(branches: buffer)
      body(&generation)
    }
  }

  private init(branches: UnsafeMutableBufferPointer<Branch>) { self.branches = branches }

  subscript(_ i: Int) -> Branch { branches[i] }

  /// Where there is no room the worst gives way.
  mutating func add(_ hypothesis: Hypothesis, parent: Int32, course: Trellis.Step.Course) {
    let branch = Branch(hypothesis: hypothesis, parent: parent, course: course)
    guard count == branches.count else {
      branches.initializeElement(at: count, to: branch)
      count += 1
      return
    }
    var worst = 0
    for i in 1..<count where branches[i].hypothesis.cost > branches[worst].hypothesis.cost {
      worst = i
    }
    if hypothesis.cost < branches[worst].hypothesis.cost { branches[worst] = branch }
  }

  // MARK: what may have happened

  /// Negative logarithms of how likely it is, at a node, to turn off at a junction that is there; to leave a line, every
  /// few minutes; to come to one that is near.
  private static let turning = 1.2
  fileprivate static let leaving = 5.0
  private static let joining = 0.0
  /// By how much having left before must be the better account, for leaving just now not to take its place.
  fileprivate static let secondLeaving = 2.0
  /// Off lines one is anywhere within this width, in metres: what the density on a line is weighed against.
  private static let breadth = 100.0
  /// Two hypotheses off all lines nearer to each other than this are one, in metres.
  private static let sameGround = 6.0

  /// A hypothesis goes on, turns off, or leaves its line.
  mutating func carry(
    _ h: Hypothesis, parent: Int32, _ moved: Displacement, keeping heading: Heading,
    among all: [Hypothesis], deviation: Double, on ways: Ways
  ) {
    var ahead = h
    guard !h.isOff else {
      let isStale =
        !moved.isStanding
        && all.contains { !$0.isOff && !h.leftBetter(than: $0) && isSameGround(h, $0) }
      guard !isStale else { return }
      ahead.roam(moved, keeping: heading)
      add(ahead, parent: parent, course: .on)
      return
    }
    ahead.carry(moved, on: ways)
    add(ahead, parent: parent, course: .on)
    guard !moved.isStanding else { return }
    turn(h, parent, moved, on: ways)
    let isKnown = all.contains { $0.isOff && $0.leftBetter(than: h) && isSameGround($0, h) }
    guard !isKnown else { return }
    var off = h.left(deviation: deviation, on: ways)
    off.cost += Self.leaving
    off.roam(moved, keeping: heading)
    let course = h.edge(towards: off.position, moved, on: ways).map {
      Trellis.Step.Course.went(exit: $0.chainage, share: $0.share)
    }
    add(off, parent: parent, course: course ?? .between)
  }

  private func isSameGround(_ a: Hypothesis, _ b: Hypothesis) -> Bool {
    a.position.distance(to: b.position) < Self.sameGround
  }

  private mutating func turn(
    _ h: Hypothesis, _ parent: Int32, _ moved: Displacement, on ways: Ways
  ) {
    let line = Int(ways.segments[Int(h.segment)].line)
    let near =
      2.5 * h.spread.squareRoot() + (moved.vector?.length ?? moved.variance.squareRoot()) + 3
    for j in ways.junctions(of: line, around: h.chainage, within: near) {
      let junction = ways.junctions[j]
      guard let over = h.turning(at: junction, moved, on: ways) else { continue }
      var turned = over.hypothesis
      turned.cost += Self.turning
      add(
        turned, parent: parent,
        course: .over(
          exit: junction.chainage, entry: junction.otherChainage, share: over.share))
    }
  }

  /// Each against the position told `seconds` after the one before, `keep` of whose error is left.
  mutating func observe(
    _ z: PlanePoint, after seconds: Double, keep: Double, deviation: Double, white: Double,
    on ways: Ways
  ) {
    for i in 0..<count {
      let segment = Int(branches[i].hypothesis.segment)
      branches[i].hypothesis.drift(
        keep: keep, deviation: deviation, seconds: seconds,
        beside: segment < 0 ? nil : ways.segments[segment])
      branches[i].hypothesis.observe(z, after: seconds, white: white, on: ways)
    }
  }

  /// Those off all lines may have come to one since the generation `before`, but for one who stands.
  mutating func join(_ moved: Displacement?, among before: [Hypothesis], on ways: Ways) {
    if let moved, moved.isStanding { return }
    let floor = best
    for i in 0..<count {
      let (h, parent) = (branches[i].hypothesis, branches[i].parent)
      guard h.isOff, h.cost < floor + Self.hopeless else { continue }
      let far = min(Ways.reach, 3 * h.spread.squareRoot() + 10)
      ways.index.search(near: h.position, within: far) { s in
        let g = ways.segments[s]
        let alignment = moved?.alignment(with: g.unit) ?? 0
        guard alignment < Self.hopeless else { return }
        let foot = ways.foot(of: h.position, on: s)
        guard foot.distance <= far else { return }
        var (joined, density) = h.joined(s, on: ways)
        joined.cost +=
          Self.joining + alignment - Elementary.ln(max(1e-12, Self.breadth * density))
        guard joined.cost < floor + Self.hopeless,
          !isTaken(g.line, joined.chainage, by: joined.cost, on: ways)
        else { return }
        add(
          joined, parent: parent,
          course: joined.arrival(
            from: parent < 0 ? nil : before[Int(parent)].position, moved, on: ways))
      }
    }
  }

  /// Not worth keeping beside the best: a weight of e^-12.
  private static let hopeless = 12.0
  /// Hypotheses on one line are told apart from here on, in metres of chainage.
  private static let sameStretch = 8.0

  private var best: Double {
    var best = Double.infinity
    for i in 0..<count { best = min(best, branches[i].hypothesis.cost) }
    return best
  }

  /// When exactly one came to a line is not weighed again at every node: only an account that is worse by this much gives
  /// way to one of having come just now.
  private static let secondThoughts = 3.0

  /// That the same is known already, and hardly worse.
  private func isTaken(_ line: Int32, _ s: Double, by cost: Double, on ways: Ways) -> Bool {
    for i in 0..<count {
      let h = branches[i].hypothesis
      if !h.isOff, ways.segments[Int(h.segment)].line == line,
        abs(h.chainage - s) < 2.5 * Self.sameStretch, h.cost <= cost + Self.secondThoughts
      {
        return true
      }
    }
    return false
  }

  // MARK: which live on

  /// The best, without those that say the same; the best weighs 1.
  mutating func prune(on ways: Ways) {
    sort()
    let floor = count > 0 ? branches[0].hypothesis.cost : 0
    var kept = 0
    for i in 0..<count {
      let h = branches[i].hypothesis
      guard kept < Self.kept, h.cost < floor + Self.hopeless else { break }
      var isNew = true
      for k in 0..<kept where says(branches[k], sameAs: branches[i], on: ways) {
        isNew = false
        break
      }
      guard isNew else { continue }
      branches[kept] = branches[i]
      branches[kept].hypothesis.cost -= floor
      kept += 1
    }
    count = kept
  }

  /// By insertion: they are few, and mostly in order.
  private func sort() {
    for i in 1..<max(1, count) {
      let branch = branches[i]
      var k = i
      while k > 0, branches[k - 1].hypothesis.cost > branch.hypothesis.cost {
        branches[k] = branches[k - 1]
        k -= 1
      }
      branches[k] = branch
    }
  }

  private func says(_ a: Branch, sameAs b: Branch, on ways: Ways) -> Bool {
    let (h, g) = (a.hypothesis, b.hypothesis)
    if h.isOff || g.isOff {
      return h.isOff && g.isOff && isSameGround(h, g)
    }
    return ways.segments[Int(h.segment)].line == ways.segments[Int(g.segment)].line
      && abs(h.chainage - g.chainage) < Self.sameStretch
  }
}

extension Hypothesis {
  /// Of one off all lines that is where one on a line is: that it left is the better account by so much that leaving just
  /// now does not replace it. Or else who leaves a line would seem to have left it long ago and walked along it since.
  fileprivate func leftBetter(than onLine: Hypothesis) -> Bool {
    cost <= onLine.cost + Generation.leaving - Generation.secondLeaving
  }
}
