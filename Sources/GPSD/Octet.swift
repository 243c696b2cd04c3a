/// Eight bytes at once, the first lowest (Mycroft's test for a zero byte; Warren, Hacker's Delight, 6-1).
struct Octet {
  let bits: UInt64

  @inline(__always)
  init(_ bits: UInt64) { self.bits = bits }

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  @inline(__always)
  var first: UInt8 { UInt8(truncatingIfNeeded: bits) }

  /// The first bytes alone, of fewer than eight.
  @inline(__always)
  func low(_ count: Int) -> UInt64 { bits & ((1 << (8 &* UInt64(count))) &- 1) }

  /// The high bit of each byte that equals one, exact up to the first.
  @inline(__always)
  private func equal(to byte: UInt8) -> UInt64 {
    let x = bits ^ (Self.ones &* UInt64(byte))
    return (x &- Self.ones) & ~x & Self.highs
  }

  /// The same, exact in all.
  @inline(__always)
  private func all(equalTo byte: UInt8) -> UInt64 {
    let x = bits ^ (Self.ones &* UInt64(byte))
    return ~(((x & ~Self.highs) &+ ~Self.highs) | x) & Self.highs
  }

  /// Of each below a limit of at most 0x80, exact up to the first.
  @inline(__always)
  private func below(_ limit: UInt8) -> UInt64 {
    (bits &- Self.ones &* UInt64(limit)) & ~bits & Self.highs
  }

  /// Of each bracket of either kind and of few other bytes (`xyz`, `^_|\~`, those beyond ASCII), exact.
  @inline(__always)
  var maybeBracket: UInt64 {
    // What the four have in common: bits 6, 4 and 3.
    (bits & bits << 2 & bits << 3 & (Self.highs >> 1)) << 1
  }

  /// How many bytes stand before the first of `marks`; 8 where there is none.
  @inline(__always)
  private func count(before marks: UInt64) -> Int { marks.trailingZeroBitCount >> 3 }

  /// How many bytes stand before the first quote, backslash or control character.
  @inline(__always)
  var plainCount: Int {
    count(before: equal(to: UInt8(ascii: "\"")) | equal(to: UInt8(ascii: "\\")) | below(0x20))
  }

  /// How many bytes stand before the first quote; nil where there is none, or a backslash or a control character is
  /// anywhere among the eight.
  @inline(__always)
  var plainBeforeQuote: Int? {
    let quotes = equal(to: UInt8(ascii: "\""))
    guard quotes != 0, isPlain else { return nil }
    return count(before: quotes)
  }

  /// How many bytes certainly belong to a number or a word: all that end one, and few others, stop the count.
  @inline(__always)
  var scalarCount: Int { count(before: below(0x2d) | maybeBracket) }

  /// Whether neither a backslash nor a control character is among the eight.
  @inline(__always)
  var isPlain: Bool { equal(to: UInt8(ascii: "\\")) | below(0x20) == 0 }

  /// The high bits of the bytes that lie within a string, opening quotes included, closing ones not, of plain bytes.
  /// `quoted` tells, by all ones or zero, whether a string goes on before the first and, then, behind the last.
  @inline(__always)
  func inStrings(_ quoted: inout UInt64) -> UInt64 {
    // The product's bytes count the quotes up to each.
    let odd = ((all(equalTo: UInt8(ascii: "\"")) >> 7) &* Self.ones) << 7
    let inside = (odd ^ quoted) & Self.highs
    quoted = UInt64(bitPattern: Int64(bitPattern: inside) >> 63)
    return inside
  }

  /// How many digits come first.
  @inline(__always)
  var digitCount: Int {
    let x = bits ^ Self.ones &* 0x30
    // What carries out of a byte that is no digit reaches only bytes behind it.
    return count(before: (x &+ Self.ones &* 0x76 | x) & Self.highs)
  }

  /// The number that the first bytes make, which must be digits, the first the highest.
  @inline(__always)
  func number(digits count: Int) -> UInt64 {
    // Zeros in front, then pairs, fours, and all.
    var x = (bits << (64 &- 8 &* UInt64(count))) & (Self.ones &* 0x0f)
    x = (x &* 10 &+ x >> 8) & 0x00ff_00ff_00ff_00ff
    x = (x &* 100 &+ x >> 16) & 0x0000_ffff_0000_ffff
    return (x &* 10_000 &+ x >> 32) & 0xffff_ffff
  }

  /// The digits' values where `form` has a `0`, zeros where it has another character, which must be the same here; nil
  /// where that is not so.
  @inline(__always)
  func digits(like form: UInt64) -> Digits? {
    let values = bits ^ form
    // What a byte must add to stay below 0x80: 0x76 to a digit, 0x7f to what must be the same.
    let slack = Self.ones &* 0x7f &- (Octet(form).all(equalTo: UInt8(ascii: "0")) >> 7) &* 9
    let sums = (values & ~Self.highs) &+ slack
    return (sums | values) & Self.highs == 0 ? Digits(values: values) : nil
  }

  /// The values of digits, a byte each, the first lowest.
  struct Digits {
    fileprivate let values: UInt64

    @inline(__always)
    func digit(at index: Int) -> Int { Int(values >> UInt64(8 &* index) & 0xff) }

    /// Of two digits.
    @inline(__always)
    func number(at index: Int) -> Int { digit(at: index) &* 10 &+ digit(at: index &+ 1) }
  }
}
