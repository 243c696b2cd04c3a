import Geodesy
import Testing

@Suite struct `Polylines` {
  /// An L: 1,000 m east, then 500 m north.
  func corner() throws -> Polyline {
    let origin = try #require(Coordinate(latitude: 28.68, longitude: 115.89))
    let plane = LocalPlane(origin: origin)
    let points = [(0.0, 0.0), (1000, 0), (1000, 500)].compactMap {
      plane.coordinate(PlanePoint(x: $0.0, y: $0.1))
    }
    return try #require(Polyline(points))
  }

  @Test func `carry chainage along`() throws {
    let line = try corner()
    #expect(abs(line.length.value - 1500) < 0.05)
    #expect(line.segment(at: 0) == 0)
    #expect(line.segment(at: 999) == 0)
    #expect(line.segment(at: 1001) == 1)
    #expect(line.segment(at: 99_999) == 1)
    #expect(line.isClosed == false)
  }

  @Test(arguments: [0.0, 1, 499.5, 1000, 1234.5])
  func `find a chainage again`(s: Double) throws {
    let line = try corner()
    let found = line.nearest(to: line.point(at: s))
    #expect(abs(found.chainage - s) < 0.05)
    #expect(found.distance < 0.01)
  }

  @Test func `measure to a stretch as to its densest points`() throws {
    let line = try corner()
    let p = line.point(at: 700) + PlanePoint(x: 0, y: 120)
    for (from, to) in [(0.0, 100.0), (600, 800), (950, 1100), (1400, 1500)] {
      let exact = line.distance(from: p, toStretch: from, to)
      let sampled = stride(from: from, through: to, by: 0.5)
        .map { line.point(at: $0).distance(to: p) }.min()!
      #expect(abs(exact - sampled) < 0.3)
      #expect(exact <= sampled + 1e-6)
    }
  }

  @Test func `need two different positions`() throws {
    let c = try #require(Coordinate(latitude: 1, longitude: 2))
    #expect(Polyline([]) == nil)
    #expect(Polyline([c, c]) == nil)
  }
}

@Suite struct `Surfaces` {
  func square(_ side: Double, hole: Double) throws -> Surface {
    let plane = LocalPlane(origin: try #require(Coordinate(latitude: 28.68, longitude: 115.89)))
    func ring(_ h: Double) -> [Coordinate] {
      [(-h, -h), (h, -h), (h, h), (-h, h), (-h, -h)].compactMap {
        plane.coordinate(PlanePoint(x: $0.0, y: $0.1))
      }
    }
    return try #require(Surface([hole > 0 ? [ring(side / 2), ring(hole / 2)] : [ring(side / 2)]]))
  }

  @Test func `know inside, holes and distance`() throws {
    let s = try square(400, hole: 100)
    #expect(abs(s.area - 150_000) < 50)
    #expect(s.contains(PlanePoint(x: 100, y: 0)))
    #expect(!s.contains(PlanePoint(x: 0, y: 0)))
    #expect(abs(s.distance(to: PlanePoint(x: 0, y: 0)) - 50) < 0.1)
    #expect(abs(s.distance(to: PlanePoint(x: 260, y: 0)) - 60) < 0.1)
    #expect(s.distance(to: PlanePoint(x: 199, y: 199)) == 0)
  }

  @Test func `share their surface among squares`() throws {
    let s = try square(400, hole: 130)
    var sum = 0.0
    for x in stride(from: -200.0, to: 200, by: 50) {
      for y in stride(from: -200.0, to: 200, by: 50) {
        sum += s.area(inside: PlanePoint(x: x, y: y), PlanePoint(x: x + 50, y: y + 50))
      }
    }
    #expect(abs(sum - s.area) < 25)
  }
}
