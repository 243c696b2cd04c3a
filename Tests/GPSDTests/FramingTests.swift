import NIOCore
import NIOEmbedded
import Testing

@testable import GPSD

@Suite("Framing") struct FramingTests {
  /// What a channel with a `LineHandler` makes of `pieces`, one read each.
  static func frames(_ pieces: [[UInt8]]) throws -> (lines: [String], oversized: Int, ends: Int) {
    var lines: [String] = []
    var oversized = 0
    var ends = 0
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandler(
      LineHandler(
        line: { lines.append(String(decoding: $0, as: UTF8.self)) },
        readEnd: {
          oversized += $0
          ends += 1
        }, lost: { lines.append("lost: \($0)") }))
    for piece in pieces { try channel.writeInbound(ByteBuffer(bytes: piece)) }
    _ = try channel.finish()
    return (lines, oversized, ends)
  }

  static let text = Array("{\"class\":\"A\"}\r\n\n{\"class\":\"BB\"}\nrest".utf8)
  static let lines = ["{\"class\":\"A\"}\r", "", "{\"class\":\"BB\"}", "lost: closed by gpsd"]

  @Test("a stream split at any byte gives the same lines", arguments: 0...text.count)
  func splits(at: Int) throws {
    let (lines, oversized, ends) = try Self.frames([
      Array(Self.text[..<at]), Array(Self.text[at...]),
    ])
    #expect(lines == Self.lines)
    #expect(oversized == 0)
    #expect(ends == 2)
  }

  @Test("byte by byte")
  func bytes() throws {
    #expect(try Self.frames(Self.text.map { [$0] }).lines == Self.lines)
  }

  @Test(
    "a line of the limit is read, one byte more is dropped to its newline", arguments: [1, 777])
  func oversized(step: Int) throws {
    let most = [UInt8](repeating: 0x41, count: LineFramer.limit)
    let stream = most + [0x0a] + most + [0x42, 0x42, 0x0a, 0x43, 0x0a]
    let pieces = stride(from: 0, to: stream.count, by: step * 100).map {
      Array(stream[$0..<min($0 + step * 100, stream.count)])
    }
    let (lines, oversized, _) = try Self.frames(pieces)
    #expect(lines == [String(decoding: most, as: UTF8.self), "C", "lost: closed by gpsd"])
    #expect(oversized == 1)
  }

  @Test("holds no more than the tail of a line")
  func pending() {
    var framer = LineFramer()
    let bytes = [UInt8](repeating: 0x41, count: 60_000)
    for _ in 0..<10 { _ = bytes.withUnsafeBytes { framer.push($0) { _ in } } }
    #expect(framer.pending <= LineFramer.limit)
    _ = Array("\nabc".utf8).withUnsafeBytes { framer.push($0) { _ in } }
    #expect(framer.pending == 3)
  }
}
