import Foundation
import Geodesy
import Patrol
import Recordings
import Testing

@Suite("Recordings") struct RecordingTests {
  static let fix =
    #"{"class":"TPV","mode":3,"time":"2026-11-23T12:00:00Z","lat":22.25,"lon":114.125}"#
  static let later =
    #"{"class":"TPV","mode":2,"time":"2026-11-23T12:00:05Z","lat":22.5,"lon":114.125}"#
  static let none = #"{"class":"TPV","device":"x","mode":1}"#
  static let guess = #"{"class":"TPV","mode":1,"time":"2026-11-23T11:00:00Z"}"#

  static let reports: [([String], [String])] = [
    ([], []),
    ([fix, later], ["12:00:00 fix 3 22.25,114.125", "12:00:05 fix 2 22.5,114.125"]),
    ([fix + later], ["12:00:00 fix 3 22.25,114.125", "12:00:05 fix 2 22.5,114.125"]),
    (
      [none, none, fix, none],
      ["12:00:00 none 1", "12:00:00 none 1", "12:00:00 fix 3 22.25,114.125", "12:00:00 none 1"]
    ),
    (
      [none, guess, fix, guess],
      ["11:00:00 none 1", "11:00:00 none 1", "12:00:00 fix 3 22.25,114.125", "12:00:00 none 1"]
    ),
    // receive times of its own
    (
      ["2026-11-23T20:00:01+08:00\t" + fix, "2026-11-23T12:00:09Z\t" + none],
      ["12:00:01 fix 3 22.25,114.125", "12:00:09 none 1"]
    ),
    // between: sentences, comments, other classes
    (
      ["$GPRMC,x", "# a", "", "!AIVDM", #"{"class":"VERSION"}"#, fix + "\r"],
      ["12:00:00 fix 3 22.25,114.125"]
    ),
  ]

  @Test("gpsd's reports", arguments: reports)
  func readsReports(lines: [String], picture: [String]) throws {
    let recording = try read("a.jsonl", lines.joined(separator: "\n"))
    #expect(recording.picture == picture)
    #expect(recording.skippedCount == 0)
  }

  @Test("HDOP and accuracy come along")
  func values() throws {
    let recording = try read(
      "a.json",
      #"{"class":"SKY","hdop":1.5}"# + "\n" + Self.fix.dropLast() + #","epx":3,"epy":4,"status":8}"#
    )
    #expect(recording.observations.first?.fix?.hdop == 1.5)
    #expect(recording.observations.first?.fix?.accuracy == 5)
    #expect(recording.observations.first?.fix?.status == 8)
    #expect(recording.observations.first?.handheld == "h1")
  }

  @Test("reports that cannot be read are skipped with their line")
  func skips() throws {
    let recording = try read(
      "a.jsonl",
      [Self.fix, #"{"class":"TPV","lat":abc}"#, "noon\t" + Self.fix].joined(separator: "\n"))
    #expect(
      recording.skipped.map { "\($0.line) \($0.reason)" } == [
        "2 byte 21: expected a number", "3 expected an RFC 3339 time before the tab",
      ])
    #expect(recording.observations.count == 1)
  }

  static let formats: [(String, String, Int)] = [
    ("a.log", fix, 1),
    ("a.log", "# comment\n$GPRMC,120000,A,0000.0,N,00000.0,E,,,311226,,\n", 1),
    ("a.log.chk", "$GPRMC,x\n" + fix, 1),
    ("a.txt", "2026-11-23T12:00:09Z\t" + fix, 1),
    (
      "a",
      "\u{feff}<?xml version=\"1.0\"?><gpx><wpt lat=\"1\" lon=\"2\"><time>2026-11-23T12:00:09Z</time></wpt></gpx>",
      1
    ),
  ]

  @Test("formats by their first lines", arguments: formats)
  func tellsFormats(name: String, text: String, count: Int) throws {
    #expect(try read(name, text).observations.count == count)
  }

  @Test("errors")
  func errors() throws {
    #expect(throws: RecordingError.missing(path: "/nowhere/a.nmea")) {
      try Recording.read(path: "/nowhere/a.nmea", as: "h1")
    }
    #expect {
      try Recording.read(path: FileManager.default.temporaryDirectory.path, as: "h1")
    } throws: {
      if case RecordingError.unreadable = $0 { true } else { false }
    }
    #expect {
      try read("a.bin", "hello\n")
    } throws: {
      if case RecordingError.unknownFormat = $0 { true } else { false }
    }
  }

  static let broken: [(String, Int?, String)] = [
    ("<gpx>\n<trk>\n</gpx>", 3, "GPX"),
    ("<gpx>\n\n<tr&k></trk>\n</gpx>", 4, "GPX"),
    ("<kml></kml>", 1, "a gpx element"),
    ("", 1, "a gpx element"),
    ("gpx", nil, "GPX"),
  ]

  @Test("GPX that is none", arguments: broken)
  func refusesGPX(text: String, line: Int?, expected: String) throws {
    do {
      let recording = try read("a.gpx", text)
      Issue.record("read as \(recording)")
    } catch RecordingError.malformed(_, let at, let wanted) {
      #expect(at == line)
      #expect(wanted == expected)
    }
  }

  @Test("GPX: tracks, routes and waypoints with a time, in its order")
  func gpx() throws {
    let recording = try read(
      "a.gpx",
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
        <wpt lat="1" lon="2"><time>2026-11-23T12:00:07Z</time><name>gate</name></wpt>
        <trk><name>evening</name>
          <trkseg>
            <trkpt lat="22.25" lon="114.125"><ele>31</ele><time>2026-11-23T12:00:00Z</time><fix>dgps</fix><hdop>1.5</hdop>
              <extensions><gpxtpx:TrackPointExtension><gpxtpx:speed>1.25</gpxtpx:speed><gpxtpx:course>270</gpxtpx:course></gpxtpx:TrackPointExtension></extensions>
            </trkpt>
            <trkpt lat="22.5" lon="114.125"><time>2026-11-23T20:00:05+08:00</time><speed>2</speed></trkpt>
            <trkpt lat="22.5" lon="114.125"/>
            <trkpt lat="north" lon="114.125"><time>2026-11-23T12:00:06Z</time></trkpt>
          </trkseg>
          <trkseg><trkpt lat="0" lon="0"><time>2026-11-23T12:00:09Z</time><fix>none</fix></trkpt></trkseg>
        </trk>
        <rte><rtept lat="3" lon="4"><time>2026-11-23T12:00:03Z</time></rtept></rte>
      </gpx>
      """)
    #expect(
      recording.picture == [
        "12:00:00 fix 3 22.25,114.125", "12:00:03 fix 2 3.0,4.0", "12:00:05 fix 2 22.5,114.125",
        "12:00:07 fix 2 1.0,2.0", "12:00:09 none 1",
      ])
    let first = try #require(recording.observations.first?.fix)
    #expect(first.status == 2)
    #expect(first.hdop == 1.5)
    #expect(first.speed == 1.25)
    #expect(first.track == 270)
    #expect(recording.observations[2].fix?.speed == 2)
    #expect(
      recording.skipped.map { "\($0.line) \($0.reason)" } == [
        "3 expected a time in RFC 3339", "4 expected lat within ±90 and lon within ±180",
      ])
  }
}
