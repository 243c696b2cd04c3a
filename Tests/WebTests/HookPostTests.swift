import Geodesy
import NIOCore
import NIOPosix
import Patrol
import Rights
import Store
import Synchronization
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(2))) struct `A webhook's request` {
  /// Answers whatever it is sent with a text, or with nothing.
  private final class Receiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    let answer: String
    let heard: @Sendable (String) -> Void
    private var text = ""

    init(_ answer: String, heard: @escaping @Sendable (String) -> Void) {
      (self.answer, self.heard) = (answer, heard)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      text += String(buffer: unwrapInboundIn(data))
      heard(text)
      guard text.hasSuffix("}"), !answer.isEmpty else { return }
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
    }
  }

  private func answer(_ text: String, then check: (HookAnswer, String, Hook) -> Void) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let heard = Heard()
    let server = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            Receiver(text) { told in heard.text.withLock { $0 = told } })
        }
      }.bind(host: "127.0.0.1", port: 0).get()
    let hook = Hook(
      name: "a", url: "http://127.0.0.1:\(server.localAddress?.port ?? 0)/in?x=1",
      secret: HookSecret(), madeBy: "test", made: Scene.start)
    let post = HookPost(on: group.next(), patience: .milliseconds(500))
    let answer = await post.send(.test(hook, at: Scene.start), to: hook, at: Scene.minute(1))
    try await post.end()
    check(answer, heard.text.withLock { $0 }, hook)
    try await server.close().get()
    try await group.shutdownGracefully()
  }

  private final class Heard: Sendable {
    let text = Mutex("")
  }

  @Test func `is signed`() async throws {
    try await answer("HTTP/1.1 204 No Content\r\n\r\n") { answer, text, hook in
      #expect(answer == .status(204))
      let message = HookMessage.test(hook, at: Scene.start)
      let timestamp = Scene.minute(1).milliseconds / 1000
      let signature = hook.secret.signature(
        id: message.id, timestamp: timestamp, body: message.body)
      #expect(
        text.hasPrefix("POST /in?x=1 HTTP/1.1\r\n") && text.hasSuffix("\r\n\r\n" + message.body))
      for field in [
        "Webhook-Id: \(message.id)", "Webhook-Timestamp: \(timestamp)",
        "Webhook-Signature: \(signature)", "Content-Type: application/json",
      ] {
        #expect(text.contains("\r\n\(field)\r\n"), "\(field)")
      }
    }
  }

  @Test(arguments: [
    ("", HookAnswer.silence("deadline exceeded")),
    (
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
      .status(302)
    ),
    // What it says beyond that is not waited for.
    ("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nx", .status(200)),
    ("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", .status(410)),
  ])
  func `takes an answer's status alone, and waits so long for it`(
    _ text: String, _ expected: HookAnswer
  ) async throws {
    try await answer(text) { answer, _, _ in
      // Whether nothing was read in time or all the time is over is the same here.
      let isSame = answer == expected || (text.isEmpty && answer == .silence("read timeout"))
      #expect(isSame, "\(answer)")
    }
  }

  @Test func `fails where nobody listens`() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let post = HookPost(on: group.next(), patience: .seconds(2))
    for url in ["http://127.0.0.1:1/", "https://127.0.0.1:1/"] {
      let hook = Hook(
        name: "a", url: url, secret: HookSecret(), madeBy: "test", made: Scene.start)
      let answer = await post.send(.test(hook, at: Scene.start), to: hook, at: Scene.start)
      guard case .silence(let failure) = answer else {
        Issue.record("\(answer)")
        continue
      }
      #expect(!failure.isEmpty && failure.count <= 200)
    }
    try await post.end()
    try await group.shutdownGracefully()
  }
}
