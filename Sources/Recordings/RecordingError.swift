/// Why a recording could not be read at all.
public enum RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
  case missing(path: String)
  case unreadable(path: String, reason: String)
  /// Neither its ending nor its first lines tell what it is.
  case unknownFormat(path: String)
  /// `line` is nil where the parser does not tell it.
  case malformed(path: String, line: Int?, expected: String)

  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such file"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unknownFormat(let path):
      "\(path): expected gpsd's JSON reports (.jsonl, .json), NMEA 0183 (.nmea, .log) or GPX (.gpx)"
    case .malformed(let path, let line, let expected):
      "\(path)\(line.map { ":\($0)" } ?? ""): expected \(expected)"
    }
  }
}
