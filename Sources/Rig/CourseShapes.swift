internal import Geodesy
internal import Glibc

/// Shapes of roads, drawn by seed.
extension CourseBuilder {
  /// A road that starts at the origin towards the east: segments of a length within `segment` metres, at each vertex
  /// turned by up to `bend` degrees, never more than 50° off its heading as a whole, so that it does not meet itself.
  mutating func road(
    _ length: Double, segment: ClosedRange<Double> = 60...180, bend: Double = 25,
    from start: PlanePoint = PlanePoint(x: 0, y: 0), heading: Double = 0
  ) -> [PlanePoint] {
    var points = [start]
    var left = length
    var off = 0.0
    while left > 1 {
      var step = uniform(segment.lowerBound, segment.upperBound)
      if left - step < segment.lowerBound / 2 { step = left }
      let a = (heading + off) * .pi / 180
      points.append(points[points.count - 1] + PlanePoint(x: cos(a), y: sin(a)) * step)
      left -= step
      off = min(50, max(-50, off + uniform(-bend, bend)))
    }
    return points
  }

  /// Zigzag: at each vertex turned by 30 to 80°, to and fro.
  mutating func zigzag(_ length: Double, segment: ClosedRange<Double>) -> [PlanePoint] {
    var points = [PlanePoint(x: 0, y: 0)]
    var left = length
    var off = 0.0
    while left > 10 {
      let step = min(left, uniform(segment.lowerBound, segment.upperBound))
      let a = off * .pi / 180
      points.append(points[points.count - 1] + PlanePoint(x: cos(a), y: sin(a)) * step)
      left -= step
      let turn = uniform(30, 80)
      off += off > 0 ? -turn : off < 0 ? turn : chance(0.5) ? turn : -turn
      off = min(70, max(-70, off))
    }
    return points
  }

  /// A closed loop with `corners` vertices about a circle, its radius varied by a fifth.
  mutating func loop(_ length: Double, corners: Int) -> [PlanePoint] {
    let radius = length / (2 * .pi)
    var points = (0..<corners).map { i in
      let a = 2 * .pi * (Double(i) + uniform(-0.2, 0.2)) / Double(corners)
      return PlanePoint(x: cos(a), y: sin(a)) * (radius * uniform(0.8, 1.2))
    }
    points.append(points[0])
    return points
  }

  /// Gerono's figure of eight, closed, crossing itself at right angles after a quarter and three quarters of its length.
  func eight(_ length: Double) -> [PlanePoint] {
    let a = length / 6.0972
    var points = (0..<32).map { i in
      let t = 2 * .pi * Double(i) / 32
      return PlanePoint(x: a * cos(t), y: a * sin(t) * cos(t))
    }
    points.append(points[0])
    return points
  }

  /// The points `aside` metres left of a polyline.
  func parallel(_ points: [PlanePoint], _ aside: Double) -> [PlanePoint] {
    func normal(_ i: Int) -> PlanePoint {
      let d = points[i + 1] - points[i]
      return PlanePoint(x: -d.y, y: d.x) * (1 / d.length)
    }
    return points.indices.map { i in
      let a = normal(max(0, i - 1))
      let b = normal(min(points.count - 2, i))
      let sum = a + b
      return points[i] + sum * (2 / sum.dot(sum) * aside)
    }
  }
}
