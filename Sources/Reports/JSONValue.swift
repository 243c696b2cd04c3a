/// JSON to be written: keys in the order given, numbers with a fixed number of decimals.
package indirect enum JSONValue {
  case null
  case text(String)
  case number(Double, decimals: Int)
  case flag(Bool)
  case array([JSONValue])
  case object([(String, JSONValue)])

  package static func count(_ n: Int) -> JSONValue { .number(Double(n), decimals: 0) }

  /// Broken into lines down to a depth; deeper values stand on one line each.
  package func written(depth: Int = 3, indent: Int = 0) -> String {
    func list(_ parts: [String], _ open: String, _ close: String) -> String {
      guard depth > 0, !parts.isEmpty else { return open + parts.joined(separator: ", ") + close }
      let pad = String(repeating: " ", count: indent + 2)
      return open + "\n" + parts.map { pad + $0 }.joined(separator: ",\n") + "\n"
        + String(repeating: " ", count: indent) + close
    }
    switch self {
    case .null: return "null"
    case .text(let text): return JSONText.quoted(text)
    case .number(let x, let decimals): return x.isFinite ? Decimal.text(x, decimals) : "null"
    case .flag(let flag): return flag ? "true" : "false"
    case .array(let all):
      return list(all.map { $0.written(depth: depth - 1, indent: indent + 2) }, "[", "]")
    case .object(let all):
      return list(
        all.map { "\(JSONText.quoted($0)): \($1.written(depth: depth - 1, indent: indent + 2))" },
        "{", "}")
    }
  }
}
