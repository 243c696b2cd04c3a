import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Store
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite final class `The account of a gap` {
  static let start = Instant(rfc3339: "2026-11-20T12:00:00Z")!
  static let plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)

  static func at(_ x: Double, _ y: Double) -> Coordinate {
    plane.coordinate(PlanePoint(x: x, y: y))!
  }

  /// A line with a lane close beside it, and a bank; one handheld for both, and one in a drawer.
  static func plan() throws -> Plan {
    func duty(_ id: Duty.ID, _ place: Place.ID, stay: Int) -> Duty {
      Duty(
        id: id, group: "g", places: [place], from: TimeOfDay("20:00")!, to: TimeOfDay("22:00")!,
        every: .minutes(30), stay: .minutes(stay))
    }
    return try Plan(
      brigade: Brigade(
        id: "b", name: "B",
        squadrons: [
          Squadron(id: "s", name: "S", groups: [Group(id: "g", name: "G", handhelds: ["a", "z"])])
        ]),
      zone: Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600),
      dayStarts: TimeOfDay("06:00")!,
      places: [
        Place(
          id: "line", name: "Long <Street> & \"Co\"",
          geometry: .line(Polyline([at(0, 0), at(600, 0)])!, corridor: 25)),
        Place(
          id: "lane", name: "Back Lane",
          geometry: .street(Polyline([at(0, 20), at(600, 20)])!)),
        Place(
          id: "loop", name: "Loop",
          geometry: .line(
            Polyline([at(900, 0), at(1300, 0), at(1300, 400), at(900, 400), at(900, 0)])!,
            corridor: 25)),
        Place(
          id: "park", name: "公园 Park",
          geometry: .area(
            Surface([[[at(0, 900), at(200, 900), at(200, 1100), at(0, 1100), at(0, 900)]]])!,
            cell: 50)),
        Place(id: "bank", name: "Bank", geometry: .point(centre: at(0, 300), radius: 30)),
      ],
      shifts: [Shift(id: "evening", from: TimeOfDay("18:00")!, to: TimeOfDay("23:00")!)],
      handhelds: ["a", "z"].enumerated().map { n, id in
        Handheld(
          id: Handheld.ID(id), source: Source(host: "localhost", port: 3000 + n), travel: .foot,
          model: DeviceModel(id: "generic", interval: .seconds(1)))
      },
      duties: [
        duty("walk", "line", stay: 0), duty("watch", "bank", stay: 3),
        duty("round", "loop", stay: 0), duty("park", "park", stay: 0),
      ])
  }

  /// From 19:50: at the bank, along the line, a minute at the bank at about 20:40, along the lane, silent from 21:20.
  static func evening() -> [Observation] {
    var all: [Observation] = []
    var now = start - .minutes(10)
    var (x, y) = (0.0, 300.0)
    func tell(_ speed: Double, _ track: Double?) {
      now = now + .seconds(1)
      let fix = Fix(
        time: now, position: at(x, y), mode: 3, accuracy: 5, speed: MetresPerSecond(speed),
        track: track)
      all.append(Observation(handheld: "a", receivedAt: now, report: .fix(fix)))
    }
    func stay(until minute: Int) { while now < start + .minutes(minute) { tell(0, nil) } }
    func go(_ tx: Double, _ ty: Double) {
      let (dx, dy) = (tx - x, ty - y)
      let n = Int((dx * dx + dy * dy).squareRoot() / 1.4)
      let track = (atan2(dx, dy) * 180 / .pi + 360).truncatingRemainder(dividingBy: 360)
      for _ in 0..<n {
        x += dx / Double(n)
        y += dy / Double(n)
        tell(1.4, track)
      }
    }
    stay(until: 8)
    go(-60, 0)
    go(660, 0)
    go(600, 300)
    stay(until: 36)
    go(0, 300)
    for _ in 0..<60 { tell(0, nil) }
    go(-60, 20)
    go(660, 20)
    go(600, 300)
    stay(until: 80)
    return all
  }

  let folder: String
  let queries: Queries
  let plan: Plan

  convenience init() throws { try self.init(of: Self.evening()) }

  init(of observations: [Observation]) throws {
    folder = NSTemporaryDirectory() + "patrol-gap-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let plan = try Self.plan()
    let store = try Store(at: folder + "/s.sqlite", for: .write)
    let span = Self.start - .hours(3)..<Self.start + .hours(5)
    var pipeline = try Pipeline(
      store: store, version: Pipeline.Version(plan: plan, digest: "d", bundle: "d"),
      scope: .windows(span), at: span.lowerBound, program: "test", load: { _ in plan })
    _ = try pipeline.take(observations, until: Self.start + .hours(4))
    (self.plan, queries) = (plan, Queries(store))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func account(_ place: Place.ID, _ cause: Cause) throws -> GapAccount {
    let gaps = try queries.gaps(Filter()).map(\.gap)
    let gap = try #require(
      gaps.first { $0.owed.place == place && $0.cause == cause },
      "\(gaps.map { "\($0.owed.place) \($0.cause) \($0.began) \($0.ended)" })")
    return try GapAccount(of: gap, withdrawn: nil, plan: plan, planDigest: "d", queries: queries)
  }

  /// Classes of elements with how often they occur.
  func classes(_ svg: String) throws -> [String: Int] {
    final class Reader: NSObject, XMLParserDelegate {
      var classes: [String: Int] = [:]
      var names: Set<String> = []
      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String] = [:]
      ) {
        names.insert(name)
        if let c = attributes["class"] { classes[c, default: 0] += 1 }
      }
    }
    let (parser, reader) = (XMLParser(data: Data(svg.utf8)), Reader())
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(reader.names.isDisjoint(with: ["script", "image", "use", "foreignObject", "style"]))
    #expect(svg.firstRange(of: #/href|@import|url\((?!#)/#) == nil)
    return reader.classes
  }

  @Test func `of a line says which street was walked instead, and draws it`() throws {
    let account = try account("line", .away)
    let told = account.reasons(in: .english).first { $0.handheld == "a" }?.lines ?? []
    #expect(told.contains { $0.contains("was on Back Lane instead") && $0.contains("weight") })
    #expect(
      told.contains { $0.firstRange(of: #/went along it from [0-9]+ to (59[0-9]|600) m/#) != nil },
      "\(told)")
    let svg = GapPicture(account, in: .english).svg()
    let classes = try classes(svg)
    for name in [
      "map", "chart", "target", "walked", "other", "gap", "due", "scale", "north", "fixes",
    ] {
      #expect((classes[name] ?? 0) > 0, "\(name) in \(classes)")
    }
    #expect(svg.contains("Gap \(account.gap.id): missed"))
    #expect(svg.contains("Long &lt;Street&gt; &amp; &quot;Co&quot;"))
    #expect(svg.contains("+08:00") && svg.contains("Back Lane"))
    #expect(svg.contains("are drawn)"), "the legend says that positions were left out")
    #expect(svg.utf8.count < 200_000)
  }

  @Test func `of a point shows stays, short ones, and what may have been in a silence`() throws {
    let short = try account("bank", .shortStay)
    let told = short.reasons(in: .english).first { $0.handheld == "a" }?.lines ?? []
    #expect(told.contains { $0.contains("where 3 min are owed: attends nothing") })
    let drawer = short.reasons(in: .english).first { $0.handheld == "z" }?.lines ?? []
    #expect(drawer.count == 1 && drawer[0].contains("nothing was received"))
    let seen = try classes(GapPicture(short, in: .english).svg())
    for name in ["map", "timeline", "target", "radius", "distance", "short", "stay", "gap", "rule"]
    {
      #expect((seen[name] ?? 0) > 0, "\(name) in \(seen)")
    }

    let silent = try account("bank", .silent)
    let why = silent.reasons(in: .english).first { $0.handheld == "a" }?.lines ?? []
    #expect(why.contains { $0.contains("silent") && $0.contains("can have been there from") })
    let drawn = try classes(GapPicture(silent, in: .english).svg())
    #expect((drawn["prisms"] ?? 0) > 0 && (drawn["silent"] ?? 0) > 0)
  }

  @Test func `draws loops over their joint, squares of an area, and a duty nobody served`() throws {
    var loop = try account("loop", .away).gap
    loop.stretch = Gap.Stretch(from: 1500, to: 100)
    let over = try GapAccount(
      of: loop, withdrawn: nil, plan: plan, planDigest: "d", queries: queries)
    #expect(try classes(GapPicture(over, in: .english).svg())["target"] == 2)
    let park = try account("park", .away)
    #expect(!park.gap.cells.isEmpty)
    let seen = try classes(GapPicture(park, in: .english).svg())
    #expect((seen["target"] ?? 0) > 0 && seen["timeline"] == 1)
    #expect(GapPicture(park, in: .english).svg().contains("of its squares"))
    // As it was before anything was received.
    let empty = try Store(at: folder + "/empty.sqlite", for: .write)
    let unseen = try GapAccount(
      of: park.gap, withdrawn: nil, plan: plan, planDigest: "d", queries: Queries(empty))
    #expect(
      GapPicture(unseen, in: .english).svg().contains("nothing was received of a, z in this shift"))
    _ = try classes(GapPicture(unseen, in: .english).svg())
  }

  @Test(
    arguments: [
      ("line" as Place.ID, Cause.away), ("line", .silent), ("bank", .shortStay),
    ] as [(Place.ID, Cause)])
  func `is told to programs as well`(place: Place.ID, cause: Cause) throws {
    let account = try account(place, cause)
    let read = try JSONSerialization.jsonObject(with: Data(account.json.utf8)) as? [String: Any]
    #expect(read?["gap"] as? String == account.gap.id.text)
    let handhelds = try #require(read?["handhelds"] as? [[String: Any]])
    #expect(handhelds.map { $0["handheld"] as? String } == ["a", "z"])
    let a = handhelds[0]
    #expect((a["fixes"] as? [Any])?.count ?? 0 <= 2000)
    #expect((a["fixes_in_all"] as? Int) ?? 0 > 0)
    #expect((a["weighed"] as? [Any])?.isEmpty == false)
    #expect(handhelds[1]["counts"] is NSNull)
    if cause == .silent { #expect((a["unobserved"] as? [Any])?.isEmpty == false) }
  }

  @Test func `tells whose positions are gone, and what the plan does not have`() throws {
    let account = try account("line", .away)
    #expect(account.withoutFixes == [])
    var gap = account.gap
    gap.handhelds = ["a", "z"]
    let gone = try GapAccount(
      of: gap, withdrawn: nil, plan: plan, planDigest: "d", queries: queries)
    #expect(gone.withoutFixes == ["z"])
    gap.owed.place = "elsewhere"
    #expect(throws: GapAccount.Failure.notInPlan("place elsewhere")) {
      try GapAccount(of: gap, withdrawn: nil, plan: plan, planDigest: "d", queries: queries)
    }
  }
}
