extension ByteScanner {
  /// A number, correctly rounded; nil for `null`. Infinite where beyond a Double, for the caller to refuse.
  ///
  /// Up to 2^53 and 22 decimal places both parts are exact and one division rounds once (Clinger 1990); what is longer
  /// takes the standard library's way.
  mutating func number() throws(MalformedMessage) -> Double? {
    if peek == UInt8(ascii: "n"), word("null") { return nil }
    let start = offset
    let negative = peek == UInt8(ascii: "-")
    var mantissa: UInt64 = 0
    var i = negative ? start + 1 : start
    let whole = digits(from: &i, into: &mantissa)
    guard whole > 0 else { throw malformed(.number, at: start) }
    var places = 0
    if i < bytes.count, bytes[i] == UInt8(ascii: ".") {
      i += 1
      places = digits(from: &i, into: &mantissa)
      guard places > 0 else { throw malformed(.number, at: start) }
    }
    offset = i
    // Ten to the nineteenth is less than two to the sixty-fourth.
    var exact = whole + places <= 19
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      offset += 1
      if !eat(UInt8(ascii: "-")) { _ = eat(UInt8(ascii: "+")) }
      var power: UInt64 = 0
      guard digits(from: &offset, into: &power) > 0 else { throw malformed(.number, at: start) }
      exact = false
    }
    guard endsValue else { throw malformed(.number, at: start) }
    if exact, mantissa <= 1 << 53, places < Self.powersOfTen.count {
      let value = Double(mantissa) / Self.powersOfTen[places]
      return negative ? -value : value
    }
    guard let value = Double(String(decoding: bytes[start..<offset], as: UTF8.self)) else {
      throw malformed(.number, at: start)
    }
    return value
  }

  /// A whole number within `range`, written with or without decimal places; nil for `null`.
  mutating func integer(
    in range: ClosedRange<Int>, orElse expected: MalformedMessage.Expected
  ) throws(MalformedMessage) -> Int? {
    let start = offset
    guard let value = try number() else { return nil }
    guard let whole = Int(exactly: value), range.contains(whole) else {
      throw malformed(expected, at: start)
    }
    return whole
  }

  private var endsValue: Bool {
    switch peek {
    case nil, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x09, 0x0a, 0x0d: true
    default: false
    }
  }

  /// Passes over digits, adds them to a number and counts them. The number is meaningless above 19 in all.
  @inline(__always)
  private func digits(from i: inout Int, into number: inout UInt64) -> Int {
    let start = i
    while let eight = octet(at: i)?.digits {
      number = number &* 100_000_000 &+ eight
      i &+= 8
    }
    while i < bytes.count, case let digit = bytes[i] &- 48, digit <= 9 {
      number = number &* 10 &+ UInt64(digit)
      i &+= 1
    }
    return i &- start
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
