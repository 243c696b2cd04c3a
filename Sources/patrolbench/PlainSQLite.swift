import Coverage
import GRDBSQLite
import Geodesy
import Patrol
import Store

/// SQLite's C interface with nothing around it: what the store is measured against.
final class PlainSQLite {
  struct Failure: Error, CustomStringConvertible {
    var sql: String
    var message: String
    var description: String { "\(message): \(sql)" }
  }

  private var connection: OpaquePointer?
  private var insert: OpaquePointer?

  /// With a store's pragmas; `schema` is executed once.
  init(at path: String, schema: [String] = []) throws {
    guard sqlite3_open(path, &connection) == SQLITE_OK else { throw failure("open \(path)") }
    try execute("PRAGMA journal_mode = WAL")
    try execute("PRAGMA synchronous = FULL")
    try execute("PRAGMA foreign_keys = ON")
    for sql in schema { try execute(sql) }
  }

  /// `fix_recent_a` and `handheld` as a store makes them.
  static func schemaOfFixes(in folder: Scratch) throws -> [String] {
    let path = folder.file()
    _ = try Store(at: path, for: .write)
    let schema = try PlainSQLite(at: path).texts(
      "SELECT sql FROM sqlite_schema WHERE tbl_name IN ('fix_recent_a', 'handheld') AND sql NOT NULL"
    )
    try folder.remove(path)
    return schema
  }

  deinit {
    sqlite3_finalize(insert)
    sqlite3_close(connection)
  }

  func execute(_ sql: String) throws {
    guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
  }

  /// The first column of each row.
  func texts(_ sql: String) throws -> [String] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else {
      throw failure(sql)
    }
    var texts: [String] = []
    var code = sqlite3_step(statement)
    while code == SQLITE_ROW {
      if let text = sqlite3_column_text(statement, 0) { texts.append(String(cString: text)) }
      code = sqlite3_step(statement)
    }
    guard code == SQLITE_DONE else { throw failure(sql) }
    return texts
  }

  private func failure(_ sql: String) -> Failure {
    Failure(sql: sql, message: String(cString: sqlite3_errmsg(connection)))
  }

  /// A row of `fix_recent_a` as its columns are; those that are null in all rows here (status, gate) left out.
  struct FixRow {
    var handheld, at, delay, latitude, longitude, mode: Int64
    var accuracy, hdop, speed, track: Number

    /// Of an observation with a fix; what it does not tell is null.
    init(_ o: Observation, handheld: Int64) {
      let fix = o.fix
      (self.handheld, at) = (handheld, o.orderTime.milliseconds)
      delay = (o.receivedAt - o.orderTime).value
      latitude = Int64(fix?.position.latitudeE7 ?? 0)
      longitude = Int64(fix?.position.longitudeE7 ?? 0)
      mode = Int64(fix?.mode ?? 0)
      accuracy = Number(fix?.accuracy?.value, in: 1e3)
      hdop = Number(fix?.hdop, in: 1e3)
      speed = Number(fix?.speed?.value, in: 1e3)
      track = Number(fix?.track, in: 1e4)
    }

    enum Number {
      case integer(Int64)
      case real(Double)
      case null

      /// As a store keeps it: in parts where it is a whole number of them.
      init(_ value: Double?, in parts: Double) {
        guard let value else {
          self = .null
          return
        }
        let scaled = (value * parts).rounded()
        self = scaled / parts == value ? .integer(Int64(scaled)) : .real(value)
      }
    }
  }

  /// All rows in one transaction, numbered from `first` on.
  func append(_ rows: ArraySlice<FixRow>, from first: Int64) throws {
    let sql = """
      INSERT INTO fix_recent_a (row, handheld, at_ms, delay_ms, off_ms, lat_e7, lon_e7, mode, status, accuracy, hdop,
        speed, track, gate) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
      """
    if insert == nil, sqlite3_prepare_v2(connection, sql, -1, &insert, nil) != SQLITE_OK {
      throw failure(sql)
    }
    func bind(_ i: Int32, _ number: FixRow.Number) {
      switch number {
      case .integer(let x): sqlite3_bind_int64(insert, i, x)
      case .real(let x): sqlite3_bind_double(insert, i, x)
      case .null: sqlite3_bind_null(insert, i)
      }
    }
    try execute("BEGIN IMMEDIATE")
    var n = first
    for row in rows {
      sqlite3_bind_int64(insert, 1, n)
      sqlite3_bind_int64(insert, 2, row.handheld)
      sqlite3_bind_int64(insert, 3, row.at)
      sqlite3_bind_int64(insert, 4, row.delay)
      sqlite3_bind_int64(insert, 5, 0)
      sqlite3_bind_int64(insert, 6, row.latitude)
      sqlite3_bind_int64(insert, 7, row.longitude)
      sqlite3_bind_int64(insert, 8, row.mode)
      sqlite3_bind_null(insert, 9)
      bind(10, row.accuracy)
      bind(11, row.hdop)
      bind(12, row.speed)
      bind(13, row.track)
      sqlite3_bind_null(insert, 14)
      let code = sqlite3_step(insert)
      sqlite3_reset(insert)
      guard code == SQLITE_DONE else { throw failure(sql) }
      n += 1
    }
    try execute("COMMIT")
  }
}
