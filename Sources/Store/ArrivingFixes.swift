internal import GRDB
internal import GRDBSQLite

/// Rows in memory as a table of one connection, `fix_arriving`: one statement takes them all (`FixTable.insertArriving`).
/// That spares what each statement costs besides, a fifth of the time of a row (measured).
final class ArrivingFixes {
  static let name = "fix_arriving"

  /// Rows are made so many at a time, where they are still at hand when they are read.
  private static let capacity = 256
  fileprivate let rows = UnsafeMutablePointer<FixRow>.allocate(capacity: capacity)
  /// Makes the next rows, as many as there is room for; returns how many: none at the end.
  fileprivate var make: (UnsafeMutableBufferPointer<FixRow>) -> Int = { _ in 0 }
  private let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)

  init() {
    module.initialize(to: Self.functions)
  }

  /// The connection is closed by then.
  deinit {
    rows.deallocate()
    module.deallocate()
  }

  /// Makes the table known to a connection, which this must outlive.
  func register(_ db: Database) throws {
    let code = sqlite3_create_module_v2(
      db.sqliteConnection, Self.name, module, Unmanaged.passUnretained(self).toOpaque(), nil)
    guard code == SQLITE_OK else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code))
    }
  }

  /// Runs a statement that reads the table.
  func run(
    _ statement: SQLiteStatement, _ db: Database,
    making make: @escaping (UnsafeMutableBufferPointer<FixRow>) -> Int
  ) throws {
    self.make = make
    defer { self.make = { _ in 0 } }
    try db.run(statement)
  }

  fileprivate func fill() -> Int {
    make(UnsafeMutableBufferPointer(start: rows, count: Self.capacity))
  }
}

// MARK: as SQLite calls it

/// Structures that begin with SQLite's own.
private struct Table {
  var base = sqlite3_vtab()
  var source: UnsafeMutableRawPointer
}

private struct Cursor {
  var base = sqlite3_vtab_cursor()
  var source: UnsafeMutableRawPointer
  /// The row that it stands at, and the end of those that are made.
  var row: UnsafeMutablePointer<FixRow>
  var end: UnsafeMutablePointer<FixRow>

  mutating func fill() {
    let fixes = Unmanaged<ArrivingFixes>.fromOpaque(source).takeUnretainedValue()
    row = fixes.rows
    end = row + fixes.fill()
  }

  static func at(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> UnsafeMutablePointer<
    Cursor
  > {
    UnsafeMutableRawPointer(cursor.unsafelyUnwrapped).assumingMemoryBound(to: Cursor.self)
  }
}

private struct ColumnResult: FixRow.Sink {
  let context: OpaquePointer?
  func put(_ value: Int64, _ column: Int32) { sqlite3_result_int64(context, value) }
  func put(_ value: Double, _ column: Int32) { sqlite3_result_double(context, value) }
  func put(_ value: String, _ column: Int32) {
    sqlite3_result_text(context, value, -1, FixTable.transient)
  }
  func putNull(_ column: Int32) {}
}

extension ArrivingFixes {
  /// Without `xCreate`: a table of that name is there, and in no schema.
  fileprivate static var functions: sqlite3_module {
    var module = sqlite3_module()
    module.xConnect = { db, source, _, _, table, _ in
      let code = sqlite3_declare_vtab(db, "CREATE TABLE x (row, \(FixTable.columns))")
      guard code == SQLITE_OK, let source, let table else { return code }
      let made = UnsafeMutablePointer<Table>.allocate(capacity: 1)
      made.initialize(to: Table(source: source))
      table.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab.self)
      return SQLITE_OK
    }
    module.xDisconnect = { table in
      UnsafeMutableRawPointer(table)?.assumingMemoryBound(to: Table.self).deallocate()
      return SQLITE_OK
    }
    module.xBestIndex = { _, _ in SQLITE_OK }
    module.xOpen = { table, cursor in
      guard let table, let cursor else { return SQLITE_ERROR }
      let source = UnsafeMutableRawPointer(table).assumingMemoryBound(to: Table.self).pointee.source
      let rows = Unmanaged<ArrivingFixes>.fromOpaque(source).takeUnretainedValue().rows
      let made = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
      made.initialize(to: Cursor(source: source, row: rows, end: rows))
      cursor.pointee = UnsafeMutableRawPointer(made)
        .assumingMemoryBound(to: sqlite3_vtab_cursor.self)
      return SQLITE_OK
    }
    module.xClose = { cursor in
      Cursor.at(cursor).deallocate()
      return SQLITE_OK
    }
    module.xFilter = { cursor, _, _, _, _ in
      Cursor.at(cursor).pointee.fill()
      return SQLITE_OK
    }
    module.xNext = { cursor in
      let cursor = Cursor.at(cursor)
      cursor.pointee.row += 1
      if cursor.pointee.row == cursor.pointee.end { cursor.pointee.fill() }
      return SQLITE_OK
    }
    module.xEof = { cursor in
      let cursor = Cursor.at(cursor)
      return cursor.pointee.row == cursor.pointee.end ? 1 : 0
    }
    module.xColumn = { cursor, context, column in
      Cursor.at(cursor).pointee.row.pointee.put(column: column, to: ColumnResult(context: context))
      return SQLITE_OK
    }
    module.xRowid = { _, row in
      row?.pointee = 0
      return SQLITE_OK
    }
    return module
  }
}
