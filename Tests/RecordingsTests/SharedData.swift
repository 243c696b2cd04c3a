import Foundation

/// Receiver recordings that a developer's machine may have beside the checkout; no part of the product.
enum SharedData {
  /// `PATROL_DATA`, or `shared/data` beside the checkout or beside its worktrees. Nil where there is none.
  static let folder: URL? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["PATROL_DATA"].map { URL(filePath: $0) }
    let candidates =
      [named].compactMap { $0 }
      + ["../shared/data", "../../shared/data"].map { package.appending(path: $0) }
    return candidates.lazy
      .flatMap { [$0.appending(path: "gpsd"), $0] }
      .first { FileManager.default.fileExists(atPath: $0.appending(path: "README.md").path) }
  }()

  /// The files that end so, by name.
  static func files(_ ending: String) throws -> [URL] {
    guard let folder else { return [] }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.lastPathComponent.hasSuffix(ending) }
      .sorted { $0.path < $1.path }
  }
}
