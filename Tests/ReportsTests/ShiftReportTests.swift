import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Store
import Testing

@Suite struct `A shift report` {
  static let day = CivilDate("2026-11-20")!
  static let plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)

  static func at(_ x: Double, _ y: Double) -> Coordinate {
    plane.coordinate(PlanePoint(x: x, y: y))!
  }

  /// Names as people may write them, and worse.
  static func plan(_ handhelds: [Handheld.ID] = ["a"]) throws -> Plan {
    let loop = [at(500, 0), at(900, 0), at(900, 400), at(500, 400), at(500, 0)]
    let square = [at(0, 600), at(200, 600), at(200, 800), at(0, 800), at(0, 600)]
    return try Plan(
      brigade: Brigade(
        id: "b", name: "<script>alert(1)</script> & \"Sons\"",
        squadrons: [
          Squadron(id: "s", name: "S", groups: [Group(id: "g", name: "G", handhelds: handhelds)])
        ]),
      zone: Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600),
      dayStarts: TimeOfDay("06:00")!,
      places: [
        Place(id: "bank", name: "<b>Bank</b>", geometry: .point(centre: at(0, 0), radius: 30)),
        Place(id: "loop", name: "Loop", geometry: .line(Polyline(loop)!, corridor: 25)),
        Place(id: "park", name: "Park", geometry: .area(Surface([[square]])!, cell: 50)),
      ],
      shifts: [Shift(id: "evening", from: TimeOfDay("18:00")!, to: TimeOfDay("23:00")!)],
      handhelds: handhelds.map {
        Handheld(
          id: $0, source: Source(host: "localhost", device: $0.text), travel: .foot,
          model: DeviceModel(id: "generic", interval: .seconds(5)))
      },
      duties: [("banks", "bank"), ("loops", "loop"), ("parks", "park")].map { id, place in
        Duty(
          id: Duty.ID(id), group: "g", places: [Place.ID(place)], from: TimeOfDay("20:00")!,
          to: TimeOfDay("21:00")!, every: .minutes(30))
      })
  }

  /// A handheld that stands far away all evening: everything is missed.
  func report(reporting: Bool) throws -> ShiftReport {
    let observations = (0..<2000).map { n in Self.observation("a", n, 3000) }
    return try report(Self.plan(), reporting ? observations : [])
  }

  static let start = Instant(rfc3339: "2026-11-20T11:00:00Z")!

  /// The n-th of a handheld, one every 5 s.
  static func observation(_ id: Handheld.ID, _ n: Int, _ x: Double, speed: MetresPerSecond = 0)
    -> Observation
  {
    let time = start + .seconds(5 * n)
    let fix = Fix(time: time, position: at(x, 3000), mode: 3, accuracy: 5, speed: speed)
    return Observation(handheld: id, receivedAt: time, report: .fix(fix))
  }

  func report(_ plan: Plan, _ observations: [Observation]) throws -> ShiftReport {
    let folder = NSTemporaryDirectory() + "patrol-report-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let start = Self.start
    let store = try Store(at: folder + "/s.sqlite", for: .write)
    var pipeline = try Pipeline(
      store: store, version: Pipeline.Version(plan: plan, digest: "d", bundle: "d"),
      scope: .windows(start..<start + .hours(5)), at: start, program: "test",
      load: { _ in plan })
    if !observations.isEmpty {
      _ = try pipeline.take(observations, until: start + .hours(3))
      _ = try pipeline.findPairings()
    }
    return try ShiftReport(
      of: Self.day, plan: plan, planDigest: "d", queries: Queries(store),
      at: start + .hours(4))
  }

  @Test func `is one file that fetches nothing and runs nothing`() throws {
    let html = try report(reporting: true).html()
    #expect(!html.contains("<script") && !html.contains("<b>Bank"))
    #expect(html.contains("&lt;b&gt;Bank&lt;/b&gt;"))
    #expect(html.firstRange(of: #/(src|href)=/#) == nil)
    // The one address in it names SVG.
    #expect(
      html.matches(of: #/https?:[^"]*/#).allSatisfy { $0.output == "http://www.w3.org/2000/svg" })
    #expect(html.contains("missed") && html.contains("was elsewhere"))
    #expect(html.contains("100.0 %"))
  }

  @Test func `begins with its verdict in one bar, and has attendances and waits of each place`()
    throws
  {
    let report = try report(reporting: true)
    let html = try report.html()
    let verdict = try #require(html.firstMatch(of: #/<div class="first"><b>0\.00 %<\/b><div><svg/#))
    let coverage = try #require(html.range(of: "<h2>Coverage</h2>"))
    #expect(verdict.range.upperBound < coverage.lowerBound)
    let named = html.matches(of: #/<\/svg>(covered|excused|unproven|missed) ([0-9.]+) %</#)
    #expect(
      named.map { "\($0.1) \($0.2)" } == [
        "covered 0.00", "excused 0.00", "unproven 0.00", "missed 100.00",
      ])
    // An hour in which one was owed in each half: from edge to edge nobody came, half an hour's wait where 15 min were due.
    let rows = html.matches(
      of: #/<td class="n">0 \/ 1<\/td><td class="n">1 h<\/td><td class="n">15 min</#)
    #expect(rows.count == 3)
    let silent = try self.report(reporting: false)
    #expect(silent.windows.allSatisfy { ($0.headways == nil) != $0.isFinal })
  }

  @Test func `tells what was received of each handheld, and that another was never heard`() throws {
    let told = (0..<2000).map { Self.observation("a", $0, 3000) }
    let silent = (2000..<2003).map { n in
      Observation(
        handheld: "a", receivedAt: Self.start + .seconds(5 * n),
        report: .noFix(mode: 1))
    }
    let html = try report(Self.plan(["a", "b"]), told + silent).html()
    var rows: [String] = []
    for row in html.matches(of: #/<tr><td>[ab]<(.|\n)*?</tr>/#) {
      let text = String(row.output.0).replacing(#/<[^>]*>/#, with: " ")
      rows.append(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
    #expect(
      rows == [
        "a G 3 h 2 h 46 min 12 min 55 s 0.00 2003 2000 3 0 19:00 21:46:50",
        "b G – – – – 0 0 0 0 never",
      ])
  }

  @Test func `is in the plan's language, or in another that is asked for`() throws {
    let report = try report(reporting: true)
    let html = try report.html(in: .chinese)
    #expect(html.contains("<html lang=\"zh-Hans\">") && html.contains("2026年11月20日（星期五）"))
    #expect(html.contains("漏巡") && html.contains("人在别处") && html.contains("100.0%"))
    #expect(html.contains("&lt;b&gt;Bank&lt;/b&gt;") && !html.contains("<b>Bank"))
    #expect(html.contains("dot missed") && !html.contains("dot 漏巡"))
    #expect(try report.html() == report.html(in: .english))
    #expect(try report.html().contains("<html lang=\"en\">"))
    // All that is left of Latin letters: names and ids of the plan, the zone, programs.
    let unnamed = report.gaps.reduce(html) { $0.replacing($1.gap.id.text, with: "") }
    let read = unnamed.replacing(#/<style>(.|\n)*?</style>/#, with: "")
      .replacing(#/<code>[^<]*</code>/#, with: "")
      .replacing(#/<svg[^>]*aria-label="([^"]*)"[^>]*>/#) { " \($0.1) " }
      .replacing(#/<[^>]*>/#, with: " ").replacing(#/&[a-z0-9#]+;/#, with: " ")
    let words = Set(read.matches(of: #/[A-Za-z]{2,}/#).map { String($0.output) })
    let names: Set = [
      "script", "alert", "Sons", "Bank", "Loop", "Park", "banks", "loops", "parks", "Asia",
      "Shanghai", "patrold",
      // Units and zones are written so everywhere.
      "km", "UTC",
    ]
    #expect(words.subtracting(names) == [])
  }

  @Test func `tells of handhelds carried together, where there are any`() throws {
    let (a, b) = ("<i>a</i>" as Handheld.ID, "b" as Handheld.ID)
    let pair = (0..<400).flatMap { n in
      [a, b].map { Self.observation($0, n, 1000 + 6 * Double(n), speed: 1.2) }
    }
    let report = try report(Self.plan([a, b]), pair)
    let html = try report.html()
    #expect(html.contains("Carried together") && html.contains("&lt;i&gt;a&lt;/i&gt;"))
    #expect(html.contains("33 min") && html.contains("One person with two of them and two people"))
    let json = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
    let told = try #require(json?["carried_together"] as? [[String: Any]])
    #expect(told.count == 1 && told[0]["second"] as? String == "b")
    #expect(try !self.report(reporting: true).html().contains("Carried together"))
  }

  @Test func `says so where nothing was judged`() throws {
    let report = try report(reporting: false)
    let html = try report.html()
    #expect(html.contains("No window of any duty opened"))
    #expect(report.overall == nil)
    #expect(html.contains("never"))
  }

  @Test func `has every gap on the map, over the joint of a loop and on squares`() throws {
    let report = try report(reporting: true)
    let shapes = Shapes(report.plan.places)
    #expect(Set(report.gaps.map(\.gap.owed.place)) == ["bank", "loop", "park"])
    for record in report.gaps {
      let text = try #require(shapes.geometry(of: record.gap))
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    }
    var gap = try #require(report.gaps.first { $0.gap.owed.place == "loop" }?.gap)
    gap.stretch = Gap.Stretch(from: 1500, to: 100)
    #expect(shapes.geometry(of: gap)?.contains("MultiLineString") == true)
    let json = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
    #expect((json?["gaps"] as? [Any])?.count == report.gaps.count)
  }
}
