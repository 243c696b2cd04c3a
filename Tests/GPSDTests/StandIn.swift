import NIOCore
import NIOPosix

/// A server that greets as gpsd does, answers the first WATCH with `answer`, and hangs up.
final class StandIn: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let answer: ByteBuffer

  init(answer: ByteBuffer) { self.answer = answer }

  static func listen(answer: ByteBuffer) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(StandIn(answer: answer))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  func channelActive(context: ChannelHandlerContext) {
    let version = #"{"class":"VERSION","release":"0.1","proto_major":3,"proto_minor":14}"# + "\r\n"
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: version)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard String(buffer: unwrapInboundIn(data)).hasPrefix("?WATCH=") else { return }
    let channel = context.channel
    channel.writeAndFlush(answer).whenComplete { _ in
      // Not both: unread requests would reset what was sent.
      channel.close(mode: .output, promise: nil)
    }
  }
}
