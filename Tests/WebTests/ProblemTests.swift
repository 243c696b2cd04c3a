import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Patrol
import Store
import Testing
import Web

@Suite(.timeLimit(.minutes(10))) struct `What cannot be answered` {
  @Test(arguments: [
    ("/nowhere", 404), ("/collections/nothing", 404), ("/collections/gaps/items/NOSUCHGAP0", 404),
    ("/collections/fixes/items/1~2", 404), ("/collections/stays/items/%ff", 404),
    ("/reports/year/2026", 404), ("/?f=json", 400), ("/collections/gaps/items?where=here", 400),
    ("/collections/gaps/items?limit=0", 400), ("/collections/gaps/items?limit=many", 400),
    ("/collections/gaps/items?limit=1&limit=2", 400), ("/collections/gaps/items?bbox=1,2,3", 400),
    ("/collections/gaps/items?bbox=1,50,2,40", 400),
    ("/collections/gaps/items?bbox=0,0,nan,9", 400),
    ("/collections/gaps/items?datetime=yesterday", 400),
    ("/collections/gaps/items?datetime=../..", 400),
    ("/collections/gaps/items?datetime=2026-11-21T00:00:00Z/2026-11-20T00:00:00Z", 400),
    ("/collections/gaps/items?cursor=AAAA", 404), ("/collections/gaps/items?verdict=bad", 400),
    ("/collections/gaps/items?squadron=east", 404), ("/collections/fixes/items?usable=false", 400),
    ("/collections/gaps/items?place=%ff", 400), ("/events?types=all", 400),
    ("/reports/shift/soon", 404), ("/reports/month/2026-13", 404),
    ("/reports/shift/2026-11-20?format=pdf", 400),
  ])
  func `is told as a problem that names what is wrong`(_ path: String, _ status: Int) async throws {
    try await Scene.firstMinute().ask { asking in
      try Self.check(try await asking.get(path), status)
    }
  }

  static func check(_ response: TestResponse, _ status: Int) throws {
    #expect(response.status.code == status)
    #expect(response.headers[.contentType] == "application/problem+json")
    let problem = try JSON(response).object
    #expect(problem["status"] as? Int == status)
    #expect((problem["detail"] as? String)?.isEmpty == false)
    #expect((problem["title"] as? String)?.isEmpty == false)
  }

  @Test func `names the methods that are allowed`() async throws {
    try await Scene.firstMinute().ask { asking in
      for path in ["/", "/collections/gaps/items", "/events", "/reports/shift/2026-11-20"] {
        for method in [.post, .put, .delete, .patch] as [HTTPRequest.Method] {
          let response = try await asking.client.execute(uri: path, method: method)
          try Self.check(response, 405)
          #expect(response.headers[.allow] == "GET, HEAD")
        }
        let head = try await asking.client.execute(uri: path, method: .head)
        #expect(head.status == .ok && head.body.readableBytes == 0)
      }
    }
  }

  @Test func `is what nobody accepts`() async throws {
    try await Scene.firstMinute().ask { asking in
      for path in ["/", "/api", "/collections", "/collections/gaps/items", "/events"] {
        try Self.check(try await asking.get(path, [.accept: "image/png"]), 406)
      }
      let refused = try await asking.get("/collections", [.accept: "application/json;q=0, image/*"])
      try Self.check(refused, 406)
      let taken = try await asking.get("/collections", [.accept: "image/png, application/*;q=0.1"])
      #expect(taken.status == .ok)
    }
  }

  @Test func `says so while the store has no plan, and where it is gone`() async throws {
    let scene = try Scene(minutes: 1)
    try FileManager.default.removeItem(atPath: scene.path)
    try await scene.ask { asking in
      let response = try await asking.get("/collections")
      try Self.check(response, 503)
      #expect(response.headers[.retryAfter] != nil)
      // Nothing of this machine's folders.
      #expect(!String(buffer: response.body).contains(scene.folder))
      #expect(try await asking.get("/healthz").status == .ok)
    }
    _ = try Store(at: scene.path, for: .write)
    try await scene.ask { asking in
      try Self.check(try await asking.get("/collections"), 503)
      try Self.check(try await asking.get("/readyz"), 503)
      #expect(try await asking.get("/").status == .ok)
    }
  }

  @Test func `is told again only where it changed`() async throws {
    try await Scene.firstMinute().ask { asking in
      for path in ["/api", "/collections", "/collections/places/items"] {
        let first = try await asking.get(path)
        let tag = try #require(first.headers[.eTag])
        let again = try await asking.get(path, [.ifNoneMatch: "\"other\", W/\(tag)"])
        #expect(again.status == .notModified && again.body.readableBytes == 0)
        #expect(try await asking.get(path, [.ifNoneMatch: "\"other\""]).status == .ok)
      }
    }
  }
}

