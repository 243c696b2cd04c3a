import Assessment
import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Store
import Testing

@Suite final class `The charts of a shift` {
  let folder: String
  let report: ShiftReport
  let store: Store

  /// The evening whose gaps are accounted for, as a report.
  init() throws {
    folder = NSTemporaryDirectory() + "patrol-charts-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let plan = try `The account of a gap`.plan()
    let start = `The account of a gap`.start
    store = try Store(at: folder + "/s.sqlite", for: .write)
    let span = start - .hours(3)..<start + .hours(5)
    var pipeline = try Pipeline(
      store: store, version: Pipeline.Version(plan: plan, digest: "d", bundle: "d"),
      scope: .windows(span), at: span.lowerBound, program: "test", load: { _ in plan })
    let told = `The account of a gap`.evening()
    // In two goes, with a checkpoint: what is stored lies in more than one table.
    _ = try pipeline.take(
      Array(told[..<2000]), until: told[1999].receivedAt + .seconds(40))
    _ = try pipeline.take(Array(told[2000...]), until: start + .hours(4))
    report = try ShiftReport(
      of: CivilDate("2026-11-20")!, plan: plan, planDigest: "d", queries: Queries(store),
      at: start + .hours(4))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @Test func `are one for each line, group and squadron`() throws {
    let charts = ShiftCharts(report)
    let lines = charts.lines
    #expect(lines.map(\.title) == ["Long <Street> & \"Co\"", "Loop"])
    let drawn = try ReadDrawing(lines[0].draw(.english))
    let gaps = report.gaps.filter { $0.gap.owed.place == "line" }
    #expect(!gaps.isEmpty && drawn.all("gap").count == gaps.count)
    #expect(drawn.all("pass").count == report.passes["line"]?.count)
    #expect(drawn.areInPlot("pass", "gap"))
    let places = charts.places
    #expect(places.map(\.title) == ["G"])
    let rows = try ReadDrawing(places[0].draw(.english))
    #expect(rows.all("window").count == 2)
    #expect(!rows.all("stay").isEmpty && !rows.all("short_stay").isEmpty)
    #expect(charts.handhelds.map(\.title) == ["S"])
    let names = (lines + places + charts.handhelds).flatMap { chart in
      chart.draw(.english).matches(of: #/ id="([^"]+)"/#).map { String($0.output.1) }
    }
    #expect(Set(names).count == names.count, "no name is defined twice on a page")
  }

  @Test func `tell of who came while another stood in, without drawing it as attended`() throws {
    #expect(try !report.html().contains("not on this duty then"))
    let day = CivilDate("2026-11-20")!
    let plan = report.plan.changed(by: [
      PlanChange(day: day, what: .swap("z", insteadOf: "a", report.plan.span(of: day)))
    ])
    let swapped = try ShiftReport(
      of: day, plan: plan, planDigest: "d", queries: Queries(store), at: report.drawnUp)
    let drawn = try ReadDrawing(ShiftCharts(swapped).places[0].draw(.english))
    #expect(drawn.all("stay").isEmpty && !drawn.all("window").isEmpty)
    let page = try swapped.html()
    let counted = report.stays.values.joined().filter { $0.kind == .stay && $0.handheld == "a" }
    #expect(!counted.isEmpty)
    #expect(page.split(separator: "not on this duty then").count == counted.count + 1)
  }

  @Test func `know what each handheld's time was worth`() throws {
    let a = try #require(report.handheldDays.first { $0.handheld == "a" })
    let told = `The account of a gap`.evening()
    #expect(a.reports == told.count)
    #expect(a.onDuty == [told[0].receivedAt..<`The account of a gap`.start + .hours(3)])
    #expect(a.parts.map(\.state) == [.observed, .silent])
    #expect(a.time(.observed) == told[told.count - 1].receivedAt - told[0].receivedAt)
    let walked = report.passes.values.joined().filter { $0.kind == .pass }.map {
      abs($0.to.value - $0.from.value)
    }.reduce(0, +)
    #expect(walked > 500 && abs(a.walked.value - walked) < 1)
    let z = try #require(report.handheldDays.first { $0.handheld == "z" })
    #expect(z.parts.isEmpty && z.reports == 0)
  }

  @Test func `are of what the listings hold`() throws {
    let queries = Queries(store)
    var filter = Filter()
    (filter.from, filter.to) = (report.span.lowerBound, report.span.upperBound)
    let windows = try queries.windows(filter).filter {
      report.span.contains($0.owed.windowBegan)
    }
    #expect(report.windows == windows && !windows.isEmpty)
    let fixes = try queries.fixes(filter)
    let columns = report.handhelds.columns
    let (reports, usable, first) = (
      columns.firstIndex(of: "reports")!, columns.firstIndex(of: "usable")!,
      columns.firstIndex(of: "first_at")!
    )
    for row in report.handhelds.rows {
      let own = fixes.rows.filter { $0[0] == row[0] }
      #expect(row[reports] == .integer(Int64(own.count)))
      #expect(row[usable] == .integer(Int64(own.count { $0[9] == .none })))
      #expect(row[first] == own.first?[1])
    }
    #expect(report.handhelds.rows.count == 1)
    #expect(try queries.storedCount() == fixes.rows.count)
    filter.to = report.span.upperBound + .hours(26)
    let gaps = try queries.gaps(filter).filter { report.span.contains($0.gap.owed.windowBegan) }
    #expect(report.gaps == gaps && !gaps.isEmpty)
    let withdrawn = try queries.withdrawn(filter).filter {
      report.span.contains($0.owed.windowBegan)
    }
    #expect(report.withdrawn == withdrawn)
  }

  @Test func `come with what attended nothing`() throws {
    #expect(report.shortStays.rows.count == 1)
    #expect(report.shortStays.rows[0].contains(.text("short_stay")))
    #expect(report.driveBys.rows.isEmpty && report.driveBys.columns.contains("speed_mps"))
  }
}
