internal import Geodesy
internal import Patrol

/// The seconds in which each cell of a place was truly attended, by anybody who served the duty: by cell, rising.
struct TrueAttendance {
  private(set) var proven: [[Int]]
  private(set) var short: [[Int]]
  private(set) var driveBy: [[Int]]

  /// A stay is not broken by this long outside.
  private static let excursionMaximum = 60
  /// Travel at more than 60° to a line is not along it.
  private static let alongMinimum = 0.5

  /// - Parameter knownBefore: only what was received before this moment.
  init(
    _ ground: TrueGround, _ duty: Duty, _ serving: [Assignment], _ all: [Footprints],
    over span: Range<Instant>, knownBefore: Instant
  ) {
    proven = Array(repeating: [], count: ground.cells)
    (short, driveBy) = (proven, proven)
    var present: [Int: Int] = [:]
    for steps in all where !steps.positions.isEmpty {
      let spans = serving.filter { $0.handheld == steps.walker.handheld.id }.map(\.span)
      guard !spans.isEmpty else { continue }
      let isKnown = steps.received.enumerated().map { k, received in
        guard let received, received < knownBefore else { return false }
        return spans.contains { $0.contains(span.lowerBound + .seconds(k)) }
      }
      let limit = duty.passSpeedMaximum ?? steps.walker.handheld.travel.passSpeedMaximum
      switch ground.shape {
      case .line(let line, let corridor):
        walk(line, corridor, ground, steps, isKnown, limit.value)
      case .disc, .surface:
        stay(ground, duty, steps, isKnown, limit.value, &present)
      }
    }
    if !ground.isLine { proven[0] = Self.together(present, duty) }
    for c in proven.indices {
      proven[c].sort()
      short[c].sort()
      driveBy[c].sort()
    }
  }

  private mutating func stay(
    _ ground: TrueGround, _ duty: Duty, _ steps: Footprints, _ isKnown: [Bool], _ limit: Double,
    _ present: inout [Int: Int]
  ) {
    var run: [Int] = []
    func slow(_ a: Int, _ b: Int) -> Bool {
      steps.positions[a].distance(to: steps.positions[b]).value <= limit * Double(b - a)
    }
    func end(_ run: [Int]) -> (stays: [Int], short: [Int], fast: [Int]) {
      guard run.count >= 2, let first = run.first, let last = run.last else { return ([], [], []) }
      let all = Array(first...last)
      let seconds = Int64(zip(run, run.dropFirst()).count { $1 - $0 == 1 })
      if duty.stay.value > 0 {
        return seconds * 1000 >= duty.stay.value ? (all, [], []) : ([], all, [])
      }
      let isSlow = zip(run, run.dropFirst()).contains { $1 - $0 == 1 && slow($0, $1) }
      return isSlow ? (all, [], []) : ([], [], all)
    }
    func close() {
      let ended = end(run)
      for k in ended.stays { present[k, default: 0] += 1 }
      short[0] += ended.short
      driveBy[0] += ended.fast
      run = []
    }
    for k in steps.positions.indices where isKnown[k] && ground.holds(steps.positions[k]) {
      if let last = run.last, k - last > Self.excursionMaximum { close() }
      run.append(k)
    }
    close()
  }

  /// Seconds in which enough are there together, in pieces of at least the stay.
  private static func together(_ present: [Int: Int], _ duty: Duty) -> [Int] {
    let seconds = present.filter { $0.value >= duty.atOnce }.keys.sorted()
    guard duty.atOnce > 1 else { return seconds }
    var pieces: [[Int]] = []
    for k in seconds {
      if pieces.last?.last == k - 1 {
        pieces[pieces.count - 1].append(k)
      } else {
        pieces.append([k])
      }
    }
    return pieces.filter { Int64($0.count - 1) * 1000 >= duty.stay.value }.flatMap { $0 }
  }

  /// A cell is attended where the way of a second crosses the perpendicular through its middle, within the corridor
  /// and along the line.
  private mutating func walk(
    _ line: Polyline, _ corridor: Double, _ ground: TrueGround, _ steps: Footprints,
    _ isKnown: [Bool], _ limit: Double
  ) {
    let middles = (0..<ground.cells).map { (Double($0) + 0.5) * ground.cellSize }
    let points = middles.map(line.point)
    let directions = middles.map(line.direction)
    for k in steps.positions.indices.dropLast() where isKnown[k] && isKnown[k + 1] {
      let a = line.plane.point(steps.positions[k])
      let near = line.nearest(to: a)
      let b = line.plane.point(steps.positions[k + 1])
      let way = b - a
      guard near.distance <= corridor + way.length else { continue }
      if way.length == 0 {
        if near.distance <= corridor {
          proven[min(ground.cells - 1, Int(near.chainage / ground.cellSize))].append(k)
        }
        continue
      }
      for c in points.indices {
        let (before, after) = (
          (a - points[c]).dot(directions[c]), (b - points[c]).dot(directions[c])
        )
        guard (before < 0) != (after < 0), abs(after - before) >= Self.alongMinimum * way.length
        else { continue }
        let crossing = a + way * (before / (before - after))
        guard crossing.distance(to: points[c]) <= corridor else { continue }
        if way.length <= limit * 1.001 { proven[c].append(k) } else { driveBy[c].append(k) }
      }
    }
  }
}
