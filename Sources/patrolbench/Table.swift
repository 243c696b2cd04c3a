import Foundation

/// One line of the table: a speed, and what was timed in turns with it.
struct Row: Codable {
  struct Beside: Codable {
    var what: String
    var rate: Rate
  }

  var what: String
  /// Of what, each a second: `lines`, `fixes`.
  var unit: String
  var rate: Rate
  var beside: Beside?
  /// How many times the other's speed; nil without one.
  var ratio: Double?

  init(_ what: String, _ unit: String, _ rate: Rate, beside: Beside? = nil) {
    self.what = what
    self.unit = unit
    self.rate = rate
    self.beside = beside
    ratio = beside.map { rate.median / $0.rate.median }
  }
}

/// Something counted rather than timed; one value, or one after another.
struct Figure: Codable {
  var what: String
  var unit: String
  var values: [Double]
}

/// The rows as text in columns, or as JSON with the same figures.
struct Table {
  private(set) var rows: [Row] = []

  private(set) var figures: [Figure] = []

  mutating func append(_ more: [Row]) { rows += more }
  mutating func append(_ more: [Figure]) { figures += more }

  var text: String {
    let header = ["what", "rate", "beside it", "ratio"]
    let cells =
      [header]
      + rows.map { row in
        [
          row.what, "\(Self.text(row.rate, row.unit))",
          row.beside.map { "\($0.what) \(Self.text($0.rate, row.unit))" } ?? "",
          row.ratio.map { Self.digits($0) } ?? "",
        ]
      }
    let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { line in
      var text = ""
      for (cell, width) in zip(line, widths) {
        text += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      return text.replacing(#/ +$/#, with: "")
    }.joined(separator: "\n")
      + figures.map { figure in
        "\n\(figure.what)  \(figure.values.map(Self.digits).joined(separator: ", ")) \(figure.unit)"
      }.joined()
  }

  private struct All: Codable {
    var rows: [Row]
    var figures: [Figure]
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(All(rows: rows, figures: figures)), as: UTF8.self)
  }

  /// `4.21 M lines/s (4.05–4.30)`: the median, the slowest and the fastest run.
  private static func text(_ rate: Rate, _ unit: String) -> String {
    let (scale, letter) =
      rate.median >= 1e6 ? (1e6, "M ") : rate.median >= 1e3 ? (1e3, "k ") : (1, "")
    let spread = "(\(digits(rate.slowest / scale))–\(digits(rate.fastest / scale)))"
    return "\(digits(rate.median / scale)) \(letter)\(unit)/s \(spread)"
  }

  /// Three significant digits; whole numbers in full.
  private static func digits(_ value: Double) -> String {
    let places = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3
    return String(format: "%.\(places)f", value)
  }
}
