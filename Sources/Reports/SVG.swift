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
    begin(name, attributes)
    guard let title else {
      text += "/>"
      return
    }
    text += "><title>"
    text += Self.escaped(title)
    text += "</title></"
    text += name
    text += ">"
  }

  mutating func label(_ label: String, x: Double, y: Double, _ attributes: [(String, String)] = [])
  {
    begin("text", [("x", Self.number(x)), ("y", Self.number(y))])
    add(attributes)
    text += ">"
    text += Self.escaped(label)
    text += "</text>"
  }

  /// What follows lies within it, until it is closed.
  mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
    begin(name, attributes)
    text += ">"
  }

  /// Characters as they are to be read.
  mutating func add(plain: String) { text += Self.escaped(plain) }

  mutating func close(_ name: String) {
    text += "</"
    text += name
    text += ">"
  }

  private mutating func begin(_ name: String, _ attributes: [(String, String)]) {
    text += "<"
    text += name
    add(attributes)
  }

  private mutating func add(_ attributes: [(String, String)]) {
    for (name, value) in attributes {
      text += " "
      text += name
      text += "=\""
      text += Self.escaped(value)
      text += "\""
    }
  }

  mutating func add(_ other: SVG) { text += other.text }

  func whole(width: Double, height: Double, label: String, class name: String) -> String {
    """
    <svg class="\(name)" role="img" aria-label="\(Self.escaped(label))" \
    viewBox="0 0 \(Self.number(width)) \(Self.number(height))" \
    xmlns="http://www.w3.org/2000/svg">\(text)</svg>
    """
  }

  /// To a tenth, of a pixel mostly; a whole one without its point. At most fifteen bytes, which Swift allocates nothing for.
  static func number(_ x: Double) -> String {
    guard abs(x) < 1e9 else { return Decimal.text(x, 1) }
    var tenths = Int((abs(x) * 10).rounded())
    let isNegative = x < 0 && tenths > 0
    return String(unsafeUninitializedCapacity: 15) { bytes in
      var at = 15
      func put(_ byte: Int) {
        at -= 1
        bytes[at] = UInt8(byte)
      }
      if tenths % 10 > 0 {
        put(48 + tenths % 10)
        put(46)
      }
      tenths /= 10
      repeat {
        put(48 + tenths % 10)
        tenths /= 10
      } while tenths > 0
      if isNegative { put(45) }
      for i in at..<15 { bytes[i - at] = bytes[i] }
      return 15 - at
    }
  }

  /// As it can stand in XML. A shift's charts have some hundred thousand of these: most need nothing.
  static func escaped(_ text: String) -> String {
    // XML has no place for control characters, however written.
    func isPlain(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): false
      default: byte >= 0x20 || byte == UInt8(ascii: "\n")
      }
    }
    var text = text
    if text.withUTF8({ $0.allSatisfy(isPlain) }) { return text }
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
