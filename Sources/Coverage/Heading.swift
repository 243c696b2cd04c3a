internal import Geodesy

/// The course a handheld has kept to lately, by Doppler: what one who is off all lines is expected to go on with. Lines
/// have their bends given; a walk across country, or along a way that is on no map, pays for each turn it takes.
struct Heading: Hashable, Sendable {
  /// Mean displacement from node to node since the last turn, metres; none while standing.
  private var course = PlanePoint(x: 0, y: 0)
  private var count = 0

  /// So many displacements tell it.
  private static let memory = 6
  /// It is kept to within this share of the way, or else it is a turn, which costs this much: one in a minute.
  private static let steadiness = 0.14
  private static let turnCost = 2.5

  /// What it costs off all lines to go on by a displacement, over what keeping to a line's course would.
  func cost(of moved: Displacement) -> Double {
    guard let d = moved.vector, !moved.isStanding, d.length > 1 else { return 0 }
    guard course.length > 1 else { return Self.turnCost }
    let variance = variance(of: moved)
    return deviation(d, variance) + Elementary.ln(variance / moved.acrossVariance) / 2
  }

  mutating func follow(_ moved: Displacement) {
    guard let d = moved.vector, !moved.isStanding else {
      self = Heading()
      return
    }
    let isTurn = course.length <= 1 || deviation(d, variance(of: moved)) >= Self.turnCost
    count = isTurn ? 1 : min(count + 1, Self.memory)
    let share = 1 / Double(count)
    course = course * (1 - share) + d * share
  }

  private func deviation(_ d: PlanePoint, _ variance: Double) -> Double {
    guard d.dot(course) >= 0 else { return Self.turnCost }
    let across = d.cross(course) / course.length
    return min(Self.turnCost, across * across / (2 * variance))
  }

  /// Of a displacement across it, square metres; it is not known better than what told it.
  private func variance(of moved: Displacement) -> Double {
    let d = moved.vector ?? PlanePoint(x: 0, y: 0)
    return (1 + 1 / Double(max(1, count))) * moved.variance
      + moved.changeVariance(across: course * (1 / course.length))
      + Self.steadiness * Self.steadiness * d.dot(d)
  }
}
