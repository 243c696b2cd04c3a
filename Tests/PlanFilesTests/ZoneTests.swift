import Foundation
import Geodesy
import Patrol
import Testing

@testable import PlanFiles

private func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

@Test(arguments: [
  ("Asia/Shanghai", "2026-07-01T00:00:00Z", 28_800),
  ("Asia/Shanghai", "1988-07-01T00:00:00Z", 32_400),  // China kept summer time from 1986 to 1991
  ("Asia/Shanghai", "2099-07-01T00:00:00Z", 28_800),
  ("Europe/London", "2026-03-29T00:59:59Z", 0),
  ("Europe/London", "2026-03-29T01:00:00Z", 3600),
  ("Europe/London", "2026-10-25T00:59:59Z", 3600),
  ("Europe/London", "2026-10-25T01:00:00Z", 0),
  ("Europe/London", "2090-07-01T00:00:00Z", 3600),
  ("America/New_York", "2026-03-08T06:59:59Z", -18_000),
  ("America/New_York", "2026-03-08T07:00:00Z", -14_400),
  ("America/New_York", "2026-11-01T06:00:00Z", -18_000),
  ("America/New_York", "2080-07-01T00:00:00Z", -14_400),
  ("Australia/Lord_Howe", "2026-01-01T00:00:00Z", 39_600),
  ("Australia/Lord_Howe", "2026-04-04T14:59:59Z", 39_600),  // puts its clocks back by half an hour
  ("Australia/Lord_Howe", "2026-04-04T15:00:00Z", 37_800),
  ("Australia/Lord_Howe", "2070-01-01T00:00:00Z", 39_600),
  ("Europe/Dublin", "2026-01-01T00:00:00Z", 0),  // whose summer is its standard time
  ("Europe/Dublin", "2090-07-01T00:00:00Z", 3600),
  ("Asia/Kathmandu", "2026-01-01T00:00:00Z", 20_700),
  ("UTC", "2026-01-01T00:00:00Z", 0),
])
func `A zone has the offset that is known of an instant`(name: String, at: String, offset: Int)
  throws
{
  let zone = try #require(SystemZone.named(name))
  #expect(zone.offset(at: try instant(at)) == offset)
}

@Test(arguments: [
  "Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin",
  "Africa/Casablanca", "America/Santiago", "Asia/Tehran", "Pacific/Apia", "Antarctica/Troll",
])
func `A zone agrees with Foundation's, day by day to the year 2100`(name: String) throws {
  let zone = try #require(SystemZone.named(name))
  let theirs = try #require(TimeZone(identifier: name))
  var at = try instant("1970-01-02T00:30:00Z")
  let end = try instant("2099-12-30T00:00:00Z")
  var different: [String] = []
  while at < end {
    let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1000)
    if theirs.secondsFromGMT(for: date) != zone.offset(at: at) { different.append(at.text()) }
    at = at + .hours(29)
  }
  #expect(different.prefix(3) == [] && different.count == 0)
}

@Test(arguments: [
  "", "Asia", "Asia/Nowhere", "../zoneinfo/Asia/Shanghai", "/etc/passwd", "tzdata.zi",
  "Asia//Shanghai",
  "zone.tab", String(repeating: "a", count: 5000),
])
func `What is no zone is none`(name: String) {
  #expect(SystemZone.named(name) == nil)
}

@Test func `A zone's table reads back`() throws {
  for name in ["Asia/Shanghai", "Australia/Lord_Howe", "UTC"] {
    let zone = try #require(SystemZone.named(name))
    #expect(ZoneTable.zone(ZoneTable.text(zone), identifier: name) == zone)
  }
  for text in ["", "x", "0\n1", "0\n1 2 3", "0\n99999999999999999999 3600", "999999999"] {
    #expect(ZoneTable.zone(text, identifier: "UTC") == nil)
  }
}

