/// A run at a target: where a handheld was from its arrival on, without an absence too long.
///
/// Two lines are watched. Within the *outer* one, the edge and as much as the position may be wrong by, the run goes on;
/// arrival and departure are when the *edge* is crossed where that is crossed shortly after or before.
struct StayRun: Hashable, Sendable {
  /// Milliseconds since 1970.
  var arrived: Int64
  /// Fixes within the outer line.
  var count = 1
  /// Of these, within the edge.
  var inside = 0
  /// The slowest leg within the outer line, metres per second.
  var slowest = Double.infinity
  /// Time spent on excursions, milliseconds.
  var excursions: Int64 = 0
  /// Last within the outer line, and within the edge.
  private var last: Int64
  private var lastAtEdge = Int64.min / 2
  /// When the outer line was crossed inwards, until the edge is.
  private var entered: Int64?
  /// How far from the edge it got since it left the outer line; nil within it.
  private var farthest: Double?
  /// Metres from the edge at the fix before.
  private var distance: Double

  /// Between the lines one walks for no longer than this, milliseconds: 13 m at 0.7 m/s.
  static let betweenLines: Int64 = 20_000

  /// One fix at a target, as a run sees it.
  struct Sight {
    var time: Int64
    /// When the fix before was taken; nil where nothing is known of the way from it.
    var before: Int64?
    /// Metres from the target's edge, 0 or less within it.
    var distance: Double
    /// Metres from the edge to the outer line.
    var outer: Double
    /// Further out than this it is an excursion.
    var away: Double
    var legSpeed: Double?

    /// When a line was crossed on the way from a distance at the fix before; the fix's own time where that is not known.
    func crossing(_ line: Double, from d: Double) -> Int64 {
      guard let before, d != distance else { return time }
      let share = min(1, max(0, (line - d) / (distance - d)))
      return before + Int64((share * Double(time - before)).rounded())
    }
  }

  /// Begins with a fix within the outer line; `distance` is that of the fix before.
  init(_ sight: Sight, from distance: Double) {
    arrived = sight.crossing(sight.outer, from: distance)
    last = sight.time
    entered = arrived
    self.distance = distance
    noteEdge(sight)
    self.distance = sight.distance
  }

  /// The end: at the edge, if it was crossed shortly before.
  var lastInside: Int64 { last - lastAtEdge <= Self.betweenLines ? lastAtEdge : last }
  var length: Int64 { max(0, lastInside - arrived - excursions) }
  var isOutside: Bool { farthest != nil }
  /// When it was last at the target for certain.
  var seen: Int64 { last }

  /// What a run counts for.
  enum Worth { case attends, short, driveBy, nothing }

  /// - Parameters:
  ///   - stay: milliseconds; 0 asks for two fixes within the edge.
  ///   - passSpeed: the most at which passing by attends where no stay is asked for.
  func worth(stay: Int64, passSpeed: Double) -> Worth {
    guard stay == 0 else { return length >= stay ? .attends : .short }
    guard inside > 1 else { return .nothing }
    return slowest <= passSpeed ? .attends : .driveBy
  }

  /// The next fix; not for one that comes too late for this run.
  mutating func take(_ sight: Sight) {
    defer { distance = sight.distance }
    guard sight.distance <= sight.outer else {
      if distance <= 0 { lastAtEdge = sight.crossing(0, from: distance) }
      if farthest == nil, sight.before != nil {
        last = max(last, sight.crossing(sight.outer, from: distance))
      }
      farthest = max(farthest ?? 0, sight.distance - sight.away)
      return
    }
    if let far = farthest {
      let back = sight.crossing(sight.outer, from: distance)
      if far > 0 {
        excursions += max(0, back - lastInside)
        entered = back
      }
      farthest = nil
    } else if let speed = sight.legSpeed {
      slowest = min(slowest, speed)
    }
    count += 1
    last = sight.time
    noteEdge(sight)
  }

  /// Arrivals are moved from the outer line to the edge once that is crossed.
  private mutating func noteEdge(_ sight: Sight) {
    guard sight.distance <= 0 else {
      if count > 1, distance <= 0 { lastAtEdge = sight.crossing(0, from: distance) }
      return
    }
    inside += 1
    lastAtEdge = sight.time
    guard let began = entered else { return }
    entered = nil
    let at = distance > 0 ? sight.crossing(0, from: distance) : sight.time
    guard at - began <= Self.betweenLines else { return }
    if began == arrived { arrived = max(arrived, at) } else { excursions += max(0, at - began) }
  }
}
