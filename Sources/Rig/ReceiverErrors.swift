public import Geodesy
internal import Glibc

/// The errors of one receiver on one walk, second by second: what is reported at a longer interval is a sample of them,
/// so runs of one seed at different intervals see the same sky.
///
/// Per axis: σ·√g·x + white + jump, with x a first-order Gauss–Markov process of variance 1 (Gelb 1974) and the variance
/// g = 1 while moving. While the bearer stands g rises towards 2 with a time constant of 120 s (multipath no longer
/// averages out as it does along a way) and falls back within 20 s of walking on; after an outage g is 3 higher at first,
/// decaying with 10 s (the filter settles). Every part has its random stream, so that none shifts another.
public struct ReceiverErrors: Sendable {
  public enum Reception: Hashable, Sendable {
    case position
    /// The handheld reports, without a position.
    case noFix
    /// The handheld reports nothing.
    case silent
  }

  public struct Second: Hashable, Sendable {
    /// Metres east and north.
    public var position: PlanePoint
    /// Metres a second east and north.
    public var velocity: PlanePoint
    /// What the receiver says of itself (95 %).
    public var accuracy: Metres
    public var reception: Reception
  }

  /// One a second, from the first moment on.
  public let seconds: [Second]
  /// How many jumps and outages began.
  public let jumpCount: Int
  public let outageCount: Int

  /// Horizontal, 95 %, of a receiver that goes by its HDOP alone: it hardly tells a canyon from an open field.
  static let claimed = 5.0
  /// Spread of its logarithm, and its bound in metres.
  static let claimedSpread = 0.2
  static let claimedMaximum = 15.0
  static let standingGrowth = (most: 1.0, risingIn: 120.0, fallingIn: 20.0)
  static let reacquisition = (extra: 3.0, decayingIn: 10.0)

  /// - Parameters:
  ///   - stream: names this receiver among those of the same seed.
  ///   - isStanding: one a second; as many errors are made.
  ///   - dark: spans without reception besides the environment's own, in seconds (tunnels).
  public init(
    _ environment: Environment, seed: UInt64, stream: String, isStanding: [Bool],
    dark: [ClosedRange<Double>] = []
  ) {
    let count = isStanding.count
    func random(_ part: String) -> SplitMix64 { SplitMix64(seed, "\(stream)/\(part)") }
    var (slow, white, doppler, claims) = (
      random("slow"), random("white"), random("velocity"), random("accuracy")
    )
    var jumpOf = [PlanePoint](repeating: PlanePoint(x: 0, y: 0), count: count)
    var jumps = random("jumps")
    var jumpCount = 0
    Self.incidents(environment.jumps, &jumps, until: Double(count)) { span, random in
      jumpCount += 1
      let far = Double.random(in: environment.jumpOffset, using: &random)
      let way = Double.random(in: 0..<2 * .pi, using: &random)
      for k in Self.seconds(of: span, count) {
        jumpOf[k] = PlanePoint(x: far * cos(way), y: far * sin(way))
      }
    }
    var receptions = [Reception](repeating: .position, count: count)
    var outages = random("outages")
    var outageCount = 0
    func darken(_ span: ClosedRange<Double>, _ random: inout SplitMix64) {
      let kind: Reception = Bool.random(using: &random) ? .silent : .noFix
      for k in Self.seconds(of: span, count) { receptions[k] = kind }
    }
    Self.incidents(environment.outages, &outages, until: Double(count)) { span, random in
      outageCount += 1
      darken(span, &random)
    }
    var tunnels = random("tunnels")
    for span in dark { darken(span, &tunnels) }

    let keep = environment.tau.value > 0 ? exp(-1 / environment.tau.seconds) : 0
    let kick = (1 - keep * keep).squareRoot()
    var x = PlanePoint(x: slow.normal(), y: slow.normal())
    var claim = claims.normal()
    var (growth, settling) = (0.0, 0.0)
    var seconds: [Second] = []
    seconds.reserveCapacity(count)
    for k in 0..<count {
      x = PlanePoint(x: x.x * keep + kick * slow.normal(), y: x.y * keep + kick * slow.normal())
      claim = claim * exp(-1.0 / 60) + (1 - exp(-2.0 / 60)).squareRoot() * claims.normal()
      growth +=
        isStanding[k]
        ? (Self.standingGrowth.most - growth) / Self.standingGrowth.risingIn
        : -growth / Self.standingGrowth.fallingIn
      settling *= exp(-1 / Self.reacquisition.decayingIn)
      if receptions[k] != .position { settling = Self.reacquisition.extra }
      let spread = environment.sigma.value * (1 + growth + settling).squareRoot()
      let noise = PlanePoint(x: white.normal(), y: white.normal()) * environment.white.value
      seconds.append(
        Second(
          position: x * spread + noise + jumpOf[k],
          velocity: PlanePoint(x: doppler.normal(), y: doppler.normal())
            * environment.velocity.value,
          accuracy: Metres(
            min(Self.claimedMaximum, Self.claimed * exp(Self.claimedSpread * claim))),
          reception: receptions[k]))
    }
    self.seconds = seconds
    self.jumpCount = jumpCount
    self.outageCount = outageCount
  }

  private static func incidents(
    _ incidents: Environment.Incidents, _ random: inout SplitMix64, until end: Double,
    _ each: (ClosedRange<Double>, inout SplitMix64) -> Void
  ) {
    guard incidents.perHour > 0 else { return }
    var at = 0.0
    while true {
      at += random.exponential() * 3600 / incidents.perHour
      guard at < end else { return }
      each(at...at + Double.random(in: incidents.lasting, using: &random), &random)
    }
  }

  /// The whole seconds within a span, of those there are.
  private static func seconds(of span: ClosedRange<Double>, _ count: Int) -> Range<Int> {
    let first = min(count, max(0, Int(span.lowerBound.rounded(.up))))
    return first..<max(first, min(count, Int(span.upperBound.rounded(.down)) + 1))
  }
}

extension SplitMix64 {
  /// Mean 1.
  mutating func exponential() -> Double { -log((Double(next() >> 11) + 1) * 0x1p-53) }
}
