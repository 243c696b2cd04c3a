import Coverage
import Geodesy
import Patrol
import Testing

@testable import Rig

@Suite struct `How right it was` {
  /// A line of 100 m, one way along it at 1 m/s; the window goes on for an hour.
  static let walk: Course = {
    var builder = CourseBuilder(.thereAndBack, seed: 1, interval: 1)
    builder.line("line", [PlanePoint(x: 0, y: 0), PlanePoint(x: 100, y: 0)])
    builder.handheld("a", at: builder.beside("line", 0))
    builder.through([builder.beside("line", 0, 50), builder.beside("line", 0)], speed: 0.1)
    builder.along("line", 0, 100, speed: 1, aside: 0)
    builder.through([builder.beside("line", 100, 100)])
    builder.stand(3600)
    return builder.course()
  }()
  static let observations = walk.observations(
    Conditions(environment: .open, delivery: .none, seed: 1))

  static func accuracy(_ change: (inout [TruePass]) -> Void) -> Accuracy {
    var said = walk.truth
    change(&said.passes["a"]!)
    return walk.accuracy(of: said, from: observations)
  }

  @Test(arguments: Course.Kind.allCases)
  func `is 1 of the truth itself`(kind: Course.Kind) {
    let course = Course(kind, seed: 2, interval: 30)
    let accuracy = course.accuracy(of: course.truth, from: [])
    let all = [accuracy.cells, accuracy.gaps, accuracy.lapses, accuracy.visits]
    #expect(all.allSatisfy { $0.f1 ?? 1 == 1 })
    #expect(accuracy.cells.truth > 2000 || accuracy.visits.truth > 0)
    #expect(accuracy.confusion[0][2] + accuracy.confusion[1][0] == 0)
    #expect(accuracy.falseCover == 0)
  }

  @Test func `counts what went unsaid, and what was made up`() {
    let part = Self.accuracy {
      $0[0].to = 60
      $0[0].ended = $0[0].began + 60
    }
    #expect(part.cells == Accuracy.Matches(truth: 100, said: 60, matched: 60))
    #expect(part.missedObserved == 40)
    #expect(part.falseCover == 0)
    let more = Self.accuracy { passes in
      passes.append(TruePass(place: "line", began: 3000, ended: 3020, from: 20, to: 0))
    }
    #expect(more.cells == Accuracy.Matches(truth: 100, said: 120, matched: 100))
    #expect(more.falseCover == 20)
  }

  @Test(arguments: [(0.0, 100), (59.0, 100), (-59.0, 100), (61.0, 0)])
  func `allows a minute`(shift: Double, matched: Int) {
    let late = Self.accuracy {
      $0[0].began += shift
      $0[0].ended += shift
    }
    #expect(late.cells.matched == matched)
    #expect(late.falseCover == 100 - matched)
  }

  @Test func `tells what nothing was received of`() {
    let said = Said()
    let dark = Self.walk.accuracy(of: said, from: [])
    #expect(dark.missedUnobserved == 100 && dark.missedObserved == 0)
  }

  @Test func `finds gaps by what they share`() {
    func region(_ cells: Range<Int>, _ span: Range<Int>) -> VerdictGrid.Region {
      VerdictGrid.Region(pieces: cells.map { ($0, span) })
    }
    func pairs(_ said: VerdictGrid.Region...) -> Int {
      VerdictGrid.match([region(0..<10, 0..<600)], said, cells: 20, seconds: 1000).count
    }
    #expect(pairs(region(0..<10, 0..<600)) == 1)
    #expect(pairs(region(0..<5, 0..<600)) == 1)
    #expect(pairs(region(0..<4, 0..<600)) == 0)
    #expect(pairs(region(0..<20, 0..<600)) == 1)
    #expect(pairs(region(0..<20, 0..<660)) == 0)
    #expect(pairs(region(0..<5, 0..<600), region(5..<10, 0..<600)) == 1)
  }

  /// One letter a cell at one moment: `.` covered, `x` not.
  @Test(arguments: [
    ("xx......", false, 0), ("xxx.....", false, 1), ("xxx.xxx.", false, 2), ("xx.xxx.x", false, 1),
    ("x.....xx", false, 0), ("x.....xx", true, 1), ("xxxxxxxx", true, 1),
  ])
  func `sees gaps of 25 m and more`(cells: String, isClosed: Bool, gaps: Int) {
    let grid = VerdictGrid(
      cellSize: 10, isClosed: isClosed, seconds: 300, every: 300,
      proven: cells.map { $0 == "x" ? [] : [CellPasses.Span(began: 0, ended: 0)] })
    #expect(grid.regions([.missed]).count == gaps)
  }

  @Test func `counts an attendance as the definitions do`() {
    func covered(_ spans: [(Double, Double)], every: Double) -> [Range<Int>] {
      let grid = VerdictGrid(
        cellSize: nil, isClosed: false, seconds: 1000, every: every,
        proven: [spans.map { CellPasses.Span(began: $0.0, ended: $0.1) }])
      return grid.regions([.missed]).map { $0.pieces[0].span }
    }
    #expect(covered([], every: 300) == [0..<1000])
    #expect(covered([(300, 300)], every: 300) == [600..<1000])
    #expect(covered([(301, 301)], every: 300) == [0..<301, 601..<1000])
    #expect(covered([(-100, -50), (600, 800)], every: 300) == [0..<600])
    #expect(covered([(100, 200), (650, 650)], every: 300) == [500..<650])
  }

  @Test(arguments: [Course.Kind.leftOut, .closedLoop, .guardPoints, .tunnel])
  func `reads the engine's attendance as the engine does`(kind: Course.Kind) throws {
    let course = Course(kind, seed: 5, interval: 5)
    let observations = course.observations(
      Conditions(environment: .urban, delivery: .mobile, seed: 5))
    let said = course.said(by: observations)
    for (place, duty) in course.owed {
      let shares = try #require(said.shares[place.id])
      let grid = course.grid(place, duty, said)
      func share(_ state: VerdictGrid.State) -> Double {
        Double(grid.states.count { $0 == state }) / Double(grid.states.count)
      }
      #expect(abs(share(.covered) - shares.covered) < 0.002)
      #expect(abs(share(.unproven) - shares.unproven) < 0.002)
      #expect(abs(share(.missed) - shares.missed) < 0.002)
    }
  }
}
