extension ByteScanner {
  /// A number, correctly rounded; nil for `null`. Infinite where beyond a Double, for the caller to refuse.
  ///
  /// Up to 2^53 and 22 decimal places both parts are exact and one division rounds once (Clinger 1990); what is longer
  /// or has an exponent takes the standard library's way.
  mutating func number() throws(MalformedMessage) -> Double? {
    var i = offset
    let negative = i < count && self[i] == UInt8(ascii: "-")
    if negative { i &+= 1 }
    var mantissa: UInt64 = 0
    let first = i
    while i < count, case let digit = self[i] &- UInt8(ascii: "0"), digit <= 9 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      i &+= 1
    }
    var digits = i &- first
    var places = 0
    if i < count, self[i] == UInt8(ascii: ".") {
      i &+= 1
      let point = i
      var length: Int
      repeat {
        let octet = octet(at: i)
        length = octet.digitCount
        mantissa = mantissa &* Self.wholePowersOfTen[length] &+ octet.number(digits: length)
        i &+= length
      } while length == 8
      places = i &- point
      // None behind the point is as wrong as none at all.
      digits = places > 0 && digits > 0 ? digits &+ places : 0
    }
    // Of 19 digits, the mantissa cannot have gone beyond 64 bits.
    guard digits &- 1 < 19, digits > 0, mantissa <= 1 << 53, i < count,
      self[i] == UInt8(ascii: ",") || self[i] == UInt8(ascii: "}")
    else { return try anyNumber() }
    offset = i
    let value = Double(mantissa) / Self.powersOfTen[places]
    return negative ? -value : value
  }

  /// The same, whatever its form.
  @inline(never)
  private mutating func anyNumber() throws(MalformedMessage) -> Double? {
    if word("null") { return nil }
    let start = offset
    _ = eat(UInt8(ascii: "-"))
    try digits(of: start)
    if eat(UInt8(ascii: ".")) { try digits(of: start) }
    if eat(UInt8(ascii: "e")) || eat(UInt8(ascii: "E")) {
      if !eat(UInt8(ascii: "-")) { _ = eat(UInt8(ascii: "+")) }
      try digits(of: start)
    }
    switch peek {
    case nil, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x09, 0x0a, 0x0d: break
    default: throw malformed(.number, at: start)
    }
    guard let value = Double(String(decoding: self[start..<offset], as: UTF8.self)) else {
      throw malformed(.number, at: start)
    }
    return value
  }

  /// Passes over one digit or more.
  private mutating func digits(of start: Int) throws(MalformedMessage) {
    let first = offset
    while offset < count, self[offset] &- UInt8(ascii: "0") <= 9 { offset &+= 1 }
    guard offset > first else { throw malformed(.number, at: start) }
  }

  /// A whole number within `range`, written with or without decimal places; nil for `null`.
  mutating func integer(
    in range: ClosedRange<Int>, orElse expected: MalformedMessage.Expected
  ) throws(MalformedMessage) -> Int? {
    let start = offset
    if let digit = singleDigit(), range.contains(digit) { return digit }
    offset = start
    guard let value = try number() else { return nil }
    guard let whole = Int(exactly: value), range.contains(whole) else {
      throw malformed(expected, at: start)
    }
    return whole
  }

  /// A number of one digit, as gpsd's modes and states are; nil for others, which are not passed over.
  @inline(__always)
  mutating func singleDigit() -> Int? {
    guard offset &+ 1 < count, case let digit = self[offset] &- UInt8(ascii: "0"), digit <= 9,
      self[offset &+ 1] == UInt8(ascii: ",")
    else { return nil }
    offset &+= 1
    return Int(digit)
  }

  /// Up to the eighth.
  private static let wholePowersOfTen: [UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ]

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
