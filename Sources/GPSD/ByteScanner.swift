internal import Glibc

/// A cursor over the bytes of one line, with what of JSON's grammar gpsd's reports need.
///
/// Takes eight bytes at a time where it can (`Octet`), allocates only for strings that are asked for, never traps and
/// always ends, whatever the bytes. Laxer than JSON in two ways: digits may start with 0, and what is passed over is checked for
/// strings and brackets alone.
struct ByteScanner {
  private let base: UnsafeRawPointer
  let count: Int
  var offset: Int
  /// Behind the brace of the object that is read.
  private var opening: Int

  init(_ bytes: UnsafeRawBufferPointer, from offset: Int = 0) {
    // An empty buffer may have no address; nothing is read there.
    base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
    count = bytes.count
    self.offset = min(max(0, offset), count)
    opening = self.offset
  }

  /// `at` must be within the line.
  @inline(__always)
  subscript(at: Int) -> UInt8 { base.load(fromByteOffset: at, as: UInt8.self) }

  @inline(__always)
  subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// The eight bytes from `at` on; zeros behind the end.
  @inline(__always)
  func octet(at: Int) -> Octet {
    at &+ 8 <= count ? octet(within: at) : lastOctet(at: at)
  }

  /// The same where all eight are in the line.
  @inline(__always)
  func octet(within at: Int) -> Octet {
    Octet(UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
  }

  /// The same where fewer than eight are left.
  @inline(never)
  private func lastOctet(at: Int) -> Octet {
    if count >= 8, at < count {
      return Octet(octet(within: count &- 8).bits >> UInt64(8 &* (at &+ 8 &- count)))
    }
    var bits: UInt64 = 0
    for i in (min(at, count)..<count).reversed() { bits = bits << 8 | UInt64(self[i]) }
    return Octet(bits)
  }

  /// The next byte; nil at the end.
  @inline(__always)
  var peek: UInt8? { offset < count ? self[offset] : nil }

  @inline(__always)
  mutating func skipSpace() {
    while offset < count {
      switch self[offset] {
      case 0x20, 0x09, 0x0a, 0x0d: offset &+= 1
      default: return
      }
    }
  }

  @inline(__always)
  mutating func eat(_ byte: UInt8) -> Bool {
    guard offset < count, self[offset] == byte else { return false }
    offset &+= 1
    return true
  }

  func malformed(_ expected: MalformedMessage.Expected, at offset: Int? = nil) -> MalformedMessage {
    MalformedMessage(offset: offset ?? self.offset, expected: expected)
  }

  func matches(_ range: Range<Int>, _ text: StaticString) -> Bool {
    range.count == text.utf8CodeUnitCount
      && memcmp(base + range.lowerBound, text.utf8Start, range.count) == 0
  }

  /// The bytes of `range`, where they are fewer than eight: the first lowest. 0 for others.
  func word(_ range: Range<Int>) -> UInt64 {
    range.count < 8 ? octet(at: range.lowerBound).low(range.count) : 0
  }

  /// A key of an object.
  struct Key {
    /// Without the quotes.
    var range: Range<Int>
    /// `ByteScanner.word(range)`
    var word: UInt64
  }

  /// Eats the opening brace of an object.
  mutating func open() throws(MalformedMessage) {
    guard eat(UInt8(ascii: "{")) else { throw malformed(.object) }
    // `nextKey` takes a comma for what parts two members.
    guard peek != UInt8(ascii: ",") else { throw malformed(.key) }
    opening = offset
  }

  /// Goes to the next key of the object that was opened last; nil, with the brace eaten, at its end. Leaves the cursor
  /// before the value.
  @inline(__always)
  mutating func nextKey() throws(MalformedMessage) -> Key? {
    // As gpsd writes it: `,"lat":1`, short keys and no white space.
    let begin = offset &+ 2
    if begin &+ 10 <= count, pair(at: offset) == Self.commaQuote,
      case let octet = octet(at: begin), let length = octet.plainBeforeQuote,
      case let end = begin &+ length,
      pair(at: end) == Self.quoteColon, self[end &+ 2] > 0x20
    {
      offset = end &+ 2
      return Key(range: Range(uncheckedBounds: (begin, end)), word: octet.low(length))
    }
    return try anyNextKey()
  }

  private static let commaQuote: UInt16 = 0x222c
  private static let quoteColon: UInt16 = 0x3a22

  /// Two bytes, the first lowest, which must be within the line.
  @inline(__always)
  private func pair(at: Int) -> UInt16 {
    UInt16(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt16.self))
  }

  /// The next key, whatever its form.
  @inline(never)
  private mutating func anyNextKey() throws(MalformedMessage) -> Key? {
    let isFirst = offset == opening
    skipSpace()
    if eat(UInt8(ascii: "}")) { return nil }
    if !isFirst {
      guard eat(UInt8(ascii: ",")) else { throw malformed(.commaOrClose) }
      skipSpace()
    }
    guard peek == UInt8(ascii: "\"") else { throw malformed(.key) }
    let range = try stringSpan().range
    skipSpace()
    guard eat(UInt8(ascii: ":")) else { throw malformed(.colon) }
    skipSpace()
    return Key(range: range, word: word(range))
  }

  /// Passes over a string; the cursor must be at its quote. The range is without the quotes.
  mutating func stringSpan() throws(MalformedMessage) -> (range: Range<Int>, escaped: Bool) {
    guard eat(UInt8(ascii: "\"")) else { throw malformed(.string) }
    return try restOfString()
  }

  /// From within a string, but not behind a backslash, past its closing quote.
  mutating func restOfString() throws(MalformedMessage) -> (
    range: Range<Int>, escaped: Bool
  ) {
    let start = offset
    var escaped = false
    var i = start
    while true {
      let octet = octet(at: i)
      let plain = octet.plainCount
      i &+= plain
      if plain == 8 { continue }
      guard i < count else { break }
      switch self[i] {
      case UInt8(ascii: "\""):
        offset = i &+ 1
        return (Range(uncheckedBounds: (start, i)), escaped)
      case UInt8(ascii: "\\"):
        escaped = true
        i &+= 2
      default: throw malformed(.noControl, at: i)
      }
    }
    offset = count
    throw malformed(.closingQuote)
  }

  /// Passes over a string that is just this text, which must not need escapes.
  mutating func eatString(_ text: String) -> Bool {
    let first = offset &+ 1
    let end = first &+ text.utf8.count
    guard end < count, self[offset] == UInt8(ascii: "\""), self[end] == UInt8(ascii: "\"") else {
      return false
    }
    let isEqual = text.utf8.withContiguousStorageIfAvailable { text -> Bool in
      guard let address = text.baseAddress else { return true }
      return memcmp(base + first, address, text.count) == 0
    }
    guard isEqual == true else { return false }
    offset = end &+ 1
    return true
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
    guard end <= count, matches(offset..<end, text) else { return false }
    offset = end
    return true
  }
}
