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
  /// The latest order time of anything stored; nil where nothing is.
  var latestOfAll: Instant? {
    store.latest.max().flatMap { $0 == Int64.min ? nil : Instant(milliseconds: $0) }
  }

  /// The order time of the first of anything stored from a moment on.
  func first(from moment: Instant) throws -> Instant? {
    let kept = try Int64.fetchOne(
      db.cachedStatement(sql: FixTable.firstKeptFrom), arguments: ["from": moment.milliseconds])
    return [kept, store.recent.first(from: moment.milliseconds)].compactMap { $0 }.min()
      .map(Instant.init(milliseconds:))
  }

  /// The usable fixes of all handhelds in a span, by handheld and in order. Tells how many.
  func usableFixes(in span: Range<Instant>, _ body: (Handheld.ID, Fix) -> Void) throws -> Int {
    let moments = span.lowerBound.milliseconds..<span.upperBound.milliseconds
    let bounds = (0..<2).map { store.recent.bounds(of: moments, in: $0) }
    let areListed = bounds.contains { $0?.areSparse ?? false }
    let statement = try db.cachedStatement(
      sql: areListed ? FixTable.usableOfRows : FixTable.usableInSpan
    ).sqliteStatement
    defer { sqlite3_reset(statement) }
    sqlite3_bind_int64(statement, 1, span.lowerBound.milliseconds)
    sqlite3_bind_int64(statement, 2, span.upperBound.milliseconds)
    for which in 0..<2 {
      if areListed {
        FixTable.bind(
          store.recent.rows(in: moments, in: which), to: statement, Int32(3 + which))
      } else {
        sqlite3_bind_int64(statement, Int32(3 + 2 * which), bounds[which]?.rows.lowerBound ?? 0)
        sqlite3_bind_int64(statement, Int32(4 + 2 * which), bounds[which]?.rows.upperBound ?? -1)
      }
    }
    var count = 0
    while try db.step(statement) {
      count += 1
      let id = store.handhelds.ids[Int(sqlite3_column_int64(statement, 1))]
      if let fix = FixTable.observation(statement, of: id).observation.fix { body(id, fix) }
    }
    return count
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
