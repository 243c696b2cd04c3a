import Foundation

/// Where answers and complaints go.
enum Output {
  /// To stdout; what cannot be written is no answer given.
  static func write(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw Failure.outside("the answer cannot be written (\(error.localizedDescription))")
    }
  }

  /// To a file, or to stdout without one.
  static func write(_ text: String, to file: String?) throws {
    guard let file else { return try write(text) }
    try write(Data(text.utf8), to: file)
  }

  /// Written beside the file and renamed: it is there whole, or as it was.
  static func write(_ data: Data, to file: String) throws {
    let url = URL(fileURLWithPath: file)
    guard !file.isEmpty, !url.hasDirectoryPath else {
      throw Failure.wrongQuestion("-o: found \"\(file)\"; expected the name of a file")
    }
    let folder = url.deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder) else {
      throw Failure.outside("\(file): cannot be written (there is no folder \(folder))")
    }
    do {
      try data.write(to: url, options: .atomic)
    } catch {
      throw Failure.outside("\(file): cannot be written (\(error.localizedDescription))")
    }
  }

  static func line(_ text: String) throws { try write(text + "\n") }

  /// To stderr; where that is gone, nobody is left to tell.
  static func complain(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
