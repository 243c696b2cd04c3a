internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// Attendance as rows. A line's is told every few minutes from where it differs, and in the end whole, when most of it stands
/// already: rows are read before any are written, and those alone are written that differ. Where none stands yet, as in the
/// end of a replay, all are appended, in the order of their key.
extension Transaction {
  func storeAttendance(in events: [Event]) throws {
    var told: [(owed: Owed, cells: [AttendanceChange])] = []
    for case .attendance(let owed, let cells) in events { told.append((owed, cells)) }
    // What is told twice of a place stays in its order.
    let order = told.indices.sorted { (told[$0].owed, $0) < (told[$1].owed, $1) }
    for i in order {
      let (owed, cells) = told[i]
      try store.seals.touch(.attendance, at: owed.windowBegan, db)
      var rows = try AttendanceRows(db, owed, isLarge: cells.count >= AttendanceRows.large)
      for cell in cells {
        if let possible = cell.possible {
          try rows.store(possible, .possible, cell: cell.cell, since: .distantPast)
        }
        try rows.store(cell.proven, .proven, cell: cell.cell, since: cell.since)
      }
      try rows.finish()
    }
  }
}

/// The statements for one place's window.
private struct AttendanceRows {
  enum Kind {
    case proven, possible

    /// As it is stored.
    var text: StaticString {
      switch self {
      case .proven: "proven"
      case .possible: "possible"
      }
    }
  }

  private let db: Database
  private let select: SQLiteStatement
  private let delete: SQLiteStatement
  private let insert: SQLiteStatement
  /// Nothing is stored of the place's window: what comes waits until several can be written at once.
  private let several: SQLiteStatement?
  private var waiting: [(cell: Int, kind: Kind, span: ClosedRange<Instant>)] = []

  /// Of so many cells it is worth a look whether anything is stored.
  static let large = 8
  /// So many rows by one statement: half of a row's time is the statement's otherwise (estimated).
  private static let group = 32

  private static let window = "window_began_ms = ?1 AND duty = ?2 AND place = ?3"
  private static let key = "\(window) AND cell = ?4 AND kind = ?5"

  private static let findingAny = "SELECT 1 FROM attendance WHERE \(window) LIMIT 1"
  private static let selecting =
    "SELECT began_ms, ended_ms FROM attendance WHERE \(key) AND began_ms >= ?6 ORDER BY began_ms"
  private static let deleting = "DELETE FROM attendance WHERE \(key) AND began_ms >= ?6"
  private static let inserting = insertion(of: 1)
  private static let insertingSeveral = insertion(of: group)

  private static func insertion(of count: Int) -> String {
    let rows = (0..<count).map { n in
      "(?1, ?2, ?3, \((4..<8).map { "?\(4 * n + $0)" }.joined(separator: ", ")))"
    }
    // OR FAIL: see `FixTable.insertArriving`.
    return """
      INSERT OR FAIL INTO attendance (window_began_ms, duty, place, cell, kind, began_ms, ended_ms)
      VALUES \(rows.joined(separator: ", "))
      """
  }

  init(_ db: Database, _ owed: Owed, isLarge: Bool) throws {
    self.db = db
    func statement(_ sql: String) throws -> SQLiteStatement {
      let statement = try db.cachedStatement(sql: sql).sqliteStatement
      sqlite3_bind_int64(statement, 1, owed.windowBegan.milliseconds)
      sqlite3_bind_text(statement, 2, owed.duty.text, -1, FixTable.transient)
      sqlite3_bind_text(statement, 3, owed.place.text, -1, FixTable.transient)
      return statement
    }
    select = try statement(Self.selecting)
    delete = try statement(Self.deleting)
    insert = try statement(Self.inserting)
    guard isLarge else {
      several = nil
      return
    }
    let any = try statement(Self.findingAny)
    defer { sqlite3_reset(any) }
    several = try db.step(any) ? nil : statement(Self.insertingSeveral)
  }

  /// From the first span on that differs, what is stored is replaced.
  /// - Parameter since: what began before it is not spoken of.
  mutating func store(
    _ spans: [ClosedRange<Instant>], _ kind: Kind, cell: Int, since: Instant
  ) throws {
    guard several == nil else {
      for span in spans { waiting.append((cell, kind, span)) }
      if waiting.count >= Self.group { try writeWaiting(leaving: Self.group - 1) }
      return
    }
    for statement in [select, delete] {
      sqlite3_bind_int64(statement, 4, Int64(cell))
      Self.bind(statement, 5, kind)
    }
    let (standing, other) = try firstDifference(from: spans, since: since)
    if let other {
      // What follows what stands, on either side.
      sqlite3_bind_int64(delete, 6, other)
      try db.run(delete)
    }
    for span in spans[standing...] { try write([(cell, kind, span)], by: insert) }
  }

  /// Writes what waits.
  mutating func finish() throws {
    try writeWaiting(leaving: 0)
  }

  private mutating func writeWaiting(leaving rest: Int) throws {
    var next = 0
    while waiting.count - next > rest {
      let isWhole = waiting.count - next >= Self.group
      let end = next + (isWhole ? Self.group : 1)
      try write(waiting[next..<end], by: isWhole ? several ?? insert : insert)
      next = end
    }
    waiting.removeFirst(next)
  }

  private func write(
    _ rows: ArraySlice<(cell: Int, kind: Kind, span: ClosedRange<Instant>)>,
    by statement: SQLiteStatement
  ) throws {
    var i: Int32 = 4
    for row in rows {
      sqlite3_bind_int64(statement, i, Int64(row.cell))
      Self.bind(statement, i + 1, row.kind)
      sqlite3_bind_int64(statement, i + 2, row.span.lowerBound.milliseconds)
      sqlite3_bind_int64(statement, i + 3, row.span.upperBound.milliseconds)
      i += 4
    }
    try db.run(statement)
  }

  /// How many of the spans stand as they are, and when the first that is stored and does not belong after those began.
  private func firstDifference(from spans: [ClosedRange<Instant>], since: Instant) throws -> (
    standing: Int, other: Int64?
  ) {
    sqlite3_bind_int64(select, 6, since.milliseconds)
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

  private static func bind(_ statement: SQLiteStatement, _ at: Int32, _ kind: Kind) {
    let text = kind.text
    text.utf8Start.withMemoryRebound(to: CChar.self, capacity: text.utf8CodeUnitCount) {
      // It stays where it is.
      _ = sqlite3_bind_text(statement, at, $0, Int32(text.utf8CodeUnitCount), nil)
    }
  }
}
