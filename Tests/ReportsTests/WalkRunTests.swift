import Coverage
import Geodesy
import Patrol
import Testing

@testable import Reports

/// Numbers that look like chance and are the same every time (Lehmer, 1951).
private struct Lehmer: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed * 2 + 1 }

  mutating func next() -> UInt64 {
    state &*= 0xda94_2042_e4dd_58b5
    return state.byteSwapped
  }
}

@Suite struct `A run along a line` {
  typealias Scene = ChartScene

  /// `handheld from–to m, from–to min` in the order of their beginnings.
  static func runs(_ passes: [Pass], on place: Place = Scene.line(1000)) throws -> [WalkRun] {
    try #require(
      TimeDistanceChart(
        of: place, on: Scene.day(), windows: [Scene.window(0, 300, every: 60)], passes: passes,
        gaps: [])
    ).runs
  }

  static func text(_ runs: [WalkRun]) -> [String] {
    runs.map {
      "\($0.handheld) \(Int($0.from.value))-\(Int($0.to.value)) of \($0.passes.count)"
    }
  }

  @Test func `goes on over holes, and ends where it turns, waits or is another's`() throws {
    let runs = try Self.runs([
      Scene.pass("a", 0, 3, 0, 200), Scene.pass("b", 1, 4, 900, 700),
      Scene.pass("a", 5, 8, 260, 500), Scene.pass("a", 8, 9, 500, 503),
      Scene.pass("a", 10, 14, 500, 100), Scene.pass("b", 6, 9, 600, 400),
      Scene.pass("a", 30, 34, 90, 0), Scene.pass("b", 10, 11, 300, 100, .driveBy),
      Scene.pass("b", 12, 14, 100, 0), Scene.pass("b", 14, 16, 700, 600),
    ])
    #expect(
      Self.text(runs) == [
        "a 0-503 of 3", "b 900-400 of 2", "a 500-100 of 1", "b 300-100 of 1", "b 100-0 of 1",
        "b 700-600 of 1", "a 90-0 of 1",
      ])
    #expect(runs[0].path.filter { $0 == "M" }.count == 2)
    // 443 m in 7 minutes of walking, of which holes are none.
    #expect(abs(runs[0].speed.value - 443 / 420) < 0.001)
  }

  @Test func `over the joint of a loop is of one pass`() throws {
    let loop = Scene.loop(100)
    let runs = try Self.runs(
      [Scene.pass("a", 0, 10, 300, 500), Scene.pass("a", 10, 12, 100, 200)], on: loop)
    #expect(Self.text(runs) == ["a 300-500 of 1", "a 100-200 of 1"])
    #expect(runs[0].goesOnAtOtherEnd && runs[0].pieces.count == 2)
  }

  @Test(arguments: [1, 2, 3])
  func `moves no end by more than half a pixel, and leaves no pass out`(seed: UInt64) throws {
    var random = Lehmer(seed)
    var passes: [Pass] = []
    for handheld in 0..<4 {
      var (at, s) = (Int.random(in: 0..<10_000, using: &random), 500.0)
      for _ in 0..<60 {
        let length = Int.random(in: 0..<90, using: &random) * 1000
        let to = min(1000, max(0, s + Double.random(in: -60...120, using: &random)))
        let began = Scene.minute(0) + Milliseconds(Int64(at))
        passes.append(
          Pass(
            handheld: Handheld.ID("h\(handheld)"), place: "line", began: began,
            ended: began + Milliseconds(Int64(length)), from: Metres(s), to: Metres(to), speed: 1,
            confidence: 1, kind: .pass, decided: began))
        at +=
          length + (Bool.random(using: &random) ? 0 : Int.random(in: 0..<40_000, using: &random))
        s = to + (Bool.random(using: &random) ? 0 : Double.random(in: -5...30, using: &random))
        s = min(1000, max(0, s))
      }
    }
    let chart = try #require(
      TimeDistanceChart(
        of: Scene.line(1000), on: Scene.day(), windows: [Scene.window(0, 300, every: 60)],
        passes: passes, gaps: []))
    let runs = chart.runs
    #expect(runs.reduce(0) { $0 + $1.passes.count } == passes.count && runs.count < passes.count)
    for run in runs {
      // Drawn, as a list of straight lines.
      var lines: [(ax: Double, ay: Double, bx: Double, by: Double)] = []
      var pen = (x: 0.0, y: 0.0)
      for step in run.path.matches(of: #/([ML])([-0-9.]+) ([-0-9.]+)/#) {
        let to = (x: Double(step.output.2)!, y: Double(step.output.3)!)
        if step.output.1 == "L" { lines.append((pen.x, pen.y, to.x, to.y)) }
        pen = to
      }
      // Half a pixel on each axis, and half a tenth for the rounding of what is printed.
      let reach = (WalkRun.tolerance + 0.05) * 2.0.squareRoot()
      for piece in run.pieces {
        for t in [0, 0.25, 0.5, 0.75, 1] {
          let (x, y) = (
            piece.x1 + t * (piece.x2 - piece.x1), piece.y1 + t * (piece.y2 - piece.y1)
          )
          let nearest = lines.map { line -> Double in
            let (dx, dy) = (line.bx - line.ax, line.by - line.ay)
            let square = dx * dx + dy * dy
            let along = square == 0 ? 0 : ((x - line.ax) * dx + (y - line.ay) * dy) / square
            let u = min(1, max(0, along))
            let (ex, ey) = (x - line.ax - u * dx, y - line.ay - u * dy)
            return (ex * ex + ey * ey).squareRoot()
          }.min()
          #expect(try #require(nearest) <= reach)
        }
      }
    }
  }

  @Test func `is drawn in few bytes, however often the matcher was in doubt`() throws {
    // Up and down for five hours, broken every minute and a half.
    var passes: [Pass] = []
    for h in 0..<3 {
      for n in 0..<200 {
        let (leg, step) = (n / 10, Double(n % 10) * 100)
        let (from, to) = leg % 2 == 0 ? (step, step + 90) : (1000 - step, 910 - step)
        let began = Scene.minute(0) + .seconds(90 * n + 10 * h)
        passes.append(
          Pass(
            handheld: Handheld.ID("handheld-\(h)"), place: "line", began: began,
            ended: began + .seconds(80), from: Metres(from), to: Metres(to), speed: 1.1,
            confidence: 1, kind: .pass, decided: began))
      }
    }
    let chart = try #require(
      TimeDistanceChart(
        of: Scene.line(1000), on: Scene.day(), windows: [Scene.window(0, 300, every: 60)],
        passes: passes, gaps: []))
    let svg = chart.svg(name: "c", .english)
    #expect(svg.utf8.count < 40_000, "\(svg.utf8.count)")
    let drawn = try ReadDrawing(svg)
    #expect(drawn.all("pass").count == 60)
    #expect(drawn.all("pass").reduce(0) { $0 + $1.points.count } == 1200)
    #expect(drawn.areInPlot("pass"))
  }
}

