import Geodesy
import Patrol
import Testing

@testable import GPSD

@Suite("One gpsd's lines to reports") struct LinkStateTests {
  static let endpoint = Endpoint(host: "gps.local", port: 2947)
  static let clock = Instant(milliseconds: 1_795_431_900_000)

  static func handhelds(_ sources: String...) throws -> [Handheld] {
    try sources.enumerated().map { index, source in
      Handheld(
        id: Handheld.ID("h\(index)"), source: try #require(Source(source)), travel: .foot,
        model: DeviceModel(id: "generic"))
    }
  }

  static func tpv(_ device: String?) -> String {
    #"{"class":"TPV",\#(device.map { #""device":"\#($0)","# } ?? "")"mode":1}"#
  }

  static func drained(
    _ state: inout LinkState, _ lines: String..., at now: Milliseconds = .zero
  ) -> [FleetReport] {
    for line in lines {
      Array(line.utf8).withUnsafeBytes { state.take($0, at: now, clock: clock) }
    }
    return state.drain().reports
  }

  static func seen(_ id: Handheld.ID) -> FleetReport {
    .observation(Observation(handheld: id, receivedAt: clock, report: .noFix(mode: 1)))
  }

  /// Sources, a device, and whose it is.
  static let routes: [([String], String?, String?)] = [
    (["gps.local:2947:/dev/a", "gps.local:2947:/dev/b"], "/dev/b", "h1"),
    (["gps.local:2947:/dev/a", "gps.local"], "/dev/a", "h0"),
    (["gps.local:2947:/dev/a", "gps.local"], "/dev/b", "h1"),
    (["gps.local:2947:/dev/a", "gps.local"], nil, nil),
    (["gps.local"], nil, "h0"),
    (["gps.local:2947:/dev/a"], nil, nil),
    (["gps.local:2947:/dev/a"], "/dev/a#x", nil),
    (["gps.local:2948:/dev/a", "other"], "/dev/a", nil),
    (["gps.local:2947:udp://0.0.0.0:5931#handheld-17"], "udp://0.0.0.0:5931#handheld-17", "h0"),
  ]

  @Test("routes", arguments: routes)
  func route(sources: [String], device: String?, id: String?) throws {
    let handhelds = try sources.flatMap { try Self.handhelds($0) }.enumerated().map {
      var handheld = $1
      handheld.id = Handheld.ID("h\($0)")
      return handheld
    }
    let routes = Routes(of: handhelds, at: Self.endpoint)
    #expect(routes.handheld(of: device) == id.map { Handheld.ID($0) })
  }

