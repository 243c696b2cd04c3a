import Coverage
import Geodesy
import Patrol
import Store
import Testing

@testable import Reports

@Suite struct `A time–distance chart` {
  typealias Scene = ChartScene

  static func read(
    _ place: Place, _ windows: [ChartWindow] = [], _ passes: [Pass] = [],
    _ gaps: [GapRecord] = [], day: ChartDay = Scene.day()
  ) throws -> ReadDrawing {
    let chart = try #require(
      TimeDistanceChart(of: place, on: day, windows: windows, passes: passes, gaps: gaps))
    return try ReadDrawing(chart.svg(name: "c1", .english))
  }

  @Test func `draws every walk and every gap, within the plot`() throws {
    let drawn = try Self.read(
      Scene.line(600), [Scene.window(0, 120, every: 45)],
      [
        Scene.pass("a", 2, 10, 0, 600), Scene.pass("b", 30, 38, 600, 0),
        Scene.pass("b", 60, 61, 0, 600, .driveBy), Scene.pass("a", 118, 126, 0, 600),
      ],
      [
        Scene.gap("g1", .missed, from: 50, firstCell: 10, "####", "####", ".###"),
        Scene.gap("g2", .unproven, from: 80, firstCell: 0, "######", "######", excused: 83),
      ])
    #expect(drawn.all("pass").count == 3 && drawn.all("drive-by").count == 1)
    #expect(drawn.all("gap").count == 2 && drawn.all("excused").count == 1)
    #expect(drawn.areInPlot("pass", "drive-by", "gap", "excused", "owed"))
    #expect(drawn.all("gap").allSatisfy { $0.points.count >= 4 })
    let first = drawn.all("gap")[0].text
    #expect(first.contains("missed: was elsewhere") && first.contains("20:50–20:54"))
    #expect(drawn.all("excused")[0].text.contains("excused"))
    #expect(drawn.all("drive-by")[0].text.contains("600 m"))
    #expect(drawn.all("window")[0].text.contains("every 45 min"))
    // Slope is speed: 600 m in 8 minutes are as steep forwards as backwards.
    let slopes = drawn.all("pass").prefix(2).map { mark in
      let p = mark.points
      return (p[1].y - p[0].y) / abs(p[1].x - p[0].x)
    }
    #expect(abs(slopes[0] - slopes[1]) < 0.001 && slopes[0] > 0)
    #expect(
      drawn.texts.contains { $0 == "a" } && drawn.texts.contains { $0.hasPrefix("b 1.3 m/s") })
  }

  @Test func `says what it is without colours`() {
    let textures = ChartFill.allCases.map(\.texture)
    #expect(Set(textures).count == textures.count, "\(textures)")
    let strokes = (0..<40).map { ChartStroke($0) }
    #expect(Set(strokes).count == 40)
    #expect(Set(strokes.prefix(15).map(\.texture)).count == 15)
  }

  @Test func `names what it defines after itself`() throws {
    let drawn = try Self.read(
      Scene.line(600), [Scene.window(0, 60, every: 45)], [],
      [Scene.gap("g", .missed, from: 50, "####", "####")])
    let ids = drawn.elements.compactMap { $0.attributes["id"] }
    #expect(ids == ["c1-missed"])
    let used = Set(
      drawn.elements.compactMap { $0.attributes["fill"] }.filter { $0.hasPrefix("url") })
    #expect(used == ["url(#c1-missed)"])
  }

  @Test func `goes on at the other end of a loop`() throws {
    let loop = Scene.loop(100)
    let drawn = try Self.read(
      loop, [Scene.window(0, 60, every: 30)],
      [Scene.pass("a", 0, 10, 300, 500), Scene.pass("b", 20, 40, 50, -350)],
      [
        Scene.gap(
          "g", .missed,
          [0, 1, 38, 39].map {
            Region.Piece(cell: $0, began: Scene.minute(30), ended: Scene.minute(45))
          })
      ])
    #expect(drawn.all("pass").map(\.points.count) == [4, 4])
    #expect(drawn.areInPlot("pass", "gap"))
    let plot = drawn.all("plot")[0]
    let a = drawn.all("pass")[0].points
    #expect(abs(a[1].x - plot.number("x") - plot.number("width")) < 0.5)
    #expect(abs(a[2].x - plot.number("x")) < 0.5 && abs(a[1].y - a[2].y) < 0.5)
    #expect(drawn.all("gap")[0].points.count == 8)
  }

  @Test(arguments: [0.5, 26, 30, 600, 20_000])
  func `fits lines of any length`(metres: Double) throws {
    let place = Scene.line(metres)
    let cells = place.cells.count
    // Nobody was anywhere for half an hour, from a front that moves along it on.
    let pieces = (0..<cells).map { c in
      let began = Scene.minute(30) + Milliseconds(Int64(c) * 1_200_000 / Int64(cells))
      return Region.Piece(cell: c, began: began, ended: began + .minutes(30))
    }
    let gap = Scene.gap("g", .missed, pieces)
    let window = Scene.window(0, 120, every: 30)
    let passes = [Scene.pass("a", 0, 20, 0, Metres(metres))]
    let chart = try #require(
      TimeDistanceChart(
        of: place, on: Scene.day(), windows: [window], passes: passes, gaps: [gap]))
    let svg = chart.svg(name: "c", .english)
    let drawn = try ReadDrawing(svg)
    #expect(drawn.areInPlot("pass", "gap"))
    #expect(svg.utf8.count < 60_000, "\(svg.utf8.count)")
    #expect(drawn.texts.contains(Decimal.text(place.cells.last!.stretch!.to.value, 0)))
    // However few boxes it is drawn as, it is as large as it is.
    let area = chart.blocks(gap.gap.region).blocks.reduce(0) {
      $0 + Double($1.cells.count) * ($1.ended - $1.began).seconds
    }
    #expect(abs(area / (Double(cells) * 1800) - 1) < 0.01)
  }

  @Test(arguments: [1, 3, 40])
  func `tells handhelds apart`(count: Int) throws {
    let passes = (0..<count).flatMap { h in
      (0..<5).map { n in
        let began = h * 2 + n * 45
        return Scene.pass(
          Handheld.ID("zs-\(100 + h)"), began, began + 15, n % 2 == 0 ? 0 : 1000,
          n % 2 == 0 ? 1000 : 0)
      }
    }
    let drawn = try Self.read(Scene.line(1000), [Scene.window(0, 300, every: 45)], passes)
    #expect(drawn.all("pass").count == count * 5)
    #expect(drawn.areInPlot("pass"))
    for h in 0..<count { #expect(drawn.texts.contains("zs-\(100 + h)")) }
  }

  @Test func `shows windows that reach past the day, and what is not judged yet`() throws {
    let drawn = try Self.read(
      Scene.line(600),
      [Scene.window(0, 14 * 60, every: 45), Scene.window(60, 120, every: 20, duty: "b")],
      day: Scene.day(judged: 300))
    #expect(drawn.all("window").count == 2 && drawn.all("not-judged").count == 1)
    #expect(drawn.areInPlot("owed"))
    #expect(drawn.texts.contains("2026-11-21"))
    #expect(drawn.texts.contains("nobody came"))
    // Side by side where they overlap.
    #expect(Set(drawn.all("window").map { $0.number("x") }).count == 2)
  }

  @Test func `names what people know the line by, where there is room`() throws {
    let chart = try #require(
      TimeDistanceChart(
        of: Scene.line(600), on: Scene.day(), windows: [], passes: [], gaps: [],
        stations: [.init("School", at: 310), .init("Bank", at: 300), .init("Metro exit", at: 600)]))
    let texts = try ReadDrawing(chart.svg(name: "c", .english)).texts
    #expect(texts.contains("Bank") && texts.contains("Metro exit") && !texts.contains("School"))
  }

  @Test func `is drawn of an empty day, and of no other place`() throws {
    let drawn = try Self.read(Scene.line(600))
    #expect(drawn.texts.contains("nothing owed"))
    #expect(
      TimeDistanceChart(of: Scene.bank, on: Scene.day(), windows: [], passes: [], gaps: []) == nil)
  }

  @Test func `does not depend on the order of what it is given`() throws {
    let passes = (0..<12).map { Scene.pass(Handheld.ID("h\($0 % 4)"), $0 * 9, $0 * 9 + 8, 0, 600) }
    func svg(_ passes: [Pass]) -> String? {
      TimeDistanceChart(
        of: Scene.line(600), on: Scene.day(), windows: [Scene.window(0, 120, every: 45)],
        passes: passes, gaps: [])?.svg(name: "c", .english)
    }
    #expect(svg(passes) == svg(passes.reversed()))
  }
}

@Suite struct `Blocks of a gap` {
  @Test func `are few, and bounded where the gap is`() {
    let gap = ChartScene.gap(
      "g", .missed, from: 0,
      "####......",
      "####......",
      ".####.....",
      "######.###")
    let pieces = gap.gap.region.pieces
    let exact = GapBlocks(pieces, tolerance: .zero)
    #expect(exact.blocks.map(\.cells) == [0...1, 2...2, 3...3, 3...3])
    let loose = GapBlocks(pieces, tolerance: .minutes(1))
    #expect(loose.blocks.map(\.cells) == [0...2, 3...3, 3...3])
    func text(_ sides: [(cell: Int, span: Range<Instant>)]) -> String {
      sides.map { side in
        func m(_ at: Instant) -> Int64 { (at - ChartScene.start).value / 60_000 }
        return "\(side.cell):\(m(side.span.lowerBound))-\(m(side.span.upperBound))"
      }.joined(separator: " ")
    }
    #expect(text(exact.sides) == "0:0-4 2:0-1 2:4-5 3:0-1 3:5-6 3:7-10 4:0-6 4:7-10")
  }
}
