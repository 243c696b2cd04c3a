public import Geodesy

/// How often somebody may try to log in: by name, and by the address they come from. Whoever fails too often waits, each time
/// twice as long; who succeeds begins anew.
///
/// An attempt counts when it begins, so that many at once are many. Names that nobody has count like others.
public struct LoginLimiter: Sendable {
  public struct Rule: Hashable, Sendable {
    /// Failures without a wait.
    public var free: Int
    public var firstWait: Milliseconds
    public var longestWait: Milliseconds
    /// After as long without an attempt, nothing is held against anybody.
    public var forgottenAfter: Milliseconds

    public init(
      free: Int, firstWait: Milliseconds, longestWait: Milliseconds, forgottenAfter: Milliseconds
    ) {
      (self.free, self.firstWait) = (free, firstWait)
      (self.longestWait, self.forgottenAfter) = (longestWait, forgottenAfter)
    }

    /// A person who mistypes; at most about 100 guesses a day.
    public static let name = Rule(
      free: 5, firstWait: .seconds(30), longestWait: .minutes(15), forgottenAfter: .hours(24))
    /// A whole station may come from one address.
    public static let address = Rule(
      free: 20, firstWait: .seconds(30), longestWait: .hours(1), forgottenAfter: .hours(24))
  }

  private struct Record: Sendable {
    var failures = 0
    var last: Instant
    var until: Instant
  }

  /// More names and addresses than this are not kept apart: those without a wait are forgotten first.
  static let recordsMaximum = 10_000

  private let names: Rule
  private let addresses: Rule
  private var byName: [String: Record] = [:]
  private var byAddress: [String: Record] = [:]

  /// Names and addresses kept in mind.
  var recordCount: Int { byName.count + byAddress.count }

  public init(names: Rule = .name, addresses: Rule = .address) {
    (self.names, self.addresses) = (names, addresses)
  }

  /// Begins an attempt; nil where it may go on, else how long to wait.
  ///
  /// - Parameter name: nil where none is told (a token).
  public mutating func begin(
    name: String?, address: String, at now: Instant
  ) -> Milliseconds? {
    let waits = [name.flatMap { byName[$0] }, byAddress[address]].compactMap { record in
      record.flatMap { $0.until > now ? $0.until - now : nil }
    }
    if let wait = waits.max() { return wait }
    if let name { Self.count(&byName, name, names, now) }
    Self.count(&byAddress, address, addresses, now)
    return nil
  }

  /// The attempt that was begun was right.
  public mutating func succeeded(name: String?, address: String) {
    if let name { byName[name] = nil }
    guard var record = byAddress[address] else { return }
    // The others that came from there stay counted.
    record.failures -= 1
    record.until = .distantPast
    byAddress[address] = record.failures > 0 ? record : nil
  }

  private static func count(
    _ records: inout [String: Record], _ key: String, _ rule: Rule, _ now: Instant
  ) {
    if records[key] == nil, records.count >= recordsMaximum {
      records = records.filter { $0.value.until > now }
      if records.count >= recordsMaximum,
        let first = records.min(by: { $0.value.until < $1.value.until })?.key
      {
        records[first] = nil
      }
    }
    var record = records[key] ?? Record(last: now, until: .distantPast)
    if now >= record.last + rule.forgottenAfter { record.failures = 0 }
    record.failures += 1
    record.last = now
    let over = record.failures - rule.free
    if over >= 0 {
      let doubled = rule.firstWait.value << Int64(min(over, 20))
      record.until = now + Milliseconds(min(doubled, rule.longestWait.value))
    }
    records[key] = record
  }
}
