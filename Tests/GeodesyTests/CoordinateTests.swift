import Geodesy
import Testing

@Suite struct `Distances and planes` {
  /// Geodesics by Karney's algorithm (GeographicLib), WGS 84, to 0.1 mm.
  static let geodesics: [(Double, Double, Double, Double, Double)] = [
    // A minute of latitude at the equator, at 28.67° and at 60°.
    (0, 0, 1.0 / 60, 0, 1842.9046),
    (0, 0, 0, 1.0 / 60, 1855.3248),
    (30, 114, 30, 114.001, 96.4862),
    (30, 114, 30.001, 114, 110.8524),
  ]

  @Test(arguments: geodesics)
  func `agree with geodesics`(a: (Double, Double, Double, Double, Double)) throws {
    let p = try #require(Coordinate(latitude: a.0, longitude: a.1))
    let q = try #require(Coordinate(latitude: a.2, longitude: a.3))
    // Coordinates are rounded to 1e-7°, about a centimetre.
    #expect(abs(p.distance(to: q).value - a.4) < 0.02)
    #expect(p.distance(to: q) == q.distance(to: p))
  }

  @Test(arguments: [(100.0, 0.02), (1000, 0.08), (5000, 1.6)])
  func `keep a plane's stated bound`(d: Double, bound: Double) throws {
    let origin = try #require(Coordinate(latitude: 28.68, longitude: 115.89))
    let plane = LocalPlane(origin: origin)
    for k in 0..<32 {
      let angle = Double(k) / 32 * 2 * Double.pi
      let (x, y) = (d * cosine(angle), d * cosine(angle - .pi / 2))
      let a = try #require(plane.coordinate(PlanePoint(x: x, y: y)))
      let b = try #require(plane.coordinate(PlanePoint(x: -y * 0.7, y: x * 0.7)))
      let onPlane = plane.point(a).distance(to: plane.point(b))
      #expect(abs(onPlane - a.distance(to: b).value) <= bound)
    }
  }

  @Test func `work across the antimeridian`() throws {
    let a = try #require(Coordinate(latitude: -17, longitude: 179.999))
    let b = try #require(Coordinate(latitude: -17, longitude: -179.999))
    #expect(abs(a.distance(to: b).value - 212.9) < 0.5)
    let plane = LocalPlane(origin: a)
    #expect(plane.point(b).x > 0)
    #expect(plane.coordinate(plane.point(b)) == b)
  }

  @Test(arguments: [(91.0, 0.0), (0, 181), (.nan, 0), (0, .infinity), (-90.1, 0)])
  func `refuse what is no position`(latitude: Double, longitude: Double) {
    #expect(Coordinate(latitude: latitude, longitude: longitude) == nil)
  }

  /// Taylor series: the test needs no mathematics library either.
  func cosine(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for n in 1..<30 {
      term *= -x * x / Double((2 * n - 1) * (2 * n))
      sum += term
    }
    return sum
  }
}