  @Test("an unassigned device is told once and counted each time")
  func unassigned() throws {
    var state = LinkState(
      endpoint: Self.endpoint, handhelds: try Self.handhelds("gps.local:2947:/dev/a"))
    for line in [Self.tpv("/dev/a"), Self.tpv("/dev/b"), Self.tpv("/dev/b"), Self.tpv(nil)] {
      Array(line.utf8).withUnsafeBytes { state.take($0, at: .zero, clock: Self.clock) }
    }
    let (reports, deeds, counts) = state.drain()
    #expect(
      reports == [
        Self.seen("h0"), .unassigned(Self.endpoint, device: "/dev/b"),
        .unassigned(Self.endpoint, device: LinkState.unnamed),
      ])
    #expect(deeds == [])
    #expect(counts.lines == 4)
    #expect(counts.withoutFix == 1)
    #expect(counts.unassigned == 3)
    #expect(state.drain().reports == [])
  }

  @Test("a device that gpsd frees without a word is told from its list, and when it is back")
  func freed() throws {
    var state = LinkState(
      endpoint: Self.endpoint, handhelds: try Self.handhelds("gps.local:2947:/dev/a"))
    func list(_ devices: String) -> [FleetReport] {
      let line = #"{"class":"DEVICES","devices":[\#(devices)]}"#
      Array(line.utf8).withUnsafeBytes { state.take($0, at: .zero, clock: Self.clock) }
      return state.drain().reports
    }
    let a = #"{"class":"DEVICE","path":"/dev/a","activated":"2026-11-23T11:05:00.000Z"}"#
    #expect(list(a) == [])
    #expect(list("") == [.devices(Self.endpoint, gone: ["h0"], back: [])])
    #expect(list("") == [])
    #expect(list(a) == [.devices(Self.endpoint, gone: [], back: ["h0"])])
  }

  @Test("complaints come once a minute, with how many were held back")
  func complaints() throws {
    var state = LinkState(endpoint: Self.endpoint, handhelds: try Self.handhelds("gps.local"))
    func complaint(_ text: String) -> [FleetReport] { [.complaint(Self.endpoint, text: text)] }
    let refusal = #"{"class":"ERROR","message":"no"}"#
    #expect(Self.drained(&state, refusal, "x", "y") == complaint("gpsd says: no"))
    #expect(Self.drained(&state, "z", at: .seconds(59)) == [])
    #expect(
      Self.drained(&state, "{}", at: .seconds(60))
        == complaint(
          "unreadable line, byte 1: expected a class (and 3 complaints since the last one told)"))
    state.noteOversized(2, at: .seconds(120))
    let (reports, _, counts) = state.drain()
    #expect(reports == complaint("line longer than 65536 bytes dropped"))
    #expect(counts.oversized == 2)
  }

  @Test("HDOP is kept apart for each device, and a plan's change forgets it")
  func hdops() throws {
    let handhelds = try Self.handhelds("gps.local:2947:/dev/a", "gps.local:2947:/dev/b")
    var state = LinkState(endpoint: Self.endpoint, handhelds: handhelds)
    func hdop(_ device: String, _ state: inout LinkState) -> Double? {
      let line =
        #"{"class":"TPV","device":"\#(device)","mode":3,"time":"2026-11-23T11:05:00Z","lat":1,"lon":1}"#
      guard case .observation(let seen) = Self.drained(&state, line).first else { return -1 }
      return seen.fix?.hdop
    }
    _ = Self.drained(&state, #"{"class":"SKY","device":"/dev/a","hdop":1.5}"#)
    #expect(hdop("/dev/a", &state) == 1.5)
    #expect(hdop("/dev/b", &state) == nil)
    state.route(handhelds, clock: Self.clock)
    #expect(hdop("/dev/a", &state) == nil)
  }

  /// A list of satellites, and what is told of it.
  static let skies: [(String, Reception?)] = [
    (#""satellites":[]"#, Reception(seen: 0, used: 0, strengthDBHz: nil)),
    (
      #""satellites":[{"PRN":1,"ss":40.0,"used":true},{"PRN":2,"used":true},{"PRN":3,"ss":20,"used":false},{"ss":31,"used":true}]"#,
      Reception(seen: 4, used: 3, strengthDBHz: 35.5)
    ),
    (
      #""uSat":9, "satellites" : [ {"ss":20,"az":1.0,"used":false} , {"ss":30,"el":[1,{"ss":9}]} ]"#,
      Reception(seen: 2, used: 0, strengthDBHz: 25)
    ),
    (#""satellites":[{"used":true}]"#, Reception(seen: 1, used: 1, strengthDBHz: nil)),
    (#""hdop":1.0,"uSat":9"#, nil),
    (#""satellites":null"#, nil),
  ]

  @Test("how a handheld receives is read off the list of satellites", arguments: skies)
  func reception(list: String, told: Reception?) throws {
    var state = LinkState(endpoint: Self.endpoint, handhelds: try Self.handhelds("gps.local"))
    let sky = #"{"class":"SKY","device":"/dev/a",\#(list)}"#
    // Two objects on a line: the second is meant.
    let line = Self.tpv("/dev/a") + " " + sky
    let expected = told.map { [FleetReport.reception("h0", $0)] } ?? []
    #expect(Self.drained(&state, line) == [Self.seen("h0")] + expected)
  }

  @Test("how a handheld receives is told twice a minute, for each alone")
  func receptions() throws {
    let handhelds = try Self.handhelds("gps.local:2947:/dev/a", "gps.local:2947:/dev/b")
    var state = LinkState(endpoint: Self.endpoint, handhelds: handhelds)
    func told(_ device: String, at second: Int) -> [FleetReport] {
      Self.drained(
        &state, #"{"class":"SKY","device":"\#(device)","satellites":[{"used":true}]}"#,
        at: .seconds(second))
    }
    let one = Reception(seen: 1, used: 1, strengthDBHz: nil)
    #expect(told("/dev/a", at: 0) == [.reception("h0", one)])
    #expect(told("/dev/a", at: 29) == [])
    #expect(told("/dev/b", at: 29) == [.reception("h1", one)])
    #expect(told("/dev/c", at: 30) == [])
    #expect(told("/dev/a", at: 30) == [.reception("h0", one)])
  }

  @Test("a plan's new handhelds are told how the link stands, the others are not")
  func replaced() throws {
    let one = try Self.handhelds("gps.local:2947:/dev/a")
    let two = try Self.handhelds("gps.local:2947:/dev/a", "gps.local:2947:/dev/b")
    var state = LinkState(endpoint: Self.endpoint, handhelds: one)
    state.route(two, clock: Self.clock)
    #expect(state.drain().reports == [])
    state.route(one, clock: Self.clock)
    state.handle(.start, at: .zero, clock: Self.clock)
    state.handle(.lost(reason: "refused"), at: .zero, clock: Self.clock)
    state.route(two, clock: Self.clock)
    func down(_ id: Handheld.ID) -> FleetReport {
      .unreachable(Self.endpoint, handhelds: [id], reason: "refused", at: Self.clock)
    }
    let (reports, deeds, _) = state.drain()
    #expect(reports == [down("h0"), down("h1")])
    #expect(deeds == [.connect])
  }
}
