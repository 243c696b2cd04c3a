internal import Geodesy

/// What the matcher decides, and how it says so.
extension Matcher {
  /// A leg is proven where hypotheses of at least this weight agree on it.
  static let mark = 0.75
  /// A leg of at least this weight cannot be ruled out.
  static let possibility = 0.26
  /// Legs told one after another on one line go on from each other where their ends are no further apart, in metres.
  private static let seam = 12.0

  /// Decides the leg between the trellis's first two nodes and lets the first go.
  mutating func tellFirst(on ways: Ways, into legs: inout [MatchedLeg]) {
    defer { trellis.dropFirst() }
    let row = trellis.range(1)
    guard trellis.steps[row].contains(where: { $0.segment >= 0 || $0.course.isAfterLine }) else {
      return
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: row.count) { weights in
      weights.initialize(repeating: 0)
      var sum = 0.0
      for h in hypotheses {
        let weight = Elementary.exp(-h.cost)
        weights[Int(trellis.ancestor(of: h.step, in: 1))] += weight
        sum += weight
      }
      for i in weights.indices { weights[i] /= sum }
      tell(row, weights, on: ways, &legs)
    }
    let now = trellis.nodes[1].time
    told.removeAll { $0.time != now }
  }

  private mutating func tell(
    _ row: Range<Int>, _ weights: UnsafeMutableBufferPointer<Double>, on ways: Ways,
    _ legs: inout [MatchedLeg]
  ) {
    var best = 0
    for i in weights.indices where weights[i] > weights[best] { best = i }
    // Weigh each by all that end where it does.
    var (winner, most) = (best, agreed(with: best, row, weights, ways))
    for i in weights.indices where weights[i] >= Self.possibility && i != best {
      let agreed = agreed(with: i, row, weights, ways)
      if agreed > most { (winner, most) = (i, agreed) }
    }
    let isProven = most >= Self.mark
    for i in weights.indices where weights[i] > 0 {
      if isProven, coincide(i, winner, row, ways) {
        if i == winner {
          emit(row.lowerBound + i, confidence: most, isUndecided: false, ways, &legs)
        }
      } else if weights[i] >= Self.possibility {
        emit(row.lowerBound + i, confidence: weights[i], isUndecided: true, ways, &legs)
      }
    }
  }

  private func agreed(
    with i: Int, _ row: Range<Int>, _ weights: UnsafeMutableBufferPointer<Double>, _ ways: Ways
  ) -> Double {
    var sum = 0.0
    for k in weights.indices where weights[k] > 0 && coincide(i, k, row, ways) { sum += weights[k] }
    return sum
  }

  /// That two steps of a row end at the same place: within `coincidence`, on whatever line, or both off all lines.
  private func coincide(_ i: Int, _ k: Int, _ row: Range<Int>, _ ways: Ways) -> Bool {
    if i == k { return true }
    let (a, b) = (trellis.steps[row.lowerBound + i], trellis.steps[row.lowerBound + k])
    if a.segment < 0 || b.segment < 0 { return a.segment < 0 && b.segment < 0 }
    if ways.segments[Int(a.segment)].line == ways.segments[Int(b.segment)].line,
      abs(a.chainage - b.chainage) < Self.seam
    {
      return true
    }
    return ways.point(a.chainage, on: Int(a.segment)).distance(
      to: ways.point(b.chainage, on: Int(b.segment))) <= Ways.coincidence
  }

  // MARK: legs

  /// What is told of one leg, wherever it runs.
  private struct Verdict {
    var speed: Double
    var speeds: ClosedRange<Double>
    var confidence: Double
    var isUndecided: Bool
  }

