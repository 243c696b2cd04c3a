internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// How long it was between a window's attendances, kept with the window once it is final: a quarter's attendance is too much to be
/// gone through for a report.
struct WindowWaits {
  private let db: Database

  init(_ db: Database) { self.db = db }

  /// Intervals between what is proven, cut to the window, its edges included: a cell that was never attended waited all of it.
  /// Cells by the plan version that the window was judged by, with their weights.
  func store(of owed: Owed) throws {
    try store(owed.windowBegan.milliseconds, owed.duty.text, owed.place.text)
  }

  private func store(_ opens: Int64, _ duty: String, _ place: String) throws {
    let closes = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT ended_ms FROM duty_window WHERE \(Self.key)"),
      arguments: [opens, duty, place])
    guard let closes else { return }
    let weights = try db.cellWeights(of: place, opening: opens)
    var waits = (0...(weights.keys.max() ?? 0)).map {
      Wait(weight: weights[$0] ?? 0, until: opens)
    }
    try forEachProven(opens, duty, place, closes) { cell, began, ended in
      // Cells that the plan does not have weigh nothing.
      guard waits.indices.contains(cell) else { return }
      waits[cell].take(until: began)
      waits[cell].until = min(ended, closes)
    }
    for cell in waits.indices { waits[cell].take(until: closes) }
    let whole = waits.reduce(0) { $0 + $1.weight }
    let sums = waits.reduce((0.0, 0.0)) {
      ($0.0 + $1.weight * $1.sum, $0.1 + $1.weight * $1.squares)
    }
    try db.cachedStatement(
      sql: "UPDATE duty_window SET wait_s = ?4, wait2_s2 = ?5 WHERE \(Self.key)"
    ).execute(
      arguments: [
        opens, duty, place, whole > 0 ? sums.0 / whole : nil, whole > 0 ? sums.1 / whole : nil,
      ])
  }

  private static let key = "window_began_ms = ?1 AND duty = ?2 AND place = ?3"

  /// A cell's intervals so far, in seconds.
  private struct Wait {
    var weight: Double
    /// Attended up to here, or not yet, in milliseconds.
    var until: Int64
    var sum = 0.0
    var squares = 0.0

    mutating func take(until moment: Int64) {
      let wait = Double(moment - until) / 1e3
      sum += wait
      squares += wait * wait
    }
  }

  /// What is proven and meets the window, by cell and in rising order, as the key has it; cut to where the window opens.
  private func forEachProven(
    _ opens: Int64, _ duty: String, _ place: String, _ closes: Int64,
    _ body: (_ cell: Int, _ began: Int64, _ ended: Int64) -> Void
  ) throws {
    let statement = try db.cachedStatement(
      sql: """
        SELECT cell, began_ms, ended_ms FROM attendance WHERE \(Self.key) AND +kind = 'proven'
          AND ended_ms >= ?1 AND began_ms < ?4 ORDER BY cell, kind, began_ms -- with the +, by the key and unsorted
        """
    ).sqliteStatement
    defer { sqlite3_reset(statement) }
    sqlite3_bind_int64(statement, 1, opens)
    sqlite3_bind_text(statement, 2, duty, -1, FixTable.transient)
    sqlite3_bind_text(statement, 3, place, -1, FixTable.transient)
    sqlite3_bind_int64(statement, 4, closes)
    while try db.step(statement) {
      body(
        Int(sqlite3_column_int64(statement, 0)), max(opens, sqlite3_column_int64(statement, 1)),
        sqlite3_column_int64(statement, 2))
    }
  }

  /// Of every final window that has none.
  func fill() throws {
    let rows = try Row.fetchAll(
      db,
      sql: "SELECT window_began_ms, duty, place FROM duty_window WHERE final AND wait_s IS NULL")
    for row in rows { try store(row[0], row[1], row[2]) }
  }
}
