public import Geodesy
internal import Patrol
public import Store

/// How a listing is written out.
public enum ListingFormat: String, Hashable, Sendable, CaseIterable {
  case table, csv, json, geojson
}

extension Listing {
  /// A table for people: columns aligned, numbers to the right. Times are local, to the second, with their offset.
  public func table(zone: @escaping ZoneText) -> String {
    let seconds: ZoneText = { zone(Instant(milliseconds: $0.milliseconds / 1000 * 1000)) }
    let texts = rows.map { row in row.map { $0.plain(seconds) } }
    let widths = columns.indices.map { c in
      texts.reduce(columns[c].count) { max($0, $1[c].count) }
    }
    let isNumber = columns.indices.map { c in
      rows.contains { $0[c].isNumber } && rows.allSatisfy { $0[c].isNumber || $0[c] == .none }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (c, cell) in cells.enumerated() {
        let pad = String(repeating: " ", count: widths[c] - cell.count)
        text += (c == 0 ? "" : "  ") + (isNumber[c] ? pad + cell : cell + pad)
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }
    return ([columns] + texts).map(line).joined()
  }

  /// RFC 4180 with LF; lists are joined by spaces.
  public func csv(zone: ZoneText) -> String {
    func field(_ text: String) -> String {
      guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
      return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    let lines = [columns] + rows.map { $0.map { $0.plain(zone) } }
    return lines.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
  }

  /// An array of objects, one a line, keys in the order of the columns.
  public func json(zone: ZoneText) -> String {
    guard !rows.isEmpty else { return "[]\n" }
    return "[\n" + rows.map { "  " + object($0, zone) }.joined(separator: ",\n") + "\n]\n"
  }

  /// A FeatureCollection (RFC 7946); `geometry` gives the GeoJSON text of a row's geometry, or nil.
  public func geojson(zone: ZoneText, geometry: (Int) -> String?) -> String {
    let features = rows.indices.map { r in
      "  {\"type\": \"Feature\", \"geometry\": \(geometry(r) ?? "null"), \"properties\": \(object(rows[r], zone))}"
    }
    return "{\"type\": \"FeatureCollection\", \"features\": [\n"
      + features.joined(separator: ",\n") + "\n]}\n"
  }

  /// A row as `json` writes it, on one line.
  package func object(_ row: [Value], _ zone: ZoneText) -> String {
    "{"
      + zip(columns, row).map { "\(JSONText.quoted($0)): \($1.json(zone))" }.joined(separator: ", ")
      + "}"
  }
}

/// Writes instants as local time.
public typealias ZoneText = @Sendable (Instant) -> String

extension Listing.Value {
  var isNumber: Bool {
    switch self {
    case .integer, .real: true
    default: false
    }
  }

  /// As it stands in a table or in CSV.
  public func plain(_ zone: ZoneText) -> String {
    switch self {
    case .none: ""
    case .text(let text): text
    case .integer(let n): String(n)
    case .real(let x, let decimals): Decimal.text(x, decimals)
    case .time(let instant): zone(instant)
    case .flag(let flag): flag ? "true" : "false"
    case .list(let list): list.joined(separator: " ")
    }
  }

  func json(_ zone: ZoneText) -> String {
    switch self {
    case .none: "null"
    case .text(let text): JSONText.quoted(text)
    case .integer, .flag: plain(zone)
    case .real(let x, let decimals): x.isFinite ? Decimal.text(x, decimals) : "null"
    case .time(let instant): JSONText.quoted(zone(instant))
    case .list(let list): "[" + list.map(JSONText.quoted).joined(separator: ", ") + "]"
    }
  }
}

/// Numbers with a fixed number of decimals, rounded half away from zero.
enum Decimal {
  /// The number that `text` writes; nil where there is none.
  static func rounded(_ x: Double, _ decimals: Int) -> Double? {
    guard x.isFinite else { return nil }
    return Double(text(x, decimals))
  }

  static func text(_ x: Double, _ decimals: Int) -> String {
    guard x.isFinite, abs(x) < 1e15 else { return "\(x)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(x) * scale).rounded()
    guard scaled < 9e18 else { return "\(x)" }
    let n = Int64(scaled)
    let sign = x < 0 && n != 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(n)" }
    let unit = Int64(scale)
    let fraction = String(n % unit)
    return "\(sign)\(n / unit)."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}

package enum JSONText {
  /// An object of values that are JSON already, each indented where it has several lines.
  static func object(_ parts: [(key: String, json: String)]) -> String {
    func indented(_ text: String) -> String {
      text.split(separator: "\n").joined(separator: "\n  ")
    }
    return "{\n"
      + parts.map { "  \(quoted($0.key)): \(indented($0.json))" }.joined(separator: ",\n") + "\n}\n"
  }

  static func list(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ", ") + "]"
  }

  package static func quoted(_ text: String) -> String {
    // Most need no more: this is most of the work of long answers.
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain { return "\"" + text + "\"" }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