  private mutating func emit(
    _ index: Int, confidence: Double, isUndecided: Bool, _ ways: Ways, _ legs: inout [MatchedLeg]
  ) {
    let step = trellis.steps[index]
    guard step.parent >= 0 else { return }
    let before = trellis.steps[trellis.nodes[0].first + Int(step.parent)]
    let node = trellis.nodes[1]
    let (began, ended) = (trellis.nodes[0].time, node.time)
    let verdict = Verdict(
      speed: node.isStanding ? 0 : node.speed,
      speeds: node.isStanding
        ? 0...0
        : ended - began > MatchedLeg.mixed ? node.speeds : node.speed...node.speed,
      confidence: confidence,
      isUndecided: isUndecided)
    func moment(_ share: Double) -> Int64 {
      began + Int64((Double(ended - began) * share).rounded())
    }
    switch step.course {
    case .between: return
    case .came(let entry, let share):
      let middle = moment(share)
      let line = ways.segments[Int(step.segment)].line
      fray(line, began, middle, entry, -direction(at: 1, on: step, ways), verdict, ways, &legs)
      put(line, middle, ended, entry, step.chainage, verdict, ways, &legs)
    case .went(let exit, let share):
      let middle = moment(share)
      let line = ways.segments[Int(before.segment)].line
      put(line, began, middle, before.chainage, exit, verdict, ways, &legs)
      fray(line, middle, ended, exit, direction(at: 0, on: before, ways), verdict, ways, &legs)
    case .on:
      guard step.segment >= 0 else { return }
      let line = ways.segments[Int(step.segment)].line
      guard !node.isStanding else {
        put(line, began, ended, step.chainage, step.chainage, verdict, ways, &legs)
        return
      }
      guard let turn = turn(from: before, to: step, ways) else {
        putPaced(line, before.chainage, step.chainage, verdict, ways, &legs)
        return
      }
      let middle = moment(turn.share)
      put(line, began, middle, before.chainage, turn.chainage, verdict, ways, &legs)
      put(line, middle, ended, turn.chainage, step.chainage, verdict, ways, &legs)
      fray(
        line, began, ended, turn.chainage, direction(at: 0, on: before, ways), verdict, ways, &legs)
    case .over(let exit, let entry, let share):
      let middle = moment(share)
      put(
        ways.segments[Int(before.segment)].line, began, middle, before.chainage, exit, verdict,
        ways, &legs)
      put(
        ways.segments[Int(step.segment)].line, middle, ended, entry, step.chainage, verdict, ways,
        &legs)
    }
  }

  /// Travel along a line from the first node to the next: in one leg, or between nodes that lie far apart in as many as
  /// are told apart by their speeds.
  private mutating func putPaced(
    _ line: Int32, _ from: Double, _ to: Double, _ verdict: Verdict, _ ways: Ways,
    _ legs: inout [MatchedLeg]
  ) {
    let (a, b) = (trellis.nodes[0], trellis.nodes[1])
    let to = ways.ways[Int(line)].unwrapped(to, from: from)
    guard b.time - a.time > MatchedLeg.mixed, from != to, let first = a.endSpeed,
      let last = b.endSpeed
    else {
      put(line, a.time, b.time, from, to, verdict, ways, &legs)
      return
    }
    let seconds = Double(b.time - a.time) / 1000
    let pace = Pace(
      first: first, last: last, told: verdict.speeds, way: abs(to - from),
      doubt: 2 * receiver.wandering(over: seconds).squareRoot(), duration: seconds)
    func moment(_ share: Double) -> Int64 { a.time + Int64((share * seconds * 1000).rounded()) }
    for stretch in pace.stretches {
      var part = verdict
      part.speeds = stretch.speeds
      if stretch.speeds.lowerBound == stretch.speeds.upperBound {
        part.speed = stretch.speeds.lowerBound
      }
      put(
        line, moment(stretch.time.lowerBound), moment(stretch.time.upperBound),
        from + (to - from) * stretch.way.lowerBound, from + (to - from) * stretch.way.upperBound,
        part, ways, &legs)
    }
  }

  /// Where it turned round between two nodes at which it went opposite ways: as far on as the way gone allows, less what
  /// is not known of it. Nil where it did not, or hardly.
  private func turn(from a: Trellis.Step, to b: Trellis.Step, _ ways: Ways) -> (
    chainage: Double, share: Double
  )? {
    let way = trellis.nodes[1].way
    let (u, w) = (ways.segments[Int(a.segment)].unit, ways.segments[Int(b.segment)].unit)
    let out = trellis.nodes[0].velocity.dot(u)
    let back = trellis.nodes[1].velocity.dot(w)
    guard out * back < 0, abs(out) > Odometer.standingSpeed, abs(back) > Odometer.standingSpeed
    else { return nil }
    let line = ways.ways[Int(ways.segments[Int(a.segment)].line)]
    let gone = line.unwrapped(b.chainage, from: a.chainage) - a.chainage
    let ahead = out > 0 ? gone : -gone
    let first = (way + ahead) / 2
    guard first > 1, way - first > 1 else { return nil }
    let reach = first * Self.turnCertainty + max(0, ahead) * (1 - Self.turnCertainty)
    var at = a.chainage + (out > 0 ? reach : -reach)
    if !line.isClosed { at = min(max(at, 0), line.length) }
    return (at, first / way)
  }

