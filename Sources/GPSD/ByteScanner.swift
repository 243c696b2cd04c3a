internal import Glibc

/// A cursor over the bytes of one line, with what of JSON's grammar gpsd's reports need.
///
/// Reads no byte twice but for `className`, allocates only for strings that are asked for, never traps and always ends,
/// whatever the bytes. Laxer than JSON in two ways: digits may start with 0, and what is passed over is checked for
/// strings and brackets alone.
struct ByteScanner {
  let bytes: UnsafeRawBufferPointer
  var offset: Int

  init(_ bytes: UnsafeRawBufferPointer, from offset: Int = 0) {
    self.bytes = bytes
    self.offset = min(max(0, offset), bytes.count)
  }

  /// The next byte; nil at the end.
  @inline(__always)
  var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  @inline(__always)
  mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0a, 0x0d: offset += 1
      default: return
      }
    }
  }

  @inline(__always)
  mutating func eat(_ byte: UInt8) -> Bool {
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  func malformed(_ expected: MalformedMessage.Expected, at offset: Int? = nil) -> MalformedMessage {
    MalformedMessage(offset: offset ?? self.offset, expected: expected)
  }

  /// Whether the bytes of `range` are `text`, which must not be empty. The last byte tells keys of one length apart more
  /// often than the first (`epx`, `epy`, `eph`), and most comparisons end there.
  @inline(__always)
  func matches(_ range: Range<Int>, _ text: StaticString) -> Bool {
    guard range.count == text.utf8CodeUnitCount, let base = bytes.baseAddress,
      bytes[range.upperBound - 1] == text.utf8Start[range.count - 1]
    else { return false }
    return memcmp(base + range.lowerBound, text.utf8Start, range.count) == 0
  }

  /// Goes to the next key of an object; nil, with the brace eaten, at its end. `first` tells whether the opening brace
  /// was just eaten; it is false afterwards. Leaves the cursor before the value.
  mutating func nextKey(first: inout Bool) throws(MalformedMessage) -> Range<Int>? {
    skipSpace()
    if eat(UInt8(ascii: "}")) { return nil }
    if !first {
      guard eat(UInt8(ascii: ",")) else { throw malformed(.commaOrClose) }
      skipSpace()
    }
    first = false
    guard peek == UInt8(ascii: "\"") else { throw malformed(.key) }
    let key = try stringSpan().range
    skipSpace()
    guard eat(UInt8(ascii: ":")) else { throw malformed(.colon) }
    skipSpace()
    return key
  }

  /// Passes over a string; the cursor must be at its quote. The range is without the quotes.
  mutating func stringSpan() throws(MalformedMessage) -> (range: Range<Int>, escaped: Bool) {
    guard eat(UInt8(ascii: "\"")) else { throw malformed(.string) }
    let start = offset
    var escaped = false
    var i = start
    while i < bytes.count {
      let byte = bytes[i]
      if byte > UInt8(ascii: "\\") {
        i += 1
      } else if byte == UInt8(ascii: "\"") {
        offset = i + 1
        return (start..<i, escaped)
      } else if byte == UInt8(ascii: "\\") {
        escaped = true
        i += 2
      } else if byte < 0x20 {
        throw malformed(.noControl, at: i)
      } else {
        i += 1
      }
    }
    offset = bytes.count
    throw malformed(.closingQuote)
  }

  /// `true` or `false`; nil for `null`.
  mutating func boolean() throws(MalformedMessage) -> Bool? {
    if word("true") { return true }
    if word("false") { return false }
    if word("null") { return nil }
    throw malformed(.boolean)
  }

  mutating func word(_ text: StaticString) -> Bool {
    let end = offset + text.utf8CodeUnitCount
    guard end <= bytes.count, matches(offset..<end, text) else { return false }
    offset = end
    return true
  }

  /// Passes over one value of any kind. O(its bytes), without recursion.
  mutating func skipValue() throws(MalformedMessage) {
    switch peek {
    case UInt8(ascii: "\""): _ = try stringSpan()
    case UInt8(ascii: "{"), UInt8(ascii: "["): try skipNested()
    default:
      let start = offset
      while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"),
        byte != UInt8(ascii: "]"), byte > 0x20, byte != UInt8(ascii: "\"")
      {
        offset += 1
      }
      guard offset > start else { throw malformed(.value) }
    }
  }

  /// From an opening bracket past its match.
  private mutating func skipNested() throws(MalformedMessage) {
    var braces: UInt64 = 0  // the kinds of the open brackets, the innermost lowest
    var depth = 0
    repeat {
      switch peek {
      case nil: throw malformed(.bracket)
      case UInt8(ascii: "\""):
        _ = try stringSpan()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth < 63 else { throw malformed(.depth) }
        depth += 1
        braces = braces << 1 | (peek == UInt8(ascii: "{") ? 1 : 0)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard braces & 1 == (peek == UInt8(ascii: "}") ? 1 : 0) else { throw malformed(.bracket) }
        braces >>= 1
        depth -= 1
      default: break
      }
      offset += 1
    } while depth > 0
  }
}
