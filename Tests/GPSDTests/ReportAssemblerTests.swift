import GPSD
import Geodesy
import Patrol
import Testing

@Suite("Reports to observations") struct ReportAssemblerTests {
  static let noon = Instant(milliseconds: 1_795_431_900_000)
  static let complete =
    #"{"class":"TPV","mode":3,"time":"2026-11-23T11:05:00Z","lat":22.25,"lon":114.125"#

  /// A TPV's rest and the accuracy that comes of it.
  static let accuracies: [(String, Metres?)] = [
    ("", nil),
    (#","eph":4.5,"epx":30,"epy":40"#, 4.5),
    (#","epx":3,"epy":4"#, 5),
    (#","epx":3"#, nil),
    (#","epv":3"#, nil),
    (#","epx":1e200,"epy":1e200"#, nil),
  ]

  @Test("accuracy is eph, else of epx and epy", arguments: accuracies)
  func accuracy(rest: String, expected: Metres?) throws {
    let observation = try #require(try Self.observe([(0, Self.complete + rest + "}")]).last)
    #expect(observation.fix?.accuracy == expected)
    #expect(observation.receivedAt == Self.noon)
    #expect(observation.handheld == "h17")
  }

  static let unusable: [(String, Int)] = [
    (#"{"class":"TPV"}"#, 0),
    (#"{"class":"TPV","mode":1,"time":"2026-11-23T11:05:00Z","lat":1,"lon":1}"#, 1),
    (#"{"class":"TPV","mode":2,"lat":1,"lon":1}"#, 2),
    (#"{"class":"TPV","mode":3,"time":"2026-11-23T11:05:00Z","lat":1}"#, 3),
    (#"{"class":"TPV","mode":3,"time":"2026-11-23T11:05:00Z","lat":1,"lon":181}"#, 3),
  ]

  @Test("without mode 2, position and time there is no fix", arguments: unusable)
  func noFix(line: String, mode: Int) throws {
    #expect(try Self.observe([(0, line)]).map(\.report) == [.noFix(mode: mode)])
  }

  /// Lines at seconds, and the HDOP of the last fix.
  static let hdops: [([(Double, String)], Double?)] = [
    ([(0, complete + "}")], nil),
    ([(0, #"{"class":"SKY","hdop":1.5}"#), (5, complete + "}")], 1.5),
    ([(0, #"{"class":"SKY","hdop":1.5}"#), (5.001, complete + "}")], nil),
    ([(0, #"{"class":"SKY","hdop":1.5}"#), (1, #"{"class":"SKY"}"#), (2, complete + "}")], 1.5),
    (
      [
        (0, #"{"class":"SKY","hdop":1.5}"#), (1, #"{"class":"SKY","hdop":2}"#),
        (2, complete + "}"),
      ], 2
    ),
    ([(3, #"{"class":"SKY","hdop":1.5}"#), (2, complete + "}")], nil),
  ]

  @Test("HDOP is of the last SKY, at most 5 s old", arguments: hdops)
  func hdop(lines: [(Double, String)], expected: Double?) throws {
    #expect(try Self.observe(lines).last?.fix?.hdop == expected)
  }

  @Test("a simulated position keeps its status")
  func simulated() throws {
    let fix = try Self.observe([
      (0, Self.complete + #","status":8,"speed":1.5,"track":270}"#)
    ]).last?.fix
    #expect(fix?.status == 8)
    #expect(fix?.speed == 1.5)
    #expect(fix?.track == 270)
    #expect(fix?.time == Self.noon)
    #expect(fix?.position == Coordinate(latitude: 22.25, longitude: 114.125))
  }

  static func observe(_ lines: [(Double, String)]) throws -> [Observation] {
    var parser = MessageParser()
    var assembler = ReportAssembler(handheld: "h17")
    return try lines.flatMap { time, line in
      try parser.messages(in: line.utf8).compactMap {
        assembler.take($0, receivedAt: noon + Milliseconds(seconds: time))
      }
    }
  }
}
