internal import GRDB
internal import GRDBSQLite

/// Statements that are bound and stepped by hand, where many rows are read or written.
extension Database {
  /// True at a row, false at the end.
  func step(_ statement: SQLiteStatement) throws -> Bool {
    let code = sqlite3_step(statement)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(sqliteConnection)))
    }
  }

  /// Steps one that has no rows, and makes it ready to be bound again.
  func run(_ statement: SQLiteStatement) throws {
    defer { sqlite3_reset(statement) }
    _ = try step(statement)
  }
}
