internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// Attendance as rows. A place's is told every few minutes, whole, and most of it stands already: rows are read before any are
/// written, and those alone are written that differ.
extension Transaction {
  func store(_ cells: [CellAttendance], of owed: Owed) throws {
    let rows = try AttendanceRows(db, owed)
    for cell in cells {
      try rows.store(cell.proven, kind: "proven", cell: cell.cell)
      try rows.store(cell.possible, kind: "possible", cell: cell.cell)
    }
  }
}

/// The statements for one place's window.
private struct AttendanceRows {
  private let db: Database
  private let select: OpaquePointer
  private let delete: OpaquePointer
  private let insert: OpaquePointer

  private static let key =
    "window_began_ms = ?1 AND duty = ?2 AND place = ?3 AND cell = ?4 AND kind = ?5"

  init(_ db: Database, _ owed: Owed) throws {
    self.db = db
    func statement(_ sql: String) throws -> OpaquePointer {
      let statement = try db.cachedStatement(sql: sql).sqliteStatement
      sqlite3_bind_int64(statement, 1, owed.windowBegan.milliseconds)
      Self.bind(statement, 2, owed.duty.text)
      Self.bind(statement, 3, owed.place.text)
      return statement
    }
    select = try statement(
      "SELECT began_ms, ended_ms FROM attendance WHERE \(Self.key) ORDER BY began_ms")
    delete = try statement("DELETE FROM attendance WHERE \(Self.key) AND began_ms >= ?6")
    insert = try statement(
      """
      INSERT INTO attendance (window_began_ms, duty, place, cell, kind, began_ms, ended_ms)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
  }

  /// From the first span on that differs, what is stored is replaced.
  func store(_ spans: [ClosedRange<Instant>], kind: String, cell: Int) throws {
    for statement in [select, delete, insert] {
      sqlite3_bind_int64(statement, 4, Int64(cell))
      Self.bind(statement, 5, kind)
    }
    var (standing, other) = (0, Int64?.none)
    defer { sqlite3_reset(select) }
    while other == nil {
      let code = sqlite3_step(select)
      if code == SQLITE_DONE { break }
      guard code == SQLITE_ROW else { throw db.failure(code) }
      let (began, ended) = (sqlite3_column_int64(select, 0), sqlite3_column_int64(select, 1))
      if standing < spans.count, spans[standing].lowerBound.milliseconds == began,
        spans[standing].upperBound.milliseconds == ended
      {
        standing += 1
      } else {
        other = began
      }
    }
    sqlite3_reset(select)
    if let other {
      // What follows what stands, on either side.
      sqlite3_bind_int64(delete, 6, other)
      try run(delete)
    }
    for span in spans[standing...] {
      sqlite3_bind_int64(insert, 6, span.lowerBound.milliseconds)
      sqlite3_bind_int64(insert, 7, span.upperBound.milliseconds)
      try run(insert)
    }
  }

  private func run(_ statement: OpaquePointer) throws {
    let code = sqlite3_step(statement)
    sqlite3_reset(statement)
    guard code == SQLITE_DONE else { throw db.failure(code) }
  }

  private static func bind(_ statement: OpaquePointer, _ at: Int32, _ text: String) {
    sqlite3_bind_text(statement, at, text, -1, FixTable.transient)
  }
}
