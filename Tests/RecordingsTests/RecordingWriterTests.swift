import Foundation
import GPSD
import Geodesy
import Patrol
import Recordings
import Testing

@Suite struct `A recording as it is written` {
  static let clock = Instant(milliseconds: 1_795_431_900_250)

  static func tpv(_ device: String, _ second: Int) -> String {
    #"{"class":"TPV","device":"\#(device)","mode":3,"time":"2026-11-23T11:05:0\#(second).000Z","lat":22.25,"lon":114.125}"#
  }

  /// As a tap hands it on.
  func line(_ bytes: [UInt8], _ second: Int = 0) -> Tap.Line {
    var parser = MessageParser()
    return Tap.Line(bytes, receivedAt: Self.clock + .seconds(second), parser: &parser)
  }

  @Test func `reads back as what was heard`() throws {
    var writer = RecordingWriter(.all)
    var file = Data()
    let texts = [
      #"{"class":"VERSION","release":"3.22"}"#, Self.tpv("/dev/a", 0), "garbage {",
      Self.tpv("/dev/b", 1), #"{"class":"TPV","device":"/dev/a","mode":1}"#,
    ]
    for (n, text) in texts.enumerated() {
      file += writer.text(of: line(Array((text + "\r").utf8), n)) ?? []
    }
    #expect(writer.lines == 5 && writer.malformed == 1)
    #expect(writer.reports["/dev/a"]! == (2, 1) && writer.reports["/dev/b"]! == (1, 1))
    let recording = try read("r.jsonl", file)
    #expect(
      recording.picture == [
        "11:05:01.250 fix 3 22.25,114.125", "11:05:03.250 fix 3 22.25,114.125",
        "11:05:04.250 none 1",
      ])
    #expect(recording.skipped.map(\.line) == [3])
  }

  @Test func `keeps every byte of a line`() {
    var writer = RecordingWriter(.all)
    let bytes: [UInt8] = [0xff, 0x00, 0x09, 0x22, 0xc3, 0x0d, 0x0d]
    let text = writer.text(of: line(bytes))
    #expect(text == Array("2026-11-23T11:05:00.250Z\t".utf8) + bytes + [0x0a])
  }

  @Test func `of one device has the lines that name it, whatever they are`() {
    var writer = RecordingWriter(.device(#"udp://h:1#a"b"#))
    let kept = [
      Self.tpv(#"udp://h:1#a\"b"#, 0), #"{"class":"GST","device":"udp://h:1#a\"b"}"#,
      #"{"class":"DEVICE","path":"udp://h:1#a\"b"}"#, #"{"device":"udp://h:1#a\"b",broken"#,
    ]
    let passedOver = [
      #"{"class":"DEVICES","devices":[{"class":"DEVICE","path":"udp://h:1#a\"b"}]}"#,
      Self.tpv("udp://h:1", 0), Self.tpv(#"udp://h:1#a\"bc"#, 0), #"{"class":"TPV","mode":3}"#, "",
    ]
    for text in kept {
      let written = writer.text(of: line(Array(text.utf8)))
      #expect(written != nil)
    }
    for text in passedOver {
      let written = writer.text(of: line(Array(text.utf8)))
      #expect(written == nil)
    }
    #expect(writer.lines == 4 && writer.malformed == 1)
  }
}
