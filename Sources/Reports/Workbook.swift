public import Foundation
public import Geodesy
public import Patrol
public import Store

/// Listings as the sheets of a workbook (Office Open XML), for Excel and whatever else reads it.
///
/// Numbers are numbers, rounded as everywhere to the decimals worth showing; texts stay texts, whatever they begin with.
/// A date has no zone there: times stand as the plan's wall clocks told them, their offset over the column, or where it
/// changed between them in a column of its own. Equal workbooks have equal bytes.
public struct Workbook: Sendable {
  public struct Sheet: Sendable {
    /// As wanted; see `SheetNames`.
    public var name: String
    public var listing: Listing

    public init(_ name: String, _ listing: Listing) {
      self.name = name
      self.listing = listing
    }
  }

  /// What it says of itself, in its properties.
  public var title: String
  public var comment: String
  public var zone: Zone
  /// Told as its time of creation, to the second.
  public var drawnUp: Instant
  public var sheets: [Sheet]

  public init(title: String, comment: String, zone: Zone, drawnUp: Instant, sheets: [Sheet]) {
    self.title = title
    self.comment = comment
    self.zone = zone
    self.drawnUp = drawnUp
    self.sheets = sheets
  }

  /// Rows of a sheet, its header among them (ECMA-376 leaves it open; this is Excel's).
  static let rowMaximum = 1_048_576

  /// The file. The library writes to a path alone, so it goes through a private folder among the temporary files.
  public func bytes() throws(WorkbookError) -> Data {
    for sheet in sheets where sheet.listing.rows.count >= Self.rowMaximum {
      throw .tooManyRows(sheet: sheet.name, rows: sheet.listing.rows.count)
    }
    let files = FileManager.default
    let folder = files.temporaryDirectory.appendingPathComponent("patrol-\(UUID())")
    do {
      try files.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch { throw .failed("\(folder.path): \(error.localizedDescription)") }
    // What cannot be removed lies among temporary files, where nobody else can read it.
    defer { try? files.removeItem(at: folder) }
    let file = folder.appendingPathComponent("workbook.xlsx")
    try WorkbookWriting.write(self, to: file.path)
    do { return try Data(contentsOf: file) } catch {
      throw .failed("\(file.path): \(error.localizedDescription)")
    }
  }
}

public enum WorkbookError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooManyRows(sheet: String, rows: Int)
  /// What the library, or the system, said.
  case failed(String)

  public var description: String {
    switch self {
    case .tooManyRows(let sheet, let rows):
      "sheet \(sheet): found \(rows) rows; a sheet has room for \(Workbook.rowMaximum - 1) under its header (csv and json have no such limit)"
    case .failed(let detail): "the workbook cannot be made (\(detail))"
    }
  }
}
