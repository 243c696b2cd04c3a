internal import Foundation
public import Patrol

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
  /// - Parameters:
  ///   - texts: by what follows the point in the file's name.
  ///   - heading: whose reports they are.
  ///   - language: of the list.
  public func put(
    _ report: DueReport, _ texts: [(suffix: String, text: String)], heading: String,
    in language: Language
  ) throws(Failure) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(file: folder, detail: error.localizedDescription)
    }
    for (suffix, text) in texts { try write(text, to: path(report, suffix)) }
    let list = ShelfPage(files: try files(), heading: heading, texts: Texts(language))
    do {
      try write(list.html(), to: folder + "/index.html")
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(file: folder + "/index.html", detail: "\(error)")
    }
  }

  private func files() throws(Failure) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw Failure(file: folder, detail: error.localizedDescription)
    }
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
}
