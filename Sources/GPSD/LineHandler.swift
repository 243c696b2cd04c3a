internal import NIOCore

/// Frames what a connection sends and hands the lines on, each read's together.
final class LineHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private var framer = LineFramer()
  private let line: (UnsafeRawBufferPointer) -> Void
  private let readEnd: (_ oversized: Int) -> Void
  private let lost: (_ reason: String) -> Void
  private var oversized = 0

  /// `line` may not keep its bytes. `readEnd` follows the lines of one read; `lost` comes once.
  init(
    line: @escaping (UnsafeRawBufferPointer) -> Void, readEnd: @escaping (_ oversized: Int) -> Void,
    lost: @escaping (_ reason: String) -> Void
  ) {
    self.line = line
    self.readEnd = readEnd
    self.lost = lost
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withUnsafeReadableBytes { oversized += framer.push($0, line: line) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    readEnd(oversized)
    oversized = 0
    context.fireChannelReadComplete()
  }

  func channelInactive(context: ChannelHandlerContext) {
    lost(reason ?? "closed by gpsd")
    context.fireChannelInactive()
  }

  private var reason: String?

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    reason = describe(error)
    context.close(promise: nil)
  }
}
