internal import Foundation

/// What a recording is written in.
enum Format: Hashable, Sendable {
  /// gpsd's JSON reports, one or more a line.
  case reports
  /// NMEA 0183.
  case sentences
  case gpx

  /// By the file's ending, else by the first lines that can tell. A `.log` may be either of the first two.
  init?(path: String, data: Data) {
    switch (path as NSString).pathExtension.lowercased() {
    case "jsonl", "json": self = .reports
    case "nmea": self = .sentences
    case "gpx": self = .gpx
    default:
      guard let told = Self.told(by: data) else { return nil }
      self = told
    }
  }

  /// JSON wins over NMEA, as gpsd can print both (`gpspipe -rw`, the `.log.chk` of its tests).
  private static func told(by data: Data) -> Format? {
    var found: Format?
    for line in data.prefix(65_536).split(separator: 0x0a).prefix(200) {
      let text = line.drop { $0 <= 0x20 || $0 == 0xef || $0 == 0xbb || $0 == 0xbf }
      if text.starts(with: #"{""#.utf8) || text.range(of: Data("\t{\"".utf8)) != nil {
        return .reports
      }
      if text.starts(with: "$".utf8) { found = .sentences }
      if text.starts(with: "<?xml".utf8) || text.starts(with: "<gpx".utf8) { return .gpx }
    }
    return found
  }
}
