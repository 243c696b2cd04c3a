internal import Foundation
public import GPSD
internal import Geodesy

/// What a gpsd says, as it is recorded: each line byte for byte after its receive time and a TAB, with a count of it.
public struct RecordingWriter: Sendable {
  /// Whose lines are kept.
  public enum Scope: Hashable, Sendable {
    case all
    /// In full, sub-device included: lines that name it as their `device`, and `DEVICE`s of its `path`.
    case device(String)
  }

  public private(set) var lines = 0
  public private(set) var malformed = 0
  /// Of `TPV`s, by device; the empty name for those without one.
  public private(set) var reports: [String: (all: Int, fixes: Int)] = [:]
  /// What a line of this scope has in it.
  private let mark: Mark

  private enum Mark: Sendable {
    case none
    case device(key: Data, path: Data)
  }

  public init(_ scope: Scope) {
    switch scope {
    case .all: mark = .none
    case .device(let name):
      // As gpsd writes JSON: a quote and a backslash are escaped.
      let text = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      mark = .device(
        key: Data("\"device\":\"\(text)\"".utf8), path: Data("\"path\":\"\(text)\"".utf8))
    }
  }

  private func isOfScope(_ bytes: [UInt8]) -> Bool {
    guard case .device(let key, let path) = mark else { return true }
    let line = Data(bytes)
    return line.range(of: key) != nil
      || line.starts(with: #"{"class":"DEVICE","#.utf8) && line.range(of: path) != nil
  }

  /// The recording's line with its LF; nil for one that is not of this scope.
  public mutating func text(of line: Tap.Line) -> [UInt8]? {
    guard isOfScope(line.bytes) else { return nil }
    lines += 1
    if line.fault != nil { malformed += 1 }
    for case .tpv(let tpv) in line.messages {
      reports[tpv.device ?? "", default: (0, 0)].all += 1
      if tpv.mode >= 2, tpv.time != nil, tpv.position != nil {
        reports[tpv.device ?? "", default: (0, 0)].fixes += 1
      }
    }
    return Array(line.receivedAt.text().utf8) + [0x09] + line.bytes + [0x0a]
  }
}
