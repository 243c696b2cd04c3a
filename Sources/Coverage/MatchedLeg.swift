/// A matched leg: travel along a line, or standing on it, with time linear along it.
struct MatchedLeg: Hashable, Sendable, Codable {
  var line: Int
  var began: Int64
  var ended: Int64
  /// Chainages; equal while standing.
  var from: Double
  var to: Double
  /// Metres per second, by distance; and the slowest and fastest that it may have been on the way.
  var speed: Double
  var speeds: ClosedRange<Double>
  var confidence: Double
  /// Not told apart from another line: its cells are possible, not proven.
  var isUndecided: Bool

  /// Of a longer leg its speed on the whole does not tell whether all of it was as fast, in milliseconds.
  static let mixed: Int64 = 10_000

  /// Part of it was faster than that, and part was not: which is not known.
  func straddles(_ speed: Double) -> Bool {
    speeds.lowerBound <= speed && speed < speeds.upperBound
  }
}
