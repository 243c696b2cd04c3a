public import Geodesy
public import Patrol

/// One report of a handheld: what it tells, when it was observed, and when it arrives.
public struct Epoch: Hashable, Sendable {
  /// What happened to its sentences on the way.
  public enum Damage: Hashable, Sendable {
    /// Checksums that do not fit.
    case checksum
    /// The second half of every sentence is missing.
    case truncated
  }

  /// Over whose device it arrives.
  public var handheld: Handheld.ID
  public var observedAt: Instant
  /// As the receiver tells it.
  public var time: Instant
  public var report: Observation.Report
  /// Late for what was kept through a silence.
  public var receivedAt: Instant
  /// Standard deviation of each axis.
  public var deviation: Metres
  public var damage: Damage?

  public var fix: Fix? {
    if case .fix(let fix) = report { fix } else { nil }
  }

  /// What a daemon hears of it; nil where gpsd passes nothing on.
  public var observation: Observation? {
    guard damage == nil else { return nil }
    return Observation(handheld: handheld, receivedAt: receivedAt, report: report)
  }
}

extension Scenario {
  /// A backlog arrives at this rate: what one gpsd passes on without loss, halved.
  static let backlogPerSecond = 2000

  /// What arrives over one walker's device, in the order in which it is received: what its receiver told, less and more
  /// what befell that on its way; a backlog in one go, oldest first, before what is reported at that moment.
  public func epochs(of walker: Walker, seed: UInt64? = nil) -> [Epoch] {
    FaultPath(scenario: self, seed: seed ?? self.seed).epochs(of: walker)
  }

  /// Everybody's, in the order in which they are received.
  public func epochs(seed: UInt64? = nil) -> [Epoch] {
    Self.byReceipt(walkers.flatMap { epochs(of: $0, seed: seed) })
  }

  /// What a daemon hears of all that, and the outages it records, when gpsds die as the scenario says.
  public func heard(seed: UInt64? = nil) -> (observations: [Observation], outages: [Outage]) {
    let outages = self.outages
    let observations = epochs(seed: seed).compactMap(\.observation).filter { heard in
      !outages.contains {
        $0.handheld == heard.handheld && $0.began <= heard.receivedAt
          && heard.receivedAt < ($0.ended ?? .distantFuture)
      }
    }
    return (observations, outages)
  }

  static func byReceipt(_ epochs: [Epoch]) -> [Epoch] {
    epochs.enumerated().sorted {
      ($0.element.receivedAt, $0.offset) < ($1.element.receivedAt, $1.offset)
    }.map(\.element)
  }
}
