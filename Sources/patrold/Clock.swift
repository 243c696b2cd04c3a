import Foundation
import Geodesy

/// What time it is: the machine's, or a simulated one that a rig shares.
struct Clock: Sendable, CustomStringConvertible {
  /// The simulated time at a real moment, and how fast it runs from there, before as after.
  private let start: Instant
  private let real: Instant
  let rate: Double
  let isSimulated: Bool

  static let system = Clock(
    start: Instant(milliseconds: 0), real: Instant(milliseconds: 0), rate: 1, isSimulated: false)

  static let expected =
    "START×RATE or START×RATE@REAL, such as 2026-11-20T18:00:00+08:00×60 (x for × will do), REAL in milliseconds since 1970"

  private init(start: Instant, real: Instant, rate: Double, isSimulated: Bool) {
    (self.start, self.real, self.rate, self.isSimulated) = (start, real, rate, isSimulated)
  }

  /// Reads `START×RATE` (START holds now) or `START×RATE@REAL` (START holds at that moment). Nil where it is neither.
  init?(_ text: String, now: Instant = Clock.realNow) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count <= 2, let sign = parts[0].lastIndex(where: { $0 == "×" || $0 == "x" }),
      let start = Instant(rfc3339: String(parts[0][..<sign])),
      let rate = Double(parts[0][parts[0].index(after: sign)...]), rate > 0, rate <= 10_000
    else { return nil }
    var real = now
    if parts.count == 2 {
      // Within a few thousand years of now, so that no arithmetic overflows.
      guard let milliseconds = Int64(parts[1]), abs(milliseconds) < 1 << 47 else { return nil }
      real = Instant(milliseconds: milliseconds)
    }
    self.init(start: start, real: real, rate: rate, isSimulated: true)
  }

  static var realNow: Instant {
    var t = timespec()
    clock_gettime(CLOCK_REALTIME, &t)
    return Instant(milliseconds: Int64(t.tv_sec) * 1000 + Int64(t.tv_nsec) / 1_000_000)
  }

  var now: Instant { at(Self.realNow) }

  func at(_ moment: Instant) -> Instant {
    guard isSimulated else { return moment }
    return start + Milliseconds(Int64((Double((moment - real).value) * rate).rounded()))
  }

  var description: String {
    isSimulated ? "\(start.text())×\(rate)@\(real.milliseconds)" : "system"
  }
}
