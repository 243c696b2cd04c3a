internal import Foundation
internal import Geodesy
public import Patrol
public import Store

/// What is handed to whoever appeals against a gap: a page for people, and all that the gap follows from for programs.
public struct EvidenceBundle: Sendable {
  public struct File: Hashable, Sendable {
    public var name: String
    /// Written as UTF-8.
    public var text: String
  }

  public let files: [File]

  /// What the others hash to, as `sha256sum` writes it and `sha256sum -c` checks it.
  static let sums = "SHA256SUMS"

  /// `explanation`: the gap in words; `excuses`: those asked for it, whatever became of them. Without a language, in the
  /// plan's own.
  public init(
    _ account: GapAccount, explanation: String, excuses: [Excuse], in language: Language? = nil
  ) throws {
    var files = [File(name: "gap.json", text: account.json)]
    var taken: Set<String> = []
    for track in account.tracks {
      let name = Self.name(track.handheld.text, besides: &taken)
      files.append(File(name: "\(name).gpx", text: account.gpx(of: track)))
      files.append(File(name: "\(name).json", text: account.json(of: track)))
    }
    let page = EvidencePage(
      account: account, explanation: explanation, excuses: excuses,
      files: files.map(\.name) + [Self.sums], texts: Texts(language ?? account.plan.language))
    files.insert(File(name: "index.html", text: try page.html()), at: 0)
    let sums = files.map { "\(EvidenceHash(of: $0.text))  \($0.name)\n" }.joined()
    self.files = files + [File(name: Self.sums, text: sums)]
  }

  /// Of a handheld's files: ids are free texts, names of files are not.
  private static func name(_ id: String, besides taken: inout Set<String>) -> String {
    let kept = id.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }
    let plain = "reports-" + String(kept)
    var name = plain
    var n = 1
    while !taken.insert(name.lowercased()).inserted {
      n += 1
      name = "\(plain)-\(n)"
    }
    return name
  }

  /// Into a folder that is empty, or not there yet; where that fails, nothing is left behind.
  public func write(to folder: String) throws(EvidenceError) {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    let isNew = !manager.fileExists(atPath: folder, isDirectory: &isFolder)
    guard isNew || isFolder.boolValue else {
      throw .cannotWrite(
        folder: folder, detail: "it is a file; expected an empty folder, or a new one")
    }
    var written: [String] = []
    do {
      if isNew { try manager.createDirectory(atPath: folder, withIntermediateDirectories: true) }
      let held = try manager.contentsOfDirectory(atPath: folder).sorted()
      guard held.isEmpty else { throw EvidenceError.inUse(folder: folder, holds: held) }
      for file in files {
        let path = "\(folder)/\(file.name)"
        try Data(file.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        written.append(path)
      }
    } catch {
      // As far as it goes: the failure itself is told.
      for path in written { try? manager.removeItem(atPath: path) }
      if isNew { try? manager.removeItem(atPath: folder) }
      if let error = error as? EvidenceError { throw error }
      throw .cannotWrite(folder: folder, detail: error.localizedDescription)
    }
  }
}

public enum EvidenceError: Error, Hashable, Sendable, CustomStringConvertible {
  case inUse(folder: String, holds: [String])
  case cannotWrite(folder: String, detail: String)

  public var description: String {
    switch self {
    case .inUse(let folder, let holds):
      "\(folder): holds \(holds.prefix(3).joined(separator: ", "))\(holds.count > 3 ? " …" : ""); expected an empty folder, or a new one"
    case .cannotWrite(let folder, let detail): "\(folder): cannot be written (\(detail))"
    }
  }
}
