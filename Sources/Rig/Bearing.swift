internal import Geodesy
internal import Glibc

enum Bearing {
  /// Clockwise from the plane's north, 0 up to 360.
  static func degrees(of way: PlanePoint) -> Double {
    let degrees = atan2(way.x, way.y) * 180 / .pi
    return degrees < 0 ? degrees + 360 : degrees
  }
}
