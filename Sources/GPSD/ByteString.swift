extension ByteScanner {
  /// The text of `range`, which `stringSpan` found, escapes resolved. Bytes that are no UTF-8, and halves of surrogate
  /// pairs, become U+FFFD.
  func text(_ range: Range<Int>, escaped: Bool) throws(MalformedMessage) -> String {
    guard escaped else { return String(decoding: self[range], as: UTF8.self) }
    var units: [UInt8] = []
    units.reserveCapacity(range.count)
    var at = range.lowerBound
    while at < range.upperBound {
      let byte = self[at]
      at += 1
      guard byte == UInt8(ascii: "\\") else {
        units.append(byte)
        continue
      }
      guard at < range.upperBound else { throw malformed(.escape, at: at) }
      at += 1
      switch self[at - 1] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(self[at - 1])
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0c)
      case UInt8(ascii: "n"): units.append(0x0a)
      case UInt8(ascii: "r"): units.append(0x0d)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "u"):
        let scalar = try unicode(&at, end: range.upperBound)
        units.append(contentsOf: String(Character(scalar)).utf8)
      default: throw malformed(.escape, at: at - 2)
      }
    }
    return String(decoding: units, as: UTF8.self)
  }

  /// The four digits after `\u`, and the second half of a pair where there is one.
  private func unicode(_ at: inout Int, end: Int) throws(MalformedMessage) -> Unicode.Scalar {
    let high = try hex4(&at, end: end)
    if (0xd800..<0xdc00).contains(high), at + 6 <= end, self[at] == UInt8(ascii: "\\"),
      self[at + 1] == UInt8(ascii: "u")
    {
      var next = at + 2
      let low = try hex4(&next, end: end)
      if (0xdc00..<0xe000).contains(low) {
        at = next
        return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)) ?? "\u{fffd}"
      }
    }
    return Unicode.Scalar(high) ?? "\u{fffd}"
  }

  private func hex4(_ at: inout Int, end: Int) throws(MalformedMessage) -> UInt32 {
    guard at + 4 <= end else { throw malformed(.escape, at: at) }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch self[at] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = self[at] - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = self[at] - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = self[at] - UInt8(ascii: "A") + 10
      default: throw malformed(.escape, at: at)
      }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }
}
