public import Geodesy
public import Patrol

/// How reports reach the daemon over a mobile network.
public enum Delivery: String, Hashable, Sendable, CaseIterable {
  /// 0.4 s late, in order.
  case none
  /// As `none`, but for spells without coverage (8 % of the time, 2 to 10 min each) after which all is delivered in one
  /// go, 1 % that come 1 to 8 s later than they should, and 0.5 % that come twice.
  case mobile

  static let late = Milliseconds(400)
  static let spellShare = 0.08
  static let spell = 120.0...600.0
  static let reordered = 0.01
  static let duplicated = 0.005

  /// In order of receipt.
  /// - Parameters:
  ///   - reports: by time; their receive times are replaced.
  ///   - start: of the walk. Spells depend on the seed alone, not on the interval.
  public func deliver(
    _ reports: [(at: Instant, report: Observation)], from start: Instant, seed: UInt64,
    stream: String
  ) -> [Observation] {
    var spells: [ClosedRange<Instant>] = []
    var random = SplitMix64(seed, "\(stream)/delivery")
    if self == .mobile, let end = reports.last?.at {
      let mean = (Self.spell.lowerBound + Self.spell.upperBound) / 2
      var at = start
      while at < end {
        at =
          at + Milliseconds(seconds: random.exponential() * mean * (1 / Self.spellShare - 1))
        let ended = at + Milliseconds(seconds: Double.random(in: Self.spell, using: &random))
        spells.append(at...ended)
        at = ended
      }
    }
    var spell = 0
    var kept: Int64 = 0
    var received: [Observation] = []
    received.reserveCapacity(reports.count)
    for (at, report) in reports {
      var report = report
      report.receivedAt = at + Self.late
      while spell < spells.count, spells[spell].upperBound < at {
        spell += 1
        kept = 0
      }
      if spell < spells.count, spells[spell].contains(at) {
        // A backlog passes at two thousand a second.
        report.receivedAt = spells[spell].upperBound + Self.late + Milliseconds(kept / 2)
        kept += 1
      } else if self == .mobile, Double.random(in: 0..<1, using: &random) < Self.reordered {
        let more = Double.random(in: 1...8, using: &random)
        report.receivedAt = report.receivedAt + Milliseconds(seconds: more)
      }
      received.append(report)
      if self == .mobile, Double.random(in: 0..<1, using: &random) < Self.duplicated {
        report.receivedAt = report.receivedAt + .seconds(1)
        received.append(report)
      }
    }
    return received.enumerated().sorted {
      ($0.element.receivedAt, $0.offset) < ($1.element.receivedAt, $1.offset)
    }.map(\.element)
  }
}
