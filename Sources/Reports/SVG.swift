internal import Coverage

/// SVG text, piece by piece.
struct SVG {
  private(set) var text = ""

  static let covered = "#2e7d32"
  static let missed = "#c62828"
  static let unproven = "#f9a825"
  static let nothing = "#9e9e9e"

  static func colour(_ verdict: Verdict?) -> String {
    switch verdict {
    case .missed: missed
    case .unproven: unproven
    case nil: covered
    }
  }

  mutating func add(_ name: String, _ attributes: [(String, String)], title: String? = nil) {
    text += "<\(name)" + attributes.map { " \($0)=\"\(Self.escaped($1))\"" }.joined()
    text += title.map { "><title>\(Self.escaped($0))</title></\(name)>" } ?? "/>"
  }

  mutating func label(_ label: String, x: Double, y: Double, _ attributes: [(String, String)] = [])
  {
    let all = [("x", Self.number(x)), ("y", Self.number(y))] + attributes
    text += "<text" + all.map { " \($0)=\"\(Self.escaped($1))\"" }.joined()
    text += ">\(Self.escaped(label))</text>"
  }

  /// What follows lies within it, until it is closed.
  mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
    text += "<\(name)" + attributes.map { " \($0)=\"\(Self.escaped($1))\"" }.joined() + ">"
  }

  mutating func close(_ name: String) { text += "</\(name)>" }

  mutating func add(_ other: SVG) { text += other.text }

  func whole(width: Double, height: Double, label: String, class name: String) -> String {
    """
    <svg class="\(name)" role="img" aria-label="\(Self.escaped(label))" \
    viewBox="0 0 \(Self.number(width)) \(Self.number(height))" \
    xmlns="http://www.w3.org/2000/svg">\(text)</svg>
    """
  }

  static func number(_ x: Double) -> String { Decimal.text(x, 1) }

  /// As it can stand in XML. A shift's charts have some hundred thousand of these: most need nothing.
  static func escaped(_ text: String) -> String {
    // XML has no place for control characters, however written.
    func isPlain(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): false
      default: byte >= 0x20 || byte == UInt8(ascii: "\n")
      }
    }
    guard !text.utf8.allSatisfy(isPlain) else { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      default: if isPlain(byte) { bytes.append(byte) }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
