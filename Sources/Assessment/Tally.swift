public import Coverage
public import Geodesy

/// What a number of duty windows amount to. Tallies add up, so that a quarter is the sum of its days, a squadron the sum of its
/// duties, each times its weight.
public struct Tally: Hashable, Sendable {
  /// Σ weight of the windows that were judged.
  public var weight = 0.0
  /// Σ weight × share, what was excused taken out of the others. A duty window's shares are the mean over its places.
  public var covered = 0.0
  public var missed = 0.0
  public var unproven = 0.0
  public var excused = 0.0
  /// Of what is unproven, the part that is our own fault: a gpsd not reached, a daemon not running.
  public var ownFault = 0.0
  /// Duty windows, judged or not.
  public var windows = 0
  /// Attendances: the fewest that can meet what was owed, and those made.
  public var required = 0
  public var made = 0
  public var gaps = 0
  /// The longest time between two attendances, or between one and an edge of its window.
  public var longestInterval = Milliseconds.zero
  public var waits = Waits()

  public init() {}

  /// One duty window, its places taken together.
  public init(
    _ shares: Shares?, ownFault: Double = 0, required: Int, made: Int, gaps: Int = 0,
    longestInterval: Milliseconds = .zero, waits: Waits = Waits()
  ) {
    windows = 1
    (self.required, self.made, self.gaps) = (required, made, gaps)
    (self.longestInterval, self.waits) = (longestInterval, waits)
    guard let shares else { return }
    weight = 1
    (covered, missed) = (shares.covered, shares.missed)
    (unproven, excused) = (shares.unproven, shares.excused)
    self.ownFault = ownFault
  }

  /// Adds another, its shares `times` as much. Counts and waits are what they are, whatever they weigh.
  public mutating func add(_ other: Tally, times: Double = 1) {
    weight += times * other.weight
    covered += times * other.covered
    missed += times * other.missed
    unproven += times * other.unproven
    excused += times * other.excused
    ownFault += times * other.ownFault
    windows += other.windows
    required += other.required
    made += other.made
    gaps += other.gaps
    longestInterval = max(longestInterval, other.longestInterval)
    waits.add(other.waits)
  }

  /// Mean shares; they sum to 1. Nil where nothing was judged.
  public var shares: Shares? {
    guard weight > 0 else { return nil }
    return Shares(
      covered: covered / weight, missed: missed / weight, unproven: unproven / weight,
      excused: excused / weight)
  }

  /// Covered / (1 − excused − our own fault), from 0 to 1, to a hundredth of a per cent: what is printed is what is compared
  /// with marks and with others. Silence on the handheld's side counts against it until excused. Nil where nothing is left to be
  /// scored.
  public var score: Double? {
    let owed = weight - excused - ownFault
    guard owed > 1e-9 * max(1, weight) else { return nil }
    return (min(1, max(0, covered / owed)) * 1e4).rounded() / 1e4
  }
}

/// How long one waits for an attendance who comes at any time: the sums of headways that it follows from.
///
/// A passenger's mean wait is Σh²/2Σh (Osuna and Newell 1972), the excess over what the interval asks is what bus operators are
/// paid by (Transport for London's excess wait time).
public struct Waits: Hashable, Sendable {
  /// Σh: seconds between attendances, the window's edges included; on a line the mean over its cells.
  public var time = 0.0
  /// Σh², seconds squared.
  public var squares = 0.0
  /// Σh × what is asked between attendances, seconds squared.
  public var asked = 0.0

  public init() {}

  /// - Parameter every: what was asked; longer than the window means once.
  public init(time: Double, squares: Double, every: Milliseconds, window: Milliseconds) {
    self.time = time
    self.squares = squares
    asked = time * min(every, window).seconds
  }

  public mutating func add(_ other: Waits) {
    time += other.time
    squares += other.squares
    asked += other.asked
  }

  /// Σh²/2Σh less half of what was asked, in seconds; below zero where attendances were closer than asked. Nil without any.
  public var meanExcess: Double? {
    time > 0 ? (squares - asked) / (2 * time) : nil
  }
}

extension Waits {
  /// The fewest attendances that keep a window fresh: the first is due after one interval, the last keeps for one more.
  public static func required(every: Milliseconds, window: Milliseconds) -> Int {
    guard every > .zero, window > every else { return 1 }
    let (whole, rest) = window.value.quotientAndRemainder(dividingBy: every.value)
    return max(1, Int(whole) - (rest == 0 ? 1 : 0))
  }
}
