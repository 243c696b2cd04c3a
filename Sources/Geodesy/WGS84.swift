#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The WGS 84 ellipsoid (NGA.STND.0036: a = 6378137 m, 1/f = 298.257223563).
enum WGS84 {
  static let semiMajorAxis = 6_378_137.0
  static let flattening = 1 / 298.257_223_563
  static let eccentricitySquared = flattening * (2 - flattening)
  static let radiansPerDegree = Double.pi / 180

  struct Radii {
    /// Radius of curvature in the meridian, M, in metres.
    let meridian: Double
    /// Metres eastwards per degree of longitude: N cos φ π/180.
    let eastPerDegree: Double
  }

  /// `latitude` in degrees.
  static func radii(atLatitude latitude: Double) -> Radii {
    let phi = latitude * radiansPerDegree
    let sine = sin(phi)
    let w2 = 1 - eccentricitySquared * sine * sine
    let w = w2.squareRoot()
    return Radii(
      meridian: semiMajorAxis * (1 - eccentricitySquared) / (w2 * w),
      eastPerDegree: semiMajorAxis / w * cos(phi) * radiansPerDegree)
  }
}
