import Foundation
import Geodesy
import Patrol
import Recordings
import Testing

@Suite("NMEA recordings") struct SentenceTests {
  /// Puts `$` and the checksum on.
  static func sentences(_ bodies: String...) -> String {
    bodies.map { body in
      let sum = String(body.utf8.reduce(0, ^), radix: 16, uppercase: true)
      return "$\(body)*\(sum.count < 2 ? "0" : "")\(sum)\r\n"
    }.joined()
  }

  static let rmc = "GNRMC,120000.00,A,2215.0000,N,11407.5000,W,10.0,360.0,231126,,,A"
  static let gga = "GNGGA,120000.00,2215.0600,N,11407.5000,W,2,08,1.2,31.0,M,0.0,M,,"

  /// Sentences and what they show.
  static let pictures: [(String, [String])] = [
    (sentences(rmc), ["12:00:00 fix 2 22.25,-114.125"]),
    (sentences(rmc, gga), ["12:00:00 fix 3 22.251,-114.125"]),
    (sentences(gga, rmc), ["12:00:00 fix 3 22.251,-114.125"]),
    (sentences(rmc, "GNGSA,A,2,,,,,,,,,,,,,2.0,1.5,1.3", gga), ["12:00:00 fix 2 22.251,-114.125"]),
    (sentences("GNRMC,120000.00,V,,,,,,,231126,,,N"), ["12:00:00 none 1"]),
    (sentences(rmc, "GNGGA,120000.00,,,,,0,00,,,M,,M,,"), ["12:00:00 none 1"]),
    (sentences(rmc, "GNGSA,A,1,,,,,,,,,,,,,,,"), ["12:00:00 none 1"]),
    // simulated: GGA's word, whatever RMC says
    (
      sentences(
        "GPRMC,120000,V,2215.0000,N,11407.5000,W,,,231126,,,S",
        "GPGGA,120000,2215.0000,N,11407.5000,W,8,09,2.0,695.7,M,51.6,M,,"),
      ["12:00:00 fix 3 22.25,-114.125"]
    ),
    // a receiver without time: told when the first time is known, later at the latest fix
    (
      sentences(
        "GPRMC,,V,,,,,,,,,,N", "GPGGA,,,,,,0,,,,,,,,", "GPRMC,,V,,,,,,,,,,N", rmc,
        "GPRMC,,V,,,,,,,,,,N"),
      ["12:00:00 none 1", "12:00:00 none 1", "12:00:00 fix 2 22.25,-114.125", "12:00:00 none 1"]
    ),
    // GGA alone takes its date from before, over midnight too, and may step back
    (
      sentences(
        "GPRMC,235959,A,0000.0,N,00000.0,E,,,311226,,",
        "GPGGA,000001,0000.0,S,00000.6,E,1,04,1.0,1,M,0,M,,",
        "GPGGA,000000,0000.0,N,00000.6,E,1,04,1.0,1,M,0,M,,"),
      ["23:59:59 fix 2 0.0,0.0", "00:00:01 fix 3 0.0,0.01", "00:00:00 fix 3 0.0,0.01"]
    ),
    // what is not read
    (
      sentences("PGRME,1.0,M", "GPZDA,120000,23,11,2026,,", "GPVTG,,", "X")
        + "\r\n# comment\n!AIVDM,1\n",
      []
    ),
  ]

  @Test("epochs", arguments: pictures)
  func epochs(text: String, picture: [String]) throws {
    let recording = try read("a.nmea", text)
    #expect(recording.picture == picture)
    #expect(recording.skippedCount == 0)
  }

  @Test("values of a fix")
  func values() throws {
    let recording = try read(
      "a.nmea",
      Self.sentences(
        Self.rmc, Self.gga, "GNGST,120000.00,4.0,3.0,3.0,0.0,3.0,3.0,9.0",
        "GNGSA,A,3,,,,,,,,,,,,,2.0,1.5,1.3"))
    let fix = try #require(recording.observations.first?.fix)
    #expect(fix.time.text() == "2026-11-23T12:00:00Z")
    #expect(abs((fix.speed?.value ?? 0) - 5.14444) < 1e-4)
    #expect(fix.track == 0)
    #expect(fix.status == 2)
    #expect(fix.hdop == 1.5)
    #expect(abs((fix.accuracy?.value ?? 0) - 7.343) < 1e-3)
  }

  @Test(
    "GGA quality to status", arguments: [(1, 1), (2, 2), (3, 9), (4, 3), (5, 4), (6, 5), (8, 8)])
  func status(quality: Int, status: Int) throws {
    let gga = Self.gga.replacing("W,2,", with: "W,\(quality),")
    let recording = try read("a.nmea", Self.sentences(Self.rmc, gga))
    #expect(recording.observations.first?.fix?.status == status)
  }

  static let skipped: [(String, String)] = [
    (sentences(gga), "no date before the first RMC"),
    (sentences("GPRMC,,A,0000.0,N,00000.0,E,,,311226,,"), "expected a time"),
    (sentences("GNGST,120000.00,4.0,3.0,3.0,0.0,3.0,3.0,9.0"), "expected RMC or GGA at this time"),
    (sentences("GPRMC,,V,,,,,,,,,,N"), "no time in the whole recording"),
    ("$GPRMC,120000*00\n", "expected checksum 64, got 00"),
    ("$GPRMC,120000*\n", "expected checksum 64, got "),
    ("nonsense\n", "expected a sentence that starts with $"),
    ("$GP\u{1}\n", "expected printable ASCII"),
  ]

  @Test("skips", arguments: skipped)
  func skips(text: String, reason: String) throws {
    let recording = try read("a.nmea", text)
    #expect(recording.skipped.map(\.line) == [1])
    #expect(recording.skipped.map(\.reason) == [reason])
    #expect(recording.observations.isEmpty)
  }

  @Test("the list of what was skipped is capped, its count is not")
  func cap() throws {
    let recording = try read("a.nmea", String(repeating: "x\n", count: 1000))
    #expect(recording.skipped.count == Recording.skippedLimit)
    #expect(recording.skippedCount == 1000)
  }

  @Test("damaged sentences neither trap nor hang", .timeLimit(.minutes(1)))
  func damage() throws {
    var seed: UInt64 = 17
    func next(_ below: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % below
    }
    let telling = Array(",.-*$\n0129AVNSEWe".utf8)
    var data = Data()
    for _ in 0..<5000 {
      // without checksums, which would hide the damage
      var line = Array(("$" + (next(2) == 0 ? Self.rmc : Self.gga) + "\n").utf8)
      for _ in 0...next(3) {
        line[1 + next(line.count - 1)] =
          next(4) == 0 ? UInt8(next(256)) : telling[next(telling.count)]
      }
      data += line
    }
    let recording = try read("a.nmea", data)
    #expect(recording.skippedCount > 100)
    #expect(recording.observations.count > 1000)
  }
}
