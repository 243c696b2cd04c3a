import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct `A crowd of connections` {
  /// One whose server end is guarded, and whether it is open still.
  final class Connection {
    let channel = EmbeddedChannel()
    private(set) var isOpen = true

    init(_ room: ConnectionRoom) throws {
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      channel.closeFuture.assumeIsolated().whenComplete { _ in self.isOpen = false }
      try channel.pipeline.syncOperations.addHandler(ConnectionGuard(room: room))
    }

    func ask() throws {
      let head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/")
      try channel.writeInbound(HTTPRequestPart.head(head))
      try channel.writeInbound(HTTPRequestPart.end(nil))
    }

    func answer() throws {
      try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
      try channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    func pass(_ seconds: Int64) {
      channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }
  }

  func open(_ all: [Connection]) -> String {
    for one in all { one.channel.embeddedEventLoop.run() }
    return all.map { $0.isOpen ? "x" : "-" }.joined()
  }

  @Test func `has room for who comes, where others say nothing`() throws {
    let room = ConnectionRoom(crowded: 3)
    var all = try (0..<3).map { _ in try Connection(room) }
    #expect(open(all) == "xxx")
    try all[0].ask()
    all.append(try Connection(room))
    // The first is being answered, the second waited longest.
    #expect(open(all) == "x-xx")
    // Whoever was answered waits anew, behind the others.
    try all[0].answer()
    all.append(try Connection(room))
    #expect(open(all) == "x--xx")
    #expect(room.count == 3)
    // All are being answered: nobody is sent away.
    for n in [0, 3, 4] { try all[n].ask() }
    all.append(try Connection(room))
    #expect(open(all) == "x--xxx")
    for one in all where one.isOpen { _ = try one.channel.finish(acceptAlreadyClosed: true) }
    #expect(room.count == 0)
  }

  @Test func `waits so long for a request, and longer for who has asked`() throws {
    let room = ConnectionRoom(crowded: 10)
    let all = try (0..<3).map { _ in try Connection(room) }
    for one in all { one.pass(20) }
    try all[1].ask()
    try all[2].ask()
    try all[2].answer()
    for one in all { one.pass(20) }
    // The last one has some time left for its next request.
    #expect(open(all) == "-xx")
    for one in all { one.pass(11) }
    #expect(open(all) == "-x-")
    _ = try all[1].channel.finish(acceptAlreadyClosed: true)
  }
}
