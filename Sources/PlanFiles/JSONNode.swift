/// A JSON value with its line.
struct JSONNode {
  enum Content {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([JSONNode])
    case object([Member])
  }

  struct Member {
    var key: String
    var line: Int
    var value: JSONNode
  }

  var line: Int
  var content: Content

  /// The value of a member; nil for null, for one that is not there, and in anything but an object.
  subscript(key: String) -> JSONNode? {
    guard case .object(let members) = content,
      let value = members.last(where: { $0.key == key })?.value
    else { return nil }
    if case .null = value.content { return nil }
    return value
  }

  /// For messages.
  var described: String {
    switch content {
    case .null: "null"
    case .truth(let truth): "\(truth)"
    case .number(let x): plain(x)
    case .text(let text): quoted(text)
    case .list(let elements): "a list of \(elements.count)"
    case .object: "an object"
    }
  }
}

/// What RFC 8259 does not allow, or what would exhaust the stack.
struct JSONFault: Error {
  var line: Int
  var message: String
}

/// RFC 8259, byte by byte, with lines. O(n); at most 64 levels deep.
struct JSONParser {
  private static let depthMaximum = 64
  private let bytes: [UInt8]
  private var at = 0
  private var line = 1

  static func parse(_ text: String) throws(JSONFault) -> JSONNode {
    var parser = JSONParser(bytes: Array(text.utf8))
    parser.skipSpace()
    let node = try parser.value(depth: 0)
    parser.skipSpace()
    if let byte = parser.peek {
      throw parser.fault("found \(name(byte)) after the end; expected nothing more")
    }
    return node
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  private func fault(_ message: String) -> JSONFault { JSONFault(line: line, message: message) }

  private func unexpected(_ expected: String) -> JSONFault {
    fault("found \(peek.map(Self.name) ?? "the end of the file"); expected \(expected)")
  }

  private static func name(_ byte: UInt8) -> String {
    byte > 32 && byte < 127 ? quoted(String(UnicodeScalar(byte))) : "byte \(byte)"
  }

  private mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\n"): line += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default: return
      }
      at += 1
    }
  }

  private mutating func eat(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    at += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONFault) -> JSONNode {
    guard depth < Self.depthMaximum else {
      throw fault("nested deeper than \(Self.depthMaximum) levels")
    }
    let start = line
    let content: JSONNode.Content
    switch peek {
    case UInt8(ascii: "{"): content = try object(depth: depth)
    case UInt8(ascii: "["): content = try list(depth: depth)
    case UInt8(ascii: "\""): content = .text(try string())
    case UInt8(ascii: "t"): content = try word("true", .truth(true))
    case UInt8(ascii: "f"): content = try word("false", .truth(false))
    case UInt8(ascii: "n"): content = try word("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || (48...57).contains(byte):
      content = .number(try number())
    default: throw unexpected("a value")
    }
    return JSONNode(line: start, content: content)
  }

  private mutating func word(_ word: String, _ content: JSONNode.Content) throws(JSONFault)
    -> JSONNode.Content
  {
    guard bytes[at...].starts(with: word.utf8) else { throw unexpected("a value") }
    at += word.utf8.count
    return content
  }

  private mutating func number() throws(JSONFault) -> Double {
    let start = at
    while let byte = peek, (48...57).contains(byte) || "+-.eE".utf8.contains(byte) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    guard let x = finiteNumber(text) else {
      throw fault("found \(quoted(text)); expected a finite number")
    }
    return x
  }

  private mutating func list(depth: Int) throws(JSONFault) -> JSONNode.Content {
    at += 1
    var elements: [JSONNode] = []
    skipSpace()
    if eat(UInt8(ascii: "]")) { return .list(elements) }
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if eat(UInt8(ascii: "]")) { return .list(elements) }
      guard eat(UInt8(ascii: ",")) else { throw unexpected("\",\" or \"]\"") }
    }
  }

  private mutating func object(depth: Int) throws(JSONFault) -> JSONNode.Content {
    at += 1
    var members: [JSONNode.Member] = []
    skipSpace()
    if eat(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      let start = line
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in quotation marks") }
      let key = try string()
      skipSpace()
      guard eat(UInt8(ascii: ":")) else { throw unexpected("\":\"") }
      skipSpace()
      let value = try value(depth: depth + 1)
      members.append(JSONNode.Member(key: key, line: start, value: value))
      skipSpace()
      if eat(UInt8(ascii: "}")) { return .object(members) }
      guard eat(UInt8(ascii: ",")) else { throw unexpected("\",\" or \"}\"") }
    }
  }

  private mutating func string() throws(JSONFault) -> String {
    at += 1
    var out: [UInt8] = []
    while let byte = peek {
      at += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &out)
      case 0..<32: throw fault("found a control character in a text; expected it escaped")
      default: out.append(byte)
      }
    }
    throw unexpected("a closing quotation mark")
  }

  private mutating func escape(into out: inout [UInt8]) throws(JSONFault) {
    guard let byte = peek else { throw unexpected("an escaped character") }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
    case UInt8(ascii: "b"): out.append(8)
    case UInt8(ascii: "f"): out.append(12)
    case UInt8(ascii: "n"): out.append(10)
    case UInt8(ascii: "r"): out.append(13)
    case UInt8(ascii: "t"): out.append(9)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xd800..<0xdc00).contains(code), eat(UInt8(ascii: "\\")), eat(UInt8(ascii: "u")) {
        let low = try hexadecimal()
        guard (0xdc00..<0xe000).contains(low) else { throw fault("found half a surrogate pair") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = UnicodeScalar(code) else { throw fault("found half a surrogate pair") }
      out += Array(String(Character(scalar)).utf8)
    default: throw fault("found \\ before \(Self.name(byte)); expected an escape of JSON")
    }
  }

  private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
    guard at + 4 <= bytes.count,
      bytes[at..<at + 4].allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
      let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
    else { throw fault("found a broken \\u escape; expected four hexadecimal digits") }
    at += 4
    return code
  }
}
