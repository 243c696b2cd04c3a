/// A matched leg: travel along a line, or standing on it, with time linear along it.
struct MatchedLeg: Hashable, Sendable, Codable {
  var line: Int
  var began: Int64
  var ended: Int64
  /// Chainages; equal while standing.
  var from: Double
  var to: Double
  /// Metres per second.
  var speed: Double
  var confidence: Double
  /// Not told apart from another line: its cells are possible, not proven.
  var isUndecided: Bool
}
