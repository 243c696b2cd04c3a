import Foundation
import Geodesy
import Patrol
import Reports
import Testing

@Suite struct `Reports made without being asked` {
  let plan: Plan

  init() throws { plan = try `A shift report`.plan() }

  func due(_ from: String, _ to: String) -> [String] {
    let span = Instant(rfc3339: from)!..<Instant(rfc3339: to)!
    return plan.reports(due: span, backlog: .hours(2)).map {
      "\(plan.zone.timeOfDay(of: $0.due)) \($0.name)"
    }
  }

  /// The evening's shift ends at 23:00, its windows at 21:00; 30 November 2026 is a Monday.
  @Test func `are provisional at a shift's end and final two hours later`() {
    #expect(
      due("2026-11-20T12:00:00+08:00", "2026-11-21T06:00:00+08:00") == [
        "23:02 shift-2026-11-20.provisional", "01:02 shift-2026-11-20.final",
      ])
  }

  @Test func `are of a week, a month and a quarter when their last day is over`() {
    #expect(
      due("2026-11-30T05:00:00+08:00", "2026-11-30T20:00:00+08:00") == [
        "08:02 week-2026-W48.final"
      ])
    #expect(
      due("2027-01-01T02:00:00+08:00", "2027-01-01T20:00:00+08:00") == [
        "08:02 month-2026-12.final", "08:02 quarter-2026-Q4.final",
      ])
  }

  @Test func `fall due once, however time is cut`() {
    let whole = due("2026-11-20T00:00:00+08:00", "2026-12-03T00:00:00+08:00")
    var parts: [String] = []
    var from = Instant(rfc3339: "2026-11-20T00:00:00+08:00")!
    let end = Instant(rfc3339: "2026-12-03T00:00:00+08:00")!
    var step = 1
    while from < end {
      let to = min(end, from + .minutes(step))
      parts += plan.reports(due: from..<to, backlog: .hours(2)).map {
        "\(plan.zone.timeOfDay(of: $0.due)) \($0.name)"
      }
      (from, step) = (to, step * 7 % 1009)
    }
    #expect(parts == whole && whole.count == 2 * 13 + 3)
  }

  @Test func `lie in a folder with a list of them`() throws {
    let folder = NSTemporaryDirectory() + "patrol-shelf-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shelf = ReportShelf(folder)
    let all = plan.reports(
      due: Instant(
        rfc3339: "2026-11-20T00:00:00+08:00")!..<Instant(rfc3339: "2026-11-24T00:00:00+08:00")!,
      backlog: .hours(2))
    for report in all {
      #expect(!shelf.holds(report))
      try shelf.put(
        report, [("html", "<p>"), ("json", "{}")], heading: "A & B", in: .english)
      #expect(shelf.holds(report))
    }
    let list = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
    #expect(list.contains("A &amp; B") && list.contains("week-2026-W47.final.json"))
    let at = all.compactMap { list.firstRange(of: "\($0.name).html")?.lowerBound }
    #expect(at.count == all.count)
    #expect(list.contains("Sunday, 22 November 2026") && list.contains("2026-11-16 – 2026-11-22"))
    try shelf.put(all[0], [], heading: "大队", in: .chinese)
    let chinese = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
    #expect(chinese.contains("最终稿") && chinese.contains("周小结"))
    #expect(!chinese.contains("final<") && !chinese.contains("shift<"))
    #expect(throws: ReportShelf.Failure.self) {
      try ReportShelf("/proc/none").put(all[0], [("html", "")], heading: "", in: .english)
    }
  }
}
