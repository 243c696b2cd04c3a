import Geodesy
import SpatialIndex

/// Queries a second for all boxes within 20 m: the grid, and looking at every box.
enum IndexBench {
  static let distance = 20.0

  static func rows(_ meter: Meter) throws -> [Row] {
    let town = Ground(City(segments: 10_000, seed: 1))
    let city = Ground(City(segments: 1_000_000, seed: 2))
    try town.check(queries: 2_000)
    try city.check(queries: 50)
    let rates = try meter.rates(
      of: Contender(name: "grid, 10 k") { town.search(20_000) },
      Contender(name: "every box, 10 k") { town.searchAll(20) },
      Contender(name: "grid, 1 M") { city.search(20_000) })
    let beside = Row.Beside(what: "every box", rate: rates[1])
    return [
      Row("20 m in 10 k segments", "queries", rates[0], beside: beside),
      Row("20 m in 1 M segments", "queries", rates[2]),
    ]
  }

  struct Disagreement: Error, CustomStringConvertible {
    var position: PlanePoint
    var found: [Int]
    var expected: [Int]
    var description: String { "near \(position) the grid found \(found), expected \(expected)" }
  }

  /// A city with its index and positions to ask it from.
  private final class Ground {
    private let boxes: [Box]
    private let index: GridIndex
    private let positions: [PlanePoint]
    private var next = 0

    init(_ city: City) {
      boxes = city.boxes
      index = GridIndex(city.boxes, reach: IndexBench.distance)
      positions = city.positions(100_000, seed: 5)
    }

    /// The sum of all indices found stands for them.
    func search(_ queries: Int) -> Contender.Step {
      var sum: UInt64 = 0
      for p in take(queries) {
        index.search(near: p, within: IndexBench.distance) { sum &+= UInt64($0) }
      }
      return Contender.Step(done: queries, sum: sum)
    }

    func searchAll(_ queries: Int) -> Contender.Step {
      var sum: UInt64 = 0
      for p in take(queries) {
        for i in boxes.indices where boxes[i].distance(to: p) <= IndexBench.distance {
          sum &+= UInt64(i)
        }
      }
      return Contender.Step(done: queries, sum: sum)
    }

    private func take(_ queries: Int) -> ArraySlice<PlanePoint> {
      if next + queries > positions.count { next = 0 }
      defer { next += queries }
      return positions[next..<next + queries]
    }

    /// That both find the same.
    func check(queries: Int) throws {
      var some = 0
      for p in positions.prefix(queries) {
        var found: [Int] = []
        index.search(near: p, within: IndexBench.distance) { found.append($0) }
        let expected = boxes.indices.filter { boxes[$0].distance(to: p) <= IndexBench.distance }
        guard found == expected else {
          throw Disagreement(position: p, found: found, expected: expected)
        }
        some += found.count
      }
      precondition(some > queries, "positions on streets have streets near")
    }
  }
}