@Suite(.timeLimit(.minutes(10))) struct `A listening server` {
  /// Sends lines as they are; returns all that comes until the other end closes.
  static func say(_ text: String, to port: Int) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let all = NIOLockedValueBox("")
    do {
      try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: text))
        for try await part in inbound {
          all.withLockedValue { $0 += String(buffer: part) }
        }
      }
    } catch ChannelError.ioOnClosedChannel {
      // The other end closed first.
    }
    return all.withLockedValue { $0 }
  }

  static func listening<T>(
    _ scene: Scene, as squadron: Squadron.ID? = nil,
    _ body: (_ port: Int, _ server: WebServer) async throws -> T
  ) async throws -> T {
    let server = try scene.server(squadron)
    let port = try await server.start()
    do {
      let result = try await body(port, server)
      await server.stop()
      return result
    } catch {
      await server.stop()
      throw error
    }
  }

  @Test(arguments: [
    ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n", "413"),
    (
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n8000\r\n"
        + String(repeating: "x", count: 0x8000), "413"
    ),
    (
      "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n",
      "431"
    ),
    ("GET /\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n", "431"),
    ("rubbish\r\n\r\n", "400"),
    ("GET / HTTP/1.1\r\nHost: patrol.example\r\nConnection: close\r\n\r\n", "421"),
    ("GET /healthz HTTP/1.1\r\nHost: localhost:8470\r\nConnection: close\r\n\r\n", "200"),
    ("GET /healthz HTTP/1.1\r\nHost: [::1]:8470\r\nConnection: close\r\n\r\n", "200"),
  ])
  func `keeps to its bounds`(_ request: String, _ status: String) async throws {
    try await Self.listening(try Scene.firstMinute()) { port, _ in
      let response = try await Self.say(request, to: port)
      let statuses: [String] = response.matches(of: #/HTTP/1\.1 ([0-9]+)/#).map { String($0.1) }
      // A body that goes on too long comes to light once it was answered that none is taken.
      let expected = status == "413" ? ["413", "405"] : [status]
      #expect(expected.contains(statuses.first ?? "none"))
      #expect(statuses.count == 1)
    }
  }

  @Test func `says where it cannot listen`() async throws {
    let scene = try Scene(minutes: 1)
    try await Self.listening(scene) { port, _ in
      let other = try WebServer(
        WebSettings(
          listen: ListenAddress("127.0.0.1:\(port)")!, store: scene.path,
          load: { _ in Scene.plan }, now: { Scene.minute(1) }, clock: { Scene.minute(1) }),
        log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      await #expect(throws: WebServer.Failure.self) { try await other.start() }
      await other.stop()
    }
  }

  /// Nil is no address; else whether this machine alone reaches it.
  @Test(
    arguments: [
      ("127.0.0.1:8470", true), ("127.9.9.9:1", true), ("[::1]:8470", true), ("localhost:0", true),
      ("0.0.0.0:8470", false), ("[::]:8470", false), ("10.0.0.1:8470", false), (":8470", nil),
      ("127.0.0.1", nil), ("127.0.0.1:70000", nil), ("::1:8470", nil), ("8470", nil),
      ("127.0.0.256:80", false), ("127.1:80", false), ("localhost.example:80", false),
    ] as [(String, Bool?)])
  func `knows this machine's own addresses`(_ text: String, _ isLoopback: Bool?) {
    let address = ListenAddress(text)
    #expect(address?.isLoopback == isLoopback)
    #expect(address.map { $0.description == text } ?? true)
  }
}
