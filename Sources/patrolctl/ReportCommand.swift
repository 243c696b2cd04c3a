public import ArgumentParser
import Foundation
import Geodesy
public import Patrol
import Reports
import Store

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Draws up compliance reports.",
    subcommands: [Shift.self, Week.self, Month.self, Quarter.self, Member.self])

  struct Shift: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What happened in one operational day: coverage, gaps and their causes, a map.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
      case html, csv, json, geojson, xlsx, pdf

      /// Not for a terminal.
      var isBinary: Bool { self == .xlsx || self == .pdf }
    }

    @OptionGroup var store: StoreOption
    @Option(
      help: ArgumentHelp("The operational day; without it the last one judged.", valueName: "date"))
    var of: String?
    @Option(
      help: "html or pdf (a page), xlsx (a workbook), csv (windows), geojson (gaps), or json (all)."
    )
    var format: Format = .html
    @Flag(help: "Begins csv with a byte order mark, by which Excel knows UTF-8.") var bom = false
    @Option(help: "Of the page: en or zh-Hans; without it, the plan's.") var language: Language?
    @Option(
      help: ArgumentHelp("This squadron's part alone, to hand to its leader.", valueName: "id"))
    var squadron: String?
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("Writes here instead of to the terminal.", valueName: "file"))
    var output: String?

    func validate() throws {
      if bom, format != .csv { throw ValidationError("--bom: expected with --format csv only") }
      if format.isBinary, output == nil {
        throw ValidationError("--format \(format): is not for a terminal; expected -o FILE")
      }
    }

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
      let end = latest.span(of: day).upperBound
      guard let version = context.plan(at: end) else { return }
      let report = try ShiftReport(
        of: day, plan: part(of: version.plan, on: day), planDigest: version.digest,
        isCut: squadron != nil,
        queries: context.queries, at: SystemClock.now)
      switch format {
      case .html: try Output.write(report.html(in: language), to: output)
      case .csv: try Output.write((bom ? "\u{FEFF}" : "") + report.csv, to: output)
      case .json: try Output.write(report.json, to: output)
      case .geojson:
        let text = report.gapListing.geojson(
          zone: report.zone, geometry: context.geometry(of: report.gaps))
        try Output.write(text, to: output)
      case .xlsx: try Output.write(report.workbook.bytes(), to: output ?? "")
      case .pdf: try Output.write(PDFPrinting.pdf(of: report.html(in: language)), to: output ?? "")
      }
    }

    private func part(of plan: Plan, on day: CivilDate) throws -> Plan {
      guard let squadron else { return plan }
      guard let part = try plan.cut(to: Squadron.ID(squadron), on: day) else {
        let all = plan.brigade.squadrons.map(\.id.text).joined(separator: ", ")
        throw Failure.wrongQuestion("--squadron: found \"\(squadron)\"; expected one of \(all)")
      }
      return part
    }
  }
}

extension Language: ExpressibleByArgument {
  public init?(argument: String) { self.init(tag: argument) }
}
