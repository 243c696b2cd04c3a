import Foundation
import Geodesy
import Patrol
import Recordings

/// Reads `text` as the recording `name` of handheld `h1`.
func read(_ name: String, _ text: String) throws -> Recording {
  try read(name, Data(text.utf8))
}

func read(_ name: String, _ data: Data) throws -> Recording {
  let folder = FileManager.default.temporaryDirectory.appending(path: "recording-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }  // a left-over in /tmp harms nobody
  let file = folder.appending(path: name)
  try data.write(to: file)
  return try Recording.read(path: file.path, as: "h1")
}

extension Recording {
  /// `12:00:00 fix 3 22.25,114.125` a line: receive time, and mode and place of a fix.
  var picture: [String] {
    observations.map { observation in
      let at = observation.receivedAt.text().dropFirst(11).dropLast()
      return switch observation.report {
      case .noFix(let mode): "\(at) none \(mode)"
      case .fix(let fix):
        "\(at) fix \(fix.mode) \(fix.position.latitude),\(fix.position.longitude)"
      }
    }
  }
}
