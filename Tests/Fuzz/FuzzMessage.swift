import Geodesy
import Patrol

@testable import GPSD

/// A line of any bytes: nothing traps, nothing is read beyond its end, what is read is within its range, and what the
/// parser has learned of earlier lines (names, the order of keys) changes no reading.
nonisolated(unsafe) private var lasting = MessageParser()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMessage(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let line = UnsafeRawBufferPointer(start: bytes, count: count)
  var fresh = MessageParser()
  let first = Reading(of: line, by: &fresh)
  precondition(Reading(of: line, by: &fresh) == first, "read otherwise the second time")
  precondition(Reading(of: line, by: &lasting) == first, "read otherwise after other lines")
  return 0
}

private struct Reading: Equatable {
  var messages: [Message] = []
  /// Behind each of them.
  var offsets: [Int] = []
  var malformed: MalformedMessage?

  init(of line: UnsafeRawBufferPointer, by parser: inout MessageParser) {
    var offset = 0
    do throws(MalformedMessage) {
      while let message = try parser.next(in: line, from: &offset) {
        precondition(offset > offsets.last ?? 0, "stands still at \(offset)")
        check(message)
        if case .sky = message { checkSky(line, from: offsets.last ?? 0) }
        messages.append(message)
        offsets.append(offset)
      }
    } catch {
      precondition((0...line.count).contains(error.offset), "\(error) is not of the line")
      malformed = error
    }
    precondition(offset == line.count, "ends at \(offset) of \(line.count)")
  }
}

private func checkSky(_ line: UnsafeRawBufferPointer, from offset: Int) {
  guard let sky = Reception(ofSky: line, from: offset) else { return }
  precondition((0...sky.seen).contains(sky.used), "\(sky.used) of \(sky.seen) used")
  precondition((0...99).contains(sky.strengthDBHz ?? 0), "\(sky)")
}

private func check(_ message: Message) {
  func within(_ range: ClosedRange<Double>, _ value: Double?) {
    if let value { precondition(range.contains(value), "\(value) beyond \(range)") }
  }
  let most = Double.greatestFiniteMagnitude
  switch message {
  case .tpv(let tpv):
    precondition((0...3).contains(tpv.mode), "mode \(tpv.mode)")
    within(-90...90, tpv.latitude)
    within(-180...180, tpv.longitude)
    within(0...360, tpv.track)
    for value in [tpv.eph, tpv.epx, tpv.epy, tpv.epv, tpv.speed] { within(0...most, value) }
    if let time = tpv.time {
      precondition(Instant(rfc3339: time.text()) == time, "\(time.milliseconds) ms")
    }
  case .sky(let sky): within(0...most, sky.hdop)
  default: break
  }
}
