import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Patrol
import Rights
import Store
import Synchronization
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct `Logging in` {
  private static func post(
    _ client: any TestClientProtocol, _ path: String, _ body: [String: String],
    _ fields: HTTPFields = [:]
  ) async throws -> TestResponse {
    var fields = fields
    fields[.contentType] = "application/json"
    let data = try JSONEncoder().encode(body)
    return try await client.execute(
      uri: path, method: .post, headers: fields, body: ByteBuffer(bytes: data))
  }

  private static func cookie(_ response: TestResponse) -> String {
    String((response.headers[.setCookie] ?? "").prefix { $0 != ";" })
  }

  @Test func `lets in, keeps in, and out again`() async throws {
    let scene = try ClosedScene()
    try await scene.ask { client in
      let known = ["name": "North", "password": Knocker.password]
      let response = try await Self.post(client, "/login", known)
      #expect(response.status == .ok)
      let set = try #require(response.headers[.setCookie])
      #expect(set.contains("; HttpOnly; SameSite=Strict") && set.hasPrefix("patrold="))
      let csrf = try #require(try JSON(response).object["csrf"] as? String)
      let session: HTTPFields = [.cookie: Self.cookie(response)]
      let asking = Asking(client: client)
      #expect(try await asking.get("/collections", session).status == .ok)
      // Used every half hour it lives on, but not for longer than a shift.
      for half in 1...23 {
        scene.now.withLock { $0 = $0 + .minutes(30) }
        #expect(try await asking.get("/collections", session).status == .ok, "\(half)")
      }
      scene.now.withLock { $0 = $0 + .minutes(30) }
      #expect(try await asking.get("/collections", session).status == .unauthorized)
      // Anew; without the token nothing is changed.
      let again = try await Self.post(client, "/login", known)
      let second: HTTPFields = [.cookie: Self.cookie(again)]
      #expect(try await Self.post(client, "/logout", [:], second).status == .forbidden)
      var wrong = second
      wrong[.init("X-CSRF-Token")!] = csrf
      #expect(try await Self.post(client, "/logout", [:], wrong).status == .forbidden)
      var right = second
      right[.init("X-CSRF-Token")!] = try JSON(again).object["csrf"] as? String
      var foreign = right
      foreign[.origin] = "https://elsewhere.example"
      #expect(try await Self.post(client, "/logout", [:], foreign).status == .forbidden)
      #expect(try await Self.post(client, "/logout", [:], right).status == .noContent)
      #expect(try await asking.get("/collections", second).status == .unauthorized)
    }
  }

  @Test func `answers alike to a wrong password, an unknown name and a disabled user`() async throws
  {
    let scene = try ClosedScene()
    try await scene.ask { client in
      var answers: Set<String> = []
      for (name, password) in [
        ("north", "wrong password"), ("nobody", "wrong password"), ("disabled", Knocker.password),
        ("a b' OR 1", "x"), ("", ""), ("north", String(repeating: "x", count: 1000)),
      ] {
        let response = try await Self.post(client, "/login", ["name": name, "password": password])
        #expect(response.status == .unauthorized, "\(name)")
        #expect(response.headers[.setCookie] == nil)
        answers.insert(String(buffer: response.body))
      }
      #expect(answers.count == 1)
    }
  }

  @Test func `is held up after failures, and says for how long`() async throws {
    let scene = try ClosedScene()
    try await scene.ask { client in
      var statuses: [Int] = []
      for _ in 0..<7 {
        let response = try await Self.post(client, "/login", ["name": "north", "password": "x"])
        statuses.append(response.status.code)
      }
      #expect(statuses == [401, 401, 401, 401, 401, 429, 429])
      // Nor with the right one.
      let right = ["name": "north", "password": Knocker.password]
      let held = try await Self.post(client, "/login", right)
      #expect(held.status == .tooManyRequests && held.headers[.retryAfter] == "30")
      #expect(held.headers[.contentType] == "application/problem+json")
      scene.now.withLock { $0 = $0 + .seconds(30) }
      #expect(try await Self.post(client, "/login", right).status == .ok)
    }
  }

  @Test func `ends where the role changes, the user is disabled or the password is another`()
    async throws
  {
    let scene = try ClosedScene()
    try await scene.ask { client in
      let asking = Asking(client: client)
      let changes: [(Knocker, @Sendable (Transaction) throws -> Void)] = [
        (.north, { try $0.setRole("north", .squadron("south"), by: "t", at: Scene.start) }),
        (.south, { try $0.setDisabled("south", true, by: "t", at: Scene.start) }),
        (.auditor, { try $0.setPassword("auditor", "x", by: "t", at: Scene.start) }),
      ]
      for (one, change) in changes {
        let fields = try scene.fields(one)
        #expect(try await asking.get("/collections", fields).status == .ok)
        try Store(at: scene.path, for: .amend).write(change)
        #expect(try await asking.get("/collections", fields).status == .unauthorized, "\(one)")
      }
      #expect(throws: StoreError.rights(.lastOfBrigade("brigade"))) {
        try Store(at: scene.path, for: .amend).write { transaction in
          try transaction.setDisabled("expired", true, by: "t", at: Scene.start)
          try transaction.setDisabled("brigade", true, by: "t", at: Scene.start)
        }
      }
    }
  }

  @Test func `with a new password leaves this session alone`() async throws {
    let scene = try ClosedScene()
    try await scene.ask { client in
      let asking = Asking(client: client)
      let (here, there) = (try scene.fields(.north), try scene.fields(.north))
      let bad = ["old": "no", "new": "another long one"]
      #expect(try await Self.post(client, "/api/password", bad, here).status == .forbidden)
      let good = ["old": Knocker.password, "new": "another long one"]
      #expect(try await Self.post(client, "/api/password", good, here).status == .noContent)
      #expect(try await asking.get("/api/me", here).status == .ok)
      #expect(try await asking.get("/api/me", there).status == .unauthorized)
      let login = ["name": "north", "password": "another long one"]
      #expect(try await Self.post(client, "/login", login).status == .ok)
    }
  }

  @Test func `leads a browser there and back, and nowhere else`() async throws {
    let scene = try ClosedScene()
    try await scene.ask { client in
      let page = try await client.execute(
        uri: "/reports/shift/latest?language=en", method: .get, headers: [.accept: "text/html"])
      #expect(page.status == .seeOther)
      #expect(page.headers[.location] == "/login?next=/reports/shift/latest%3Flanguage%3Den")
      for (next, to) in [
        ("/reports", "/reports"), ("//evil.example", "/"), ("https://evil.example", "/"),
        ("/\\evil.example", "/"), ("", "/"),
      ] {
        let response = try await client.execute(
          uri: "/login", method: .post,
          headers: [.contentType: "application/x-www-form-urlencoded"],
          body: ByteBuffer(string: "name=north&password=correct+horse%20battery&next=\(next)"))
        #expect(response.status == .seeOther && response.headers[.location] == to, "\(next)")
      }
      let chinese = try await client.execute(
        uri: "/login?fault=wrong&next=/%22%3E%3Cb%3E", method: .get,
        headers: [.acceptLanguage: "zh-CN,zh;q=0.9,en;q=0.8"])
      let text = String(buffer: chinese.body)
      #expect(text.contains("用户名或密码不正确") && text.contains("lang=\"zh-Hans\""))
      #expect(!text.contains("<b>"))
    }
  }

  @Test func `is not asked for while there are no users; one link makes the first`() async throws {
    let scene = try ClosedScene(users: false)
    let server = try scene.server()
    let link = try #require(try await server.setupLink(port: 8470))
    let key = try #require(link.split(separator: "=").last.map(String.init))
    #expect(link.hasPrefix("http://127.0.0.1:8470/setup?key="))
    try await scene.ask(server) { client in
      let asking = Asking(client: client)
      #expect(try await asking.get("/collections").status == .ok)
      #expect(try JSON(try await asking.get("/api/me")).object["open"] as? Bool == true)
      #expect(try await asking.get("/setup?key=\(key)").status == .ok)
      #expect(try await asking.get("/setup?key=\(Secret().text)").status == .forbidden)
      let first = ["name": "chief", "password": "a long one indeed", "key": key]
      for (change, status) in [
        (["key": Secret().text], 403), (["name": "a b"], 422), (["password": "short"], 422),
        ([:], 200), ([:], 403),
      ] as [([String: String], Int)] {
        let response = try await Self.post(
          client, "/setup", first.merging(change) { $1 })
        #expect(response.status.code == status, "\(change)")
      }
      // It is closed from now on.
      #expect(try await asking.get("/collections").status == .unauthorized)
      #expect(try await server.setupLink(port: 8470) == nil)
    }
    // And a link that is too old.
    let late = try ClosedScene(users: false)
    let second = try late.server()
    let old = try #require(try await second.setupLink(port: 1)).split(separator: "=").last ?? ""
    late.now.withLock { $0 = $0 + .hours(1) }
    try await late.ask(second) { client in
      let response = try await Asking(client: client).get("/setup?key=\(old)")
      #expect(response.status == .forbidden)
    }
  }

  @Test(.timeLimit(.minutes(1))) func `over ends what events it watches`() async throws {
    let scene = try ClosedScene()
    let server = try scene.server()
    let port = try await server.start()
    let cookie = try #require(try scene.fields(.north)[.cookie])
    async let all = `A listening server`.say(
      "GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: \(cookie)\r\n\r\n",
      to: port)
    try await `Events`.wait { await server.routes.hub.count > 0 }
    try Store(at: scene.path, for: .amend).write {
      try $0.setRole("north", .squadron("south"), by: "test", at: Scene.start)
    }
    let text = try await all
    #expect(text.hasPrefix("HTTP/1.1 200") && text.hasSuffix("0\r\n\r\n"))
    #expect(!text.contains("\"b\""))
    await server.stop()
  }
}