@Suite struct `Room for texts` {
  @Test(arguments: [1, 2, 3, 4])
  func `is free where no disc is, wherever it is looked for`(seed: UInt64) {
    var random = Lehmer(seed)
    var room = TakenRoom(x: 40...700, y: 70...900)
    var discs: [(x: Double, y: Double, radius: Double)] = []
    var free = 0
    for n in 0..<3000 {
      // Some beyond its edges.
      let (x, y) = (
        Double.random(in: 0...760, using: &random), Double.random(in: 30...950, using: &random)
      )
      let radius = Double.random(in: 1...9, using: &random)
      let isFree = discs.allSatisfy {
        let (dx, dy, apart) = (x - $0.x, y - $0.y, radius + $0.radius)
        return dx * dx + dy * dy >= apart * apart
      }
      #expect(room.isFree(x, y, radius: radius) == isFree)
      if isFree { free += 1 }
      if n % 3 == 0 {
        room.take(x, y, radius: radius)
        discs.append((x, y, radius))
      }
    }
    #expect(free > 100 && free < 2900)
  }
}

@Suite struct `A number in a drawing` {
  @Test(arguments: [
    (0.0, "0"), (-0.04, "0"), (0.04, "0"), (0.05, "0.1"), (-0.05, "-0.1"), (7, "7"), (7.25, "7.3"),
    (-12.34, "-12.3"), (99.96, "100"), (718, "718"), (123_456_789.98, "123456790"),
    (-999_999_999, "-999999999"), (1e12, "1000000000000.0"),
  ])
  func `is to a tenth`(number: Double, text: String) {
    #expect(SVG.number(number) == text)
  }

  @Test func `is as every other to a tenth`() {
    var random = Lehmer(5)
    for _ in 0..<5000 {
      let x = Double.random(in: -2000...2000, using: &random)
      #expect(Double(SVG.number(x)) == Double(Decimal.text(x, 1)))
    }
  }
}
