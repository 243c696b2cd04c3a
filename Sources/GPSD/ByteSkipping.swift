extension ByteScanner {
  /// Passes over one value of any kind. O(its bytes), without recursion.
  @inline(__always)
  mutating func skipValue() throws(MalformedMessage) {
    // Mostly a short number with a comma behind it.
    let end = offset &+ octet(at: offset).scalarCount
    if end > offset, end < count, self[end] == UInt8(ascii: ",") {
      offset = end
    } else {
      try skipAnyValue()
    }
  }

  @inline(never)
  private mutating func skipAnyValue() throws(MalformedMessage) {
    switch peek {
    case UInt8(ascii: "\""): _ = try stringSpan()
    case UInt8(ascii: "{"), UInt8(ascii: "["): try skipNested()
    default:
      let start = offset
      while true {
        let length = octet(at: offset).scalarCount
        offset &+= length
        if length == 8 { continue }
        guard offset < count, !Self.endsScalar(self[offset]) else { break }
        offset &+= 1
      }
      guard offset > start else { throw malformed(.value) }
    }
  }

  /// A comma, a closing bracket, a quote, white space or a control character.
  @inline(__always)
  private static func endsScalar(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte | 0x20 == UInt8(ascii: "}")
      || byte == UInt8(ascii: "\"")
  }

  /// From an opening bracket past its match.
  private mutating func skipNested() throws(MalformedMessage) {
    var braces: UInt64 = 0  // the kinds of the open brackets, the innermost lowest
    var depth = 0
    var quoted: UInt64 = 0
    while true {
      let octet = octet(at: offset)
      guard octet.isPlain else {
        // Also at the end of the line.
        if quoted != 0 {
          _ = try restOfString()
          quoted = 0
        } else if peek == UInt8(ascii: "\"") {
          _ = try stringSpan()
        } else {
          guard offset < count else { throw malformed(.bracket) }
          if try bracket(at: offset, &braces, &depth) { return }
          offset &+= 1
        }
        continue
      }
      // The place of the next byte does not hang on what these are, so that the machine can run ahead.
      var marks = octet.maybeBracket & ~octet.inStrings(&quoted)
      while marks != 0 {
        if try bracket(at: offset &+ marks.trailingZeroBitCount >> 3, &braces, &depth) { return }
        marks &= marks &- 1
      }
      offset &+= 8
    }
  }

  /// Opens or closes where there is a bracket; true where all are closed then, with the cursor behind it.
  @inline(__always)
  private mutating func bracket(
    at: Int, _ braces: inout UInt64, _ depth: inout Int
  ) throws(MalformedMessage) -> Bool {
    let byte = self[at]
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < 63 else { throw malformed(.depth, at: at) }
      depth &+= 1
      braces = braces << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      guard braces & 1 == (byte == UInt8(ascii: "}") ? 1 : 0) else {
        throw malformed(.bracket, at: at)
      }
      braces >>= 1
      depth &-= 1
      if depth == 0 {
        offset = at &+ 1
        return true
      }
    default: break
    }
    return false
  }
}
