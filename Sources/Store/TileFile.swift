internal import Foundation
internal import GRDB

/// A map's tiles in one SQLite file (MBTiles 1.3), as images. It is read and never written.
public final class TileFile: Sendable {
  /// What the tiles are images of (MBTiles 1.3, `format`).
  public enum Format: String, CaseIterable, Sendable {
    case png, jpg, webp
  }

  /// Why a file is no map to be shown.
  public struct Fault: Error, CustomStringConvertible {
    public var path: String
    public var detail: String
    public var description: String { "\(path): \(detail)" }
  }

  /// Degrees, in the datum that the map was drawn in.
  public struct Bounds: Hashable, Sendable {
    public var west, south, east, north: Double

    /// `west,south,east,north`; nil where that is no area.
    init?(_ text: String) {
      let sides = text.split(separator: ",").compactMap {
        Double($0.trimmingCharacters(in: .whitespaces))
      }
      guard sides.count == 4, (-180...180).contains(sides[0]), (-180...180).contains(sides[2]),
        (-90...90).contains(sides[1]), (-90...90).contains(sides[3]), sides[0] < sides[2],
        sides[1] < sides[3]
      else { return nil }
      (west, south, east, north) = (sides[0], sides[1], sides[2], sides[3])
    }
  }

  /// Web maps go no deeper: 2^30 columns are 4 cm each.
  public static let zoomMaximum = 30

  public let path: String
  public let format: Format
  public let zooms: ClosedRange<Int>
  public let bounds: Bounds?
  /// Whose the map is, as the file says it: HTML.
  public let attribution: String?
  /// Another one where the file is another one, as far as its size and time tell.
  public let version: String
  private let queue: DatabaseQueue

  public init(at path: String) throws(Fault) {
    self.path = path
    func fault(_ detail: String) -> Fault { Fault(path: path, detail: detail) }
    guard FileManager.default.fileExists(atPath: path) else {
      throw fault("not found; expected an MBTiles file")
    }
    let found: (metadata: [String: String], zooms: [Int])
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(1)
      configuration.label = "tiles"
      // SQLite has names with meanings of their own; a whole path has none.
      queue = try DatabaseQueue(
        path: URL(fileURLWithPath: path).path, configuration: configuration)
      found = try queue.read { db in (try Self.metadata(db), try Self.zooms(db)) }
    } catch {
      throw fault("not an MBTiles file (\(Self.told(error)))")
    }
    guard let format = found.metadata["format"] else {
      throw fault("its metadata have no format; expected \(Self.expected)")
    }
    guard let known = Format(rawValue: format == "jpeg" ? "jpg" : format) else {
      let what = format == "pbf" ? "vector tiles (pbf)" : "\"\(format)\" as the format"
      throw fault("found \(what); expected images: \(Self.expected)")
    }
    guard let first = found.zooms.first, let last = found.zooms.last else {
      throw fault("there is no tile in it")
    }
    let facts = try? FileManager.default.attributesOfItem(atPath: path)
    let changed = (facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    version = "\(Int64(changed * 1000))-\((facts?[.size] as? Int64) ?? 0)"
    self.format = known
    zooms = first...last
    bounds = found.metadata["bounds"].flatMap(Bounds.init)
    attribution = found.metadata["attribution"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The image of a tile as web maps count them: rows from the north on. Nil where the file has none.
  ///
  /// Throws where the file cannot be read any more.
  public func tile(zoom: Int, column: Int, row: Int) throws -> [UInt8]? {
    guard zooms.contains(zoom), (0..<(1 << zoom)).contains(column),
      (0..<(1 << zoom)).contains(row)
    else { return nil }
    // In the file they are counted from the south (TMS).
    let fromSouth = (1 << zoom) - 1 - row
    do {
      return try queue.read { db in
        let statement = try db.cachedStatement(
          sql:
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?")
        return try Data.fetchOne(statement, arguments: [zoom, column, fromSouth]).map(Array.init)
      }
    } catch {
      throw Fault(path: path, detail: "a tile cannot be read (\(Self.told(error)))")
    }
  }

  private static let expected = Format.allCases.map(\.rawValue).joined(separator: ", ")

  private static func metadata(_ db: Database) throws -> [String: String] {
    let rows = try Row.fetchAll(db, sql: "SELECT name, value FROM metadata")
    return Dictionary(
      rows.compactMap { row in
        guard let name = String.fromDatabaseValue(row[0]) else { return nil }
        return String.fromDatabaseValue(row[1]).map { (name, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Which there are tiles of. What metadata say of it may be missing or wrong; to look at each is one search in the index.
  private static func zooms(_ db: Database) throws -> [Int] {
    try (0...zoomMaximum).filter { zoom in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM tiles WHERE zoom_level = ?)", arguments: [zoom])
        ?? false
    }
  }

  private static func told(_ error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(error)" }
    return error.message ?? "\(error.resultCode)"
  }
}
