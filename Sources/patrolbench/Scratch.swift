import Foundation

/// A folder for stores, on the disk that temporary files go to (`TMPDIR`); gone with this value.
final class Scratch {
  private let folder: URL
  private var files = 0

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "patrolbench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The path of a file that is not there yet.
  func file() -> String {
    files += 1
    return folder.appending(path: "\(files).sqlite").path
  }

  /// Removes a store with its log.
  func remove(_ path: String) throws {
    for ending in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + ending) {
      try FileManager.default.removeItem(atPath: path + ending)
    }
  }
}
