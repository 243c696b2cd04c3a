import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import Rights
import Store
import Testing
import Web

@Suite(.timeLimit(.minutes(10))) struct `The map under the marks` {
  /// Asks a server that has this map, as somebody of the brigade.
  private func ask<T>(
    with basemap: Basemap?, _ body: @Sendable (Asking) async throws -> T
  ) async throws -> T {
    try await WebServer(
      WebSettings(
        listen: ListenAddress("127.0.0.1:0")!, store: Scene.firstMinute().path,
        load: { _ in Scene.plan }, now: { Scene.minute(125) }, clock: { Scene.minute(125) },
        basemap: basemap, authenticate: { _ in Viewer(role: .brigade) }),
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ).ask(body)
  }

  /// Tiles whose bytes are their own names, rows from the north.
  private final class Made {
    let path = NSTemporaryDirectory() + "tiles-" + UUID().uuidString + ".mbtiles"

    init() throws {
      let queue = try DatabaseQueue(path: path)
      try queue.write { db in
        try db.execute(
          sql: """
            CREATE TABLE metadata (name TEXT, value TEXT);
            INSERT INTO metadata VALUES ('format', 'png'), ('bounds', '115,28,116,29'),
              ('attribution', '<b>Nobody</b>');
            CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data BLOB);
            INSERT INTO tiles VALUES (3, 6, 5, CAST('3/6/2' AS BLOB));
            """)
      }
      try queue.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  @Test func `is told of, and its tiles are given, kept and not sent twice`() async throws {
    let made = try Made()
    try await ask(with: Basemap(tiles: .file(made.path), datum: .gcj02)) { asking in
      let told = try await asking.json("/api/basemap").object
      let tiles = try #require(told["tiles"] as? String)
      #expect(tiles.hasPrefix("/tiles/{z}/{x}/{y}?v="))
      #expect(told["datum"] as? String == "gcj02")
      #expect(told["zoom_min"] as? Int == 3 && told["zoom_max"] as? Int == 3)
      #expect(told["bbox"] as? [Double] == [115, 28, 116, 29])
      #expect(told["credit_html"] as? String == "<b>Nobody</b>" && told["credit"] == nil)
      let tile = try await asking.get("/tiles/3/6/2")
      #expect(tile.status == .ok && String(buffer: tile.body) == "3/6/2")
      #expect(tile.headers[.contentType] == "image/png")
      #expect(tile.headers[.cacheControl] == "private, max-age=86400")
      let tag = try #require(tile.headers[.eTag])
      let again = try await asking.get("/tiles/3/6/2", [.ifNoneMatch: tag])
      #expect(again.status == .notModified && again.body.readableBytes == 0)
      #expect(try await asking.get("/tiles/3/6/5").status == .noContent)
      #expect(try await asking.get("/tiles/9/0/0").status == .noContent)
      for path in [
        "/tiles/3/8/0", "/tiles/3/-1/0", "/tiles/31/0/0", "/tiles/3/06/2", "/tiles/a/b/c",
      ] {
        try `What cannot be answered`.check(try await asking.get(path), 404)
      }
      try `What cannot be answered`.check(try await asking.get("/tiles/3/6/2?w=1"), 400)
    }
  }

  @Test func `is at an address that pages may fetch images from, and from no other`() async throws {
    let address = try TileAddress("https://tiles.example:8443/a/{z}/{x}/{-y}.png?key=1")
    let basemap = Basemap(tiles: .address(address), credit: "A & B")
    try await ask(with: basemap) { asking in
      let told = try await asking.json("/api/basemap").object
      #expect(told["tiles"] as? String == address.text)
      #expect(told["credit"] as? String == "A & B" && told["zoom_min"] == nil)
      let page = try await asking.get("/", [.accept: "text/html"])
      let policy = try #require(page.headers[.contentSecurityPolicy])
      #expect(policy.contains("img-src 'self' data: https://tiles.example:8443;"))
      try `What cannot be answered`.check(try await asking.get("/tiles/0/0/0"), 404)
    }
    try await ask(with: nil) { asking in
      #expect(try await asking.json("/api/basemap").object["tiles"] is NSNull)
      let page = try await asking.get("/", [.accept: "text/html"])
      let policy = try #require(page.headers[.contentSecurityPolicy])
      #expect(policy.contains("img-src 'self' data:;"))
    }
  }

  @Test(arguments: [
    ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
    ("http://10.0.0.7:8080/{y}?{x}&z={z}", "http://10.0.0.7:8080"),
    ("HTTPS://Tiles.example/{z}{x}{-y}", "https://Tiles.example"),
    ("http://[fd00::7]:81/{z}/{x}/{y}", "http://[fd00::7]:81"),
  ])
  func `has an origin`(_ text: String, _ origin: String) throws {
    #expect(try TileAddress(text).origin == origin)
  }

  @Test(arguments: [
    ("https://tiles.example/{x}/{y}", "without {z}"),
    ("https://tiles.example/{z}/{y}", "without {x}"),
    ("https://tiles.example/{z}/{x}", "without {y}"),
    ("https://{s}.tiles.example/{z}/{x}/{y}", "{s} is not known"),
    ("https://{z}.example/{x}/{y}", "a host that depends on the tile"),
    ("ftp://tiles.example/{z}/{x}/{y}", "not http or https"),
    ("https:///{z}/{x}/{y}", "without a host"),
    ("https://li:secret@tiles.example/{z}/{x}/{y}", "with a name or password"),
    ("https://tiles.example;img-src */{z}/{x}/{y}", "a character that an address does not have"),
    ("https://tiles.example/{z}/{x}/{y}\n", "a character that an address does not have"),
  ])
  func `is refused at an address that is none`(_ text: String, _ expected: String) {
    let fault = #expect(throws: TileAddress.Fault.self) { try TileAddress(text) }
    #expect(fault?.description.contains(expected) == true, "\(fault as Any)")
  }

  @Test func `is refused at the start where its file is none`() throws {
    #expect(throws: TileFile.Fault.self) {
      try WebServer(
        WebSettings(
          listen: ListenAddress("127.0.0.1:0")!, store: Scene.firstMinute().path,
          load: { _ in Scene.plan }, now: { Scene.minute(125) }, clock: { Scene.minute(125) },
          basemap: Basemap(tiles: .file("/nowhere.mbtiles"))),
        log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
  }
}
