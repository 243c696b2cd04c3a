import CZlib
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(10))) struct `Compressed answers` {
  /// What gzip made small, as it was; nil where it is no such thing, or not over.
  static func unpacked(_ body: ByteBuffer, most: Int, isOver: Bool = true) -> String? {
    var stream = z_stream()
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { inflateEnd(&stream) }
    var input = Array(body.readableBytesView)
    var output = [UInt8](repeating: 0, count: most)
    let status = input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to in
        (stream.next_in, stream.avail_in) = (from.baseAddress, UInt32(from.count))
        (stream.next_out, stream.avail_out) = (to.baseAddress, UInt32(to.count))
        return inflate(&stream, isOver ? Z_FINISH : Z_SYNC_FLUSH)
      }
    }
    guard status == (isOver ? Z_STREAM_END : Z_OK), stream.avail_in == 0 else { return nil }
    return String(decoding: output.prefix(most - Int(stream.avail_out)), as: UTF8.self)
  }

  @Test(arguments: [
    ("gzip", true), ("br, gzip;q=0.5", true), ("*", true), ("GZIP", true), ("identity", false),
    ("gzip;q=0", false), ("*;q=0", false), ("gzip;q=0, *", false), ("br", false), ("", false),
  ])
  func `come to who takes them`(_ accepted: String, _ isPacked: Bool) async throws {
    try await Scene.firstMinute().ask { asking in
      for path in ["/collections/fixes/items?limit=100", "/api", "/reports/shift/2026-11-20"] {
        let plain = try await asking.get(path)
        let told = try await asking.get(path, [.acceptEncoding: accepted])
        #expect(told.headers[.contentEncoding] == (isPacked ? "gzip" : nil), "\(path)")
        #expect(told.headers[.contentType] == plain.headers[.contentType])
        #expect(told.headers[.vary] == "Accept, Accept-Encoding")
        let text = String(buffer: plain.body)
        #expect(plain.headers[.contentEncoding] == nil)
        #expect((told.headers[.eTag] == plain.headers[.eTag]) == !isPacked)
        guard isPacked else {
          #expect(told.body == plain.body)
          continue
        }
        #expect(told.body.readableBytes * 3 < plain.body.readableBytes, "\(path)")
        #expect(Self.unpacked(told.body, most: text.utf8.count + 1) == text, "\(path)")
      }
    }
  }

  @Test func `are not made of what is small, and known by either tag`() async throws {
    try await Scene.firstMinute().ask { asking in
      let small = try await asking.get("/conformance", [.acceptEncoding: "gzip"])
      #expect(small.status == .ok && small.headers[.contentEncoding] == nil)
      let path = "/collections/fixes/items?limit=100"
      let tags = try await [HTTPFields(), [.acceptEncoding: "gzip"]].asyncMap {
        try #require(try await asking.get(path, $0).headers[.eTag])
      }
      for tag in tags {
        for coding in ["identity", "gzip"] {
          let again = try await asking.get(path, [.ifNoneMatch: tag, .acceptEncoding: coding])
          #expect(again.status == .notModified && again.body.readableBytes == 0)
        }
      }
    }
  }
}

extension Array {
  fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
    var all: [T] = []
    for element in self { all.append(try await transform(element)) }
    return all
  }
}
