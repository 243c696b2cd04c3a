internal import Geodesy

/// How a receiver's positions err around here, as the matcher takes it: a first-order Gauss–Markov process on each axis,
/// and white noise on top.
///
/// Its size is learned from how positions wander against Doppler, which tells open sky from a street canyon within
/// a minute or two; what receivers claim of themselves does not (`eph` follows the satellites' geometry alone).
struct ReceiverError: Hashable, Sendable {
  /// Standard deviation of the slow part, in metres.
  private(set) var deviation = Self.usual
  /// Mean square of what positions wandered from node to node, over what it would be for a deviation of 1 m.
  private var square = Self.usual * Self.usual

  /// Correlated over this long, in seconds (measured: 1/e after 7 to 166 s, median 39 s).
  static let correlation = 40.0
  /// Ordinary streets; the limits are open sky and a deep canyon. In metres.
  static let usual = 5.0
  static let limits = 2.5...12.0
  /// White noise as a share of the slow part's deviation (0.2 to 0.25 in the environments simulated), with a floor for
  /// roundings.
  static let whiteShare = 0.22
  static let whiteMinimum = 0.5
  /// Nodes that the estimate remembers.
  private static let memory = 24.0
  /// A larger step than this many times the usual is a jump, and says nothing of the rest.
  private static let clip = 3.0
  /// eph is a 95 % radius; of a Rayleigh distribution that is 2.45 deviations an axis.
  static let deviationsOf95 = 2.45

  /// Variance of the white noise of one fix.
  var white: Double {
    let w = max(Self.whiteMinimum, Self.whiteShare * deviation)
    return w * w
  }

  /// Standard deviation of a velocity's axis, in metres a second: reflections spoil it as they spoil positions.
  var velocityError: Double { 0.03 * deviation }

  /// What is left of an error after `seconds`, as a factor.
  static func kept(after seconds: Double) -> Double { Elementary.exp(-seconds / correlation) }

  /// Variance of each axis of the difference between two positions so many seconds apart.
  func wandering(over seconds: Double) -> Double {
    2 * (1 - Self.kept(after: seconds)) * deviation * deviation + 2 * white
  }

  /// Learns from one node: `step` is what the position moved less what Doppler says it did.
  mutating func learn(step: PlanePoint, _ moved: Displacement, keep: Double) {
    let expected = 2 * (1 - keep) + 2 * Self.whiteShare * Self.whiteShare
    // Where Doppler itself is vague it teaches nothing.
    guard moved.vector != nil, !moved.isSeen, moved.variance < 0.5 * expected * square else {
      return
    }
    let mean = max(0, step.dot(step) / 2 - moved.variance) / expected
    let clipped = min(mean, Self.clip * Self.clip * square)
    square += (clipped - square) / Self.memory
    let root = square.squareRoot()
    deviation = min(max(root, Self.limits.lowerBound), Self.limits.upperBound)
  }

  /// The deviation to reckon with for a fix that claims `accuracy` of itself: never less than most of that.
  func deviation(claiming accuracy: Double) -> Double {
    max(deviation, 0.8 * accuracy / Self.deviationsOf95)
  }
}
