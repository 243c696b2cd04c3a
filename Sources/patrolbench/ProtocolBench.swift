import CLibGPS
import GPSD
import Geodesy
import Glibc

/// Lines a second of our parser and of libgps, the same bytes in memory.
///
/// What both read of a line is compared before anything is timed. libgps reads more besides (altitudes, climb, each
/// satellite): it cannot be told not to.
enum ProtocolBench {
  static func rows(_ meter: Meter) throws -> [Row] {
    try [
      row("TPV", ReportLines.tpv, meter, ours: tpv, theirs: tpv),
      row("SKY", ReportLines.sky, meter, ours: sky, theirs: sky),
    ]
  }

  private static func row(
    _ name: String, _ lines: ReportLines, _ meter: Meter,
    ours: @escaping (Message) -> [Double?], theirs: @escaping (borrowing gps_data_t) -> [Double?]
  ) throws -> Row {
    try compare(lines, ours, theirs)
    let data = Unpacked()
    var parser = MessageParser()
    let rates = try meter.rates(
      of: Contender(name: "our parser") { try parse(lines, &parser) },
      Contender(name: "gps_unpack") { unpack(lines, data) })
    return Row(
      "parse \(name) of \(lines.length) bytes", "lines", rates[0],
      beside: Row.Beside(what: "gps_unpack", rate: rates[1]))
  }

  private static func parse(
    _ lines: ReportLines, _ parser: inout MessageParser
  ) throws -> Contender.Step {
    var sum: UInt64 = 0
    try lines.bytes.withUnsafeBytes { bytes in
      for range in lines.ranges {
        var offset = 0
        let line = UnsafeRawBufferPointer(rebasing: bytes[range])
        switch try parser.next(in: line, from: &offset) {
        case .tpv(let tpv):
          sum &+= (tpv.latitude ?? 0).bitPattern ^ (tpv.longitude ?? 0).bitPattern
          sum &+= UInt64(tpv.mode) &+ UInt64(tpv.time?.milliseconds ?? 0)
          sum &+= (tpv.eph ?? 0).bitPattern ^ (tpv.speed ?? 0).bitPattern
        case .sky(let sky): sum &+= (sky.hdop ?? 0).bitPattern
        default: break
        }
      }
    }
    return Contender.Step(done: lines.ranges.count, sum: sum)
  }

  private static func unpack(_ lines: ReportLines, _ data: Unpacked) -> Contender.Step {
    var sum: UInt64 = 0
    lines.bytes.withUnsafeBytes { bytes in
      for range in lines.ranges {
        data.read(bytes, range)
        let fix = data.pointer.pointee.fix
        sum &+= fix.latitude.bitPattern ^ fix.longitude.bitPattern
        sum &+= UInt64(fix.mode) &+ UInt64(milliseconds_of(fix.time))
        sum &+= fix.eph.bitPattern ^ fix.speed.bitPattern
        sum &+= data.pointer.pointee.dop.hdop.bitPattern
      }
    }
    return Contender.Step(done: lines.ranges.count, sum: sum)
  }

  // MARK: what both read

  struct Disagreement: Error, CustomStringConvertible {
    var line: String
    var ours: [Double?]
    var theirs: [Double?]
    var description: String { "read otherwise by libgps: \(line)\n\(ours)\n\(theirs)" }
  }

  private static func compare(
    _ lines: ReportLines, _ ours: (Message) -> [Double?],
    _ theirs: (borrowing gps_data_t) -> [Double?]
  ) throws {
    var parser = MessageParser()
    let data = Unpacked()
    for range in lines.ranges {
      let line = lines.bytes[range]
      let message = try parser.messages(in: line)[0]
      lines.bytes.withUnsafeBytes { data.read($0, range) }
      let (a, b) = (ours(message), theirs(data.pointer.pointee))
      guard a == b, !a.contains(nil) else {
        throw Disagreement(line: String(decoding: line, as: UTF8.self), ours: a, theirs: b)
      }
    }
  }

  private static func tpv(_ message: Message) -> [Double?] {
    guard case .tpv(let tpv) = message else { return [nil] }
    return [
      Double(tpv.mode), tpv.status.map(Double.init),
      (tpv.time?.milliseconds).map { Double($0) }, tpv.latitude, tpv.longitude, tpv.eph, tpv.epx,
      tpv.epy, tpv.epv, tpv.speed, tpv.track,
    ]
  }

  private static func tpv(_ data: borrowing gps_data_t) -> [Double?] {
    let fix = data.fix
    return [
      Double(fix.mode), Double(fix.status), milliseconds(fix.time), fix.latitude, fix.longitude,
      fix.eph, fix.epx, fix.epy, fix.epv, fix.speed, fix.track,
    ]
  }

  private static func sky(_ message: Message) -> [Double?] {
    guard case .sky(let sky) = message else { return [nil] }
    return [(sky.time?.milliseconds).map { Double($0) }, sky.hdop]
  }

  private static func sky(_ data: borrowing gps_data_t) -> [Double?] {
    [milliseconds(data.skyview_time), data.dop.hdop]
  }

  private static func milliseconds(_ time: timespec) -> Double {
    Double(milliseconds_of(time))
  }
}

/// libgps's 24 KiB of everything, reused line after line as its own client does.
private final class Unpacked {
  let pointer: UnsafeMutablePointer<gps_data_t>

  init() {
    pointer = .allocate(capacity: 1)
    memset(pointer, 0, MemoryLayout<gps_data_t>.size)
  }

  deinit { pointer.deallocate() }

  /// `range` is a line with a NUL behind it. libgps does not write to it, though its signature does not say so.
  func read(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    pointer.pointee.set = 0  // gps_unpack never clears it
    let line = bytes.baseAddress! + range.lowerBound
    _ = gps_unpack(
      UnsafeMutablePointer(mutating: line.assumingMemoryBound(to: CChar.self)), pointer)
  }
}
