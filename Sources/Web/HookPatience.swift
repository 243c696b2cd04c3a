internal import Geodesy
internal import Store

/// What a receiver said.
enum HookAnswer: Sendable, Hashable {
  /// With how long it asks to be left alone.
  case status(Int, rest: Milliseconds? = nil)
  /// Nothing, and why.
  case silence(String)
}

/// How long a message is tried, and how often.
enum HookPatience {
  /// After the first failure; twice as long after each further one.
  static let first = Milliseconds.seconds(5)
  static let longest = Milliseconds.minutes(15)
  /// Whoever asks for a longer rest is tried after this.
  static let longestRest = Milliseconds.hours(1)
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

  /// How long an address that failed asked to be left alone.
  static func rest(_ answer: HookAnswer) -> Milliseconds? {
    guard case .status(let status, let rest?) = answer, !(200..<300).contains(status) else {
      return nil
    }
    return min(max(rest, .zero), longestRest)
  }

  /// What a `Retry-After` asks for: seconds, or until a date (RFC 9110, 10.2.3); nil where it can be read as neither.
  static func rest(retryAfter text: String, at now: Instant) -> Milliseconds? {
    if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    {
      return Int(text).map { $0 > 1_000_000 ? longestRest : .seconds($0) } ?? longestRest
    }
    // "Sun, 06 Nov 1994 08:49:37 GMT"
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT",
      let month = months.firstIndex(of: String(parts[2])).map({ $0 + 1 })
    else { return nil }
    let date = "\(parts[3])-\(month < 10 ? "0" : "")\(month)-\(parts[1])T\(parts[4])Z"
    return Instant(rfc3339: date).map { $0 - now }
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// What follows from an answer.
  static func outcome(
    _ answer: HookAnswer, of delivery: HookDelivery, at now: Instant, random: Double
  ) -> HookOutcome {
    let next = now + max(wait(after: delivery.attempts + 1, random: random), rest(answer) ?? .zero)
    let retry = next < delivery.queued + lifetime ? next : nil
    switch answer {
    case .status(let status, _) where (200..<300).contains(status):
      return .delivered(status: status)
    case .status(410, _): return .gone
    case .status(let status, _):
      let failure =
        (300..<400).contains(status)
        ? "status \(status): redirects are not followed" : "status \(status)"
      return .failed(status: status, failure: failure, next: retry)
    case .silence(let failure): return .failed(status: nil, failure: failure, next: retry)
    }
  }
}
