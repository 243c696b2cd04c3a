internal import Geodesy
internal import Glibc

/// A walker that goes round a circle of its own at a walker's pace. Where it is follows from the time alone.
struct FakeWalk: Sendable {
  /// Degrees; all walks lie within one degree each way, so that every latitude and longitude of a fleet is written
  /// with as many digits.
  private let latitude: Double
  private let longitude: Double
  private let radius: Double
  /// Metres a second, 0.7 to 1.7.
  let speed: Double
  private let radiansPerSecond: Double
  private let phase: Double
  private let northPerDegree: Double
  private let eastPerDegree: Double

  static let south = 28.55
  static let west = 115.55
  /// Of the square in which walks lie.
  static let degrees = 0.4

  init(seed: UInt64, endpoint: Int, device: Int) {
    var random = SplitMix64(seed, "\(endpoint)/\(device)")
    latitude = Self.south + Double.random(in: 0..<Self.degrees, using: &random)
    longitude = Self.west + Double.random(in: 0..<Self.degrees, using: &random)
    radius = Double.random(in: 30..<120, using: &random)
    // Whole rounds a day, so that nobody leaps at midnight.
    let rounds = (Double.random(in: 0.8..<1.6, using: &random) * 86_400 / (2 * .pi * radius))
      .rounded()
    radiansPerSecond = rounds * 2 * .pi / 86_400
    speed = radiansPerSecond * radius
    phase = Double.random(in: 0..<(2 * .pi), using: &random)
    let plane = LocalPlane(origin: Coordinate(latitude: latitude, longitude: longitude)!)
    let north = plane.point(
      Coordinate(latitude: latitude + 0.001, longitude: longitude)!)
    let east = plane.point(Coordinate(latitude: latitude, longitude: longitude + 0.001)!)
    (northPerDegree, eastPerDegree) = (north.y * 1000, east.x * 1000)
  }

  /// A point of its circle, at a part of 1 of the way round from the east, in degrees.
  func point(at part: Double) -> (latitude: Double, longitude: Double) {
    let angle = 2 * .pi * part
    return (
      latitude + radius * sin(angle) / northPerDegree,
      longitude + radius * cos(angle) / eastPerDegree
    )
  }

  /// Coordinates in 1e-7 degree, the course in 1e-4 degree clockwise from north, below 3,600,000.
  func place(at time: Instant) -> (latitudeE7: Int32, longitudeE7: Int32, trackE4: Int32) {
    // Of the day, so that the angle keeps its digits.
    let seconds = Double(time.milliseconds % 86_400_000) / 1000
    let angle = phase + radiansPerSecond * seconds
    let (s, c) = (sin(angle), cos(angle))
    let track = (-angle * 180 / .pi).truncatingRemainder(dividingBy: 360)
    let turned = Int32(((track < 0 ? track + 360 : track) * 1e4).rounded()) % 3_600_000
    return (
      Int32(((latitude + radius * s / northPerDegree) * 1e7).rounded()),
      Int32(((longitude + radius * c / eastPerDegree) * 1e7).rounded()),
      turned
    )
  }
}
