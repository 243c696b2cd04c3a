internal import CZlib
internal import NIOCore

/// gzip (RFC 1952) of whole texts, by zlib.
enum Gzip {
  /// Bytes. What is shorter goes in one packet anyway.
  static let worthwhile = 1400
  /// Quick: at this one features get about eight times smaller, at the usual one ten times, in three times the time.
  private static let level = Int32(Z_BEST_SPEED)
  /// The largest window, and a gzip header rather than zlib's (zlib.h, `deflateInit2`).
  private static let windowBits = Int32(15 + 16)
  private static let memoryLevel: Int32 = 8

  /// Nil where zlib has no memory for it.
  static func compressed(_ text: String) -> ByteBuffer? {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    var text = text
    return text.withUTF8 { bytes in
      guard let count = UInt32(exactly: bytes.count) else { return nil }
      let room = Int(deflateBound(&stream, UInt(bytes.count)))
      var buffer = ByteBufferAllocator().buffer(capacity: room)
      // zlib only reads them.
      stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
      stream.avail_in = count
      var status = Z_OK
      buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { space in
        stream.next_out = space.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(clamping: space.count)
        let given = stream.avail_out
        status = deflate(&stream, Z_FINISH)
        return Int(given - stream.avail_out)
      }
      return status == Z_STREAM_END ? buffer : nil
    }
  }
}
