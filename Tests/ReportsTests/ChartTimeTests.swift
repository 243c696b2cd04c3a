import Geodesy
import Patrol
import Testing

@testable import Reports

@Suite struct `Time on a chart` {
  static func ticks(_ zone: Zone, _ from: String, _ to: String, apart: Double) -> String {
    let span = Instant(rfc3339: from)!..<Instant(rfc3339: to)!
    return ChartTime(span, zone: zone, from: 0, to: 600).ticks(apart: apart)
      .map(\.text).joined(separator: " ")
  }

  static let berlin = Zone(
    identifier: "Europe/Berlin", firstOffset: 3600,
    transitions: [
      Zone.Transition(at: Instant(rfc3339: "2026-03-29T01:00:00Z")!, offset: 7200),
      Zone.Transition(at: Instant(rfc3339: "2026-10-25T01:00:00Z")!, offset: 3600),
    ])
  static let kathmandu = Zone(identifier: "Asia/Kathmandu", firstOffset: 20_700)

  @Test func `is marked at round local times, midnights by their date`() {
    #expect(
      Self.ticks(ChartScene.shanghai, "2026-11-20T12:00:00Z", "2026-11-20T18:00:00Z", apart: 80)
        == "20:00 21:00 22:00 23:00 2026-11-21 01:00 02:00")
    #expect(
      Self.ticks(Self.kathmandu, "2026-11-20T12:00:00Z", "2026-11-20T14:00:00Z", apart: 100)
        == "18:00 18:30 19:00 19:30")
  }

  @Test func `goes on with what the clocks show after they were changed`() {
    #expect(
      Self.ticks(Self.berlin, "2026-03-28T23:00:00Z", "2026-03-29T04:00:00Z", apart: 80)
        == "2026-03-29 01:00 03:00 UTC+02:00 04:00 05:00 06:00")
    #expect(
      Self.ticks(Self.berlin, "2026-10-24T22:00:00Z", "2026-10-25T03:00:00Z", apart: 80)
        == "2026-10-25 01:00 02:00 02:00 UTC+01:00 03:00 04:00")
  }

  @Test func `shows what there is with a margin, or the day`() {
    let day = ChartScene.minutes(0, 24 * 60)
    #expect(ChartTime.showing([], day: day) == day)
    #expect(
      ChartTime.showing([ChartScene.minutes(0, 120)], day: day) == ChartScene.minutes(-15, 135))
  }

  @Test(
    arguments: [
      // Attended from, to; due at, * where nobody came by then.
      ([(5, 8), (20, 25)], 60, "30 38 55*"),
      ([(40, 45)], 100, "30* 75*"),
      ([], 100, "30*"),
      ([(0, 100)], 100, "30"),
      ([(5, 8)], 20, "30"),
    ] as [([(Int, Int)], Int, String)])
  func `knows when a place fell due`(attended: [(Int, Int)], judged: Int, due: String) {
    let window = ChartScene.window(0, 100, every: 30)
    let told = window.dues(
      attended.map { ChartScene.minute($0.0)...ChartScene.minute($0.1) },
      judgedUntil: ChartScene.minute(judged))
    let text = told.map {
      "\(($0.at - ChartScene.start).value / 60_000)\($0.isMet ? "" : "*")"
    }.joined(separator: " ")
    #expect(text == due)
  }
}
