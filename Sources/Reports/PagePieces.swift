internal import Store

/// Parts of a page that are written one beside the other, on as many threads as there are processors, and stand on it in the order
/// in which they were added.
struct PagePieces {
  typealias Piece = @Sendable () -> String

  private var pieces: [Piece] = []
  private var parts: [(name: String, range: Range<Int>)] = []

  /// - Parameter name: that of a value in the page's template.
  mutating func add(_ name: String, _ more: [Piece]) {
    parts.append((name, pieces.count..<pieces.count + more.count))
    pieces += more
  }

  /// What there are thousands of, some at a time.
  static func some<T: Sendable>(
    _ count: Int, of all: [T], _ write: @escaping @Sendable (T) -> String
  ) -> [Piece] {
    stride(from: 0, to: all.count, by: count).map { first in
      { all[first..<min(first + count, all.count)].map(write).joined() }
    }
  }

  /// Each part's text, by its name.
  func written() -> [String: String] {
    let texts = besideEachOther(pieces) { $0() }
    return Dictionary(
      parts.map { ($0.name, texts[$0.range].joined()) }, uniquingKeysWith: +)
  }
}
