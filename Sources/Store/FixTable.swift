internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// The tables in which fixes lie, and how an observation is a row of them.
///
/// A table that is ordered by handheld rewrites a page for each of them with every second's fixes (measured: a tenth of the
/// rate of appending). So they are appended as they come to one of two tables, by turns; with each checkpoint the turn
/// changes, and what lies in the other one is moved to `fix_kept`, a minute of a handheld at a time. The view `fix` shows
/// all of them once, in plain units.
///
/// Numbers are as small as SQLite stores them: receive times as delays, accuracies, dilutions and speeds in thousandths and
/// courses in ten-thousandths, as gpsd prints them. One that has more digits is kept as it is, as a real.
enum FixTable {
  static let columns =
    "handheld, at_ms, delay_ms, off_ms, lat_e7, lon_e7, mode, status, accuracy, hdop, speed, track, gate"
  private static let definitions = """
    handheld INTEGER NOT NULL, at_ms INTEGER NOT NULL, delay_ms INTEGER NOT NULL,
      off_ms INTEGER, lat_e7 INTEGER, lon_e7 INTEGER, mode INTEGER NOT NULL, status INTEGER,
      accuracy, hdop, speed, track, gate TEXT
    """
  /// Those that are appended to.
  static let recent = ["fix_recent_a", "fix_recent_b"]

  static let schema = """
    -- Every observation. at_ms orders: the fix's own time, or when it was received where it has none that can be so; it
    -- was received delay_ms later, and the fix's own time is off_ms later (NULL: it has none). gate is NULL where the
    -- fix is usable. row: in the order committed, over all three tables. Read them through the view fix.
    CREATE TABLE fix_kept (row INTEGER NOT NULL, \(definitions),
      PRIMARY KEY (handheld, at_ms, row)) WITHOUT ROWID;
    CREATE TABLE fix_recent_a (row INTEGER PRIMARY KEY, \(definitions));
    CREATE TABLE fix_recent_b (row INTEGER PRIMARY KEY, \(definitions));

    -- One of the two is appended to (0: a, 1: b). Of the other, rows of handhelds up to moved_to are in fix_kept by now.
    -- row_before: all rows from it on are in these two.
    CREATE TABLE fix_turn (
      one INTEGER PRIMARY KEY CHECK (one = 1), appending INTEGER NOT NULL, moved_to INTEGER NOT NULL,
      row_before INTEGER NOT NULL);
    INSERT INTO fix_turn VALUES (1, 0, 0, 0);

    CREATE VIEW fix AS
      \(select(from: "fix_kept", where: "1"))
      UNION ALL \(select(from: "fix_recent_a", where: isNotMoved(0)))
      UNION ALL \(select(from: "fix_recent_b", where: isNotMoved(1)));
    """

  /// The file of a `Spill`.
  static let spillSchema = """
    CREATE TABLE IF NOT EXISTS handheld (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
    CREATE TABLE IF NOT EXISTS waiting (row INTEGER PRIMARY KEY, \(definitions));
    """
  static let spilled = "(\(select(from: "waiting", where: "1")))"

  /// As the view, without those that are not moved yet.
  static let kept = "(\(select(from: "fix_kept", where: "1")))"

  /// What is usable from ?1 to before ?2, by handheld and in order: the clustered table by its key, the other two in one
  /// look each at rows from ?3 to ?4 and from ?5 to ?6.
  static let usableInSpan = usable(
    ["row BETWEEN ?3 AND ?4", "row BETWEEN ?5 AND ?6"])
  /// The same where the rows of the other two are listed: ?3 and ?4 in JSON.
  static let usableOfRows = usable(listed)

  private static func usable(_ those: [String]) -> String {
    let moving = (0..<2).map { which in
      """
      UNION ALL \(select(from: recent[which], where: isNotMoved(which)))
        AND \(those[which]) AND at_ms >= ?1 AND at_ms < ?2
      """
    }
    return """
      SELECT \(read) FROM (
        SELECT k.* FROM handheld h CROSS JOIN \(kept) k ON k.handheld = h.n AND k.at_ms >= ?1 AND k.at_ms < ?2
        \(moving.joined(separator: " ")))
      WHERE gate IS NULL ORDER BY handheld, at_ms
      """
  }
  /// Moment, delay and gate of all of handheld ?3 from ?1 to before ?2 in the clustered table, in order: by its key.
  static let keptReceipts = """
    SELECT at_ms, delay_ms, gate FROM fix_kept WHERE handheld = ?3 AND at_ms >= ?1 AND at_ms < ?2 ORDER BY at_ms
    """
  /// Handheld, moment, delay and gate of all from ?1 to before ?2 that is not moved yet, in order: in one look each.
  static let recentReceipts = receipts(["1", "1"])
  /// The same of listed rows: ?3 of one table and ?4 of the other, in JSON.
  static let recentReceiptsOfRows = receipts(listed)

