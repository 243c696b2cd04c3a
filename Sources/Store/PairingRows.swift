internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// A pairing as a row of `pairing`.
enum PairingRow {
  static func pairing(_ row: Row) -> Pairing {
    Pairing(
      first: Handheld.ID(row["first"]), second: Handheld.ID(row["second"]),
      began: Instant(milliseconds: row["began_ms"]), ended: Instant(milliseconds: row["ended_ms"]),
      moving: Milliseconds(row["moving_ms"]), way: Metres(row["way_m"]),
      medianDistance: Metres(row["median_distance_m"]),
      maximumDistance: Metres(row["maximum_distance_m"]),
      jointAccuracy: Metres(row["joint_accuracy_m"]), share: row["share"])
  }
}

extension Transaction {
  /// The latest order time of anything stored of a handheld; nil where nothing is.
  func latest(of handheld: Handheld.ID) -> Instant? {
    store.numbers[handheld.text].flatMap { store.latest[$0] }.map(Instant.init(milliseconds:))
  }

  /// The order time of the first of anything stored of a handheld from a moment on.
  func first(of handheld: Handheld.ID, from moment: Instant) throws -> Instant? {
    guard let n = store.numbers[handheld.text] else { return nil }
    return try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT min(at_ms) FROM fix WHERE handheld = ? AND at_ms >= ?"),
      arguments: [n, moment.milliseconds]
    ).map(Instant.init(milliseconds:))
  }

  /// The usable fixes of a handheld in a span, in order. Tells how many.
  ///
  /// Read column by column: all of a day's fixes come by here.
  func usableFixes(of handheld: Handheld.ID, in span: Range<Instant>, _ body: (Fix) -> Void) throws
    -> Int
  {
    guard let n = store.numbers[handheld.text] else { return 0 }
    let statement = try db.cachedStatement(
      sql: """
        SELECT time_ms, lat_e7, lon_e7, mode, accuracy_m, hdop, speed_mps, track_deg FROM fix
        WHERE handheld = ? AND at_ms >= ? AND at_ms < ? AND gate IS NULL ORDER BY at_ms
        """
    ).sqliteStatement
    defer { sqlite3_reset(statement) }
    sqlite3_bind_int64(statement, 1, n)
    sqlite3_bind_int64(statement, 2, span.lowerBound.milliseconds)
    sqlite3_bind_int64(statement, 3, span.upperBound.milliseconds)
    func real(_ column: Int32) -> Double? {
      sqlite3_column_type(statement, column) == SQLITE_NULL
        ? nil : sqlite3_column_double(statement, column)
    }
    var count = 0
    while true {
      let code = sqlite3_step(statement)
      guard code == SQLITE_ROW else {
        guard code == SQLITE_DONE else {
          throw DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
        }
        return count
      }
      count += 1
      guard sqlite3_column_type(statement, 0) != SQLITE_NULL,
        let position = Coordinate(
          latitudeE7: sqlite3_column_int(statement, 1),
          longitudeE7: sqlite3_column_int(statement, 2)
        )
      else { continue }
      body(
        Fix(
          time: Instant(milliseconds: sqlite3_column_int64(statement, 0)), position: position,
          mode: Int(sqlite3_column_int(statement, 3)), accuracy: real(4).map { Metres($0) },
          hdop: real(5), speed: real(6).map { MetresPerSecond($0) }, track: real(7)))
    }
  }

  /// Tells whether it was not there before.
  func save(_ p: Pairing) throws -> Bool {
    let known = try Bool.fetchOne(
      db.cachedStatement(
        sql:
          "SELECT EXISTS (SELECT * FROM pairing WHERE began_ms = ? AND first = ? AND second = ?)"),
      arguments: [p.began.milliseconds, p.first.text, p.second.text])
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO pairing VALUES (?,?,?,?,?,?,?,?,?,?)")
      .execute(arguments: [
        p.first.text, p.second.text, p.began.milliseconds, p.ended.milliseconds, p.moving.value,
        p.way.value, p.medianDistance.value, p.maximumDistance.value, p.jointAccuracy.value,
        p.share,
      ])
    return !(known ?? false)
  }

  func removePairing(_ first: Handheld.ID, _ second: Handheld.ID, began: Instant) throws {
    try db.execute(
      sql: "DELETE FROM pairing WHERE began_ms = ? AND first = ? AND second = ?",
      arguments: [began.milliseconds, first.text, second.text])
  }

  /// Takes out what began within a span and did not end before a moment.
  func removePairings(beganIn span: Range<Instant>, endedFrom moment: Instant) throws -> [Pairing] {
    let condition = "began_ms >= ? AND began_ms < ? AND ended_ms >= ?"
    let arguments: StatementArguments = [
      span.lowerBound.milliseconds, span.upperBound.milliseconds, moment.milliseconds,
    ]
    let removed = try Row.fetchAll(
      db, sql: "SELECT * FROM pairing WHERE \(condition)", arguments: arguments)
    try db.execute(sql: "DELETE FROM pairing WHERE \(condition)", arguments: arguments)
    return removed.map(PairingRow.pairing)
  }

  // MARK: days

  /// Up to when a day was looked through; nil where nothing is known of it.
  func pairingsKnown(ofDayFrom began: Instant) throws -> Instant? {
    try Int64.fetchOne(
      db, sql: "SELECT until_ms FROM pairing_day WHERE began_ms = ?",
      arguments: [began.milliseconds]
    ).map(Instant.init(milliseconds:))
  }

  func savePairingsKnown(of day: Range<Instant>, until: Instant) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO pairing_day VALUES (?,?,?)").execute(
      arguments: [
        day.lowerBound.milliseconds, day.upperBound.milliseconds, until.milliseconds,
      ])
  }

  /// Days not looked through to their ends.
  func unfinishedPairingDays() throws -> [Range<Instant>] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM pairing_day WHERE until_ms < ended_ms ORDER BY began_ms"
    ).map {
      Instant(milliseconds: $0["began_ms"])..<Instant(milliseconds: $0["ended_ms"])
    }
  }
}
