internal import Foundation
internal import GPSD
internal import Geodesy
internal import Patrol

/// gpsd's JSON reports. A line may begin with its receive time in RFC 3339 and a tab. All devices are taken for one;
/// NMEA sentences, comments and empty lines between are passed over.
struct ReportLines: Sendable {
  let data: Data
  private var times: ReceiveTimes
  private var parser = MessageParser()
  private var assembler: ReportAssembler
  /// The lines passed, and where the next one begins.
  var number = 0
  var at = 0
  private(set) var isAtEnd = false
  var readahead = Readahead()

  init(_ data: Data, as handheld: Handheld.ID) {
    self.data = data
    times = ReceiveTimes(handheld: handheld)
    assembler = ReportAssembler(handheld: handheld)
  }

  static func read(_ data: Data, as handheld: Handheld.ID) -> Recording {
    var recording = Recording()
    var lines = ReportLines(data, as: handheld)
    while !lines.isAtEnd { lines.read(about: Int.max, into: &recording) }
    return recording
  }

  /// Reads on until a recording has so many observations more, or there is no more to read.
  mutating func read(about count: Int, into recording: inout Recording) {
    let enough = recording.observations.count.addingReportingOverflow(count)
    let limit = enough.overflow ? Int.max : enough.partialValue
    data.withUnsafeBytes { bytes in
      readahead.reach(at, in: bytes)
      while at < bytes.count, recording.observations.count < limit {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
        let length = Self.length(ofLineIn: rest)
        at += length + 1
        number += 1
        take(UnsafeRawBufferPointer(rebasing: rest[..<length]), &recording)
      }
    }
    guard at >= data.count, !isAtEnd else { return }
    isAtEnd = true
    times.finish(&recording)
  }

  static func length(ofLineIn bytes: UnsafeRawBufferPointer) -> Int {
    guard let start = bytes.baseAddress, let end = memchr(start, 0x0a, bytes.count) else {
      return bytes.count
    }
    return UnsafeRawPointer(end) - start
  }

  private mutating func take(_ line: UnsafeRawBufferPointer, _ recording: inout Recording) {
    switch line.first {
    case nil, 0x0d, UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "#"): return
    default: break
    }
    var json = line
    var receivedAt: Instant?
    if line.first != UInt8(ascii: "{"), let tab = line.prefix(40).firstIndex(of: 0x09) {
      receivedAt = Instant(rfc3339: line[..<tab])
      guard receivedAt != nil else {
        recording.skip(line: number, "expected an RFC 3339 time before the tab")
        return
      }
      json = UnsafeRawBufferPointer(rebasing: line[(tab + 1)...])
    }
    do throws(MalformedMessage) {
      var offset = 0
      while let message = try parser.next(in: json, from: &offset) {
        let clock = receivedAt ?? times.latestFix ?? .distantPast
        guard let observation = assembler.take(message, receivedAt: clock) else { continue }
        guard receivedAt == nil else {
          recording.observations.append(observation)
          continue
        }
        let time: Instant? = if case .tpv(let tpv) = message { tpv.time } else { nil }
        times.add(observation.report, line: number, time: time, to: &recording)
      }
    } catch { recording.skip(line: number, "\(error)") }
  }
}
