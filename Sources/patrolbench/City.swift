import Geodesy
import SpatialIndex

/// A made-up city of street segments: blocks of about 90 m, streets bent in the middle, one block side in ten missing.
/// About 440 segments a square kilometre, whatever its size.
struct City {
  struct Segment {
    var a: PlanePoint
    var b: PlanePoint
  }

  private(set) var segments: [Segment] = []
  let boxes: [Box]

  /// Metres between crossings, and how far each lies off its place.
  static let block = 90.0
  static let jitter = 20.0

  init(segments count: Int, seed: UInt64) {
    var random = SplitMix(seed)
    func jitter() -> Double { (2 * random.unit() - 1) * Self.jitter }
    // 3.6 segments a crossing.
    let side = Int((Double(count) / 3.6).squareRoot()) + 8
    var crossings: [PlanePoint] = []
    for row in 0..<side {
      for column in 0..<side {
        crossings.append(
          PlanePoint(
            x: Double(column) * Self.block + jitter(), y: Double(row) * Self.block + jitter()))
      }
    }
    for row in 0..<side - 1 {
      for column in 0..<side - 1 {
        let here = row * side + column
        for other in [here + 1, here + side] where random.unit() < 0.9 {
          let (a, b) = (crossings[here], crossings[other])
          let bend = (a + b) * 0.5 + PlanePoint(x: jitter() / 4, y: jitter() / 4)
          segments += [Segment(a: a, b: bend), Segment(a: bend, b: b)]
        }
      }
    }
    precondition(segments.count >= count, "a city large enough to cut to size")
    segments.removeLast(segments.count - count)
    boxes = segments.map { Box(around: [$0.a, $0.b])! }
  }

  /// Where patrols may report from: on streets all over the city, 5 m of noise on each axis.
  func positions(_ count: Int, seed: UInt64) -> [PlanePoint] {
    var random = SplitMix(seed)
    return (0..<count).map { _ in
      let s = segments[Int.random(in: 0..<segments.count, using: &random)]
      let on = s.a + (s.b - s.a) * random.unit()
      return on + PlanePoint(x: 5 * random.normal(), y: 5 * random.normal())
    }
  }
}
