internal import Geodesy

extension ByteScanner {
  static let most = Double.greatestFiniteMagnitude

  /// A number; nil for `null` and for one outside `range`.
  mutating func number(within range: ClosedRange<Double>) throws(MalformedMessage) -> Double? {
    guard let value = try number(), range.contains(value) else { return nil }
    return value
  }

  /// A time in RFC 3339; nil for `null`.
  mutating func time() throws(MalformedMessage) -> Instant? {
    if peek == UInt8(ascii: "n"), word("null") { return nil }
    let start = offset
    let usual = start + 1..<start + 25
    if usual.upperBound < bytes.count, bytes[usual.upperBound] == UInt8(ascii: "\""),
      peek == UInt8(ascii: "\""), let time = timeOfGPSD(usual)
    {
      offset = usual.upperBound + 1
      return time
    }
    let range = try stringSpan().range
    guard let time = Instant(rfc3339: UnsafeRawBufferPointer(rebasing: bytes[range])) else {
      throw malformed(.time, at: start)
    }
    return time
  }

  /// `2026-11-23T11:05:00.250Z`, the form in which gpsd writes all its times; nil for other forms and for what is no
  /// time. The general reading, generic and of another module, takes 9 µs, four times as long as the rest of a TPV.
  private func timeOfGPSD(_ range: Range<Int>) -> Instant? {
    guard range.count == 24 else { return nil }
    let text = UnsafeRawBufferPointer(rebasing: bytes[range])
    guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"), text[19] == UInt8(ascii: "."),
      text[23] == UInt8(ascii: "Z")
    else { return nil }
    var areDigits = true
    func number(_ range: Range<Int>) -> Int {
      var value = 0
      for index in range {
        let digit = text[index] &- UInt8(ascii: "0")
        areDigits = areDigits && digit <= 9
        value = value * 10 + Int(digit)  // of at most four bytes, whatever they are
      }
      return value
    }
    let date = CivilDate(year: number(0..<4), month: number(5..<7), day: number(8..<10))
    let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
    let millisecond = number(20..<23)
    guard areDigits, let date, hour < 24, minute < 60, second < 60 else { return nil }
    let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
    return Instant(milliseconds: Int64(seconds * 1000 + millisecond))
  }

  /// A device's `activated`: RFC 3339, or seconds since 1970 as older releases write it. What is not after 1970 means
  /// that the device went away. Nil for `null` and for seconds beyond the year 9999.
  mutating func activation() throws(MalformedMessage) -> Message.Activation? {
    let time: Instant?
    if peek == UInt8(ascii: "\"") {
      time = try self.time()
    } else {
      time = try number(within: 0...253_402_300_799).map {
        Instant(milliseconds: Int64($0 * 1000))
      }
    }
    return time.map { $0.milliseconds > 0 ? .active(since: $0) : .inactive }
  }
}
