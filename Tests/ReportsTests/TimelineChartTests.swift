import Assessment
import Coverage
import Geodesy
import Patrol
import Store
import Testing

@testable import Reports

@Suite struct `A timeline of places` {
  typealias Scene = ChartScene

  static func row(
    _ place: Place, _ stays: [Stay], _ gaps: [GapRecord],
    _ attended: [(Int, Int)]? = [], window: ChartWindow = Scene.window(0, 120, every: 30)
  ) -> PlaceTimeline.Row {
    PlaceTimeline.Row(
      place: place, window: window, stays: stays, gaps: gaps,
      attended: attended.map { $0.map { Scene.minute($0.0)...Scene.minute($0.1) } })
  }

  static func read(_ rows: [PlaceTimeline.Row], day: ChartDay = Scene.day()) throws -> ReadDrawing {
    try ReadDrawing(PlaceTimeline("Group <1>", on: day, rows: rows).svg(name: "p1", .english))
  }

  @Test func `shows stays, verdicts and due moments of each window`() throws {
    let drawn = try Self.read([
      Self.row(
        Scene.bank,
        [Scene.stay("a", 5, 25), Scene.stay("b", 70, 72, .shortStay), Scene.stay("a", 90, 95)],
        [Scene.gap("g", .missed, from: 55, "###################################", excused: 60)],
        [(5, 25), (90, 95)]),
      Self.row(Scene.bank, [], [], window: Scene.window(150, 180, every: 30)),
    ])
    #expect(drawn.all("window").count == 2)
    #expect(drawn.all("stay").count == 2 && drawn.all("short_stay").count == 1)
    #expect(drawn.all("gap").count == 1 && drawn.all("excused").count == 1)
    #expect(drawn.all("due").count == 1 && drawn.all("lapsed").count == 1 + 1)
    #expect(drawn.areInPlot("gap", "excused"))
    #expect(drawn.texts.filter { $0 == "公园 <b>Bank</b>" }.count == 2)
    #expect(drawn.all("stay")[0].text == "a · stay · 20:05–20:25 · 20 min")
    #expect(drawn.texts.contains("a") && drawn.texts.contains("b"))
  }

  @Test func `lays overlapping stays side by side, squares of one walk as one`() {
    let lanes = StayLanes([
      Scene.stay("a", 0, 10), Scene.stay("b", 5, 15), Scene.stay("a", 12, 20),
      Scene.stay("c", 30, 31, .shortStay, cell: 1), Scene.stay("c", 31, 33, cell: 2),
    ])
    #expect(lanes.placed.map(\.lane) == [0, 1, 0, 0] && lanes.count == 2)
    #expect(lanes.placed[3].stay.kind == .stay && lanes.placed[3].stay.length == .minutes(3))
    #expect(StayLanes((0..<40).map { Scene.stay(Handheld.ID("h\($0)"), 0, 10) }).count == 6)
  }

  @Test func `piles up the shares of squares`() throws {
    let half = (0..<8).map {
      Region.Piece(cell: $0, began: Scene.minute(30), ended: Scene.minute(60))
    }
    let quarter = (8..<12).map {
      Region.Piece(cell: $0, began: Scene.minute(30), ended: Scene.minute(90))
    }
    let drawn = try Self.read([
      Self.row(
        Scene.park, [],
        [Scene.gap("m", .missed, half), Scene.gap("u", .unproven, quarter)], nil)
    ])
    let bar = drawn.all("covered")[0]
    func heights(_ n: Int) -> [Double] {
      let ys = drawn.all("gap")[n].points.map(\.y)
      return [ys.max()!, ys.min()!].map {
        (bar.number("y") + bar.number("height") - $0) / bar.number("height")
      }
    }
    #expect(zip(heights(0), [0, 0.5]).allSatisfy { abs($0 - $1) < 0.03 }, "\(heights(0))")
    // Upon the other as long as that lasts, then by itself.
    #expect(zip(heights(1), [0, 0.75]).allSatisfy { abs($0 - $1) < 0.03 }, "\(heights(1))")
    #expect(drawn.all("due").isEmpty && drawn.all("lapsed").isEmpty)
  }

