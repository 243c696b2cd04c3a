public import Geodesy

/// How well a receiver fares in a kind of street: what its errors are made of.
///
/// Values are of single-frequency handheld receivers with Doppler speeds: open sky as in the device models; urban and
/// canyon from the spread of published street tests (Groves 2013, Principles of GNSS, ch. 9–10: multipath of tens of
/// metres, reflected-only signals in narrow streets, errors that hold for some tens of seconds at walking pace).
public struct Environment: Hashable, Sendable {
  public var name: String
  /// Standard deviation of the slow error, each axis.
  public var sigma: Metres
  /// Its correlation time.
  public var tau: Milliseconds
  /// Standard deviation of what changes from second to second, each axis.
  public var white: Metres
  /// A reflected signal taken for the direct one: a constant offset for a time.
  public var jumps: Incidents
  /// How far it throws a position.
  public var jumpOffset: ClosedRange<Double>
  /// Too few satellites: no position.
  public var outages: Incidents
  /// Standard deviation of Doppler velocity, each axis.
  public var velocity: MetresPerSecond

  /// Things that befall a receiver at random (Poisson in time).
  public struct Incidents: Hashable, Sendable {
    public var perHour: Double
    /// Seconds, uniformly.
    public var lasting: ClosedRange<Double>

    public init(perHour: Double, lasting: ClosedRange<Double>) {
      self.perHour = perHour
      self.lasting = lasting
    }
  }

  public init(
    name: String, sigma: Metres, tau: Milliseconds, white: Metres, jumps: Incidents,
    jumpOffset: ClosedRange<Double>, outages: Incidents, velocity: MetresPerSecond
  ) {
    self.name = name
    self.sigma = sigma
    self.tau = tau
    self.white = white
    self.jumps = jumps
    self.jumpOffset = jumpOffset
    self.outages = outages
    self.velocity = velocity
  }

  /// Under an open sky: parks, wide avenues, villages.
  public static let open = Environment(
    name: "open", sigma: 2.5, tau: .seconds(90), white: 0.4,
    jumps: Incidents(perHour: 0, lasting: 1...1), jumpOffset: 0...0,
    outages: Incidents(perHour: 0, lasting: 1...1), velocity: 0.05)

  /// Streets of four to eight floors.
  public static let urban = Environment(
    name: "urban", sigma: 5, tau: .seconds(40), white: 1,
    jumps: Incidents(perHour: 3, lasting: 5...20), jumpOffset: 15...40,
    outages: Incidents(perHour: 1, lasting: 15...45), velocity: 0.15)

  /// Narrow streets between high buildings.
  public static let canyon = Environment(
    name: "canyon", sigma: 9, tau: .seconds(40), white: 2,
    jumps: Incidents(perHour: 10, lasting: 5...30), jumpOffset: 25...70,
    outages: Incidents(perHour: 3, lasting: 20...90), velocity: 0.3)

  public static let all = [open, urban, canyon]

  public static func named(_ name: String) -> Environment? { all.first { $0.name == name } }
}
