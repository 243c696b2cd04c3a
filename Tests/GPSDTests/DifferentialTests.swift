import Foundation
import GPSD
import Geodesy
import Testing

/// Our parser beside libgps: where both can read a line, they read the same.
@Suite("Beside libgps", .timeLimit(.minutes(1))) struct DifferentialTests {
  static let lines = [
    #"{"class":"TPV","device":"/dev/pts/0","mode":3,"time":"2026-11-23T11:05:00.250Z","ept":0.005,"lat":22.283333333,"lon":114.158333333,"altHAE":31.2,"epx":3.5,"epy":4.5,"epv":9.25,"track":359.9000,"speed":1.25,"climb":-0.1,"eph":6.25,"sep":8.5}"#,
    #"{"class":"TPV","device":"a","status":2,"mode":2,"time":"1999-08-22T00:02:31.420Z","lat":-48.483341667,"lon":-0.366693333}"#,
    #"{"class":"TPV","mode":1}"#,
    #"{"class":"TPV"}"#,
    #"{"class":"TPV","mode":3,"lat":1e1,"lon":-1.5E-3,"eph":0,"track":0}"#,
    #"{"class":"SKY","device":"a","xdop":0.7,"ydop":0.8,"vdop":1.2,"tdop":0.9,"hdop":1.06,"gdop":2,"pdop":1.6,"satellites":[{"PRN":1,"el":1.0,"az":2.0,"ss":3.0,"used":true}]}"#,
    #"{"class":"SKY","time":"2026-11-23T11:05:00.250Z","hdop":99.99}"#,
    #"{"class":"SKY","nSat":0,"uSat":0}"#,
  ]

  /// Nil where they agree, where only one of them can be asked, and where it is known why they do not.
  static func disagreement(
    _ line: some Collection<UInt8>, _ parser: inout MessageParser,
    _ decoder: borrowing LibGPSDecoder
  ) -> String? {
    guard case .different(let all) = LibGPSComparison.of(Array(line), &parser, decoder) else {
      return nil
    }
    let different = all.filter { $0.known != .impossible }
    guard !different.isEmpty else { return nil }
    return different.map(\.description).joined(separator: ", ") + ": "
      + String(decoding: line, as: UTF8.self)
  }

  @Test("written lines", arguments: lines)
  func written(line: String) throws {
    var parser = MessageParser()
    let decoder = LibGPSDecoder()
    #expect(LibGPSDecoder.refusal(of: line.utf8) == nil)
    #expect(try parser.messages(in: line.utf8).count == 1)
    #expect(Self.disagreement(Array(line.utf8), &parser, decoder) == nil)
  }

  @Test("recorded lines", .enabled(if: SharedData.folder != nil))
  func recorded() throws {
    var parser = MessageParser()
    let decoder = LibGPSDecoder()
    var compared = 0
    for file in try SharedData.files(".log.chk") {
      for var line in try Data(contentsOf: file).split(separator: 0x0a) {
        if line.last == 0x0d { line.removeLast() }
        guard LibGPSDecoder.refusal(of: line) == nil else { continue }
        #expect(try parser.messages(in: line).count == 1)
        #expect(Self.disagreement(line, &parser, decoder) == nil)
        compared += 1
      }
    }
    #expect(compared > 3000)
  }

  @Test("damaged lines")
  func damaged() throws {
    var random = SplitMix(seed: 322)
    var parser = MessageParser()
    let decoder = LibGPSDecoder()
    var compared = 0
    for round in 0..<20_000 {
      let line = MutationTests.mutated(
        Array(Self.lines[round % Self.lines.count].utf8), &random)
      if LibGPSDecoder.refusal(of: line) == nil { compared += 1 }
      #expect(Self.disagreement(line, &parser, decoder) == nil)
    }
    #expect(compared > 5000)
  }

  /// Lines that the two read otherwise: our mode and latitude (nil: refused), and libgps's; our time where that is it.
  static let known: [(String, (Int, Double?)?, (Int, Double?))] = [
    (#"{"class":"TPV","mode":3,"lat":abc}"#, nil, (3, nil)),
    (#"{"class":"TPV","mode":3,"lat":"1.5"}"#, nil, (3, nil)),
    (#"{"class":"TPV","mode":3,"lat":0x10}"#, nil, (3, 0)),
    (#"{"class":"TPV","mode":3,"lat":+1.5}"#, nil, (3, 1.5)),
    (#"{"class":"TPV","mode":3,"lat":.5}"#, nil, (3, 0.5)),
    (#"{"class":"TPV","mode":3,"lat":5.}"#, nil, (3, 5)),
    (#"{"class":"TPV","mode":3,"lat":1.5,}"#, nil, (3, 1.5)),
    (#"{"class":"TPV","mode":2.5}"#, nil, (2, nil)),
    (#"{"class":"TPV","mode":7,"lat":1.5}"#, nil, (7, 1.5)),
    (#"{"class":"TPV","mode":3,"lat":91}"#, (3, nil), (3, 91)),
    (#"{"class":"TPV","mode":3,"time":"garbage","lat":1.5}"#, nil, (3, 1.5)),
    (#"{"class":"TPV","lat":1.5,"x":[1,2],"mode":3}"#, (3, 1.5), (0, 1.5)),
    (#"{"class":"TPV","lat":1.5,"x":{"y":1},"mode":3}"#, (3, 1.5), (0, 1.5)),
    (#"{"class":"TPV","lat":1.5,"mode":3}x}"#, nil, (3, 1.5)),
  ]

  @Test("known differences", arguments: known)
  func differs(line: String, ours: (Int, Double?)?, theirs: (Int, Double?)) throws {
    var parser = MessageParser()
    let reading = try LibGPSDecoder().decode(line.utf8)
    #expect((reading.mode, reading.latitude) == theirs)
    guard let ours else {
      #expect(throws: MalformedMessage.self) { try parser.messages(in: line.utf8) }
      return
    }
    guard case .tpv(let tpv) = try parser.messages(in: line.utf8)[0] else {
      Issue.record("no TPV")
      return
    }
    #expect((tpv.mode, tpv.latitude) == ours)
  }

  /// Times, and the times that the two make of them.
  static let times = [
    ("2026-11-23T19:05:00+08:00", "2026-11-23T11:05:00Z", "2026-11-23T19:05:00Z"),
    ("2026-11-23T11:05:00.9999Z", "2026-11-23T11:05:00.999Z", "2026-11-23T11:05:00.999Z"),
    ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    ("2026-11-23t11:05:00Z", "2026-11-23T11:05:00Z", "2026-11-23T00:00:00Z"),
    ("1919-08-22T00:02:31Z", "1919-08-22T00:02:31Z", "1919-08-23T00:02:31Z"),
    ("2026-02-30T11:05:00Z", nil, "2026-03-02T11:05:00Z"),
  ]

  @Test("times", arguments: times)
  func time(text: String, ours: String?, theirs: String) throws {
    let line = #"{"class":"TPV","time":"\#(text)"}"#
    var parser = MessageParser()
    #expect(try LibGPSDecoder().decode(line.utf8).time == Instant(rfc3339: theirs))
    if let ours {
      var tpv = Message.TPV()
      tpv.time = Instant(rfc3339: ours)
      #expect(try parser.messages(in: line.utf8) == [.tpv(tpv)])
    } else {
      #expect(throws: MalformedMessage.self) { try parser.messages(in: line.utf8) }
    }
  }

  /// Lines, and the reason that is given for what the two make of them.
  static let peculiar: [(String, LibGPSComparison.Peculiarity?)] = [
    (#"{"class":"TPV","lat":1.5,"x":[1,2],"mode":3}"#, .nested),
    (#"{"class":"TPV","mode":3,"x":{"y":1},"lat":1.5}"#, .nested),
    (#"{"class":"TPV","mode":3,"lat":91}"#, .impossible),
    (#"{"class":"TPV","mode":3,"eph":-1}"#, .impossible),
    (#"{"class":"TPV","time":"2026-11-23T19:05:00+08:00"}"#, .offset),
    (#"{"class":"TPV","time":"1919-08-22T00:02:31Z"}"#, .calendar),
    (#"{"class":"TPV","time":"2026-02-30T11:05:00Z"}"#, .calendar),
    (#"{"class":"TPV","mode":3,"lat":abc}"#, .valueKind),
    (#"{"class":"TPV","mode":7}"#, .valueKind),
    (#"{"class":"TPV","mode":3,"lat":5.}"#, nil),
    (#"{"class":"TPV","lat":1.5,"mode":3}x}"#, nil),
  ]

  @Test("differences that are libgps's", arguments: peculiar)
  func explained(line: String, reason: LibGPSComparison.Peculiarity?) {
    var parser = MessageParser()
    switch LibGPSComparison.of(Array((line + "\r").utf8), &parser, LibGPSDecoder()) {
    case .different(let all): #expect(all.allSatisfy { $0.known == reason })
    case .refused(_, let known): #expect(known == reason)
    case let other: Issue.record("\(other)")
    }
  }

  @Test("differences that nobody can explain are left so")
  func unexplained() throws {
    var parser = MessageParser()
    let line = #"{"class":"TPV","time":"2026-11-23t11:05:00Z"}"#
    guard
      case .different(let all) = LibGPSComparison.of(Array(line.utf8), &parser, LibGPSDecoder())
    else {
      Issue.record("equal")
      return
    }
    #expect(all.map(\.known) == [nil])
    #expect(all[0].description == "time: ours 2026-11-23T11:05:00Z, libgps 2026-11-23T00:00:00Z")
  }

  @Test("lines that are not compared")
  func notCompared() {
    var parser = MessageParser()
    func of(_ line: String) -> LibGPSComparison {
      LibGPSComparison.of(Array(line.utf8), &parser, LibGPSDecoder())
    }
    #expect(of(#"{"class":"VERSION"}"#) == .other)
    #expect(of(#"{"class":"TPV","x":[{"class":"TPV"}]}"#) == .withheld(.secondClass))
    #expect(of(#"{"class":"TPV","mode":3,"lat":1.5}"#) == .equal)
  }

  /// Lines, and why libgps must not see them.
  static let refused: [(String, LibGPSDecoder.Refusal)] = [
    (#"{x"class":"TPV"}"#, .shape),
    (#" {"class":"TPV"}"#, .shape),
    (#"{"class":"TPV""#, .shape),
    ("", .shape),
    (#"{"class":"TPV","x":[{"class":"TPV"}]}"#, .secondClass),
    ("{\"class\":\"TPV\u{0}\"}", .nul),
    (#"{"class":"TPV","x":""# + String(repeating: "a", count: 10_240) + "\"}", .length),
  ]

  @Test("the guard refuses what libgps hangs on", arguments: refused)
  func guarded(line: String, refusal: LibGPSDecoder.Refusal) {
    #expect(LibGPSDecoder.refusal(of: line.utf8) == refusal)
  }
}