  @Test func `is drawn of an empty day, and of a window that runs`() throws {
    #expect(try Self.read([]).texts.contains("nothing owed"))
    let running = try Self.read(
      [Self.row(Scene.bank, [Scene.stay("a", 5, 25)], [], [(5, 25)])], day: Scene.day(judged: 40))
    #expect(running.all("not-judged").count == 1 && running.all("lapsed").isEmpty)
    let ahead = try Self.read([Self.row(Scene.bank, [], [])], day: Scene.day(judged: -10))
    #expect(ahead.all("covered").isEmpty && ahead.all("not-judged").count == 1)
  }
}

@Suite struct `A timeline of handhelds` {
  typealias Scene = ChartScene

  static func read(
    _ days: [HandheldDay], outages: [Outage] = [], day: ChartDay = Scene.day()
  ) throws -> ReadDrawing {
    try ReadDrawing(
      HandheldTimeline(
        "Squadron", on: day, sections: [HandheldTimeline.Section("Group & Co", days)],
        outages: outages
      ).svg(name: "h1", .english))
  }

  static func handheld(_ id: Handheld.ID, _ states: (HandheldDay.State, Int, Int)...) -> HandheldDay
  {
    HandheldDay(
      handheld: id, onDuty: [Scene.minutes(0, 120)],
      parts: states.map { HandheldDay.Part($0.0, Scene.minutes($0.1, $0.2)) }, reports: 9,
      walked: 4250)
  }

  @Test func `shows each state in a texture of its own`() throws {
    let down = Outage(
      kind: .daemonDown, handheld: nil, began: Scene.minute(60), ended: Scene.minute(70))
    let drawn = try Self.read(
      [
        Self.handheld(
          "a", (.observed, 0, 30), (.silent, 30, 40), (.noFix, 40, 50), (.rejected(.jump), 50, 55),
          (.rejected(.poorFix), 55, 60), (.daemonDown, 60, 70), (.unreachable, 70, 80),
          (.observed, 80, 120)),
        HandheldDay(handheld: "drawer", onDuty: [], parts: [], reports: 0, walked: 0),
      ], outages: [down])
    for kind in ["observed", "silent", "no-fix", "rejected", "poor", "daemon-down", "unreachable"] {
      #expect(drawn.all(kind).count == (kind == "observed" ? 2 : 1), "\(kind)")
    }
    #expect(drawn.all("outage").count == 1)
    #expect(drawn.all("silent")[0].text == "a · silent · 20:30–20:40 · 10 min")
    #expect(drawn.all("rejected")[0].text.contains("positions rejected (jump)"))
    #expect(drawn.texts.contains("58 %") && drawn.texts.contains("4.3 km"))
    #expect(drawn.texts.contains("nothing received"))
  }

  @Test func `never rounds up to all of the time`() throws {
    let drawn = try Self.read([
      HandheldDay(
        handheld: "a", onDuty: [Scene.minutes(0, 120)],
        parts: [
          HandheldDay.Part(.observed, Scene.minute(0)..<Scene.minute(120) - .seconds(20)),
          HandheldDay.Part(.silent, Scene.minute(120) - .seconds(20)..<Scene.minute(120)),
        ], reports: 9, walked: 0)
    ])
    #expect(drawn.texts.contains("99 %"))
  }

  @Test func `stays small, whatever flickers`() throws {
    let parts = (0..<20_000).map { n in
      let began = Scene.minute(0) + Milliseconds(Int64(n) * 300)
      return HandheldDay.Part(n % 2 == 0 ? .observed : .silent, began..<began + Milliseconds(300))
    }
    let flickering = HandheldDay(
      handheld: "a", onDuty: [Scene.minutes(0, 120)], parts: parts, reports: 1, walked: 0)
    let drawn = try Self.read([flickering])
    #expect(drawn.elements.count < 1500, "\(drawn.elements.count)")
    #expect(!drawn.all("silent").isEmpty)
  }

  @Test func `is drawn of none, and of hundreds`() throws {
    _ = try Self.read([])
    let many = (0..<500).map { Self.handheld(Handheld.ID("zs-\($0)"), (.observed, 0, 120)) }
    #expect(try Self.read(many).all("observed").count == 500)
  }
}
