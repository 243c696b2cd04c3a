internal import Foundation
internal import Patrol

/// The folder in which reports lie that were made without being asked, and its list of them (`index.html`).
public struct ReportShelf: Sendable {
  public let folder: String

  public init(_ folder: String) { self.folder = folder }

  /// A file cannot be written.
  public struct Failure: Error, CustomStringConvertible {
    public var file: String
    public var detail: String
    public var description: String { "\(file): cannot be written (\(detail))" }
  }

  public func holds(_ report: DueReport) -> Bool {
    FileManager.default.fileExists(atPath: path(report, "html"))
  }

  /// Puts a report's files in their place, each whole or not at all, and the list with them.
  ///
  /// - Parameter texts: by what follows the point in the file's name.
  public func put(_ report: DueReport, _ texts: [(suffix: String, text: String)], heading: String)
    throws(Failure)
  {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(file: folder, detail: error.localizedDescription)
    }
    for (suffix, text) in texts { try write(text, to: path(report, suffix)) }
    try write(index(heading: heading), to: folder + "/index.html")
  }

  private func path(_ report: DueReport, _ suffix: String) -> String {
    "\(folder)/\(report.name).\(suffix)"
  }

  private func write(_ text: String, to file: String) throws(Failure) {
    do {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    } catch {
      throw Failure(file: file, detail: error.localizedDescription)
    }
  }

  /// By kind, the newest first; a provisional report that a final one follows stands behind it.
  private func index(heading: String) throws(Failure) -> String {
    let files: [String]
    do {
      files = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw Failure(file: folder, detail: error.localizedDescription)
    }
    var entries: [(kind: String, what: String, state: String, base: String)] = []
    for file in files where file.hasSuffix(".html") && file != "index.html" {
      let base = String(file.dropLast(5))
      let parts = base.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2, let dash = parts[0].firstIndex(of: "-") else { continue }
      entries.append(
        (
          String(parts[0][..<dash]), String(parts[0][parts[0].index(after: dash)...]), parts[1],
          base
        ))
    }
    let kinds = ["shift", "week", "month", "quarter"]
    entries.sort { a, b in
      let (x, y) = (kinds.firstIndex(of: a.kind) ?? 9, kinds.firstIndex(of: b.kind) ?? 9)
      return x != y ? x < y : (a.what, b.state) > (b.what, a.state)
    }
    let rows = entries.map { entry in
      let others = ["json", "csv", "pdf", "xlsx"].filter { files.contains("\(entry.base).\($0)") }
        .map { "<a href=\"\(SVG.escaped("\(entry.base).\($0)"))\">\($0)</a>" }
      let link = "<a href=\"\(SVG.escaped(entry.base)).html\">\(SVG.escaped(entry.what))</a>"
      return
        "<tr><td>\(SVG.escaped(entry.kind))</td><td>\(link)</td><td>\(SVG.escaped(entry.state))</td><td>\(others.joined(separator: " "))</td></tr>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>\(SVG.escaped(heading))</title>
      <style>body { font: 15px/1.5 system-ui, sans-serif; margin: 24px auto; max-width: 760px; }
      table { border-collapse: collapse; width: 100%; } td { padding: 4px 8px; border-bottom: 1px solid #ddd; }</style></head>
      <body><h1>\(SVG.escaped(heading))</h1>
      <table>
      \(rows.joined(separator: "\n"))
      </table></body></html>

      """
  }
}
