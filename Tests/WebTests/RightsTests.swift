import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import Patrol
import Rights
import Store
import Synchronization
import Testing
import Web

/// A scene whose store has users, and a clock that is set.
final class ClosedScene: Sendable {
  let scene: Scene
  let now = Mutex(Scene.minute(125))
  var path: String { scene.path }

  init(users: Bool = true) throws {
    scene = try Scene()
    if users { try Knocker.addAll(to: scene.path) }
  }

  func server() throws -> WebServer {
    try WebServer(
      WebSettings(
        listen: ListenAddress("127.0.0.1:0")!, store: path, load: { _ in Scene.plan },
        now: { self.now.withLock { $0 } }, clock: { self.now.withLock { $0 } },
        cost: Knocker.cost), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Asks routes of a server without a socket.
  func ask<T>(
    _ server: WebServer? = nil, _ body: @Sendable (any TestClientProtocol) async throws -> T
  ) async throws -> T {
    let server = try server ?? self.server()
    do {
      let result = try await server.application().test(.router) { try await body($0) }
      await server.stop()
      return result
    } catch {
      await server.stop()
      throw error
    }
  }

  func fields(_ one: Knocker) throws -> HTTPFields {
    try one.fields(Store(at: path, for: .amend), at: now.withLock { $0 })
  }
}

@Suite(.timeLimit(.minutes(10))) struct `Who may ask for what` {
  /// By route: what each gets, in the order of `Knocker`.
  private static let expected: [String: String] = {
    //                  anon nor  sou  aud  bri  rig  tok  nto  rev  exp  dis
    let watchers = "    401  200  200  200  200  403  200  200  401  401  401"
    let missing = "     401  404  404  404  404  403  404  404  401  401  401"
    let overseers = "   401  403  403  200  200  403  200  403  401  401  401"
    let anyone = "      200  200  200  200  200  200  200  200  200  200  200"
    return [
      "GET /": watchers, "GET /about": watchers, "GET /api/now": watchers,
      "GET /screen/{file}": anyone, "GET /leaflet/{file}": anyone,
      "GET /api/basemap": watchers, "GET /tiles/{z}/{x}/{y}": missing,
      "POST /api/gaps/{gap}/notes": "401  404  404  403  404  403  403  404  401  401  401",
      "GET /api/changes": watchers,
      "POST /api/changes": "401  400  400  403  400  403  403  400  401  401  401",
      "POST /api/changes/{change}/withdraw":
        "401  404  404  403  404  403  403  404  401  401  401",
      "GET /api": watchers, "GET /conformance": watchers,
      "GET /collections": watchers, "GET /collections/{collection}": watchers,
      "GET /collections/{collection}/items": watchers,
      "GET /collections/{collection}/items/{feature}": missing, "GET /events": watchers,
      "GET /reports/{kind}/{date}": watchers, "GET /metrics": overseers,
      "GET /api/audit": overseers, "GET /healthz": anyone,
      "GET /readyz": anyone.replacing("200", with: "503"), "GET /login": anyone,
      "GET /login.css": anyone, "GET /setup": anyone.replacing("200", with: "403"),
      "POST /setup": anyone.replacing("200", with: "403"),
      "POST /login": anyone.replacing("200", with: "401"),
      "GET /api/me": "        401  200  200  200  200  200  200  200  401  401  401",
      "POST /logout": "       401  204  204  204  204  204  204  204  401  401  401",
      "POST /api/password": " 401  422  422  422  422  422  403  403  401  401  401",
    ]
  }()

  @Test func `is one table, and no route is left out of it`() async throws {
    let scene = try ClosedScene()
    let server = try scene.server()
    let routes = server.routeRules
    let names = routes.map { "\($0.method) \($0.path)" }
    #expect(Set(names) == Set(Self.expected.keys))
    #expect(names.count == Set(names).count)
    try await scene.ask(server) { client in
      let (store, now) = (try Store(at: scene.path, for: .amend), scene.now.withLock { $0 })
      for (route, name) in zip(routes, names) {
        let path = route.path.replacing("/screen/{file}", with: "/screen/app.js")
          .replacing("/leaflet/{file}", with: "/leaflet/leaflet.css")
          .replacing("{gap}", with: "NOSUCH").replacing("{change}", with: "99")
          .replacing("{collection}", with: "gaps")
          .replacing("{feature}", with: "NOSUCH").replacing("{kind}", with: "shift")
          .replacing("{date}", with: "2026-11-20").replacing("{z}/{x}/{y}", with: "0/0/0")
        let want = (Self.expected[name] ?? "").split(separator: " ").map { Int($0) ?? 0 }
        for (one, status) in zip(Knocker.allCases, want) {
          // Events go on and on.
          let method = route.path == "/events" ? .head : route.method
          let body =
            method == .post ? ByteBuffer(string: "{\"name\": \"\(one)-\", \"old\": \"x\"}") : nil
          var fields = try one.fields(store, at: now)
          if method == .post { fields[.contentType] = "application/json" }
          let response = try await client.execute(
            uri: path, method: method, headers: fields, body: body)
          #expect(response.status.code == status, "\(name) by \(one)")
          #expect(response.headers[.xContentTypeOptions] == "nosniff", "\(name)")
          #expect(
            response.headers[.contentSecurityPolicy]?.contains("default-src") == true, "\(name)")
        }
      }
    }
  }

  @Test func `is nothing of another squadron's, by filter, box, id or number`() async throws {
    let scene = try ClosedScene()
    let south = ["b", "gate", "park", "gates", "parks"]
    try await scene.ask { client in
      let asking = Asking(client: client)
      let (north, brigade) = (try scene.fields(.north), try scene.fields(.brigade))
      for name in ["places", "handhelds", "fixes", "tracks", "passes", "stays", "gaps", "windows"] {
        let items = "/collections/\(name)/items"
        let all = try JSON(try await asking.get("\(items)?limit=10000", brigade))
        let foreign = all.features.filter { Self.isOf(south, $0) }
        #expect(!foreign.isEmpty || name == "passes" || name == "stays", "\(name)")
        for feature in foreign.prefix(10) {
          let id =
            (feature["id"] as? String ?? "").addingPercentEncoding(
              withAllowedCharacters: .alphanumerics) ?? ""
          let response = try await asking.get("\(items)/\(id)", north)
          #expect(response.status == .notFound, "\(name) \(id)")
        }
        let everywhere = "bbox=-180,-90,180,90"
        var questions = ["limit=10000", "\(everywhere)&limit=10000"]
        let allowed = ["places": ["place", "duty"], "handhelds": ["handheld"]]
        let some = [
          "fixes": ["handheld"], "tracks": ["handheld"], "passes": ["handheld", "place"],
        ]
        let more = [
          "stays": ["handheld", "place"], "gaps": ["handheld", "place", "duty"],
          "windows": ["place", "duty"],
        ]
        for filter in (allowed[name] ?? []) + (some[name] ?? []) + (more[name] ?? []) {
          questions.append("\(filter)=\(south.joined(separator: ","))")
        }
        for question in questions {
          let response = try await asking.get("\(items)?\(question)", north)
          let found = try JSON(response)
          #expect(found.features.allSatisfy { !Self.isOf(south, $0) }, "\(name)?\(question)")
        }
        // Another squadron is told of like one that there is not.
        let other = try await asking.get("\(items)?squadron=south", north)
        let none = try await asking.get("\(items)?squadron=nosuch", north)
        #expect(other.status == .notFound && none.status == .notFound)
        let text = String(buffer: other.body).replacing("south", with: "nosuch")
        #expect(text == String(buffer: none.body))
      }
      for path in ["/events?squadron=south", "/events?squadron=nosuch"] {
        let response = try await client.execute(uri: path, method: .head, headers: north)
        #expect(response.status == .notFound)
      }
      let me = try JSON(try await asking.get("/api/me", north)).object
      #expect(me["role"] as? String == "squadron")
      #expect(me["squadrons"] as? [String] == ["north"])
      #expect((me["csrf"] as? String)?.count == 43)
    }
  }

  private static func isOf(_ names: [String], _ feature: [String: Any]) -> Bool {
    let properties = feature["properties"] as? [String: Any] ?? [:]
    return ["handheld", "place", "duty", "id"].contains { key in
      (properties[key] as? String).map(names.contains) ?? false
    }
  }

  @Test func `looks at tracks are kept, once an hour for each`() async throws {
    let scene = try ClosedScene()
    try await scene.ask { client in
      let asking = Asking(client: client)
      let north = try scene.fields(.north)
      for _ in 0..<3 {
        _ = try await asking.get("/collections/fixes/items?limit=10", north)
        scene.now.withLock { $0 = $0 + .minutes(2) }
      }
      _ = try await asking.get("/collections/gaps/items", north)
      let seen = try await asking.get("/api/audit?handheld=a", try scene.fields(.auditor))
      let looks = try JSON(seen).object["looks"] as? [[String: Any]] ?? []
      #expect(looks.count == 1)
      #expect(looks.first?["who"] as? String == "north")
      #expect(looks.first?["handheld"] as? String == "a")
      #expect(looks.first?["looks"] as? Int == 3)
      let others = try JSON(
        try await asking.get("/api/audit?handheld=b", try scene.fields(.auditor)))
      #expect((others.object["looks"] as? [Any])?.isEmpty == true)
    }
  }
}
