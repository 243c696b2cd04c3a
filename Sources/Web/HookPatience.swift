internal import Geodesy
internal import Store

/// What a receiver said.
enum HookAnswer: Sendable, Hashable {
  case status(Int)
  /// Nothing, and why.
  case silence(String)
}

/// How long a message is tried, and how often.
enum HookPatience {
  /// After the first failure; twice as long after each further one.
  static let first = Milliseconds.seconds(5)
  static let longest = Milliseconds.minutes(15)
  /// Of a wait, on either side, so that many that failed together do not come back together.
  private static let jitter = 0.2
  /// A message that was queued before that is not tried again.
  static let lifetime = Milliseconds.hours(24)

  /// - Parameters:
  ///   - failures: in succession, 1 or more.
  ///   - random: in 0..<1.
  static func wait(after failures: Int, random: Double) -> Milliseconds {
    let doublings = min(max(failures, 1) - 1, 20)
    let wait = min(Double(first.value) * Double(1 << doublings), Double(longest.value))
    return Milliseconds(Int64((wait * (1 - jitter + 2 * jitter * random)).rounded()))
  }

  /// What follows from an answer.
  static func outcome(
    _ answer: HookAnswer, of delivery: HookDelivery, at now: Instant, random: Double
  ) -> HookOutcome {
    let next = now + wait(after: delivery.attempts + 1, random: random)
    let retry = next < delivery.queued + lifetime ? next : nil
    switch answer {
    case .status(let status) where (200..<300).contains(status):
      return .delivered(status: status)
    case .status(410): return .gone
    case .status(let status):
      let failure =
        (300..<400).contains(status)
        ? "status \(status): redirects are not followed" : "status \(status)"
      return .failed(status: status, failure: failure, next: retry)
    case .silence(let failure): return .failed(status: nil, failure: failure, next: retry)
    }
  }
}
