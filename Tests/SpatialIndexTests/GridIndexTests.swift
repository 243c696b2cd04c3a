import Geodesy
import SpatialIndex
import Testing

@Suite struct `The grid index` {
  struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  func city(_ seed: UInt64, _ count: Int) -> ([Box], Random) {
    var random = Random(state: seed)
    let boxes = (0..<count).map { _ in
      let (x, y) = (
        Double.random(in: -2000...2000, using: &random),
        Double.random(in: -900...900, using: &random)
      )
      let (w, h) = (
        Double.random(in: 0...150, using: &random), Double.random(in: 0...40, using: &random)
      )
      return Box(minX: x, minY: y, maxX: x + w, maxY: y + h)
    }
    return (boxes, random)
  }

  @Test(arguments: [1, 2, 3] as [UInt64], [0.0, 20, 100, 350])
  func `finds what looking at every box finds`(seed: UInt64, within: Double) {
    var (boxes, random) = city(seed, 400)
    let index = GridIndex(boxes, reach: 100)
    for _ in 0..<300 {
      let p = PlanePoint(
        x: .random(in: -2300...2300, using: &random), y: .random(in: -1200...1200, using: &random))
      var found: [Int] = []
      index.search(near: p, within: within) { found.append($0) }
      #expect(found == boxes.indices.filter { boxes[$0].distance(to: p) <= within })
    }
  }

  @Test(arguments: [4, 5] as [UInt64])
  func `finds the nearest of all`(seed: UInt64) {
    var (boxes, random) = city(seed, 200)
    let index = GridIndex(boxes, reach: 100)
    for _ in 0..<300 {
      let p = PlanePoint(
        x: .random(in: -6000...6000, using: &random), y: .random(in: -3000...3000, using: &random))
      let nearest = index.nearest(to: p) { boxes[$0].distance(to: p) }
      #expect(nearest?.distance == boxes.map { $0.distance(to: p) }.min())
    }
  }

  @Test func `holds nothing, or something far away, at no great cost`() {
    #expect(GridIndex([], reach: 100).nearest(to: PlanePoint(x: 0, y: 0)) { _ in 0 } == nil)
    let far = Box(minX: 9e6, minY: 9e6, maxX: 9e6, maxY: 9e6)
    let index = GridIndex([Box(minX: 0, minY: 0, maxX: 1, maxY: 1), far], reach: 100)
    var found: [Int] = []
    index.search(near: PlanePoint(x: 9e6, y: 9e6), within: 50) { found.append($0) }
    #expect(found == [1])
  }
}
