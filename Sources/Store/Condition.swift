internal import GRDB
internal import Geodesy

/// A WHERE clause as it grows.
struct Condition {
  private(set) var sql = "1"
  private(set) var arguments = StatementArguments()

  mutating func add(_ clause: String, _ values: [any DatabaseValueConvertible]) {
    sql += " AND \(clause)"
    arguments += StatementArguments(values)
  }

  /// The clause of another, that stands after this one in a statement: its text, and the arguments of both.
  func followed(by other: Condition) -> Condition {
    var both = other
    both.arguments = arguments + other.arguments
    return both
  }

  /// `column` is one of these; nil asks nothing.
  mutating func add(_ column: String, among values: [String]?) {
    guard let values else { return }
    add("\(column) IN (SELECT value FROM json_each(?))", [StoredJSON.list(values)])
  }

  /// A window opens in a span: by the key of whatever has windows.
  mutating func add(opening span: Range<Instant>) {
    add(
      "window_began_ms >= ? AND window_began_ms < ?",
      [span.lowerBound.milliseconds, span.upperBound.milliseconds])
  }

  /// An interval that lies between two columns overlaps what the filter asks for.
  mutating func add(_ filter: Filter, began: String, ended: String) {
    if let from = filter.from { add("coalesce(\(ended), 1 << 52) > ?", [from.milliseconds]) }
    if let to = filter.to { add("\(began) < ?", [to.milliseconds]) }
  }
}
