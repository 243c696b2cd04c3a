internal import Glibc

/// A cursor over the bytes of one line, with what of JSON's grammar gpsd's reports need.
///
/// Takes eight bytes at a time where it can (`Octet`), allocates only for strings that are asked for, never traps and
/// always ends, whatever the bytes. Laxer than JSON in two ways: digits may start with 0, and what is passed over is checked for
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

  /// A key of an object.
  struct Key {
    /// Without the quotes.
    var range: Range<Int>
    /// Its bytes, where they are fewer than eight: the first lowest. 0 for others.
    var word: UInt64
  }

  /// The eight bytes from `at` on; nil where there are not so many.
  @inline(__always)
  func octet(at: Int) -> Octet? {
    guard at + 8 <= bytes.count else { return nil }
    return Octet(
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
  }

  /// Goes to the next key of an object; nil, with the brace eaten, at its end. `first` tells whether the opening brace
  /// was just eaten; it is false afterwards. Leaves the cursor before the value.
  @inline(__always)
  mutating func nextKey(first: inout Bool) throws(MalformedMessage) -> Key? {
    // As gpsd writes it: short keys, and no white space.
    let quote = first ? offset : offset &+ 1
    if quote < bytes.count, bytes[quote] == UInt8(ascii: "\""),
      first || bytes[offset] == UInt8(ascii: ","),
      let octet = octet(at: quote &+ 1), let length = octet.plainBeforeQuote
    {
      let end = quote &+ 1 &+ length
      if end &+ 2 < bytes.count, bytes[end &+ 1] == UInt8(ascii: ":"), bytes[end &+ 2] > 0x20 {
        first = false
        offset = end &+ 2
        return Key(range: quote &+ 1..<end, word: octet.low(length))
      }
    }
    return try anyNextKey(first: &first)
  }

  /// The same, whatever its form.
  private mutating func anyNextKey(first: inout Bool) throws(MalformedMessage) -> Key? {
    skipSpace()
    if eat(UInt8(ascii: "}")) { return nil }
    if !first {
      guard eat(UInt8(ascii: ",")) else { throw malformed(.commaOrClose) }
      skipSpace()
    }
    first = false
    guard peek == UInt8(ascii: "\"") else { throw malformed(.key) }
    var key = Key(range: try stringSpan().range, word: 0)
    if key.range.count < 8 {
      for i in key.range.reversed() { key.word = key.word << 8 | UInt64(bytes[i]) }
    }
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
      if let octet = octet(at: i) {
        let plain = octet.plainCount
        i += plain
        if plain == 8 { continue }
      }
      let byte = bytes[i]
      if byte == UInt8(ascii: "\"") {
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
      var i = offset
      while i < bytes.count, !Self.endsScalar(bytes[i]) { i &+= 1 }
      guard i > offset else { throw malformed(.value) }
      offset = i
    }
  }

  /// A comma, a closing bracket, a quote, white space or a control character.
  @inline(__always)
  private static func endsScalar(_ byte: UInt8) -> Bool {
    // Digits, signs, points and letters first.
    if byte &- 0x2d < 0x2e { return false }
    return byte <= 0x20 || byte == UInt8(ascii: ",") || byte | 0x20 == UInt8(ascii: "}")
      || byte == UInt8(ascii: "\"")
  }

  /// From an opening bracket past its match.
  private mutating func skipNested() throws(MalformedMessage) {
    var braces: UInt64 = 0  // the kinds of the open brackets, the innermost lowest
    var depth = 0
    repeat {
      // Between brackets and strings nothing is of interest.
      var i = offset
      while i < bytes.count, !Self.isStructural(bytes[i]) { i &+= 1 }
      offset = i
      switch peek {
      case nil: throw malformed(.bracket)
      case UInt8(ascii: "\""):
        if let octet = octet(at: offset + 1), let length = octet.plainBeforeQuote {
          offset += length + 2
        } else {
          _ = try stringSpan()
        }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth < 63 else { throw malformed(.depth) }
        depth += 1
        braces = braces << 1 | (peek == UInt8(ascii: "{") ? 1 : 0)
      default:
        guard braces & 1 == (peek == UInt8(ascii: "}") ? 1 : 0) else { throw malformed(.bracket) }
        braces >>= 1
        depth -= 1
      }
      offset += 1
    } while depth > 0
  }

  /// A quote or a bracket of either kind.
  @inline(__always)
  private static func isStructural(_ byte: UInt8) -> Bool {
    let folded = byte | 0x20
    return byte == UInt8(ascii: "\"") || folded == UInt8(ascii: "{") || folded == UInt8(ascii: "}")
  }
}

/// Eight bytes at once, the first lowest (Mycroft's test for a zero byte; Warren, Hacker's Delight, 6-1).
struct Octet {
  private let bits: UInt64

  @inline(__always)
  init(_ bits: UInt64) { self.bits = bits }

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// The high bit of each byte that equals one, exact up to the first.
  @inline(__always)
  private func equal(to byte: UInt8) -> UInt64 {
    let x = bits ^ (Self.ones &* UInt64(byte))
    return (x &- Self.ones) & ~x & Self.highs
  }

  /// Of each below 0x20, exact up to the first.
  @inline(__always)
  private var control: UInt64 { (bits &- Self.ones &* 0x20) & ~bits & Self.highs }

  /// How many bytes stand before the first quote, backslash or control character; 8 where there is none.
  @inline(__always)
  var plainCount: Int {
    let stops = equal(to: UInt8(ascii: "\"")) | equal(to: UInt8(ascii: "\\")) | control
    return stops.trailingZeroBitCount >> 3
  }

  /// The same where it is a quote that ends them; nil elsewhere.
  @inline(__always)
  var plainBeforeQuote: Int? {
    let quotes = equal(to: UInt8(ascii: "\""))
    let others = equal(to: UInt8(ascii: "\\")) | control
    // The lowest set bit alone: a quote's before the other's.
    guard quotes != 0, quotes & (0 &- quotes) < others & (0 &- others) || others == 0 else {
      return nil
    }
    return quotes.trailingZeroBitCount >> 3
  }

  /// The first bytes alone, of fewer than eight.
  @inline(__always)
  func low(_ count: Int) -> UInt64 { bits & ((1 << (8 &* UInt64(count))) &- 1) }

  /// The number that eight digits make, the first the highest; nil where they are not all digits.
  @inline(__always)
  var digits: UInt64? {
    let isDigits =
      (bits & 0xf0f0_f0f0_f0f0_f0f0)
      | (((bits &+ 0x0606_0606_0606_0606) & 0xf0f0_f0f0_f0f0_f0f0) >> 4)
    guard isDigits == 0x3333_3333_3333_3333 else { return nil }
    var x = bits & 0x0f0f_0f0f_0f0f_0f0f
    x = (x &* 10 &+ x >> 8) & 0x00ff_00ff_00ff_00ff
    x = (x &* 100 &+ x >> 16) & 0x0000_ffff_0000_ffff
    return (x &* 10_000 &+ x >> 32) & 0xffff_ffff
  }
}
