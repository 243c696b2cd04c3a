public import Coverage
internal import GRDB
internal import GRDBSQLite
public import Geodesy
public import Patrol

/// When something was received, and what it was worth.
public struct Receipt: Sendable {
  /// That by which it is ordered.
  public var at: Instant
  /// By how much later it was received.
  public var delay: Milliseconds
  /// Nil where it is usable.
  public var gate: Gate?
}

extension Queries {
  /// Tells all that is stored of a span: one handheld after the other, by their ids, each one's in order of time. O(rows),
  /// by the clustered table's key; none is held but what is not moved there yet, and none allocates.
  public func forEachReceipt(
    of handhelds: [String]? = nil, in span: Range<Instant>, _ body: (Handheld.ID, Receipt) -> Void
  ) throws(StoreError) {
    try store.read { try $0.forEachReceipt(of: handhelds, in: span, body) }
  }
}

extension Database {
  /// As `Queries.forEachReceipt`.
  ///
  /// - Parameters:
  ///   - handhelds: nil for all.
  ///   - rows: of both tables that are appended to, the rows that may be asked for; nil where that is not known.
  func forEachReceipt(
    of handhelds: [String]?, in span: Range<Instant>, recent rows: [[Int64]]? = nil,
    _ body: (Handheld.ID, Receipt) -> Void
  ) throws {
    var condition = Condition()
    condition.add("id", among: handhelds)
    let named = try Row.fetchAll(
      self, sql: "SELECT n, id FROM handheld WHERE \(condition.sql) ORDER BY id",
      arguments: condition.arguments
    ).map { (n: $0["n"] as Int64, id: Handheld.ID($0["id"])) }
    guard !named.isEmpty else { return }
    var recent = try recentReceipts(
      of: handhelds.map { _ in Set(named.map(\.n)) }, in: span, rows)
    let kept = try cachedStatement(sql: FixTable.keptReceipts).sqliteStatement
    for (n, id) in named {
      var waiting = (recent.removeValue(forKey: n) ?? [])[...]
      defer { sqlite3_reset(kept) }
      sqlite3_bind_int64(kept, 1, span.lowerBound.milliseconds)
      sqlite3_bind_int64(kept, 2, span.upperBound.milliseconds)
      sqlite3_bind_int64(kept, 3, n)
      while try step(kept) {
        let receipt = Receipt(kept, from: 0)
        while let other = waiting.first, other.at < receipt.at {
          body(id, other)
          waiting.removeFirst()
        }
        body(id, receipt)
      }
      for other in waiting { body(id, other) }
    }
  }

  private func recentReceipts(
    of numbers: Set<Int64>?, in span: Range<Instant>, _ rows: [[Int64]]?
  ) throws -> [Int64: [Receipt]] {
    let sql = rows == nil ? FixTable.recentReceipts : FixTable.recentReceiptsOfRows
    let statement = try cachedStatement(sql: sql).sqliteStatement
    defer { sqlite3_reset(statement) }
    sqlite3_bind_int64(statement, 1, span.lowerBound.milliseconds)
    sqlite3_bind_int64(statement, 2, span.upperBound.milliseconds)
    for (which, rows) in (rows ?? []).enumerated() {
      FixTable.bind(rows, to: statement, Int32(3 + which))
    }
    var found: [Int64: [Receipt]] = [:]
    while try step(statement) {
      let n = sqlite3_column_int64(statement, 0)
      guard numbers?.contains(n) ?? true else { continue }
      found[n, default: []].append(Receipt(statement, from: 1))
    }
    return found
  }
}

extension Receipt {
  /// Of three columns from one on.
  fileprivate init(_ statement: SQLiteStatement, from i: Int32) {
    at = Instant(milliseconds: sqlite3_column_int64(statement, i))
    delay = Milliseconds(sqlite3_column_int64(statement, i + 1))
    gate = sqlite3_column_text(statement, i + 2).flatMap { Gate(rawValue: String(cString: $0)) }
  }
}
