import Foundation

enum TemporaryFile {
  static func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  static func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)  // a left-over in /tmp harms nobody
  }
}
