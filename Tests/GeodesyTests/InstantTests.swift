import Geodesy
import Testing

@Suite struct `Instants` {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-11-23T11:05:00Z", 1_795_431_900_000),
    ("2026-11-23T19:05:00+08:00", 1_795_431_900_000), ("2000-02-29t23:59:59.999z", 951_868_799_999),
    ("2026-11-23 11:05:00.5Z", 1_795_431_900_500), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ("1969-12-31T23:59:59.250Z", -750), ("2026-11-23T11:05:00.0019Z", 1_795_431_900_001),
  ])
  func `are read from RFC 3339`(text: String, ms: Int) throws {
    #expect(try #require(Instant(rfc3339: text)).milliseconds == Int64(ms))
  }

  @Test(arguments: [
    "", "2026-11-23", "2026-11-23T11:05:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
    "2026-11-23T24:00:00Z", "2026-11-23T11:60:00Z", "2026-11-23T11:05:00.Z",
    "2026-11-23T11:05:00Zx",
    "+026-11-23T11:05:00Z", "2026-11-23T11:05:00+8:00", "２026-11-23T11:05:00Z",
  ])
  func `refuse everything else`(text: String) {
    #expect(Instant(rfc3339: text) == nil)
  }

  @Test(arguments: [-8 * 3600, 0, 20_700, 8 * 3600])
  func `print what they read`(offset: Int) {
    for ms in [0, -1, 1_795_431_900_001, 951_868_799_999, -86_400_000] as [Int64] {
      let instant = Instant(milliseconds: ms)
      #expect(Instant(rfc3339: instant.text(offsetSeconds: offset)) == instant)
    }
  }

  @Test func `count days as the calendar does`() {
    var date = CivilDate(year: 1999, month: 12, day: 31)!
    var weekday = 4  // a Friday
    for n in 10_956..<14_000 {
      #expect(date.daysSince1970 == n)
      #expect(date.weekday == weekday)
      #expect(CivilDate(date.description) == date)
      date = date.adding(days: 1)
      weekday = (weekday + 1) % 7
    }
  }
}
