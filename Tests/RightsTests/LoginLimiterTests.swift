import Geodesy
import Testing

@testable import Rights

@Suite struct `Whoever fails to log in` {
  static let start = Instant(milliseconds: 1_800_000_000_000)
  static let rule = LoginLimiter.Rule(
    free: 3, firstWait: .seconds(30), longestWait: .seconds(100), forgottenAfter: .hours(1))

  /// One column is 10 seconds: x an attempt that went on, - one that had to wait.
  @Test func `waits twice as long each time`() {
    var limiter = LoginLimiter(names: Self.rule, addresses: .address)
    let seen = (0..<40).map { step in
      limiter.begin(name: "li", address: "\(step)", at: Self.start + .seconds(10 * step)) == nil
        ? "x" : "-"
    }.joined()
    #expect(seen == "xxx--x-----x---------x---------x--------")
  }

  @Test func `is told how long`() {
    var limiter = LoginLimiter(names: Self.rule)
    for _ in 0..<3 { #expect(limiter.begin(name: "li", address: "a", at: Self.start) == nil) }
    #expect(limiter.begin(name: "li", address: "a", at: Self.start) == .seconds(30))
    #expect(limiter.begin(name: "li", address: "b", at: Self.start + .seconds(20)) == .seconds(10))
    // Others are not held up.
    #expect(limiter.begin(name: "wang", address: "a", at: Self.start) == nil)
  }

  @Test func `begins anew after success, and after a day`() {
    var limiter = LoginLimiter(names: Self.rule)
    for _ in 0..<3 { _ = limiter.begin(name: "li", address: "a", at: Self.start) }
    let later = Self.start + .hours(2)
    for _ in 0..<2 { #expect(limiter.begin(name: "li", address: "a", at: later) == nil) }
    limiter.succeeded(name: "li", address: "a")
    for _ in 0..<3 { #expect(limiter.begin(name: "li", address: "a", at: later) == nil) }
    #expect(limiter.begin(name: "li", address: "a", at: later) != nil)
  }

  @Test func `is held up by address, whatever the names`() {
    var limiter = LoginLimiter(names: .name, addresses: Self.rule)
    let seen = (0..<6).map {
      limiter.begin(name: "n\($0)", address: "a", at: Self.start) == nil ? "x" : "-"
    }.joined()
    #expect(seen == "xxx---")
  }

  @Test func `fills no memory`() {
    var limiter = LoginLimiter(names: Self.rule, addresses: Self.rule)
    for _ in 0..<3 { _ = limiter.begin(name: "li", address: "a", at: Self.start) }
    for n in 0..<(LoginLimiter.recordsMaximum + 10) {
      _ = limiter.begin(name: "x\(n)", address: "y\(n)", at: Self.start)
    }
    #expect(limiter.recordCount <= 2 * LoginLimiter.recordsMaximum)
    // Whoever waits is not forgotten for it.
    #expect(limiter.begin(name: "li", address: "a", at: Self.start) == .seconds(30))
  }
}
