public import Geodesy
public import Patrol

/// How a model's capture was made: `simulated` in `expected.yaml`.
public struct SimulatedCapture: Hashable, Sendable {
  public var seed: UInt64
  public var began: Instant
  /// From the first report on.
  public var lasts: Milliseconds
  /// From the first report to the first with a position.
  public var firstFix: Milliseconds
  /// From a fix to its receipt: at least, and how much more in the mean (exponentially).
  public var latency: Milliseconds
  public var latencyJitter: Milliseconds
  /// Reports come up to so much earlier or later than they should, evenly.
  public var intervalJitter: Milliseconds
  /// The share of reports that never come.
  public var lost: Double
  /// A spell in the middle, after which what was kept comes in one go; none where zero.
  public var backlog: Milliseconds
  /// Nil: the model's own.
  public var noise: DeviceModel.Noise?

  public init(
    seed: UInt64, began: Instant, lasts: Milliseconds, firstFix: Milliseconds = .zero,
    latency: Milliseconds = .zero, latencyJitter: Milliseconds = .zero,
    intervalJitter: Milliseconds = .zero, lost: Double = 0, backlog: Milliseconds = .zero,
    noise: DeviceModel.Noise? = nil
  ) {
    self.seed = seed
    self.began = began
    self.lasts = lasts
    self.firstFix = firstFix
    self.latency = latency
    self.latencyJitter = latencyJitter
    self.intervalJitter = intervalJitter
    self.lost = lost
    self.backlog = backlog
    self.noise = noise
  }
}
