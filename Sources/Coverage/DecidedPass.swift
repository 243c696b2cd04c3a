/// Consecutive legs of one handheld along one line in one direction, all of them slow enough or all too fast.
struct DecidedPass: Hashable, Sendable {
  var line: Int
  var began: Int64
  var ended: Int64
  /// Chainages; of a closed loop they may run on below 0 or above its length.
  var from: Double
  var to: Double
  /// Time-weighted mean over moving legs, metres per second; 0 while only standing.
  var speed: Double
  /// The lowest of its legs.
  var confidence: Double
  let isFast: Bool
  /// When the fix that decided it was taken.
  var decided: Int64
  private var movingMilliseconds: Int64

  init(_ leg: MatchedLeg, isFast: Bool) {
    (line, began, ended) = (leg.line, leg.began, leg.ended)
    (from, to) = (leg.from, leg.to)
    (speed, confidence) = (leg.speed, leg.confidence)
    self.isFast = isFast
    decided = leg.ended
    movingMilliseconds = leg.from == leg.to ? 0 : leg.ended - leg.began
  }

  /// Chainages at a node agree to this, in metres.
  private static let continuity = 5.0

  func isContinued(by leg: MatchedLeg, isFast: Bool) -> Bool {
    guard line == leg.line, ended == leg.began, abs(to - leg.from) <= Self.continuity else {
      return false
    }
    if from == to || leg.from == leg.to { return self.isFast == isFast || leg.from == leg.to }
    return self.isFast == isFast && (to > from) == (leg.to > leg.from)
  }

  mutating func extend(by leg: MatchedLeg) {
    let moving = leg.from == leg.to ? 0 : leg.ended - leg.began
    if moving > 0 {
      let total = movingMilliseconds + moving
      speed = (speed * Double(movingMilliseconds) + leg.speed * Double(moving)) / Double(total)
      movingMilliseconds = total
    }
    ended = leg.ended
    if leg.from != leg.to { to = leg.to }
    confidence = min(confidence, leg.confidence)
  }
}
