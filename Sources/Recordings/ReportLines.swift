internal import Foundation
internal import GPSD
internal import Geodesy
internal import Patrol

/// gpsd's JSON reports. A line may begin with its receive time in RFC 3339 and a tab. All devices are taken for one;
/// NMEA sentences, comments and empty lines between are passed over.
enum ReportLines {
  static func read(_ data: Data, as handheld: Handheld.ID) -> Recording {
    var recording = Recording()
    var times = ReceiveTimes(handheld: handheld)
    var parser = MessageParser()
    var assembler = ReportAssembler(handheld: handheld)
    var number = 0
    for line in data.split(separator: 0x0a, omittingEmptySubsequences: false) {
      number += 1
      switch line.first {
      case nil, 0x0d, UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "#"): continue
      default: break
      }
      var json = line
      var receivedAt: Instant?
      if let tab = line.prefix(40).firstIndex(of: 0x09), line.first != UInt8(ascii: "{") {
        receivedAt = Instant(rfc3339: line[..<tab])
        guard receivedAt != nil else {
          recording.skip(line: number, "expected an RFC 3339 time before the tab")
          continue
        }
        json = line[(tab + 1)...]
      }
      do throws(MalformedMessage) {
        for message in try parser.messages(in: json) {
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
    times.finish(&recording)
    return recording
  }
}
