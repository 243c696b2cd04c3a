internal import CLibGPS
public import Geodesy
internal import Glibc

/// gpsd's own client library as a decoder of single lines: what this program's parser is measured and tested against.
///
/// libgps 3.22 reads some lines otherwise than `MessageParser`, each of them found by the differential test:
/// - a value of the wrong kind ends its reading without a word, and what came before stands (`"mode":3,"lat":abc` is
///   mode 3 without a latitude); so does an unknown key with an object or array, after which known keys are lost;
/// - a number with an exponent can be a unit in the last place beside the nearest (`6e25`);
/// - numbers as `atoi` and `strtod` read them: `2.5` is mode 2, `0x10`, `+1.5`, `.5` and `5.` are latitudes;
/// - latitude 91, mode 7, `eph` -1 and infinities are handed on;
/// - the offset of a time is ignored (`19:05:00+08:00` is 19:05 UTC); `garbage` is a time in 1899; 30 February is
///   2 March; of `2026-11-23t11:05:00Z` only the date is read; dates before 1970 can come out a day late;
/// - nothing but a space may stand around a value, and none in front of the class;
/// - what follows the closing brace does not matter, or, if it is a report too, is read into the same place.
public struct LibGPSDecoder: ~Copyable {
  /// A line's values as libgps has them, impossible ones included; NaN is nil.
  public struct Reading: Hashable, Sendable {
    public var mode: Int
    public var time: Instant?
    public var latitude: Double?
    public var longitude: Double?
    public var eph: Double?
    public var speed: Double?
    public var track: Double?
    public var hdop: Double?
  }

  /// Lines that libgps must not see: on some of these it never returns.
  public enum Refusal: Error, Hashable, Sendable {
    /// It does not begin with `{"class":` and end with `}`.
    case shape
    /// A second `"class":`, on which libgps can loop for ever.
    case secondClass
    /// Above 10,240 bytes, the buffer of libgps.
    case length
    /// A NUL, at which libgps would stop reading.
    case nul
  }

  /// 24 KiB, too much for a stack frame.
  private let data: UnsafeMutablePointer<gps_data_t>

  public init() {
    data = .allocate(capacity: 1)
    memset(data, 0, MemoryLayout<gps_data_t>.size)
  }

  deinit { data.deallocate() }

  public static let lengthMaximum = 10_240

  /// Nil for a line that libgps can be given. A line is without its newline.
  public static func refusal(of line: some Collection<UInt8>) -> Refusal? {
    guard line.count <= lengthMaximum else { return .length }
    guard line.starts(with: #"{"class":"#.utf8), line.suffix(1).elementsEqual("}".utf8) else {
      return .shape
    }
    if line.contains(0) { return .nul }
    var rest = line.dropFirst(2)
    while let quote = rest.firstIndex(of: UInt8(ascii: "\"")) {
      rest = rest[quote...]
      if rest.starts(with: #""class":"#.utf8) { return .secondClass }
      rest = rest.dropFirst()
    }
    return nil
  }

  /// What libgps makes of a `TPV` or a `SKY`; for other classes the values mean nothing.
  public func decode(_ line: some Collection<UInt8>) throws(Refusal) -> Reading {
    if let refusal = Self.refusal(of: line) { throw refusal }
    data.pointee.set = 0  // gps_unpack never clears it
    data.pointee.fix.mode = 0
    data.pointee.dop.hdop = .nan
    var text = line.map { CChar(bitPattern: $0) }
    text.append(0)
    text.withUnsafeMutableBufferPointer { text in _ = gps_unpack(text.baseAddress, data) }
    let fix = data.pointee.fix
    let isTimed = data.pointee.set & (1 << 2) != 0  // TIME_SET, a macro that is not imported
    func told(_ value: Double) -> Double? { value.isNaN ? nil : value }
    return Reading(
      mode: Int(fix.mode),
      time: isTimed
        ? Instant(
          milliseconds: Int64(fix.time.tv_sec) * 1000 + Int64(fix.time.tv_nsec) / 1_000_000) : nil,
      latitude: told(fix.latitude), longitude: told(fix.longitude), eph: told(fix.eph),
      speed: told(fix.speed), track: told(fix.track), hdop: told(data.pointee.dop.hdop))
  }
}
