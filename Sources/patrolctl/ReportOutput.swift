import ArgumentParser
import Foundation
import Geodesy
import Patrol
import Reports
import Store

/// In what form a report that has tables is asked for, and where it goes.
struct ReportOutput: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case html, csv, json, xlsx, pdf

    /// Not for a terminal.
    var isBinary: Bool { self == .xlsx || self == .pdf }
  }

  @Option(help: "html or pdf (a page), xlsx (a workbook), csv (a table of it), or json (all).")
  var format: Format = .html
  @Option(help: "Of the page: en or zh-Hans; without it, the plan's.") var language: Language?
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Writes here instead of to the terminal.", valueName: "file"))
  var output: String?

  func validate(table: String?) throws {
    if table != nil, format != .csv {
      throw ValidationError("--table: expected with --format csv only; \(format) has all of them")
    }
    if format.isBinary, output == nil {
      throw ValidationError("--format \(format): is not for a terminal; expected -o FILE")
    }
  }

  /// Writes what of a report is asked for; only that is drawn up.
  ///
  /// - Parameters:
  ///   - table: of csv, one of `tables`.
  ///   - tables: in the order in which they are read.
  func write(
    html: (Language?) throws -> String, json: @autoclosure () throws -> String,
    workbook: @autoclosure () -> Workbook, table: String,
    of tables: @autoclosure () -> [(name: String, listing: Listing)], zone: ZoneText
  ) throws {
    switch format {
    case .html: try Output.write(html(language), to: output)
    case .json: try Output.write(json(), to: output)
    case .csv:
      let tables = tables()
      guard let listing = tables.first(where: { $0.name == table })?.listing else {
        let names = tables.map(\.name).joined(separator: ", ")
        throw Failure.wrongQuestion("--table: found \"\(table)\"; expected one of \(names)")
      }
      try Output.write(listing.csv(zone: zone), to: output)
    case .xlsx: try Output.write(workbook().bytes(), to: output ?? "")
    case .pdf: try Output.write(PDFPrinting.pdf(of: html(language)), to: output ?? "")
    }
  }
}
