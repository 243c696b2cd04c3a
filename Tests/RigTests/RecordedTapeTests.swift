import Foundation
import Geodesy
import Testing

@testable import Rig

@Suite struct `A recording to play` {
  func tape(_ lines: [String]) -> RecordedTape {
    RecordedTape(Data(lines.joined(separator: "\r\n").utf8))
  }

  static func tpv(_ second: Int, _ device: String = "/dev/a") -> String {
    #"{"class":"TPV","device":"\#(device)","mode":3,"time":"2026-11-24T12:00:0\#(second).000Z"}"#
  }

  @Test func `keeps its lines byte for byte, without what gpsd says of itself`() {
    let tape = tape([
      #"{"class":"VERSION","release":"3.22"}"#, #"{"class":"DEVICES","devices":[]}"#,
      #"{"class":"WATCH","enable":true}"#, Self.tpv(0), "", "no JSON {", Self.tpv(2, "/dev/b"),
    ])
    #expect(
      tape.lines.map { String(decoding: $0.line.bytes, as: UTF8.self) }
        == [Self.tpv(0), "no JSON {", Self.tpv(2, "/dev/b")])
    #expect(tape.devices == ["/dev/a", "/dev/b"])
    #expect(tape.lines.map(\.line.device) == [0, nil, 1])
    #expect(tape.lines.map(\.offset) == [.zero, .zero, .seconds(2)])
  }

  @Test func `goes by its receive times where it has them`() {
    let tape = tape([
      "2026-11-24T12:00:05Z\t" + Self.tpv(0), "2026-11-24T12:00:05.5Z\t" + Self.tpv(1),
    ])
    #expect(tape.lines.map(\.offset) == [.zero, Milliseconds(500)])
    #expect(tape.due(after: .zero, .times(1)) == 1)
    #expect(tape.due(after: Milliseconds(499), .times(1)) == 1)
    #expect(tape.due(after: Milliseconds(250), .times(2)) == 2)
    #expect(tape.due(after: .zero, .full) == 2)
  }

  @Test func `never goes back`() {
    let tape = tape([Self.tpv(3), Self.tpv(1), Self.tpv(5)])
    #expect(tape.lines.map(\.offset) == [.zero, .zero, .seconds(2)])
  }
}
