internal import Glibc
internal import NIOCore

/// One client's connection to a fake gpsd. Lives on its server's event loop.
final class FakeClient: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What is to be sent, oldest first, and up to where positions were looked at.
  struct Course {
    var todo: [Range<Int>]
    var cursor: Int

    mutating func add(_ run: Range<Int>) {
      cursor = run.upperBound
      if let last = todo.last, last.upperBound == run.lowerBound {
        todo[todo.count - 1] = last.lowerBound..<run.upperBound
      } else if !run.isEmpty {
        todo.append(run)
      }
    }

    /// At most `count` positions of one run.
    mutating func take(_ count: Int) -> Range<Int>? {
      guard let first = todo.first else { return nil }
      let taken = first.prefix(count)
      if taken.count == first.count {
        todo.removeFirst()
      } else {
        todo[0] = taken.upperBound..<first.upperBound
      }
      return taken
    }
  }

  let endpoint: Int
  private(set) var channel: (any Channel)?
  /// Nil before `?WATCH`.
  var course: Course?
  /// A turn of sending is due.
  var isPumped = false
  private let server: FakeServer
  private var request = ""

  init(endpoint: Int, server: FakeServer) {
    self.endpoint = endpoint
    self.server = server
  }

  /// gpsd's own limit of a request.
  private static let requestMaximum = 4096

  func channelActive(context: ChannelHandlerContext) {
    channel = context.channel
    server.accepted(self)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    request += String(buffer: unwrapInboundIn(data))
    while let end = request.firstIndex(where: { $0 == ";" || $0.isNewline }) {
      let text = String(request[..<end].drop { $0.isWhitespace })
      // First: an answer to a client that is gone may call back in here.
      request.removeSubrange(...end)
      if !text.isEmpty { server.asked(text, by: self) }
    }
    if request.utf8.count > Self.requestMaximum { request = "" }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { server.pump(self) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    course = nil
    server.gone(self)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)  // a client that went away
  }

  func say(_ text: String) {
    channel?.writeAndFlush(ByteBuffer(string: text), promise: nil)
  }

  /// Sends what is written and says goodbye; a client that does not go within a second is let go.
  ///
  /// Not both directions at once: unread requests would reset what was sent.
  func end() {
    course = nil
    guard let channel else { return }
    channel.close(mode: .output, promise: nil)
    channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
  }

  func reset() {
    course = nil
    guard let channel else { return }
    guard let socket = channel as? any SocketOptionProvider else {
      return channel.close(promise: nil)
    }
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      .whenComplete { _ in channel.close(promise: nil) }
  }
}