  /// Between nodes this far apart where a line was left or turned on is not known well enough to rule out a little more.
  private static let frayed: Int64 = 10_000

  /// The stretch beyond the end of a proven leg that cannot be ruled out: two deviations of what positions wander.
  private mutating func fray(
    _ line: Int32, _ began: Int64, _ ended: Int64, _ end: Double, _ direction: Double,
    _ verdict: Verdict, _ ways: Ways, _ legs: inout [MatchedLeg]
  ) {
    let length = trellis.nodes[1].time - trellis.nodes[0].time
    guard length > Self.frayed, !verdict.isUndecided, direction != 0 else { return }
    let far = 2 * receiver.wandering(over: Double(length) / 1000).squareRoot()
    let way = ways.ways[Int(line)]
    var beyond = end + direction * far
    if !way.isClosed { beyond = min(max(beyond, 0), way.length) }
    var open = verdict
    open.isUndecided = true
    put(line, began, ended, end, beyond, open, ways, &legs)
  }

  /// Of travel along the line of a step at one of the leg's nodes: 1 up, -1 down; 0 where it stood.
  private func direction(at node: Int, on step: Trellis.Step, _ ways: Ways) -> Double {
    let along = trellis.nodes[node].velocity.dot(ways.segments[Int(step.segment)].unit)
    return along > 0 ? 1 : along < 0 ? -1 : 0
  }

  /// Of the way to where it must have turned, this part is told as gone.
  private static let turnCertainty = 0.8

  /// A leg on a line, and on all that are walked with it.
  private mutating func put(
    _ line: Int32, _ began: Int64, _ ended: Int64, _ from: Double, _ to: Double,
    _ verdict: Verdict, _ ways: Ways, _ legs: inout [MatchedLeg]
  ) {
    let way = ways.ways[Int(line)]
    let to = way.unwrapped(to, from: from)
    let from = verdict.isUndecided ? from : seamed(line, began, from, ended, to)
    if !way.isStreet { append(line, began, ended, from, to, verdict, &legs) }
    let (low, high) = (min(from, to), max(from, to))
    for c in ways.companions(of: Int(line)) {
      let other = ways.companions[c]
      guard other.from < high || (other.from <= high && low == high), other.to > low else {
        continue
      }
      let rate = (other.otherTo - other.otherFrom) / (other.to - other.from)
      let (a, b) = (min(max(from, other.from), other.to), min(max(to, other.from), other.to))
      func at(_ s: Double) -> Int64 {
        from == to
          ? began : began + Int64((Double(ended - began) * (s - from) / (to - from)).rounded())
      }
      let (start, end) = (at(a), from == to ? ended : at(b))
      let otherTo = other.otherFrom + (b - other.from) * rate
      var otherFrom = other.otherFrom + (a - other.from) * rate
      if !verdict.isUndecided { otherFrom = seamed(other.line, start, otherFrom, end, otherTo) }
      append(other.line, start, end, otherFrom, otherTo, verdict, &legs)
    }
  }

  /// Where a proven leg on a line begins: where one ended that was told before, if that is the same place but for what
  /// positions wander. Keeps where it ends.
  private mutating func seamed(
    _ line: Int32, _ began: Int64, _ from: Double, _ ended: Int64, _ to: Double
  ) -> Double {
    defer { told.append(Told(line: line, time: ended, chainage: to)) }
    guard from != to,
      let last = told.last(where: {
        $0.line == line && $0.time == began && abs($0.chainage - from) <= Self.seam
      })
    else { return from }
    return last.chainage
  }

  private func append(
    _ line: Int32, _ began: Int64, _ ended: Int64, _ from: Double, _ to: Double, _ verdict: Verdict,
    _ legs: inout [MatchedLeg]
  ) {
    guard ended > began else { return }
    let leg = MatchedLeg(
      line: Int(line), began: began, ended: ended, from: from, to: to, speed: verdict.speed,
      speeds: verdict.speeds,
      confidence: verdict.confidence, isUndecided: verdict.isUndecided)
    // Two accounts may say the same of one stretch.
    var i = legs.count - 1
    while i >= 0, legs[i].ended >= leg.began {
      if legs[i] == leg { return }
      i -= 1
    }
    legs.append(leg)
  }
}

extension Trellis.Step.Course {
  /// Part of it was on the line of the step before.
  var isAfterLine: Bool {
    switch self {
    case .over, .went: true
    case .on, .between, .came: false
    }
  }
}
