public import Coverage
internal import GRDB
internal import GRDBSQLite
public import Geodesy
public import Patrol

/// One transaction of a store's writer. Valid only inside the closure it is given to.
public struct Transaction {
  let db: Database
  let store: Store

  // MARK: observations

  /// Stores observations with their gates, each once: a repetition to the last field changes nothing. Tells which
  /// were new. Those `offDuty` are not stored at all.
  @discardableResult
  public func append(_ observations: [Observation], gates: [Gate?]) throws -> [Bool] {
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO fix (handheld, at_ms, received_ms, time_ms, lat_e7, lon_e7, mode, status, accuracy_m, hdop,
          speed_mps, track_deg, gate) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
        """)
    var wasNew: [Bool] = []
    for (observation, gate) in zip(observations, gates) {
      guard gate != .offDuty else {
        wasNew.append(false)
        continue
      }
      let n = try number(of: observation.handheld)
      let at = observation.orderTime.milliseconds
      if let latest = store.latest[n], at <= latest {
        if try row(of: observation, n) != nil {
          wasNew.append(false)
          continue
        }
      } else {
        store.latest[n] = at
      }
      try bind(observation, n, at, gate, insert.sqliteStatement)
      wasNew.append(true)
    }
    return wasNew
  }

  /// Which observations are not stored yet, to the last field.
  public func areNew(_ observations: [Observation]) throws -> [Bool] {
    try observations.map { observation in
      guard let n = store.numbers[observation.handheld.text], let latest = store.latest[n],
        observation.orderTime.milliseconds <= latest
      else { return true }
      return try row(of: observation, n) == nil
    }
  }

  /// The hot statement is bound by hand: three times the rate of arguments through GRDB (measured).
  private func bind(
    _ observation: Observation, _ n: Int64, _ at: Int64, _ gate: Gate?, _ statement: SQLiteStatement
  ) throws {
    func integer(_ i: Int32, _ value: Int64?) {
      if let value {
        sqlite3_bind_int64(statement, i, value)
      } else {
        sqlite3_bind_null(statement, i)
      }
    }
    func real(_ i: Int32, _ value: Double?) {
      if let value {
        sqlite3_bind_double(statement, i, value)
      } else {
        sqlite3_bind_null(statement, i)
      }
    }
    integer(1, n)
    integer(2, at)
    integer(3, observation.receivedAt.milliseconds)
    let fix = observation.fix
    integer(4, fix?.time.milliseconds)
    integer(5, fix.map { Int64($0.position.latitudeE7) })
    integer(6, fix.map { Int64($0.position.longitudeE7) })
    switch observation.report {
    case .fix(let fix): integer(7, Int64(fix.mode))
    case .noFix(let mode): integer(7, Int64(mode))
    }
    integer(8, fix?.status.map(Int64.init))
    real(9, fix?.accuracy?.value)
    real(10, fix?.hdop)
    real(11, fix?.speed?.value)
    real(12, fix?.track)
    if let gate {
      let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      sqlite3_bind_text(statement, 13, gate.rawValue, -1, transient)
    } else {
      sqlite3_bind_null(statement, 13)
    }
    let code = sqlite3_step(statement)
    sqlite3_reset(statement)
    guard code == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
    }
  }

  private func number(of handheld: Handheld.ID) throws -> Int64 {
    if let n = store.numbers[handheld.text] { return n }
    try db.execute(sql: "INSERT INTO handheld (id) VALUES (?)", arguments: [handheld.text])
    let n = db.lastInsertedRowID
    store.numbers[handheld.text] = n
    return n
  }

  func row(of observation: Observation, _ n: Int64) throws -> Int64? {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM fix WHERE handheld = ? AND at_ms = ?"),
      arguments: [n, observation.orderTime.milliseconds])
    return try rows.first {
      try ObservationRow.observation($0, observation.handheld) == observation
    }?["row"]
  }

  /// The last observation's row; 0 without any.
  public func lastRow() throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT max(row) FROM fix") ?? 0
  }

  /// Observations of a handheld whose order time lies in a span, in that order, with their gates.
  public func observations(of handheld: Handheld.ID, in span: Range<Instant>) throws
    -> [(observation: Observation, gate: Gate?)]
  {
    guard let n = store.numbers[handheld.text] else { return [] }
    return try Row.fetchAll(
      db,
      sql: "SELECT * FROM fix WHERE handheld = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms, row",
      arguments: [n, span.lowerBound.milliseconds, span.upperBound.milliseconds]
    ).map {
      (try ObservationRow.observation($0, handheld), ($0["gate"] as String?).flatMap(Gate.init))
    }
  }

  /// Observations stored after a row, in the order stored.
  public func observations(afterRow row: Int64) throws -> [Observation] {
    try Row.fetchAll(
      db,
      sql:
        "SELECT fix.*, h.id AS name FROM fix JOIN handheld h ON h.n = fix.handheld WHERE row > ? ORDER BY row",
      arguments: [row]
    ).map { try ObservationRow.observation($0, Handheld.ID($0["name"])) }
  }

  /// The handhelds that anything is stored of, with the order times of their first and last observation.
  public func handhelds() throws -> [Handheld.ID] {
    try String.fetchAll(db, sql: "SELECT id FROM handheld ORDER BY id").map { Handheld.ID($0) }
  }

  /// The latest time at which anything was received; nil in an empty store.
  public func lastReceived() throws -> Instant? {
    try Int64.fetchOne(db, sql: "SELECT received_ms FROM fix ORDER BY row DESC LIMIT 1").map(
      Instant.init(milliseconds:))
  }
}
