import Geodesy
import Testing

@testable import Rig

@Suite struct `A report's text` {
  static let tpv =
    #"{"class":"TPV","device":"/dev/a","mode":3,"time":"2026-11-24T12:00:00.000Z","lat":22.25,"lon":114.125}"#

  func altered(_ text: String, _ body: (inout ReportText) -> Void) -> String {
    var report = ReportText(Array(text.utf8))
    body(&report)
    return String(decoding: report.bytes, as: UTF8.self)
  }

  @Test func `is read where gpsd writes it`() {
    let report = ReportText(Array(Self.tpv.utf8))
    #expect(report.className == "TPV" && report.device == "/dev/a")
    #expect(report.time == Instant(rfc3339: "2026-11-24T12:00:00Z"))
  }

  @Test func `is altered in its place`() {
    #expect(
      altered(Self.tpv) { $0.shift(by: .hours(-1024 * 168)) }
        == Self.tpv.replacing("2026-11-24T12", with: "2007-04-10T12"))
    #expect(
      altered(Self.tpv) { $0.removeDevice() }
        == Self.tpv.replacing(#""device":"/dev/a","#, with: ""))
    #expect(
      altered(Self.tpv) { $0.set("lon", to: "0") } == Self.tpv.replacing("114.125", with: "0"))
    #expect(
      altered(Self.tpv) { $0.set("status", to: "8") } == Self.tpv.dropLast() + #","status":8}"#)
  }

  /// Cut, empty, quoted, garbage: all stay as they are.
  static let without = ["", "{", "}", #"{"time":""#, #"{"time":"20"#, #"{"time":""}"#, "\"time\":"]

  @Test(arguments: without) func `without a value stays as it is`(text: String) {
    #expect(altered(text) { $0.shift(by: .hours(1)) } == text)
    #expect(altered(text) { $0.removeDevice() } == text)
  }

  @Test func `of a generated walker is gpsd's, at every time of a day`() {
    let fleet = FakeFleet(endpoints: 3, devicesEach: 2, naming: .gateway, seed: 9)
    let start = Instant(rfc3339: "2026-11-24T23:59:00Z")!
    let tape = FleetTape(fleet, endpoint: 1, start: start)
    var last: Double?
    for position in stride(from: -100_000, to: 100_000, by: 1777) {
      for (device, line) in tape.lines(at: position).enumerated() {
        let report = ReportText(line.bytes)
        #expect(report.device == "udp://0.0.0.0:5931#handheld-\(device)")
        #expect(report.time == start + .seconds(position) && line.time == report.time)
        #expect(line.bytes.count <= 224)
      }
    }
    // Nobody leaps at midnight.
    for position in 55...65 {
      let text = String(decoding: tape.lines(at: position)[0].bytes, as: UTF8.self)
      let latitude = Double(text.split(separator: "\"lat\":")[1].prefix(12))
      if let last, let latitude { #expect(abs(latitude - last) < 3e-5) }
      last = latitude
    }
  }
}
