internal import GRDB
internal import GRDBSQLite
public import Geodesy

/// Where a handheld was last seen: its latest usable fix.
public struct LatestPosition: Hashable, Sendable {
  public var handheld: String
  public var at: Instant
  public var position: Coordinate
  /// By `Queries.fixColumns`.
  public var values: [Listing.Value]
}

extension Queries {
  /// What is older is no position of somebody on duty now.
  private static var reach: Milliseconds { .hours(26) }

  /// The latest usable fix of each handheld among those stored after a row, and the last row there is: for one who asks every
  /// second, as quick as what came in since. Without a row, or where rows since were moved: among all of the last 26 hours.
  ///
  /// A fix that a later one turned out to be false stays until another one comes.
  public func latestPositions(
    after row: Int64?
  ) throws(StoreError) -> (positions: [LatestPosition], upTo: Int64) {
    try store.read { db in
      let last = try Int64.fetchOne(db, sql: FixTable.lastRow) ?? 0
      if let row, row >= last { return ([], row) }
      var since: Int64 = 0
      if let row {
        let first = try Int64.fetchOne(
          db,
          sql: """
            SELECT min(row) FROM (SELECT min(row) AS row FROM fix_recent_a UNION ALL SELECT min(row) FROM fix_recent_b)
            """)
        if let first, first <= row + 1 { since = row }
      }
      var rows = try Self.latestAppended(db, where: "row > ?1", [since])
      if since == 0 {
        // Before them, and of those that were moved.
        let clock = try Transaction(db: db, store: store).clock() ?? .distantPast
        rows += try Row.fetchAll(
          db,
          sql: """
            SELECT h.id AS name, k.* FROM handheld h CROSS JOIN \(FixTable.kept) k ON k.handheld = h.n
              AND k.at_ms = (SELECT at_ms FROM fix_kept WHERE handheld = h.n AND at_ms >= ?1 AND gate IS NULL
                ORDER BY at_ms DESC LIMIT 1)
            WHERE k.gate IS NULL
            """, arguments: [(max(clock, .distantPast + Self.reach) - Self.reach).milliseconds])
      }
      return (Self.latest(of: rows), last)
    }
  }

  /// The latest usable fix of each handheld among those that a condition holds of and that are not moved yet, with its name. There
  /// may be minutes of thousands of handhelds: of each no more than its moment is looked at first.
  static func latestAppended(
    _ db: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [Row] {
    var found: [Int64: (at: Int64, row: Int64, table: Int)] = [:]
    for table in 0..<2 {
      let statement = try db.cachedStatement(
        sql: """
          SELECT handheld, at_ms, row FROM \(FixTable.recent[table])
          WHERE \(condition) AND gate IS NULL AND \(FixTable.isNotMoved(table))
          """)
      try statement.setArguments(arguments)
      let rows = statement.sqliteStatement
      defer { sqlite3_reset(rows) }
      while try db.step(rows) {
        let (handheld, at) = (sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1))
        if let known = found[handheld], known.at > at { continue }
        found[handheld] = (at, sqlite3_column_int64(rows, 2), table)
      }
    }
    let columns =
      "name, handheld, at_ms, received_ms, time_ms, lat_e7, lon_e7, speed_mps, track_deg, accuracy_m, mode, gate"
    return try (0..<2).flatMap { table in
      let rows = found.values.filter { $0.table == table }.map(\.row)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT \(columns) FROM
            (SELECT h.id AS name, f.* FROM \(FixTable.appended(table)) f JOIN handheld h ON h.n = f.handheld)
          WHERE row IN (SELECT value FROM json_each(?))
          """,
        arguments: [FixTable.json(rows)])
    }
  }

  /// The latest of each handheld in rows of fixes with its name, by name.
  static func latest(of rows: [Row]) -> [LatestPosition] {
    var latest: [String: LatestPosition] = [:]
    for row in rows {
      guard let latitude = row["lat_e7"] as Int32?, let longitude = row["lon_e7"] as Int32?,
        let position = Coordinate(latitudeE7: latitude, longitudeE7: longitude)
      else { continue }
      let found = LatestPosition(
        handheld: row["name"], at: Instant(milliseconds: row["at_ms"]), position: position,
        values: fixValues(row))
      if let known = latest[found.handheld], known.at >= found.at { continue }
      latest[found.handheld] = found
    }
    return latest.values.sorted { $0.handheld < $1.handheld }
  }

  /// How handhelds stand, by handheld: state, since when, in what detail, when last heard.
  public func standings() throws(StoreError) -> [String: [Listing.Value]] {
    try liveness(of: nil)
  }

  /// Gaps that are open, by verdict.
  public func openGaps() throws(StoreError) -> [String: Int] {
    try store.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT verdict, count(*) AS n FROM gap WHERE open = 1 AND withdrawn_ms IS NULL
            AND window_began_ms >= (SELECT clock_ms FROM judged) - 172800000 GROUP BY verdict
          """
      ).reduce(into: [:]) { $0[$1["verdict"]] = $1["n"] }
    }
  }

  /// Every plan version's `key`, by the moment from which it is in force: cheaper than the plans themselves.
  public func planKeys() throws(StoreError) -> [(began: Instant, key: String)] {
    try store.read { db in
      let stamp = try db.changeStamp()
      return try Row.fetchAll(
        db, sql: "SELECT began_ms, digest FROM plan_version ORDER BY began_ms"
      ).map { (Instant(milliseconds: $0[0]), StoredPlanVersion.key($0[1], stamp)) }
    }
  }
}
