internal import Foundation
internal import Geodesy
public import Patrol
public import PlanFiles
internal import Yams

/// A plan with other sources for its handhelds and everything else as it was, comments included.
public struct EffectivePlan: Sendable {
  /// By name, relative to the plan's folder; models under `devices/models`, so that the folder can be read with its own
  /// `devices`.
  public let files: [String: String]
  private let expected: Plan
  private let root: String

  /// - Parameter sources: by handheld; one that is not named keeps its own.
  public init(_ plan: Plan, bundle: PlanBundle, sources: [Handheld.ID: Source]) throws(RigError) {
    guard let text = bundle.files[bundle.root] else {
      throw .file(path: bundle.root, "is not among the plan's files")
    }
    var files = bundle.files.filter { !$0.key.hasPrefix("zone/") }
    for name in files.keys where name.hasPrefix("/") || name.split(separator: "/").contains("..") {
      throw .file(
        path: name, "lies outside the plan's folder; expected a rig's plan to be one folder")
    }
    files[bundle.root] = try Self.edited(text, file: bundle.root, sources)
    self.files = files
    root = bundle.root
    let handhelds = plan.handhelds.map { handheld in
      var handheld = handheld
      handheld.source = sources[handheld.id] ?? handheld.source
      return handheld
    }
    do {
      expected = try Plan(
        brigade: plan.brigade, zone: plan.zone, dayStarts: plan.dayStarts, places: plan.places,
        shifts: plan.shifts, handhelds: handhelds, duties: plan.duties, roster: plan.roster,
        assessment: plan.assessment, isRig: plan.isRig, language: plan.language)
    } catch {
      throw .gpsd(
        "sources do not fit the plan: \(error.all.map(\.message).joined(separator: "; "))")
    }
  }

  /// Writes the folder and reads it back: what is read is the plan, but for its sources.
  public func write(to folder: String) throws(RigError) {
    for (name, text) in files.sorted(by: { $0.key < $1.key }) {
      try RigFile.write(text, to: "\(folder)/\(name)")
    }
    let read: LoadedPlan
    do {
      read = try LoadedPlan(at: "\(folder)/\(root)", devices: ["\(folder)/devices"])
    } catch { throw .plan(error) }
    guard read.plan == expected else {
      throw .file(path: "\(folder)/\(root)", "does not read back as the plan it was made from")
    }
  }

  /// The text with the value of each handheld's `source` replaced where it stands.
  private static func edited(_ text: String, file: String, _ sources: [Handheld.ID: Source])
    throws(RigError) -> String
  {
    guard let node = try? Yams.compose(yaml: text), let list = node.mapping?["handhelds"]?.sequence
    else { throw .file(path: file, "cannot be read as YAML with a list of handhelds") }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // From the back, so that columns of what is yet to be replaced stay.
    for entry in list.reversed() {
      guard let id = entry.mapping?["id"]?.scalar?.string,
        let source = sources[Handheld.ID(id)],
        let scalar = entry.mapping?["source"]?.scalar, let mark = scalar.mark,
        lines.indices.contains(mark.line - 1)
      else { continue }
      let line = Array(lines[mark.line - 1].unicodeScalars)
      let start = mark.column - 1
      guard start < line.count,
        let end = end(of: scalar, in: line, from: start)
      else {
        throw .file(path: file, "line \(mark.line): the source of \(id) is not on one line")
      }
      var scalars = String.UnicodeScalarView()
      scalars.append(contentsOf: line[..<start])
      scalars.append(contentsOf: "\"\(source.description)\"".unicodeScalars)
      scalars.append(contentsOf: line[end...])
      lines[mark.line - 1] = String(scalars)
    }
    return lines.joined(separator: "\n")
  }

  /// Where a scalar ends that begins at a column; sources hold no quotes and no escapes.
  private static func end(
    of scalar: Node.Scalar, in line: [Unicode.Scalar], from start: Int
  ) -> Int? {
    if line[start] == "\"" || line[start] == "'" {
      return line[(start + 1)...].firstIndex(of: line[start]).map { $0 + 1 }
    }
    let end = start + scalar.string.unicodeScalars.count
    guard end <= line.count, line[start..<end].elementsEqual(scalar.string.unicodeScalars) else {
      return nil
    }
    return end
  }
}

/// Files that a rig writes: whole or not at all.
enum RigFile {
  static func write(_ text: String, to path: String) throws(RigError) {
    try write(Data(text.utf8), to: path)
  }

  static func write(_ data: Data, to path: String) throws(RigError) {
    do {
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url, options: .atomic)
    } catch {
      throw .file(path: path, "cannot be written (\(error.localizedDescription))")
    }
  }

  /// What a run before this one left.
  static func remove(_ paths: [String]) throws(RigError) {
    for path in paths where FileManager.default.fileExists(atPath: path) {
      do { try FileManager.default.removeItem(atPath: path) } catch {
        throw .file(path: path, "cannot be removed (\(error.localizedDescription))")
      }
    }
  }
}
