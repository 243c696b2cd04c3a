internal import Foundation
internal import Geodesy
internal import Patrol
internal import XMLCoder

#if canImport(FoundationXML)
  internal import FoundationXML
#endif

/// GPX 1.0 and 1.1: points of tracks, then of routes, then waypoints. GPX tells nothing of receiving, so they are put in
/// the order of their times; points of one time stay in the file's order.
enum TrackPoints {
  static func read(
    _ data: Data, path: String, as handheld: Handheld.ID
  ) throws(RecordingError) -> Recording {
    // XMLCoder does not look at the root's name, and a document of other elements would be an empty recording
    guard data.prefix(65_536).range(of: Data("gpx".utf8)) != nil else {
      throw .malformed(path: path, line: 1, expected: "a gpx element")
    }
    let decoder = XMLDecoder()
    decoder.shouldProcessNamespaces = true
    let document: Document
    do {
      document = try decoder.decode(Document.self, from: data)
    } catch { throw .malformed(path: path, line: faultyLine(of: data), expected: "GPX") }
    var recording = Recording()
    for (index, point) in document.points.enumerated() {
      do throws(PointFault) {
        recording.observations.append(try point.observation(of: handheld))
      } catch { recording.skip(line: index + 1, error.rawValue) }
    }
    let order = recording.observations.enumerated().sorted {
      ($0.element.receivedAt, $0.offset) < ($1.element.receivedAt, $1.offset)
    }
    recording.observations = order.map(\.element)
    return recording
  }

  /// Where the XML breaks; nil where it is sound. XMLCoder does not hand the line on, and asked for an excerpt
  /// (`errorContextLength`) it traps on files with empty lines.
  private static func faultyLine(of data: Data) -> Int? {
    let parser = XMLParser(data: data)
    // On Linux `parse` returns true in spite of errors.
    let isSound = parser.parse() && parser.parserError == nil
    return isSound ? nil : parser.lineNumber
  }
}

enum PointFault: String, Error {
  case time = "expected a time in RFC 3339"
  case position = "expected lat within ±90 and lon within ±180"
}

private struct Document: Decodable {
  var trk: [Track]?
  var rte: [Route]?
  var wpt: [Point]?

  struct Track: Decodable { var trkseg: [Segment]? }
  struct Segment: Decodable { var trkpt: [Point]? }
  struct Route: Decodable { var rtept: [Point]? }

  var points: [Point] {
    (trk ?? []).flatMap { ($0.trkseg ?? []).flatMap { $0.trkpt ?? [] } }
      + (rte ?? []).flatMap { $0.rtept ?? [] } + (wpt ?? [])
  }
}

/// Everything is text at first, so that one bad point is skipped and not the file.
private struct Point: Decodable {
  var lat: String?
  var lon: String?
  var time: String?
  var ele: String?
  var fix: String?
  var hdop: String?
  /// Of GPX 1.0.
  var speed: String?
  var course: String?
  var extensions: Extensions?

  struct Extensions: Decodable {
    var speed: String?
    var course: String?
    /// Garmin's.
    var trackPoint: Speeds?

    enum CodingKeys: String, CodingKey {
      case speed, course
      case trackPoint = "TrackPointExtension"
    }
  }
  struct Speeds: Decodable {
    var speed: String?
    var course: String?
  }

  func observation(of handheld: Handheld.ID) throws(PointFault) -> Observation {
    guard let time = time.flatMap({ Instant(rfc3339: $0) }) else { throw .time }
    guard fix != "none" else {
      return Observation(handheld: handheld, receivedAt: time, report: .noFix(mode: 1))
    }
    guard let latitude = lat.flatMap({ Double($0) }), let longitude = lon.flatMap({ Double($0) }),
      let position = Coordinate(latitude: latitude, longitude: longitude)
    else { throw .position }
    let inner = extensions?.trackPoint
    let fix = Fix(
      time: time, position: position, mode: mode, status: status, hdop: told(hdop),
      speed: told(speed ?? extensions?.speed ?? inner?.speed).map { MetresPerSecond($0) },
      track: told(course ?? extensions?.course ?? inner?.course).flatMap {
        $0 > 360 ? nil : $0 == 360 ? 0 : $0
      })
    return Observation(handheld: handheld, receivedAt: time, report: .fix(fix))
  }

  private var mode: Int {
    switch fix {
    case "2d": 2
    case "3d", "dgps", "pps": 3
    default: ele == nil ? 2 : 3
    }
  }

  private var status: Int? {
    switch fix {
    case "dgps": 2
    case "pps": 9
    default: nil
    }
  }

  /// A finite number of at least 0.
  private func told(_ text: String?) -> Double? {
    text.flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }
}
