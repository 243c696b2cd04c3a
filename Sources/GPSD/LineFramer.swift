internal import Glibc

/// Cuts a stream of bytes into lines, in place where a line came in one piece.
///
/// Of a line that is not complete only its bytes are kept, not the read they came in: with 1,000 connections the grown
/// read buffers would be 356 MB. A line longer than `limit` is dropped up to its newline and counted.
public struct LineFramer: Sendable {
  /// Bytes of a line, newline not counted. gpsd's own longest is 10,240 (`GPS_JSON_RESPONSE_MAX`).
  public static let limit = 65_536
  /// A grown buffer above this is given back after its line.
  static let keptCapacity = 4096

  private var tail: [UInt8] = []
  private var dropping = false

  public init() {}

  /// Bytes held back for the rest of their line.
  public var pending: Int { tail.count }

  /// Calls `line` for each line that ends in `bytes`, without its newline; empty ones too. Returns how many lines were
  /// found too long. O(bytes).
  public mutating func push(
    _ bytes: UnsafeRawBufferPointer, line: (UnsafeRawBufferPointer) -> Void
  ) -> Int {
    var oversized = 0
    var start = 0
    while start < bytes.count {
      let end = Self.newline(in: bytes, from: start)
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<(end ?? bytes.count)])
      start = (end ?? bytes.count) + 1
      if dropping {
        dropping = end == nil
      } else if tail.count + piece.count > Self.limit {
        oversized += 1
        release()
        dropping = end == nil
      } else if end == nil {
        tail.append(contentsOf: piece)
      } else if tail.isEmpty {
        line(piece)
      } else {
        tail.append(contentsOf: piece)
        tail.withUnsafeBytes(line)
        release()
      }
    }
    return oversized
  }

  private mutating func release() {
    tail.removeAll(keepingCapacity: tail.capacity <= Self.keptCapacity)
  }

  private static func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress,
      let found = memchr(base + start, 0x0a, bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