  private static func receipts(_ those: [String]) -> String {
    (0..<2).map { which in
      """
      SELECT handheld, at_ms, delay_ms, gate FROM \(recent[which])
        WHERE \(those[which]) AND \(isNotMoved(which)) AND at_ms >= ?1 AND at_ms < ?2
      """
    }.joined(separator: " UNION ALL ") + " ORDER BY 1, 2"
  }

  /// Rows as a statement takes them that has them listed.
  static func bind(_ rows: [Int64], to statement: SQLiteStatement, _ parameter: Int32) {
    sqlite3_bind_text(statement, parameter, json(rows), -1, transient)
  }

  /// Rows as `json_each` reads them.
  static func json(_ rows: [Int64]) -> String {
    "[\(rows.map { "\($0)" }.joined(separator: ","))]"
  }

  private static let listed = (3...4).map { "row IN (SELECT value FROM json_each(?\($0)))" }

  /// The first order time from :from on in the clustered table.
  static let firstKeptFrom =
    "SELECT min((SELECT min(at_ms) FROM fix_kept WHERE handheld = n AND at_ms >= :from)) FROM handheld"
  /// The same of all three, which goes through the other two.
  static let firstFrom = """
    SELECT min(at) FROM (
      SELECT (\(firstKeptFrom)) AS at
      UNION ALL SELECT min(at_ms) FROM \(recent[0]) WHERE at_ms >= :from
      UNION ALL SELECT min(at_ms) FROM \(recent[1]) WHERE at_ms >= :from)
    """

  /// As the view, those alone that lie in the table that is appended to.
  static func appended(_ which: Int) -> String { "(\(select(from: recent[which], where: "1")))" }

  static func isNotMoved(_ which: Int) -> String {
    "handheld > (SELECT CASE appending WHEN \(which) THEN -1 ELSE moved_to END FROM fix_turn)"
  }

  private static func select(from table: String, where condition: String) -> String {
    func plain(_ column: String, _ unit: String, _ parts: String) -> String {
      "CASE typeof(\(column)) WHEN 'integer' THEN \(column) / \(parts) ELSE \(column) END AS \(column)_\(unit)"
    }
    return """
      SELECT row, handheld, at_ms, at_ms + delay_ms AS received_ms, at_ms + off_ms AS time_ms, lat_e7, lon_e7,
        mode, status, \(plain("accuracy", "m", "1e3")),
        CASE typeof(hdop) WHEN 'integer' THEN hdop / 1e3 ELSE hdop END AS hdop,
        \(plain("speed", "mps", "1e3")), \(plain("track", "deg", "1e4")), gate FROM \(table) WHERE \(condition)
      """
  }

  // MARK: rows out of observations

  /// For text that SQLite is to copy.
  static var transient: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  static func insert(into table: String) -> String {
    "INSERT INTO \(table) (row, \(columns)) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
  }

  /// All rows of `ArrivingFixes`. What fails is rolled back with its transaction; OR FAIL, else SQLite keeps a copy of each page
  /// that such a statement changes, to take back the statement alone (measured: twice the pages written).
  static let insertArriving =
    "INSERT OR FAIL INTO fix_kept (row, \(columns)) SELECT * FROM \(ArrivingFixes.name)"

  // MARK: observations out of rows

  /// Of a statement that selects from the view `fix` these columns first.
  static let read =
    "row, handheld, at_ms, received_ms, time_ms, lat_e7, lon_e7, mode, status, accuracy_m, hdop, speed_mps, track_deg, gate"

  /// What a statement stands at, with its row and gate.
  static func observation(_ statement: SQLiteStatement, of handheld: Handheld.ID)
    -> (observation: Observation, gate: Gate?, row: Int64)
  {
    func isNull(_ i: Int32) -> Bool { sqlite3_column_type(statement, i) == SQLITE_NULL }
    func real(_ i: Int32) -> Double? {
      isNull(i) ? nil : sqlite3_column_double(statement, i)
    }
    let received = Instant(milliseconds: sqlite3_column_int64(statement, 3))
    let mode = Int(sqlite3_column_int64(statement, 7))
    let gate = sqlite3_column_text(statement, 13).flatMap { Gate(rawValue: String(cString: $0)) }
    let row = sqlite3_column_int64(statement, 0)
    guard !isNull(4), !isNull(5), !isNull(6),
      let position = Coordinate(
        latitudeE7: Int32(truncatingIfNeeded: sqlite3_column_int64(statement, 5)),
        longitudeE7: Int32(truncatingIfNeeded: sqlite3_column_int64(statement, 6)))
    else {
      let bare = Observation(
        handheld: handheld, receivedAt: received, report: .noFix(mode: mode))
      return (bare, gate, row)
    }
    let fix = Fix(
      time: Instant(milliseconds: sqlite3_column_int64(statement, 4)), position: position,
      mode: mode, status: isNull(8) ? nil : Int(sqlite3_column_int64(statement, 8)),
      accuracy: real(9).map { Metres($0) }, hdop: real(10),
      speed: real(11).map { MetresPerSecond($0) }, track: real(12))
    return (
      Observation(handheld: handheld, receivedAt: received, report: .fix(fix)), gate, row
    )
  }
}
