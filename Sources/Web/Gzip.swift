internal import CZlib
internal import NIOCore

/// gzip (RFC 1952), by zlib: of whole texts, and of streams whose pieces are made small once for all who get them.
///
/// A piece refers to nothing before it (RFC 1951 lets a block do so, but none has to) and ends at a whole byte: so it may
/// follow any other piece in anybody's stream.
enum Gzip {
  /// Bytes. What is shorter goes in one packet anyway.
  static let worthwhile = 1400
  /// Quick: at this one features get about ten times smaller; the usual one takes three times as long for little more.
  private static let level = Int32(Z_BEST_SPEED)
  /// The largest window; 16 more: with gzip's own header and end; negative: with neither (zlib.h, `deflateInit2`).
  private static let (windowOfWhole, windowOfPiece) = (Int32(15 + 16), Int32(-15))
  private static let memoryLevel: Int32 = 8
  /// The empty block that ends a piece at a whole byte.
  private static let markerSize = 16

  /// Nil where zlib has no memory for it.
  static func compressed(_ text: String) -> ByteBuffer? {
    var text = text
    return text.withUTF8 { deflated(UnsafeRawBufferPointer($0), windowOfWhole, Z_FINISH) }
  }

  /// What a stream begins with: no name, no time, and nothing said about the system (RFC 1952, 2.3).
  static let head = ByteBuffer(bytes: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])

  /// Nil where zlib has no memory for it.
  static func piece(_ bytes: ByteBuffer) -> ByteBuffer? {
    bytes.withUnsafeReadableBytes { deflated($0, windowOfPiece, Z_SYNC_FLUSH) }
  }

  /// What has been said in a stream, as its end tells it.
  struct Sum: Sendable {
    private var crc: UInt = 0
    private var length = 0

    init() {}

    init(of bytes: ByteBuffer) {
      crc = bytes.withUnsafeReadableBytes {
        crc32_z(0, $0.bindMemory(to: UInt8.self).baseAddress, $0.count)
      }
      length = bytes.readableBytes
    }

    mutating func add(_ other: Sum) {
      crc = crc32_combine(crc, other.crc, other.length)
      length += other.length
    }

    /// An empty last block, and both.
    var end: ByteBuffer {
      var buffer = ByteBuffer(bytes: [0x03, 0x00])
      buffer.writeInteger(UInt32(truncatingIfNeeded: crc), endianness: .little)
      buffer.writeInteger(UInt32(truncatingIfNeeded: length), endianness: .little)
      return buffer
    }
  }

  private static func deflated(
    _ bytes: UnsafeRawBufferPointer, _ window: Int32, _ flush: Int32
  ) -> ByteBuffer? {
    var stream = z_stream()
    guard let count = UInt32(exactly: bytes.count),
      deflateInit2_(
        &stream, level, Z_DEFLATED, window, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    let room = Int(deflateBound(&stream, UInt(count))) + markerSize
    var buffer = ByteBufferAllocator().buffer(capacity: room)
    // zlib only reads them.
    stream.next_in = UnsafeMutablePointer(
      mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
    stream.avail_in = count
    var status = Z_OK
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { space in
      stream.next_out = space.bindMemory(to: UInt8.self).baseAddress
      stream.avail_out = UInt32(clamping: space.count)
      let given = stream.avail_out
      status = deflate(&stream, flush)
      return Int(given - stream.avail_out)
    }
    let isWhole = stream.avail_in == 0 && stream.avail_out > 0
    return isWhole && status == (flush == Z_FINISH ? Z_STREAM_END : Z_OK) ? buffer : nil
  }
}
