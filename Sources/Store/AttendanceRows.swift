internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// Attendance as rows. A line's is told every few minutes from where it differs, and in the end whole, when most of it stands
/// already: rows are read before any are written, and those alone are written that differ.
extension Transaction {
  func store(_ cells: [AttendanceChange], of owed: Owed) throws {
    var rows = try AttendanceRows(db, owed)
    for cell in cells {
      try rows.store(cell.proven, kind: "proven", cell: cell.cell, since: cell.since)
      if let possible = cell.possible {
        try rows.store(possible, kind: "possible", cell: cell.cell, since: .distantPast)
      }
    }
  }
}

/// The statements for one place's window.
private struct AttendanceRows {
  private let db: Database
  private let select: SQLiteStatement
  private let delete: SQLiteStatement
  private let insert: SQLiteStatement
  /// What is bound.
  private var kind = ""

  private static let key =
    "window_began_ms = ?1 AND duty = ?2 AND place = ?3 AND cell = ?4 AND kind = ?5"

  init(_ db: Database, _ owed: Owed) throws {
    self.db = db
    func statement(_ sql: String) throws -> SQLiteStatement {
      let statement = try db.cachedStatement(sql: sql).sqliteStatement
      sqlite3_bind_int64(statement, 1, owed.windowBegan.milliseconds)
      Self.bind(statement, 2, owed.duty.text)
      Self.bind(statement, 3, owed.place.text)
      return statement
    }
    select = try statement(
      """
      SELECT began_ms, ended_ms FROM attendance WHERE \(Self.key) AND began_ms >= ?6
      ORDER BY began_ms
      """)
    delete = try statement("DELETE FROM attendance WHERE \(Self.key) AND began_ms >= ?6")
    insert = try statement(
      """
      INSERT INTO attendance (window_began_ms, duty, place, cell, kind, began_ms, ended_ms)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
  }

  /// From the first span on that differs, what is stored is replaced.
  /// - Parameter since: what began before it is not spoken of.
  mutating func store(
    _ spans: [ClosedRange<Instant>], kind: String, cell: Int, since: Instant
  ) throws {
    for statement in [select, delete, insert] {
      sqlite3_bind_int64(statement, 4, Int64(cell))
      if kind != self.kind { Self.bind(statement, 5, kind) }
    }
    self.kind = kind
    sqlite3_bind_int64(select, 6, since.milliseconds)
    let (standing, other) = try firstDifference(from: spans)
    if let other {
      // What follows what stands, on either side.
      sqlite3_bind_int64(delete, 6, other)
      try db.run(delete)
    }
    for span in spans[standing...] {
      sqlite3_bind_int64(insert, 6, span.lowerBound.milliseconds)
      sqlite3_bind_int64(insert, 7, span.upperBound.milliseconds)
      try db.run(insert)
    }
  }

  /// How many of the spans stand as they are, and when the first that is stored and does not belong after those began.
  private func firstDifference(from spans: [ClosedRange<Instant>]) throws -> (
    standing: Int, other: Int64?
  ) {
    defer { sqlite3_reset(select) }
    var standing = 0
    while try db.step(select) {
      let (began, ended) = (sqlite3_column_int64(select, 0), sqlite3_column_int64(select, 1))
      guard standing < spans.count, spans[standing].lowerBound.milliseconds == began,
        spans[standing].upperBound.milliseconds == ended
      else { return (standing, began) }
      standing += 1
    }
    return (standing, nil)
  }

  private static func bind(_ statement: SQLiteStatement, _ at: Int32, _ text: String) {
    sqlite3_bind_text(statement, at, text, -1, FixTable.transient)
  }
}
