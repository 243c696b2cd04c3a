import Foundation
import Testing

/// A workbook as its readers see it.
struct OpenedWorkbook {
  struct Cell: Equatable {
    enum Kind { case text, number, boolean }

    var kind: Kind
    var value: String
    /// How it is shown; empty where plainly.
    var format = ""
  }

  struct Sheet {
    var name: String
    var cells: [String: Cell]
    /// The whole XML.
    var text: String
  }

  let sheets: [Sheet]
  let properties: String

  init(_ bytes: Data) throws {
    let path = NSTemporaryDirectory() + "patrol-book-\(UUID()).xlsx"
    try bytes.write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    func part(_ name: String) throws -> String {
      let process = Process()
      let pipe = Pipe()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/unzip")
      process.arguments = ["-p", path, name]
      process.standardOutput = pipe
      try process.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "\(name)")
      return String(decoding: data, as: UTF8.self)
    }
    func root(_ name: String) throws -> Element { try Element.root(of: part(name)) }

    let styles = try root("xl/styles.xml")
    let codes = Dictionary(
      uniqueKeysWithValues: styles.all("numFmts/numFmt").map {
        ($0.attributes["numFmtId"], $0.attributes["formatCode"])
      })
    let shown = styles.all("cellXfs/xf").map { xf in
      let id = xf.attributes["numFmtId"]
      return codes[id] ?? (id == "0" ? "" : id)
    }
    let strings = try root("xl/sharedStrings.xml").all("si").map { $0.first("t") ?? "" }
    sheets = try root("xl/workbook.xml").all("sheets/sheet").enumerated().map { n, sheet in
      let text = try part("xl/worksheets/sheet\(n + 1).xml")
      var cells: [String: Cell] = [:]
      for c in try Element.root(of: text).all("sheetData/row/c") {
        let value = c.first("v") ?? ""
        let format = c.attributes["s"].flatMap { Int($0) }.flatMap { shown[$0] } ?? ""
        cells[c.attributes["r"] ?? ""] =
          switch c.attributes["t"] {
          case "s": Cell(kind: .text, value: strings[Int(value) ?? 0], format: format)
          case "b": Cell(kind: .boolean, value: value, format: format)
          default: Cell(kind: .number, value: value, format: format)
          }
      }
      return Sheet(name: sheet.attributes["name"] ?? "", cells: cells, text: text)
    }
    properties = try part("docProps/core.xml")
  }
}
