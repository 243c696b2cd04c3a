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
    if word("null") { return nil }
    let start = offset
    let range = try stringSpan().range
    guard let time = Instant(rfc3339: UnsafeRawBufferPointer(rebasing: bytes[range])) else {
      throw malformed(.time, at: start)
    }
    return time
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
