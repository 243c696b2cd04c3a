internal import Glibc
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// Holds a connection to its bounds: no large bodies, no endless heads, no request that takes for ever to be said, and no
/// response that nobody reads.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Bytes. Nothing takes a body yet.
  static let bodyMaximum = 16 * 1024
  /// Bytes of a request's line and fields.
  static let headMaximum = 16 * 1024
  /// As long a client may take nothing of what is written to it.
  static let stallMaximum = TimeAmount.seconds(30)

  /// As long a request may take to be said, from the moment from which it could be: however many bytes come of it.
  static let requestMaximum = TimeAmount.seconds(30)

  private static let lingerMaximum = TimeAmount.seconds(1)

  private let room: ConnectionRoom
  /// While no request was begun.
  private var ticket: Int?
  private var deadline: Scheduled<Void>?
  private var bodySize = 0
  /// A response was begun to what is being read.
  private var isAnswering = false
  private var isOver = false
  private var stall: Scheduled<Void>?

  init(room: ConnectionRoom) { self.room = room }

  func handlerAdded(context: ChannelHandlerContext) {
    room.enter()
    expect(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    stall?.cancel()
    deadline?.cancel()
    stopWaiting()
    room.leave()
  }

  /// A request may begin.
  private func expect(_ context: ChannelHandlerContext) {
    stopWaiting()
    ticket = room.wait(context.channel)
    deadline?.cancel()
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.requestMaximum) {
      context.close(promise: nil)
    }
  }

  private func stopWaiting() {
    if let ticket { room.stopWaiting(ticket) }
    ticket = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isOver else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      stopWaiting()
      (bodySize, isAnswering) = (0, false)
      let told = head.headerFields[.contentLength].flatMap(Int.init) ?? 0
      guard told <= Self.bodyMaximum else { return refuse(tooLarge, context) }
    case .body(let part):
      bodySize += part.readableBytes
      guard bodySize <= Self.bodyMaximum else { return refuse(tooLarge, context) }
    case .end:
      if ticket == nil { deadline?.cancel() }
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isOver else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    isAnswering = true
    if case .end = unwrapOutboundIn(data) { expect(context) }
    context.write(data, promise: promise)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case HTTPParserError.headerOverflow:
      refuse(
        Problem(
          .requestHeaderFieldsTooLarge,
          "expected a request's line and fields of at most \(Self.headMaximum) bytes"), context)
    case is HTTPParserError: refuse(.wrong("this is no HTTP/1.1"), context)
    default: context.fireErrorCaught(error)
    }
  }

  private var tooLarge: Problem {
    Problem(.contentTooLarge, "expected a body of at most \(Self.bodyMaximum) bytes")
  }

  /// Says why, where nothing was said yet, and closes: what follows on the connection is not read.
  private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    isOver = true
    guard !isAnswering else { return linger(context) }
    let body = ByteBuffer(string: problem.json)
    let head = HTTPResponse(
      status: problem.status,
      headerFields: [
        .contentType: "application/problem+json", .contentLength: "\(body.readableBytes)",
        .connection: "close",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    let done = context.eventLoop.makePromise(of: Void.self)
    done.futureResult.assumeIsolated().whenComplete { _ in self.linger(context) }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
  }

  /// Closes, but for what still comes: were that left unread, the other end would lose what it was told.
  private func linger(_ context: ChannelHandlerContext) {
    context.close(mode: .output, promise: nil)
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingerMaximum) {
      context.close(promise: nil)
    }
  }

  // MARK: readers that do not read

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    stall?.cancel()
    stall = nil
    if !context.channel.isWritable {
      stall = context.eventLoop.assumeIsolated().scheduleTask(in: Self.stallMaximum) {
        context.channel.cutOff()
      }
    }
    context.fireChannelWritabilityChanged()
  }
}

extension Channel {
  /// Ends at once, without what was written and not taken yet: were it closed in order, the kernel would keep that, and offer
  /// it to whoever does not read.
  func cutOff() {
    (self as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      .whenFailure { _ in }
    close(promise: nil)
  }
}
