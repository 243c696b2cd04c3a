#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The elementary functions that the core needs and the standard library lacks.
public enum Elementary {
  /// e^x
  public static func exp(_ x: Double) -> Double {
    #if canImport(Glibc)
      Glibc.exp(x)
    #else
      Darwin.exp(x)
    #endif
  }

  /// Natural logarithm; `x` must be above 0.
  public static func ln(_ x: Double) -> Double {
    #if canImport(Glibc)
      Glibc.log(x)
    #else
      Darwin.log(x)
    #endif
  }

  /// East and north of a unit vector at a bearing in degrees clockwise from north.
  public static func direction(bearing degrees: Double) -> PlanePoint {
    let radians = degrees * WGS84.radiansPerDegree
    return PlanePoint(x: sin(radians), y: cos(radians))
  }
}
