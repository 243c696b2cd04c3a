internal import Geodesy
internal import NIOCore

/// One device's `TPV` as gpsd 3.22 prints it, written once; of each report only the time, the digits of its position
/// and its course are put in. No allocation a report.
struct ReportTemplate: Sendable {
  private let head: [UInt8]
  private let timeAt: Int
  private let latitudeAt: Int
  private let longitudeAt: Int

  /// Bytes of a whole line, at most.
  let lineMaximum: Int

  init(device: String, speed: Double) {
    var text = #"{"class":"TPV","device":"\#(device)","mode":3,"time":""#
    timeAt = text.utf8.count
    text += #"2000-01-01T00:00:00.000Z","ept":0.005,"lat":\#(Int(FakeWalk.south))."#
    latitudeAt = text.utf8.count
    text += #"000000000,"lon":\#(Int(FakeWalk.west))."#
    longitudeAt = text.utf8.count
    text += #"000000000,"epx":3.500,"epy":3.500,"eph":4.900,"speed":"#
    text += NMEAWriter.fixed(speed, 3) + #","track":"#
    head = Array(text.utf8)
    lineMaximum = head.count + 16
  }

  /// With its CR LF.
  ///
  /// - Parameter time: the 24 bytes of a time that `TimeDigits` wrote.
  func write(
    _ place: (latitudeE7: Int32, longitudeE7: Int32, trackE4: Int32), time: TimeDigits,
    to buffer: inout ByteBuffer
  ) {
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: lineMaximum) { bytes in
      head.withUnsafeBytes { bytes.copyMemory(from: $0) }
      time.write(to: bytes, at: timeAt)
      Self.put(Int(place.latitudeE7) % 10_000_000, digits: 7, bytes, latitudeAt)
      Self.put(Int(place.longitudeE7) % 10_000_000, digits: 7, bytes, longitudeAt)
      var at = head.count
      let (whole, part) = Int(place.trackE4).quotientAndRemainder(dividingBy: 10_000)
      let digits = whole >= 100 ? 3 : whole >= 10 ? 2 : 1
      Self.put(whole, digits: digits, bytes, at)
      at += digits
      bytes[at] = UInt8(ascii: ".")
      Self.put(part, digits: 4, bytes, at + 1)
      at += 5
      for byte in "}\r\n".utf8 {
        bytes[at] = byte
        at += 1
      }
      return at
    }
  }

  @inline(__always)
  fileprivate static func put(
    _ number: Int, digits: Int, _ bytes: UnsafeMutableRawBufferPointer, _ at: Int
  ) {
    var rest = number
    for i in stride(from: at + digits - 1, through: at, by: -1) {
      bytes[i] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}

/// A time's place in the calendar, worked out once for all who report at it.
struct TimeDigits: Sendable {
  private let date: CivilDate
  private let ms: Int

  /// Years 1 to 9999.
  init(_ time: Instant) {
    let day = Int((Double(time.milliseconds) / 86_400_000).rounded(.down))
    date = CivilDate(daysSince1970: day)
    ms = Int(time.milliseconds) - day * 86_400_000
  }

  static let count = 24

  /// `2026-11-24T12:37:15.175Z`
  func write(to bytes: UnsafeMutableRawBufferPointer, at start: Int) {
    func put(_ number: Int, _ digits: Int, _ at: Int, _ after: Unicode.Scalar) {
      ReportTemplate.put(number, digits: digits, bytes, start + at)
      bytes[start + at + digits] = UInt8(ascii: after)
    }
    put(date.year, 4, 0, "-")
    put(date.month, 2, 5, "-")
    put(date.day, 2, 8, "T")
    put(ms / 3_600_000, 2, 11, ":")
    put(ms / 60_000 % 60, 2, 14, ":")
    put(ms / 1000 % 60, 2, 17, ".")
    put(ms % 1000, 3, 20, "Z")
  }

  var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.count) { buffer, count in
      write(to: UnsafeMutableRawBufferPointer(buffer), at: 0)
      count = Self.count
    }
  }
}
