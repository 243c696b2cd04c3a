internal import Coverage
internal import Geodesy
internal import Patrol

/// Stays at one place, laid side by side where they overlap in time.
struct StayLanes: Sendable {
  /// Of one lane, in pixels.
  static let height = 12.0
  /// More overlapping stays than this share the last one.
  private static let most = 6

  /// In order of arrival.
  let placed: [(stay: Stay, lane: Int)]
  let count: Int

  /// - Parameter stays: squares of a gridded area are taken together.
  init(_ stays: [Stay]) {
    var placed: [(Stay, Int)] = []
    var ends: [Instant] = []
    for stay in Self.joined(stays) {
      var lane = ends.firstIndex { $0 < stay.arrived } ?? ends.count
      lane = min(lane, Self.most - 1)
      if lane == ends.count { ends.append(stay.left) }
      ends[lane] = max(ends[lane], stay.left)
      placed.append((stay, lane))
    }
    self.placed = placed
    count = ends.count
  }

  /// When the stay before it in its lane ended, and the one after it begins.
  func neighbours(of stay: Stay) -> (before: Instant?, after: Instant?) {
    guard let i = placed.firstIndex(where: { $0.stay == stay }) else { return (nil, nil) }
    let lane = placed[i].lane
    return (
      placed[..<i].last { $0.lane == lane }?.stay.left,
      placed[(i + 1)...].first { $0.lane == lane }?.stay.arrived
    )
  }

  /// What one handheld did in one square after the other, with at most a minute between, is one stay in the area: of the
  /// best of their kinds, and as long as all of it.
  private static func joined(_ stays: [Stay]) -> [Stay] {
    let order: [Stay.Kind] = [.stay, .shortStay, .driveBy]
    var joined: [Stay] = []
    for (_, own) in Dictionary(grouping: stays, by: \.handheld) {
      var open: Stay?
      for stay in own.sorted(by: { ($0.arrived, $0.left, $0.cell) < ($1.arrived, $1.left, $1.cell) }
      ) {
        guard var last = open, last.cell != stay.cell || stay.arrived <= last.left,
          stay.arrived - last.left <= .minutes(1)
        else {
          if let open { joined.append(open) }
          open = stay
          continue
        }
        last.left = max(last.left, stay.left)
        last.length = last.left - last.arrived
        last.cell = stay.cell
        last.kind = order.first { $0 == last.kind || $0 == stay.kind } ?? .stay
        open = last
      }
      if let open { joined.append(open) }
    }
    return joined.sorted { ($0.arrived, $0.handheld, $0.left) < ($1.arrived, $1.handheld, $1.left) }
  }
}
