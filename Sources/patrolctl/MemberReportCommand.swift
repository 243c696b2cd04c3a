import ArgumentParser
import Geodesy
import Patrol
import Reports
import Store

extension ReportCommand {
  struct Member: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A member's own record: duties, gaps, time on duty, and what follows for the pay.",
      discussion: "Figures are those of a period's report of the same days.")

    @OptionGroup var store: StoreOption
    @Option(
      help: ArgumentHelp(
        "A member's name, as the roster has it, or a handheld that nobody is rostered with.",
        valueName: "name"))
    var of: String
    @Option(
      help: ArgumentHelp(
        "The first operational day; without it, of the month of the last.", valueName: "date"))
    var from: String?
    @Option(
      help: ArgumentHelp("The last operational day; without it the last judged.", valueName: "date")
    )
    var to: String?
    @OptionGroup var output: ReportOutput
    @Option(
      help: ArgumentHelp(
        "Of csv: windows (without it), summary, gaps, time, attendances, excuses, pairings or outages.",
        valueName: "name"))
    var table: String?

    func validate() throws { try output.validate(table: table) }

    func run() throws {
      let context = try StoreContext(store)
      guard let latest = context.plans.last?.plan, let last = try context.queries.lastWindow()
      else {
        throw Failure(text: "nothing was judged in this store yet", status: 1)
      }
      let report: MemberReport
      do {
        report = try MemberReport(
          of: of, on: days(last: latest.operationalDay(of: last)), plans: context.plans,
          queries: context.queries, at: SystemClock.now)
      } catch let refusal as MemberReport.Refusal {
        throw Self.failure(refusal)
      }
      try output.write(
        html: report.html(in:), json: report.json, workbook: report.workbook,
        table: table ?? "windows", of: report.tables, zone: report.zone)
    }

    private func days(last: CivilDate) throws -> Range<CivilDate> {
      func date(_ text: String, _ option: String) throws -> CivilDate {
        guard let date = CivilDate(text) else {
          throw Failure.wrongQuestion(
            "\(option): found \"\(text)\"; expected a date such as \(last)")
        }
        return date
      }
      let to = try self.to.map { try date($0, "--to") } ?? last
      let from =
        try self.from.map { try date($0, "--from") }
        ?? Period(.month, containing: to).days.lowerBound
      guard from <= to else {
        throw Failure.wrongQuestion("--from: found \(from); expected no day after \(to)")
      }
      guard to.daysSince1970 - from.daysSince1970 < 400 else {
        throw Failure.wrongQuestion("--from: found \(from); expected at most 400 days up to \(to)")
      }
      return from..<to.adding(days: 1)
    }

    private static func failure(_ refusal: MemberReport.Refusal) -> Failure {
      switch refusal {
      case .unknown(let name, let known):
        Failure.wrongQuestion(
          "--of: found \"\(name)\"; expected one of \(known.joined(separator: ", "))")
      case .carried(let handheld, let bearers):
        Failure(
          text:
            "\(handheld) was carried by \(bearers.joined(separator: ", ")) in these days; expected --of one of them",
          status: 1)
      case .idle(let name): Failure(text: "\(name) was not on duty in these days", status: 1)
      }
    }
  }
}
