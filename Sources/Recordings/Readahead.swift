internal import Foundation

/// How much of a file in memory was asked for. A page at a time, as they are touched, costs more than reading what stands in
/// them.
struct Readahead: Sendable {
  private var asked = 0

  /// What is asked for at once: some thousand lines.
  private static let piece = 1 << 20
  private static let page = 4096

  /// Before bytes from a place on are read: has the next piece of the file at hand.
  mutating func reach(_ at: Int, in bytes: UnsafeRawBufferPointer) {
    guard at + Self.piece / 4 > asked, asked < bytes.count, let base = bytes.baseAddress else {
      return
    }
    let from = max(at, asked) & ~(Self.page - 1)
    asked = min(bytes.count, from + Self.piece)
    // A file that was read into memory instead lies there anyhow, and anything else comes as it is touched.
    _ = madvise(
      UnsafeMutableRawPointer(mutating: base + from), asked - from, MADV_POPULATE_READ)
  }
}
