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
    @Option(help: "html or pdf (a page), xlsx (a workbook), csv (a table of it), or json (all).")
    var format: PeriodOptions.Format = .html
    @Option(help: "Of the page: en or zh-Hans; without it, the plan's.") var language: Language?
    @Option(
      help: ArgumentHelp(
        "Of csv: windows (without it), summary, gaps, time, attendances, excuses, pairings or outages.",
        valueName: "name"))
    var table: String?
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("Writes here instead of to the terminal.", valueName: "file"))
    var output: String?

    func validate() throws {
      if table != nil, format != .csv {
        throw ValidationError("--table: expected with --format csv only; \(format) has all of them")
      }
      if format.isBinary, output == nil {
        throw ValidationError("--format \(format): is not for a terminal; expected -o FILE")
      }
    }

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
      switch format {
      case .html: try Output.write(report.html(in: language), to: output)
      case .json: try Output.write(report.json, to: output)
      case .csv: try Output.write(csv(of: report), to: output)
      case .xlsx: try Output.write(report.workbook.bytes(), to: output ?? "")
      case .pdf: try Output.write(PDFPrinting.pdf(of: report.html(in: language)), to: output ?? "")
      }
    }

    private func csv(of report: MemberReport) throws -> String {
      let name = table ?? "windows"
      guard let listing = report.tables.first(where: { $0.name == name })?.listing else {
        let names = report.tables.map(\.name).joined(separator: ", ")
        throw Failure.wrongQuestion("--table: found \"\(name)\"; expected one of \(names)")
      }
      return listing.csv(zone: report.zone)
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
