import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Patrol
import Store
import Testing

@Suite struct `What the screen shows` {
  private static func places(_ json: JSON) -> [String: [String: Any]] {
    let all = json.object["places"] as? [[String: Any]] ?? []
    return Dictionary(uniqueKeysWithValues: all.map { ($0["place"] as? String ?? "?", $0) })
  }

  /// Seconds left of each cell of a place.
  private static func left(_ json: JSON, _ place: String) -> [Int] {
    let runs = places(json)[place]?["cells"] as? [[Any]] ?? []
    return runs.flatMap { run in
      Array(repeating: run[1] as? Int ?? .max, count: run[0] as? Int ?? 0)
    }
  }

  @Test func `is due for the first time by the window's beginning and E, and then overdue`()
    async throws
  {
    let scene = try Scene.evening()
    try await scene.ask { asking in
      // At 20:20 nobody was in the park, which is due by 20:45; at 20:50 it is five minutes late.
      let early = try await asking.json("/api/now?at=2026-11-20T12:20:00Z")
      #expect(Self.left(early, "park") == [25 * 60])
      let late = try await asking.json("/api/now?at=2026-11-20T12:50:00Z")
      #expect(Self.left(late, "park") == [-5 * 60])
      func names(_ json: JSON, _ key: String) -> [String?] {
        (json.object[key] as? [[String: Any]] ?? []).map { $0["place"] as? String }
      }
      // The gap reaches back to the window's beginning; it is none before it falls due.
      #expect(names(late, "gaps").contains("park") && !names(late, "due").contains("park"))
      #expect(!names(early, "gaps").contains("park"))
      let board = early.object["due"] as? [[String: Any]] ?? []
      #expect(board.contains { $0["place"] as? String == "park" })
      #expect(board.first { $0["place"] as? String == "park" }?["handheld"] as? String == "b")
      let dues = board.compactMap { $0["due_at"] as? String }
      #expect(dues == dues.sorted() && !dues.isEmpty)
      // Before its window, nothing is owed.
      let before = try await asking.json("/api/now?at=2026-11-20T11:59:00Z")
      #expect(Self.places(before).isEmpty)
    }
  }

  @Test func `knows a line by its cells, each from when it was walked`() async throws {
    let scene = try Scene.evening()
    try await scene.ask { asking in
      let left = Self.left(try await asking.json("/api/now?at=2026-11-20T12:40:00Z"), "street")
      #expect(left.count == 60)
      #expect(left.allSatisfy { $0 > 0 && $0 <= 45 * 60 })
      // It was walked from end to end: cells differ by what that takes.
      #expect(Set(left).count > 5)
    }
  }

  @Test func `is one squadron's for who sees one squadron`() async throws {
    let scene = try Scene.evening()
    try await scene.ask(as: "south") { asking in
      let now = try await asking.json("/api/now?at=2026-11-20T12:50:00Z")
      #expect(Set(Self.places(now).keys) == ["gate", "park"])
      let handhelds = now.object["handhelds"] as? [[String: Any]] ?? []
      #expect(handhelds.map { $0["handheld"] as? String } == ["b"])
      for (name, shown) in [("b", ["b"]), ("a", [])] {
        let one = try await asking.json("/api/now?without=handhelds&handheld=\(name)").object
        let told = one["handhelds"] as? [[String: Any]] ?? []
        #expect(told.map { $0["handheld"] as? String } == shown)
      }
    }
    try await scene.ask { asking in
      let less = try await asking.json("/api/now?at=2026-11-20T12:50:00Z&without=handhelds").object
      #expect((less["handhelds"] as? [Any])?.isEmpty == true)
      #expect((less["places"] as? [Any])?.isEmpty == false)
      let unknown = try await asking.get("/api/now?squadron=east").status
      #expect(unknown == .notFound)
      for wrong in ["at=yesterday", "without=places"] {
        let status = try await asking.get("/api/now?\(wrong)").status
        #expect(status == .badRequest, "\(wrong)")
      }
    }
  }

  @Test func `keeps who saw a gap, and what they said`() async throws {
    let scene = try Scene(minutes: 60)
    let id = try await scene.ask { asking in
      let now = try await asking.json("/api/now")
      let gaps = now.object["gaps"] as? [[String: Any]] ?? []
      return try #require(gaps.first { $0["place"] as? String == "park" }?["id"] as? String)
    }
    @Sendable func post(_ asking: Asking, _ type: String, _ body: String) async throws
      -> HTTPResponse.Status
    {
      try await asking.client.execute(
        uri: "/api/gaps/\(id)/notes", method: .post, headers: [.contentType: type],
        body: ByteBuffer(string: body)
      ).status
    }
    try await scene.ask { asking in
      let told = #"{"by": "Li Wen", "note": "roadworks <b>"}"#
      #expect(try await post(asking, "text/plain", told) == .badRequest)
      #expect(try await post(asking, "application/json", #"{"note": "x"}"#) == .badRequest)
      #expect(try await post(asking, "application/json", told) == .noContent)
      let now = try await asking.json("/api/now")
      let gaps = now.object["gaps"] as? [[String: Any]] ?? []
      let notes = gaps.first { $0["id"] as? String == id }?["notes"] as? [[String: Any]]
      #expect(notes?.map { $0["note"] as? String } == ["roadworks <b>"])
      #expect(notes?.first?["by"] as? String == "Li Wen")
      let item = try await asking.json("/collections/gaps/items/\(id)")
      let properties = item.object["properties"] as? [String: Any]
      #expect(properties?["notes"] as? String == "Li Wen: roadworks <b>")
    }
    try await scene.ask(as: "north") { asking in
      let status = try await post(asking, "application/json", #"{"by": "x"}"#)
      #expect(status == .notFound)
    }
  }

  @Test func `is served with nothing inline, and its words are the same in both languages`()
    async throws
  {
    try await Scene.firstMinute().ask { asking in
      let page = try await asking.get("/", [.accept: "text/html"])
      #expect(page.status == .ok)
      let policy = page.headers[.contentSecurityPolicy] ?? ""
      #expect(policy.contains("script-src 'self'") && !policy.contains("unsafe"))
      let html = String(buffer: page.body)
      #expect(!html.contains("<style") && !html.contains("onclick"))
      for name in [
        "app.js", "changes.js", "get.js", "looks.js", "map.js", "picture.js", "texts.js",
        "watch.js",
        "screen.css",
      ] {
        let file = try await asking.get("/screen/\(name)")
        let tag = try #require(file.headers[.eTag])
        let again = try await asking.get("/screen/\(name)", [.ifNoneMatch: tag])
        #expect(again.status == .notModified)
      }
      #expect(try await asking.get("/screen/..%2fPackage.swift").status == .notFound)
      func keys(_ language: String) async throws -> [String] {
        let text = String(buffer: try await asking.get("/screen/texts.\(language).js").body)
        return text.matches(of: /([a-z_]+): '/).map { String($0.output.1) }
      }
      let english = try await keys("en")
      #expect(try await keys("zh") == english)
      #expect(english.count > 50)
    }
  }
}
