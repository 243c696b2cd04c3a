extension Instant {
  /// RFC 3339 with an offset: `2026-11-23T19:05:00+08:00`; milliseconds only where there are some.
  /// A `Z` stands for an offset of 0. `offsetSeconds` is rounded towards 0 to whole minutes in the text only.
  public func text(offsetSeconds: Int = 0) -> String {
    let shifted = milliseconds + Int64(offsetSeconds) * 1000
    let day = shifted.flooredDivision(by: 86_400_000)
    let ms = Int(shifted - day * 86_400_000)
    let date = CivilDate(daysSince1970: Int(day))
    var text =
      "\(date)T\(padded(ms / 3_600_000, 2)):\(padded(ms / 60_000 % 60, 2)):\(padded(ms / 1000 % 60, 2))"
    if ms % 1000 != 0 { text += ".\(padded(ms % 1000, 3))" }
    guard offsetSeconds != 0 else { return text + "Z" }
    let minutes = abs(offsetSeconds) / 60
    return text + (offsetSeconds < 0 ? "-" : "+")
      + "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
  }

  /// Parses RFC 3339 (`2026-11-23T11:05:00Z`, `2026-11-23 19:05:00.25+08:00`), years 1 to 9999.
  /// Fractions beyond a millisecond are cut off; a leap second (`:60`) is the first moment of the next minute.
  /// Nil for anything else, a missing offset included. Allocates nothing where the bytes lie in one piece.
  public init?(rfc3339 bytes: some Collection<UInt8>) {
    // One body for all, as a generic one is not specialised beyond this module.
    let parsed =
      bytes.withContiguousStorageIfAvailable { Self.parsed($0[...]) }
      ?? Array(bytes).withUnsafeBufferPointer { Self.parsed($0[...]) }
    guard let parsed else { return nil }
    self = parsed
  }

  private static func parsed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Instant? {
    var rest = bytes
    func number(_ count: Int) -> Int? {
      var n = 0
      for _ in 0..<count {
        guard let byte = rest.popFirst(), byte >= 48, byte <= 57 else { return nil }
        n = n * 10 + Int(byte - 48)
      }
      return n
    }
    func eat(_ a: UInt8, _ b: UInt8? = nil, _ c: UInt8? = nil) -> Bool {
      guard let byte = rest.first, byte == a || byte == b || byte == c else { return false }
      rest = rest.dropFirst()
      return true
    }
    let (dash, colon) = (UInt8(ascii: "-"), UInt8(ascii: ":"))
    guard let year = number(4), eat(dash), let month = number(2), eat(dash), let day = number(2),
      let date = CivilDate(year: year, month: month, day: day),
      eat(UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")),
      let hour = number(2), hour <= 23, eat(colon), let minute = number(2), minute <= 59,
      eat(colon),
      let second = number(2), second <= 60
    else { return nil }
    var ms = 0
    if eat(UInt8(ascii: ".")) {
      var scale = 100
      var digits = 0
      while let byte = rest.first, byte >= 48, byte <= 57 {
        ms += Int(byte - 48) * scale
        scale /= 10
        digits += 1
        rest = rest.dropFirst()
      }
      guard digits > 0 else { return nil }
    }
    var offset = 0
    if !eat(UInt8(ascii: "Z"), UInt8(ascii: "z")) {
      let negative = rest.first == dash
      guard eat(dash, UInt8(ascii: "+")), let h = number(2), h <= 23, eat(colon), let m = number(2),
        m <= 59
      else { return nil }
      offset = (h * 60 + m) * (negative ? -60 : 60)
    }
    guard rest.isEmpty else { return nil }
    let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
    return Instant(milliseconds: Int64(seconds) * 1000 + Int64(ms))
  }

  public init?(rfc3339 text: some StringProtocol) { self.init(rfc3339: text.utf8) }
}

extension Instant: CustomStringConvertible {
  public var description: String { text() }
}

extension Int64 {
  func flooredDivision(by d: Int64) -> Int64 {
    let (q, r) = quotientAndRemainder(dividingBy: d)
    return r < 0 ? q - 1 : q
  }
}
