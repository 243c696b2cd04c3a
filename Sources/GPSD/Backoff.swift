internal import Geodesy

/// How long to wait before the next try: 0.5 s, doubling up to 30 s, each of it between half and whole by chance, so
/// that many daemons do not call a restarted gpsd at once.
struct Backoff: Hashable, Sendable {
  static let first = Milliseconds(500)
  static let longest = Milliseconds.seconds(30)

  private var whole = Backoff.first

  mutating func next(using random: inout some RandomNumberGenerator) -> Milliseconds {
    defer { whole = min(whole * 2, Self.longest) }
    return whole / 2 + Milliseconds(Int64.random(in: 0...(whole.value / 2), using: &random))
  }

  mutating func reset() { whole = Self.first }
}
