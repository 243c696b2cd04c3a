public import Geodesy

/// Simulated time as a rig and a daemon share it: from one real moment on it runs at a constant rate.
public struct RigClock: Hashable, Sendable, CustomStringConvertible {
  /// Simulated.
  public let start: Instant
  /// Simulated seconds per real second, above 0.
  public let rate: Double
  /// The real time at which `start` holds.
  public let startsAt: Instant
  private let offsetSeconds: Int

  /// - Parameter offsetSeconds: east of Greenwich, in which `start` is written.
  public init(start: Instant, rate: Double, startsAt: Instant, offsetSeconds: Int = 0) {
    precondition(rate > 0, "a clock that runs")
    self.start = start
    self.rate = rate
    self.startsAt = startsAt
    self.offsetSeconds = offsetSeconds
  }

  /// `2026-11-10T17:30:00+08:00×120@1795660000000`: START×RATE@REALMS, the last in Unix milliseconds.
  public var description: String {
    let rate = rate == rate.rounded() ? String(Int64(rate)) : String(rate)
    return "\(start.text(offsetSeconds: offsetSeconds))×\(rate)@\(startsAt.milliseconds)"
  }

  /// Simulated time at a real one; before `startsAt` it is before `start`.
  public func instant(atReal real: Instant) -> Instant {
    start + Milliseconds(Int64((Double((real - startsAt).value) * rate).rounded(.down)))
  }

  /// The first real millisecond at which simulated time has reached an instant.
  public func real(at instant: Instant) -> Instant {
    startsAt + Milliseconds(Int64((Double((instant - start).value) / rate).rounded(.up)))
  }
}
