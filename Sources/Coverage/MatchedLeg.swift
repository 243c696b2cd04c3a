/// A matched leg: travel along a line, or standing on it, with time linear along it.
struct MatchedLeg: Hashable, Sendable {
  var line: Int
  var began: Int64
  var ended: Int64
  /// Chainages; equal while standing.
  var from: Double
  var to: Double
  /// Metres per second, by distance; and the slowest and fastest that it may have been on the way.
  var speed: Double
  private var slowest: Double
  private var fastest: Double
  var speeds: ClosedRange<Double> {
    get { slowest...fastest }
    set { (slowest, fastest) = (newValue.lowerBound, newValue.upperBound) }
  }
  var confidence: Double
  /// Not told apart from another line: its cells are possible, not proven.
  var isUndecided: Bool

  init(
    line: Int, began: Int64, ended: Int64, from: Double, to: Double, speed: Double,
    speeds: ClosedRange<Double>, confidence: Double, isUndecided: Bool
  ) {
    (self.line, self.began, self.ended, self.from, self.to) = (line, began, ended, from, to)
    (self.speed, slowest, fastest) = (speed, speeds.lowerBound, speeds.upperBound)
    (self.confidence, self.isUndecided) = (confidence, isUndecided)
  }

  /// Of a longer leg its speed on the whole does not tell whether all of it was as fast, in milliseconds.
  static let mixed: Int64 = 10_000

  /// Part of it was faster than that, and part was not: which is not known.
  func straddles(_ speed: Double) -> Bool {
    speeds.lowerBound <= speed && speed < speeds.upperBound
  }
}