@Test func `A damaged zone file is refused or read, never a trap`() throws {
  let path = "/usr/share/zoneinfo/Europe/London"
  let sound = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  #expect(TZif.zone(sound, identifier: "Europe/London") != nil)
  for length in stride(from: 0, to: sound.count - 26, by: 7) {
    #expect(TZif.zone(Array(sound.prefix(length)), identifier: "x") == nil)
  }
  var random = SplitMix(seed: 7)
  for _ in 0..<2000 {
    var bytes = sound
    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
      in: 0...255, using: &random)
    bytes[Int.random(in: 0..<200, using: &random)] = UInt8.random(in: 0...255, using: &random)
    _ = TZif.zone(bytes, identifier: "x")
  }
}

@Test(arguments: [
  ("<+0330>-3:30", 2030, []),
  ("EST5EDT,M3.2.0,M11.1.0", 2030, ["2030-03-10T07:00:00Z -14400", "2030-11-03T06:00:00Z -18000"]),
  ("AAA0BBB,J60/0,J300/0", 2028, ["2028-03-01T00:00:00Z 3600", "2028-10-26T23:00:00Z 0"]),
  ("AAA0BBB,59/0,299/0", 2028, ["2028-02-29T00:00:00Z 3600", "2028-10-25T23:00:00Z 0"]),
  (
    "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2030,
    ["2030-03-31T01:00:00Z -3600", "2030-10-27T01:00:00Z -7200"]
  ),
])
func `A rule is written out for a year`(rule: String, year: Int, changes: [String]) throws {
  let rule = try #require(ZoneRule(rule))
  let from = try instant("\(year)-01-01T00:00:00Z")
  let standard = rule.transitions(after: .distantPast, from: 0, through: 1970).last?.offset ?? 0
  let found = rule.transitions(
    after: from, from: changes.isEmpty ? 12_600 : standard, through: year)
  #expect(found.map { "\($0.at) \($0.offset)" } == changes)
}

@Test(arguments: [
  "", "5", "EST", "EST5EDT,", "EST5EDT,M13.1.0,M11.1.0", "EST5EDT,M3.2.0", "<EST5", "EST99",
])
func `What is no rule is none`(text: String) {
  #expect(ZoneRule(text) == nil)
}

@Test(arguments: [
  ("Europe/London", "2026-01-01"), ("America/New_York", "2026-01-01"),
  ("Australia/Lord_Howe", "2026-01-01"),
  ("Europe/Dublin", "2026-01-01"), ("Africa/Casablanca", "2026-01-01"),
  ("Pacific/Apia", "2011-06-01"),  // which had no 30 December 2011
  ("Asia/Shanghai", "1988-01-01"), ("America/Caracas", "2016-01-01"),
])
func
  `A local time is the first instant at which clocks show it, or the end of the gap that skips it`(
    name: String, year: String
  ) throws
{
  let zone = try #require(SystemZone.named(name))
  let from = try instant("\(year)T00:00:00Z")
  let changes = zone.transitions.filter { (from..<from + .hours(24 * 400)).contains($0.at) }
  #expect(!changes.isEmpty)
  let step = Milliseconds.minutes(15)
  for change in changes {
    let before = zone.offset(at: change.at - step)
    // Every quarter of an hour that clocks might show within two days of the change.
    for quarter in stride(from: -200, through: 200, by: 1) {
      let local = change.at + step * Int64(quarter) + .seconds(before)
      let days = Int(local.milliseconds / 86_400_000)
      let time = try #require(TimeOfDay(seconds: Int(local.milliseconds % 86_400_000 / 1000)))
      let shown = (-300...300).map { change.at + step * Int64($0) }.first {
        $0 + .seconds(zone.offset(at: $0)) == local
      }
      let found = zone.instant(of: CivilDate(daysSince1970: days), time)
      #expect(found == shown ?? change.at, "\(name) \(CivilDate(daysSince1970: days)) \(time)")
    }
  }
}
