public import ArgumentParser
import Foundation
import Geodesy
public import Patrol
import Reports
import Store

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Draws up compliance reports.",
    subcommands: [Shift.self, Week.self, Month.self, Quarter.self])

  struct Shift: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What happened in one operational day: coverage, gaps and their causes, a map.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case html, csv, json }

    @OptionGroup var store: StoreOption
    @Option(
      help: ArgumentHelp("The operational day; without it the last one judged.", valueName: "date"))
    var of: String?
    @Option(help: "html, csv or json.") var format: Format = .html
    @Option(help: "Of the html: en or zh-Hans; without it, the plan's.") var language: Language?
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("Writes here instead of to the terminal.", valueName: "file"))
    var output: String?

    func run() throws {
      let context = try StoreContext(store)
      guard let latest = context.plans.last?.plan else {
        throw Failure(text: "nothing was judged in this store yet", status: 1)
      }
      let day: CivilDate
      if let of {
        guard let date = CivilDate(of) else {
          throw ValidationError("--of: found \"\(of)\"; expected a date such as 2026-11-20")
        }
        day = date
      } else {
        guard let last = try context.queries.lastWindow() else {
          throw Failure(text: "nothing was judged in this store yet", status: 1)
        }
        day = latest.operationalDay(of: last)
      }
      // The plan in force when the day ended: the last that any of its windows may have opened under.
      let end = latest.instant(of: latest.dayStarts, in: day.adding(days: 1))
      guard let version = context.plan(at: end) else { return }
      let report = try ShiftReport(
        of: day, plan: version.plan, planDigest: version.digest, queries: context.queries,
        at: SystemClock.now)
      let text: String
      switch format {
      case .html: text = try report.html(in: language)
      case .csv: text = report.csv
      case .json: text = report.json
      }
      try Output.write(text, to: output)
    }
  }
}

extension Language: ExpressibleByArgument {
  public init?(argument: String) { self.init(tag: argument) }
}
