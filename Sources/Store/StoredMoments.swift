public import Coverage
internal import GRDB
internal import GRDBSQLite
public import Geodesy
public import Patrol

extension Queries {
  /// Tells all that is stored of a span as its moment and the gate it failed: one handheld after the other, each one's in
  /// order of time. O(rows); none is held, and none allocates.
  public func forEachMoment(
    in span: Range<Instant>, _ body: (Handheld.ID, Instant, Gate?) -> Void
  ) throws(StoreError) {
    try store.read { db in
      var ids: [Int64: Handheld.ID] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT n, id FROM handheld") {
        ids[row["n"]] = Handheld.ID(row["id"])
      }
      let statement = try db.cachedStatement(sql: FixTable.momentsInSpan).sqliteStatement
      defer { sqlite3_reset(statement) }
      sqlite3_bind_int64(statement, 1, span.lowerBound.milliseconds)
      sqlite3_bind_int64(statement, 2, span.upperBound.milliseconds)
      var (number, id) = (Int64.min, "" as Handheld.ID)
      while try db.step(statement) {
        let n = sqlite3_column_int64(statement, 0)
        if n != number { (number, id) = (n, ids[n] ?? "") }
        let gate = sqlite3_column_text(statement, 2).flatMap {
          Gate(rawValue: String(cString: $0))
        }
        body(id, Instant(milliseconds: sqlite3_column_int64(statement, 1)), gate)
      }
    }
  }
}
