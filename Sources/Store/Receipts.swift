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
    var condition = Condition()
    condition.add("id", among: handhelds)
    try store.read { db in
      var recent = try Self.recentReceipts(in: span, db)
      let kept = try db.cachedStatement(sql: FixTable.keptReceipts).sqliteStatement
      for named in try Row.fetchAll(
        db, sql: "SELECT n, id FROM handheld WHERE \(condition.sql) ORDER BY id",
        arguments: condition.arguments)
      {
        let n: Int64 = named["n"]
        let id = Handheld.ID(named["id"])
        var waiting = (recent.removeValue(forKey: n) ?? [])[...]
        defer { sqlite3_reset(kept) }
        sqlite3_bind_int64(kept, 1, span.lowerBound.milliseconds)
        sqlite3_bind_int64(kept, 2, span.upperBound.milliseconds)
        sqlite3_bind_int64(kept, 3, n)
        while try db.step(kept) {
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
  }

  private static func recentReceipts(
    in span: Range<Instant>, _ db: Database
  ) throws -> [Int64: [Receipt]] {
    let statement = try db.cachedStatement(sql: FixTable.recentReceipts).sqliteStatement
    defer { sqlite3_reset(statement) }
    sqlite3_bind_int64(statement, 1, span.lowerBound.milliseconds)
    sqlite3_bind_int64(statement, 2, span.upperBound.milliseconds)
    var found: [Int64: [Receipt]] = [:]
    while try db.step(statement) {
      found[sqlite3_column_int64(statement, 0), default: []].append(Receipt(statement, from: 1))
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
