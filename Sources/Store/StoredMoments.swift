internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

extension Database {
  /// Tells all that is stored of some handhelds in a span as its moment and the gate it failed: one handheld after the other,
  /// each one's in order of time. O(their rows, and those not moved yet); none is held, and none allocates.
  ///
  /// - Parameters:
  ///   - handhelds: nil for all.
  ///   - recent: of both tables that are appended to, the rows that may lie in the span; nil where that is not known.
  func forEachMoment(
    in span: Range<Instant>, of handhelds: [Handheld.ID]? = nil,
    recent: [ClosedRange<Int64>?]? = nil, _ body: (Handheld.ID, Instant, Gate?) -> Void
  ) throws {
    let list = handhelds.map { StoredJSON.list($0.map(\.text)) }
    var ids: [Int64: Handheld.ID] = [:]
    let known = try Row.fetchAll(
      self,
      sql: "SELECT n, id FROM handheld WHERE ?1 IS NULL OR id IN (SELECT value FROM json_each(?1))",
      arguments: [list])
    for row in known { ids[row["n"]] = Handheld.ID(row["id"]) }
    guard !ids.isEmpty else { return }
    let statement = try cachedStatement(sql: FixTable.momentsInSpan).sqliteStatement
    defer { sqlite3_reset(statement) }
    sqlite3_bind_int64(statement, 1, span.lowerBound.milliseconds)
    sqlite3_bind_int64(statement, 2, span.upperBound.milliseconds)
    for which in 0..<2 {
      let rows = recent.map { $0[which] } ?? 0...Int64.max
      sqlite3_bind_int64(statement, Int32(3 + 2 * which), rows?.lowerBound ?? 0)
      sqlite3_bind_int64(statement, Int32(4 + 2 * which), rows?.upperBound ?? -1)
    }
    if let list {
      sqlite3_bind_text(statement, 7, list, -1, FixTable.transient)
    } else {
      sqlite3_bind_null(statement, 7)
    }
    var (number, id) = (Int64.min, "" as Handheld.ID)
    while try step(statement) {
      let n = sqlite3_column_int64(statement, 0)
      if n != number { (number, id) = (n, ids[n] ?? "") }
      let gate = sqlite3_column_text(statement, 2).flatMap { Gate(rawValue: String(cString: $0)) }
      body(id, Instant(milliseconds: sqlite3_column_int64(statement, 1)), gate)
    }
  }
}
