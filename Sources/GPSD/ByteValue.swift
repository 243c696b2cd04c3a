internal import Geodesy

extension ByteScanner {
  static let most = Double.greatestFiniteMagnitude

  /// A number; nil for `null` and for one outside `range`.
  mutating func number(within range: ClosedRange<Double>) throws(MalformedMessage) -> Double? {
    guard let value = try number(), range.contains(value) else { return nil }
    return value
  }

  /// A fix's status; nil for `null` and for what is no whole number of at most two digits.
  mutating func status() throws(MalformedMessage) -> Int? {
    if let digit = singleDigit() { return digit }
    return try number(within: 0...99).flatMap { Int(exactly: $0) }
  }

  /// A time in RFC 3339; nil for `null`.
  mutating func time() throws(MalformedMessage) -> Instant? {
    if peek == UInt8(ascii: "n"), word("null") { return nil }
    let start = offset
    if let time = timeOfGPSD() { return time }
    let range = try stringSpan().range
    guard let time = Instant(rfc3339: self[range]) else { throw malformed(.time, at: start) }
    return time
  }

  /// `"2026-11-23T11:05:00.250Z"`, the form in which gpsd writes all its times; nil for other forms and for what is no
  /// time, which are not passed over. The general reading, generic and of another module, takes 9 µs, more than 30 times
  /// as long as the rest of a TPV.
  private mutating func timeOfGPSD() -> Instant? {
    guard offset &+ 26 <= count, self[offset] == UInt8(ascii: "\""),
      self[offset &+ 25] == UInt8(ascii: "\""),
      let a = octet(within: offset &+ 1).digits(like: 0x2d30_302d_3030_3030),  // 0000-00-
      let b = octet(within: offset &+ 9).digits(like: 0x3030_3a30_3054_3030),  // 00T00:00
      let c = octet(within: offset &+ 17).digits(like: 0x5a30_3030_2e30_303a)  // :00.000Z
    else { return nil }
    let (hour, minute, second) = (b.number(at: 3), b.number(at: 6), c.number(at: 1))
    let millisecond = c.number(at: 4) * 10 + c.digit(at: 6)
    guard hour < 24, minute < 60, second < 60,
      let date = CivilDate(
        year: a.number(at: 0) * 100 + a.number(at: 2), month: a.number(at: 5), day: b.number(at: 0))
    else { return nil }
    offset &+= 26
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
