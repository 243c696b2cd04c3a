/// What must not reach Yams: it hashes every key, and a key made of aliases of aliases costs exponential time to hash.
/// Values are safe, as they are shared until somebody walks them.
enum YAMLHazards {
  /// The line of the first thing that may be a key other than a word, in a text that has anchors; nil without. It reads
  /// no YAML and may suspect the inside of a quotation: in a text with anchors only. O(n).
  static func aliasInKey(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    var line = 1
    var hasAnchor = false
    var suspect: Int?
    var previous: UInt8 = UInt8(ascii: "\n")
    for (i, byte) in bytes.enumerated() {
      let startsToken = " \t\r\n[{,:-?!".utf8.contains(previous)
      switch byte {
      case UInt8(ascii: "&") where startsToken: hasAnchor = true
      case UInt8(ascii: "?") where startsToken: suspect = suspect ?? line
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if isKeyEnd(bytes, after: i + 1) { suspect = suspect ?? line }
      case UInt8(ascii: "*") where startsToken:
        var end = i + 1
        while end < bytes.count, !" \t\r\n,]}".utf8.contains(bytes[end]) { end += 1 }
        if bytes[end - 1] == UInt8(ascii: ":") || isKeyEnd(bytes, after: end) {
          suspect = suspect ?? line
        }
      case UInt8(ascii: "\n"): line += 1
      default: break
      }
      if hasAnchor, let suspect { return suspect }
      previous = byte
    }
    return nil
  }

  private static func isKeyEnd(_ bytes: [UInt8], after start: Int) -> Bool {
    var i = start
    while i < bytes.count, bytes[i] == UInt8(ascii: " ") || bytes[i] == UInt8(ascii: "\t") {
      i += 1
    }
    return i < bytes.count && bytes[i] == UInt8(ascii: ":")
  }
}
