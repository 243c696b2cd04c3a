internal import Geodesy
internal import Patrol

/// Tells which of a handheld's observations are believed, from what it must remember of those before.
///
/// Small and apart from the track, so that a copy can run ahead of it: a gate is answered at once, the steps may wait.
struct Gates: Hashable, Sendable {
  private var lastUsable: Mark?
  private var lastFixTime = Int64.min
  /// The first of the latest fixes that lie at one position to the last digit.
  private var stillAt: Coordinate?
  private var stillSince = Int64.min
  private var strays: [Mark] = []

  /// What is asked of a fix by those after it.
  private struct Mark: Hashable {
    var time: Int64
    var position: Coordinate
    /// Metres, 95 %.
    var accuracy: Double
  }

  /// What an observation is good for. Accuracies in metres, 95 %.
  enum Verdict {
    /// `isWhole`: it goes on from the last usable fix, or is the first; else three strays agreed against that one, and a
    /// new track begins.
    case usable(accuracy: Double, isWhole: Bool)
    /// `isPossible`: taken at its best it can be so, and narrows where the handheld can have been.
    case poor(accuracy: Double, isPossible: Bool)
    case refused(Gate)
    case duplicate
    case noFix

    /// Nil where it is usable.
    var gate: Gate? {
      switch self {
      case .usable: nil
      case .poor: .poorFix
      case .refused(let gate): gate
      case .duplicate: .duplicate
      case .noFix: .noFix
      }
    }
  }

  /// Judges the next observation in order, at its order time.
  mutating func judge(
    _ observation: Observation, at: Int64, of bearer: Bearer, on ground: Ground,
    simulatedCounts: Bool
  ) -> Verdict {
    guard case .fix(let fix) = observation.report else { return .noFix }
    if observation.clockIsWrong { return .refused(.clock) }
    if lastFixTime == at { return .duplicate }
    lastFixTime = at
    if abs(fix.position.latitudeE7) < 90, abs(fix.position.longitudeE7) < 90 {
      return .refused(.nullIsland)
    }
    if fix.status == 8, !simulatedCounts { return .refused(.simulated) }
    let accuracy = bearer.accuracy(of: fix)
    if isFrozen(fix, at: at) { return .refused(.frozen) }
    let usable = Mark(time: at, position: fix.position, accuracy: accuracy)
    if accuracy > bearer.accuracyMaximum {
      var best = usable
      best.accuracy = 2 * accuracy
      let isPossible = lastUsable.map { Self.agree($0, best, bearer, ground) } ?? true
      return .poor(accuracy: accuracy, isPossible: isPossible)
    }
    guard let last = lastUsable, !Self.agree(last, usable, bearer, ground) else {
      if !strays.isEmpty { strays = [] }
      lastUsable = usable
      return .usable(accuracy: accuracy, isWhole: true)
    }
    if let stray = strays.last, !Self.agree(stray, usable, bearer, ground) { strays = [] }
    strays.append(usable)
    // Three that agree with each other: it is the last usable fix that was wrong, or far too old.
    guard strays.count >= 3 else { return .refused(.jump) }
    strays = []
    lastUsable = usable
    return .usable(accuracy: accuracy, isWhole: false)
  }

  /// Position identical for a minute while the receiver reports movement.
  private mutating func isFrozen(_ fix: Fix, at: Int64) -> Bool {
    guard stillAt == fix.position else {
      stillAt = fix.position
      stillSince = at
      return false
    }
    return at - stillSince >= 60_000 && (fix.speed?.value ?? 0) > 0.5
  }

  /// No faster from one to the other than plausible, both taken at their best.
  private static func agree(_ a: Mark, _ b: Mark, _ bearer: Bearer, _ ground: Ground)
    -> Bool
  {
    let limit =
      bearer.plausibleSpeed * Double(b.time - a.time) / 1000 + a.accuracy + b.accuracy
    if ground.distanceAtMost(a.position, b.position) <= limit { return true }
    return a.position.distance(to: b.position).value - a.accuracy - b.accuracy
      <= bearer.plausibleSpeed * Double(b.time - a.time) / 1000
  }
}

extension Gates: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&lastUsable)
    packing(&lastFixTime)
    packing(&stillAt)
    packing(&stillSince)
    packing(&strays)
  }
}
