/// A point of a local plane: metres east and north of the plane's origin.
public struct PlanePoint: Hashable, Sendable, BitwiseCopyable, Codable {
  public var x: Double
  public var y: Double

  @inlinable public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  @inlinable public static func + (a: Self, b: Self) -> Self { Self(x: a.x + b.x, y: a.y + b.y) }
  @inlinable public static func - (a: Self, b: Self) -> Self { Self(x: a.x - b.x, y: a.y - b.y) }
  @inlinable public static func * (a: Self, k: Double) -> Self { Self(x: a.x * k, y: a.y * k) }
  @inlinable public func dot(_ b: Self) -> Double { x * b.x + y * b.y }
  @inlinable public func cross(_ b: Self) -> Double { x * b.y - y * b.x }
  @inlinable public var length: Double { (x * x + y * y).squareRoot() }
  @inlinable public func distance(to b: Self) -> Double { (self - b).length }
}

/// A plane tangent to the ellipsoid at an origin, scaled by its radii of curvature there.
///
/// Error bound of the distance between two points, both within d of the origin, against the geodesic:
/// 0.06 m · (d / 1 km)² at 29° of latitude, growing with tan φ (measured: 0.061 m at 1 km, 1.52 m at 5 km, for points on
/// opposite sides). Distances between points close to each other are wrong by the scale error alone, d tan φ / 6378 km:
/// 1 cm in 25 m at d = 5 km. So each place has its own plane, and `Coordinate.distance` serves where distances are long.
public struct LocalPlane: Hashable, Sendable {
  public let origin: Coordinate
  @usableFromInline let originLatitude: Double
  @usableFromInline let originLongitude: Double
  @usableFromInline let northPerDegree: Double
  @usableFromInline let eastPerDegree: Double

  public init(origin: Coordinate) {
    self.origin = origin
    originLatitude = origin.latitude
    originLongitude = origin.longitude
    let radii = WGS84.radii(atLatitude: originLatitude)
    northPerDegree = radii.meridian * WGS84.radiansPerDegree
    eastPerDegree = radii.eastPerDegree
  }

  @inlinable public func point(_ c: Coordinate) -> PlanePoint {
    PlanePoint(
      x: longitudeDifference(from: originLongitude, to: c.longitude) * eastPerDegree,
      y: (c.latitude - originLatitude) * northPerDegree)
  }

  /// The inverse of `point`, to 1e-7 degree. Nil where the point lies beyond a pole.
  public func coordinate(_ p: PlanePoint) -> Coordinate? {
    var longitude = originLongitude + p.x / eastPerDegree
    if longitude > 180 { longitude -= 360 } else if longitude < -180 { longitude += 360 }
    return Coordinate(latitude: originLatitude + p.y / northPerDegree, longitude: longitude)
  }
}
