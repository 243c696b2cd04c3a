import Geodesy
import Testing

@testable import GPSD

@Suite("Message parser") struct MessageParserTests {
  static func tpv(_ change: (inout Message.TPV) -> Void) -> Message {
    var tpv = Message.TPV()
    change(&tpv)
    return .tpv(tpv)
  }

  static func sky(_ change: (inout Message.SKY) -> Void) -> Message {
    var sky = Message.SKY()
    change(&sky)
    return .sky(sky)
  }

  static let read: [(String, [Message])] = [
    ("", []),
    ("  \r", []),
    (
      #"{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}"#,
      [.version(.init(release: "3.22"))]
    ),
    (
      #"{"class":"WATCH","enable":true,"json":true,"nmea":false,"raw":0,"scaled":false}"#,
      [.watch(.init(enable: true, json: true))]
    ),
    (#"{"class":"DEVICES","devices":[]}"#, [.devices([])]),
    (
      #"{"class":"DEVICES","devices":[{"class":"DEVICE","path":"udp://0.0.0.0:5931#a","activated":"2026-11-23T11:05:00.250Z"},"#
        + #" {"path":"\/dev\/ttyS0","driver":"NMEA0183","activated":0}]}"#,
      [
        .devices([
          .init(
            path: "udp://0.0.0.0:5931#a",
            activation: .active(since: Instant(milliseconds: 1_795_431_900_250))),
          .init(path: "/dev/ttyS0", driver: "NMEA0183", activation: .inactive),
        ])
      ]
    ),
    (
      #"{"class":"DEVICE","path":"/dev/ttyS0","activated":1269959537.20}"#,
      [
        .device(
          .init(
            path: "/dev/ttyS0", activation: .active(since: Instant(milliseconds: 1_269_959_537_200))
          )
        )
      ]
    ),
    (
      #"{"class":"ERROR","message":"Unrecognized request '\"\u00e9\ud83d\ude00\ud83d\n'"}"#,
      [.error("Unrecognized request '\"é😀\u{fffd}\n'")]
    ),
    (#"{"class":"GST","device":"x","rms":1.5,"lat":"not one"}"#, [.other(class: "GST")]),
    (#"{"class":"TPV"}"#, [tpv { _ in }]),
    (
      #"{"class":"TPV","device":"/dev/pts/3","status":2,"mode":3,"time":"2026-11-23T11:05:00.000Z","ept":0.005,"#
        + #""lat":22.283333333,"lon":-114.158333333,"alt":31.2,"epx":3.5,"epy":4.5,"epv":9,"track":360.0,"speed":1.25e0,"eph":6.25}"#,
      [
        tpv {
          $0.device = "/dev/pts/3"
          $0.status = 2
          $0.mode = 3
          $0.time = Instant(milliseconds: 1_795_431_900_000)
          $0.latitude = 22.283333333
          $0.longitude = -114.158333333
          $0.epx = 3.5
          $0.epy = 4.5
          $0.epv = 9
          $0.track = 0
          $0.speed = 1.25
          $0.eph = 6.25
        }
      ]
    ),
    // the class anywhere, spaces anywhere, a key twice
    (
      #" { "mode" : 2 , "lat":1, "class" : "TPV" , "lat":2 } "#,
      [
        tpv {
          $0.mode = 2
          $0.latitude = 2
        }
      ]
    ),
    // impossible numbers and nulls are absent
    (
      #"{"class":"TPV","mode":3,"lat":90.0000001,"lon":-180.5,"eph":-1,"epx":1e999,"speed":-0.1,"track":361,"status":1.5,"time":null,"device":null,"epv":null}"#,
      [tpv { $0.mode = 3 }]
    ),
    (
      #"{"class":"TPV","mode":null,"lat":-90,"lon":180.000}"#,
      [
        tpv {
          $0.latitude = -90
          $0.longitude = 180
        }
      ]
    ),
    // nested values of unknown keys
    (
      #"{"class":"SKY","device":"a","x":{"hdop":3,"y":[1,{"]":"}"}]},"hdop":1.30,"satellites":[{"PRN":1,"used":true},{"PRN":2}]}"#,
      [
        sky {
          $0.device = "a"
          $0.hdop = 1.3
        }
      ]
    ),
    // several on one line
    (
      #"{"class":"TPV","mode":1}{"class":"SKY"} {"class":"ZZZ"}"#,
      [tpv { $0.mode = 1 }, sky { _ in }, .other(class: "ZZZ")]
    ),
  ]

  @Test("reads", arguments: read)
  func reads(line: String, messages: [Message]) throws {
    var parser = MessageParser()
    #expect(try parser.messages(in: line.utf8) == messages)
    #expect(try parser.messages(in: line.utf8) == messages, "from its own name table")
  }

  static let refused: [(String, Int, MalformedMessage.Expected)] = [
    ("TPV", 0, .object),
    ("{", 1, .key),
    ("{}", 1, .className),
    (#"{,"class":"TPV","mode":3}"#, 1, .key),
    (#"{"class":"DEVICES","devices":[{,"path":"/dev/a"}]}"#, 31, .key),
    (#"{"class""#, 8, .colon),
    (#"{"class":TPV}"#, 9, .string),
    (#"{"class":"TPV","lat":abc}"#, 21, .number),
    (#"{"class":"TPV","lat":"1"}"#, 21, .number),
    (#"{"class":"TPV","lat":1.}"#, 21, .number),
    (#"{"class":"TPV","lat":1e}"#, 21, .number),
    (#"{"class":"TPV","lat":nan}"#, 21, .number),
    (#"{"class":"TPV","lat":-}"#, 21, .number),
    (#"{"class":"TPV","lat":1 2}"#, 23, .commaOrClose),
    (#"{"class":"TPV","mode":4}"#, 22, .mode),
    (#"{"class":"TPV","mode":-1}"#, 22, .mode),
    (#"{"class":"TPV","mode":99999999999999999999999}"#, 22, .mode),
    (#"{"class":"TPV","time":"2026-11-23"}"#, 22, .time),
    (#"{"class":"TPV","time":1}"#, 22, .string),
    (#"{"class":"TPV","mode":3"#, 23, .commaOrClose),
    (#"{"class":"TPV" "mode":3}"#, 15, .commaOrClose),
    (#"{"class":"TPV",}"#, 15, .key),
    (#"{"class":"TPV","x":[}"#, 20, .bracket),
    (#"{"class":"TPV","x":[1"#, 21, .bracket),
    (#"{"class":"TPV","x":}"#, 19, .value),
    (#"{"class":"TPV","device":"a\qb"}"#, 26, .escape),
    (#"{"class":"TPV","device":"a\u12"}"#, 28, .escape),
    (#"{"class":"TPV","device":"a"#, 26, .closingQuote),
    (#"{"class":"TPV","device":"a\"#, 27, .closingQuote),
    ("{\"class\":\"TPV\",\"device\":\"a\u{0}\"}", 26, .noControl),
    (#"{"class":"WATCH","enable":1}"#, 26, .boolean),
    (#"{"class":"DEVICES","devices":{}}"#, 29, .array),
    (#"{"class":"DEVICES","devices":[1]}"#, 30, .object),
    (#"{"class":"DEVICES","devices":[{"path":"a"}"#, 42, .commaOrClose),
    (
      #"{"class":"TPV","x":"# + String(repeating: "[", count: 100), 82, .depth
    ),
    (#"{"class":"TPV"}]"#, 15, .object),
    (#"{"class":"TPV","device":""# + String(repeating: "a", count: 257) + #""}"#, 25, .shortName),
    (#"{"class":""# + String(repeating: "a", count: 257) + #""}"#, 10, .shortName),
  ]

  @Test("refuses", arguments: refused)
  func refuses(line: String, offset: Int, expected: MalformedMessage.Expected) {
    var parser = MessageParser()
    #expect(throws: MalformedMessage(offset: offset, expected: expected)) {
      try parser.messages(in: line.utf8)
    }
  }

  @Test("what is passed over may lie anywhere in a word of eight bytes", arguments: 0..<8)
  func nested(padding: Int) throws {
    let value = #"{"]":"}[\\","y\"":[1,{"a":"\\\""},"",[]],"long, with a ] and a } in it":{}}"#
    let line =
      #"{"class":"SKY","\#(String(repeating: "p", count: padding))":\#(value),"hdop":1.3}"#
    var parser = MessageParser()
    #expect(try parser.messages(in: line.utf8) == [Self.sky { $0.hdop = 1.3 }])
    // Cut short anywhere, it is refused.
    for count in 1..<line.utf8.count {
      #expect(throws: MalformedMessage.self) { try parser.messages(in: line.utf8.prefix(count)) }
    }
  }

  @Test("a key that cannot be kept in mind is not taken for another")
  func notKept() throws {
    var parser = MessageParser()
    let spaced = #"{"class":"TPV", "mode":3, "lat":1}"#
    for _ in 0..<2 {
      #expect(
        try parser.messages(in: spaced.utf8) == [
          Self.tpv {
            $0.mode = 3
            $0.latitude = 1
          }
        ])
    }
    let hostile = Array(#"{"class":"TPV""#.utf8) + [UInt8](repeating: 0xff, count: 40)
    #expect(throws: MalformedMessage(offset: 14, expected: .commaOrClose)) {
      try parser.messages(in: hostile)
    }
  }

  @Test("a number is rounded as the standard library rounds it")
  func numbers() throws {
    var random = SplitMix(seed: 7)
    var parser = MessageParser()
    for _ in 0..<5000 {
      let places = Int.random(in: 0...20, using: &random)
      let digits = (0..<Int.random(in: 1...22, using: &random)).map { _ in
        String(Int.random(in: 0...9, using: &random))
      }.joined()
      let exponent =
        Bool.random(using: &random) ? "" : "e\(Int.random(in: -40...9, using: &random))"
      let text =
        places == 0
        ? digits + exponent
        : "\(Int.random(in: 0...99, using: &random)).\(String(digits.prefix(places)))\(exponent)"
      guard case .tpv(let tpv) = try parser.messages(in: #"{"class":"TPV","eph":\#(text)}"#.utf8)[0]
      else { return }
      #expect(tpv.eph == Double(text), "\(text)")
    }
  }

  @Test("a time is read as Geodesy reads it, damaged ones too")
  func times() throws {
    var random = SplitMix(seed: 11)
    var parser = MessageParser()
    var read = 0
    for _ in 0..<10_000 {
      let milliseconds = Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random)
      var text = Array(Instant(milliseconds: milliseconds / 1000 * 1000 + 7).text().utf8)
      if Bool.random(using: &random) {
        text[Int.random(in: 0..<text.count, using: &random)] = UInt8.random(
          in: 0x23...0x5b, using: &random)
      }
      var expected: Message?
      if let time = Instant(rfc3339: text) {
        expected = Self.tpv { $0.time = time }
        read += 1
      }
      let line = #"{"class":"TPV","time":""#.utf8 + text + #""}"#.utf8
      #expect((try? parser.messages(in: line))?.first == expected)
    }
    #expect(read > 5000 && read < 9900)
  }

  @Test("a report in front of a broken one is read, the rest of the line is not")
  func restIsLost() throws {
    let line = Array(#"{"class":"TPV","mode":1}{"class":TPV}{"class":"SKY"}"#.utf8)
    var parser = MessageParser()
    var tpv = Message.TPV()
    tpv.mode = 1
    line.withUnsafeBytes { bytes in
      var offset = 0
      let results = (0..<3).map { _ in Result { try parser.next(in: bytes, from: &offset) } }
      #expect((try? results[0].get()) == .tpv(tpv))
      #expect(throws: MalformedMessage.self) { try results[1].get() }
      #expect((try? results[2].get()) == .some(nil))
    }
  }
}

@Suite("Keys") struct KeyTests {
  @Test(
    "are told by their bytes", arguments: MessageParser.Key.allCases.filter { $0 != .other })
  func words(key: MessageParser.Key) throws {
    let text = Array("\"\(key)\":0,      ".utf8)
    let word = text.withUnsafeBytes { bytes in
      var scanner = ByteScanner(bytes)
      return (try? scanner.nextKey())??.word
    }
    #expect(word == key.rawValue)
  }

  @Test("so are classes", arguments: MessageParser.Class.allCases)
  func classes(name: MessageParser.Class) throws {
    let text = Array("\(name)".uppercased().utf8)
    let word = text.withUnsafeBytes { ByteScanner($0).word(0..<text.count) }
    #expect(word == name.rawValue)
  }
}
