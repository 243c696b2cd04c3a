internal import Geodesy
internal import Patrol

/// The matcher, watched: what it weighed of each leg at the moment it decided it. A copy of the trellis is taken before
/// each step, so that the matcher itself knows nothing of it and pays nothing.
extension Matcher {
  /// Steps, and tells what was weighed of the legs that it decided.
  mutating func stepWeighing(_ fix: TrackFix, every interval: Int64, on ground: Ground)
    -> [Trace.Weighing]
  {
    var whole = trellis
    var legs: [MatchedLeg] = []
    step(fix, every: interval, on: ground, into: &legs)
    guard let node = trellis.nodes.last, node.time != whole.nodes.last?.time else { return [] }
    let row = trellis.steps[trellis.range(trellis.nodes.count - 1)]
    let isNew = row.allSatisfy { $0.parent < 0 }
    whole.begin(node)
    for step in row { _ = whole.add(step) }
    // Begun anew off all lines, with nothing to decide on any.
    if isNew { return zip(whole.nodes, whole.nodes.dropFirst()).map(Self.off) }
    let told = whole.nodes.count - trellis.nodes.count
    return told > 0 ? (1...told).map { weighing($0, of: whole, on: ground) } : []
  }

  /// Resets, and tells what was weighed of the legs still undecided.
  mutating func resetWeighing(on ground: Ground) -> [Trace.Weighing] {
    let weighings = trellis.nodes.indices.dropFirst().map { weighing($0, of: trellis, on: ground) }
    var legs: [MatchedLeg] = []
    reset(on: ground, into: &legs)
    return weighings
  }

  private static func off(from a: Trellis.Node, to b: Trellis.Node) -> Trace.Weighing {
    Trace.Weighing(
      began: Instant(milliseconds: a.time), ended: Instant(milliseconds: b.time),
      alternatives: [Trace.Alternative(way: .off, from: 0, to: 0, weight: 1)])
  }

  /// Accounts that end on one line this near to each other are one, in metres.
  private static let sameEnd = 12.0
  /// Lighter ones are not told.
  private static let lightest = 0.01

  /// The way to a node by the hypotheses of the latest.
  private func weighing(_ n: Int, of trellis: Trellis, on ground: Ground) -> Trace.Weighing {
    let row = trellis.range(n)
    var weights = [Double](repeating: 0, count: row.count)
    var sum = 0.0
    for h in hypotheses {
      let (weight, ancestor) = (Elementary.exp(-h.cost), trellis.ancestor(of: h.step, in: n))
      guard ancestor >= 0 else { continue }
      weights[Int(ancestor)] += weight
      sum += weight
    }
    guard sum > 0 else { return Self.off(from: trellis.nodes[n - 1], to: trellis.nodes[n]) }
    var told: [Trace.Alternative] = []
    for i in weights.indices.sorted(by: { (weights[$0], $1) > (weights[$1], $0) })
    where weights[i] > 0 {
      var new = alternative(row.lowerBound + i, at: n, of: trellis, on: ground)
      new.weight = weights[i] / sum
      let same = told.firstIndex {
        $0.way == new.way && (new.way == .off || abs($0.to.value - new.to.value) < Self.sameEnd)
      }
      if let same { told[same].weight += new.weight } else { told.append(new) }
    }
    told.sort { $0.weight > $1.weight }
    return Trace.Weighing(
      began: Instant(milliseconds: trellis.nodes[n - 1].time),
      ended: Instant(milliseconds: trellis.nodes[n].time),
      alternatives: told.enumerated().filter { $0 == 0 || $1.weight >= Self.lightest }.map(\.1))
  }

  private func alternative(_ index: Int, at n: Int, of trellis: Trellis, on ground: Ground)
    -> Trace.Alternative
  {
    let step = trellis.steps[index]
    guard step.segment >= 0 else {
      return Trace.Alternative(way: .off, from: 0, to: 0, weight: 0)
    }
    let line = Int(ground.ways.segments[Int(step.segment)].line)
    var (from, to) = (step.chainage, step.chainage)
    switch step.course {
    case .between, .went: break
    case .came(let entry, _), .over(_, let entry, _): from = entry
    case .on:
      if step.parent >= 0, !trellis.nodes[n].isStanding {
        from = trellis.steps[trellis.nodes[n - 1].first + Int(step.parent)].chainage
      }
    }
    to = ground.ways.ways[line].unwrapped(to, from: from)
    return Trace.Alternative(
      way: .along(ground.places[ground.lines[line].place].id), from: Metres(from), to: Metres(to),
      weight: 0)
  }
}
