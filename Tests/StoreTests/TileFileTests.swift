import Foundation
import GRDB
import Store
import Testing

@Suite struct `A file of tiles` {
  /// A made-up map: its tables as SQL, in a file of its own.
  final class Made {
    let path = NSTemporaryDirectory() + "tiles-" + UUID().uuidString + ".mbtiles"

    init(_ statements: String...) throws {
      let queue = try DatabaseQueue(path: path)
      try queue.write { db in for sql in statements { try db.execute(sql: sql) } }
      try queue.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  static let tables = """
    CREATE TABLE metadata (name TEXT, value TEXT);
    CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);
    CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);
    """
  /// At zoom 2, rows counted from the south.
  static let few = """
    INSERT INTO tiles VALUES (2, 3, 0, x'0300'), (2, 3, 3, x'0303'), (4, 12, 9, x'0c09');
    """

  private func metadata(_ pairs: String...) -> String {
    "INSERT INTO metadata VALUES \(pairs.map { "(\($0))" }.joined(separator: ", "));"
  }

  @Test func `is read with its rows turned to count from the north`() throws {
    let made = try Made(
      Self.tables, Self.few,
      metadata(
        "'format', 'jpg'", "'name', 'made up'", "'bounds', '115.0, 28.0,116.5,29'",
        "'minzoom', '0'", "'attribution', '<a href=\"x\">Nobody</a>'"))
    let file = try TileFile(at: made.path)
    #expect(file.format == .jpg)
    // Of which there are tiles, whatever the metadata say.
    #expect(file.zooms == 2...4)
    let bounds = try #require(file.bounds)
    #expect([bounds.west, bounds.south, bounds.east, bounds.north] == [115, 28, 116.5, 29])
    #expect(file.attribution == "<a href=\"x\">Nobody</a>")
    #expect(try file.tile(zoom: 2, column: 3, row: 3) == [3, 0])
    #expect(try file.tile(zoom: 2, column: 3, row: 0) == [3, 3])
    #expect(try file.tile(zoom: 4, column: 12, row: 6) == [12, 9])
  }

  @Test(arguments: [(2, 0, 0), (3, 0, 0), (1, 0, 0), (2, 4, 0), (2, 3, -1), (31, 0, 0), (-1, 0, 0)])
  func `has no tile where there is none`(_ zoom: Int, _ column: Int, _ row: Int) throws {
    let made = try Made(Self.tables, Self.few, metadata("'format', 'webp'"))
    #expect(try TileFile(at: made.path).tile(zoom: zoom, column: column, row: row) == nil)
  }

  @Test func `may be a view over images, with neither bounds nor attribution`() throws {
    let made = try Made(
      """
      CREATE TABLE metadata (name TEXT, value TEXT);
      CREATE TABLE images (id TEXT, data BLOB);
      CREATE TABLE map (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, id TEXT);
      CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, data AS tile_data
        FROM map JOIN images USING (id);
      INSERT INTO images VALUES ('sea', x'5ea0');
      INSERT INTO map VALUES (1, 0, 0, 'sea'), (1, 1, 0, 'sea');
      """, metadata("'format', 'png'", "'bounds', 'everywhere'", "'attribution', ''"))
    let file = try TileFile(at: made.path)
    #expect(file.bounds == nil && file.attribution == nil && file.zooms == 1...1)
    #expect(try file.tile(zoom: 1, column: 1, row: 1) == [0x5e, 0xa0])
  }

  @Test(arguments: [
    (few + "INSERT INTO metadata VALUES ('format', 'pbf')", "found vector tiles (pbf)"),
    (few + "INSERT INTO metadata VALUES ('format', 'tiff')", "found \"tiff\" as the format"),
    (few, "its metadata have no format"),
    ("INSERT INTO metadata VALUES ('format', 'png')", "there is no tile in it"),
    ("DROP TABLE tiles", "not an MBTiles file (no such table: tiles)"),
    ("DROP TABLE metadata", "not an MBTiles file (no such table: metadata)"),
  ])
  func `says what is wrong with it`(_ statements: String, _ expected: String) throws {
    let made = try Made(Self.tables, statements)
    let fault = #expect(throws: TileFile.Fault.self) { try TileFile(at: made.path) }
    #expect(fault?.description.hasPrefix("\(made.path): \(expected)") == true, "\(fault as Any)")
  }

  @Test func `is not any file`() throws {
    let path = NSTemporaryDirectory() + "tiles-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let missing = #expect(throws: TileFile.Fault.self) { try TileFile(at: path) }
    #expect(missing?.detail == "not found; expected an MBTiles file")
    try String(repeating: "no database ", count: 100).write(
      toFile: path, atomically: true, encoding: .utf8)
    let text = #expect(throws: TileFile.Fault.self) { try TileFile(at: path) }
    #expect(text?.detail == "not an MBTiles file (file is not a database)")
  }
}
