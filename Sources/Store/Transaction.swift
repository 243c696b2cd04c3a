public import Coverage
public import Foundation
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

  private func row(of observation: Observation, _ n: Int64) throws -> Int64? {
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

  // MARK: conclusions

  /// Stores what the engine concluded. `units` tells a duty's group and squadron.
  public func apply(
    _ events: [Event], at clock: Instant,
    units: (Duty.ID) -> (group: Group.ID, squadron: Squadron.ID)?
  ) throws {
    for event in events {
      switch event {
      case .retracted(let handheld, let after, let before):
        for table in ["stay", "pass"] {
          try db.cachedStatement(
            sql: "DELETE FROM \(table) WHERE handheld = ? AND decided_ms > ? AND decided_ms < ?"
          )
          .execute(arguments: [handheld.text, after.milliseconds, before.milliseconds])
        }
      case .stay(let s):
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO stay VALUES (?,?,?,?,?,?,?,?)").execute(
          arguments: [
            s.handheld.text, s.place.text, s.cell, s.arrived.milliseconds, s.left.milliseconds,
            s.length.value,
            s.kind.rawValue, s.decided.milliseconds,
          ])
      case .pass(let p):
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO pass VALUES (?,?,?,?,?,?,?,?,?,?)")
          .execute(arguments: [
            p.handheld.text, p.place.text, p.began.milliseconds, p.ended.milliseconds, p.from.value,
            p.to.value,
            p.speed.value, p.confidence, p.kind.rawValue, p.decided.milliseconds,
          ])
      case .gap(let gap, let revision): try store(gap, revision, clock)
      case .attendance(let owed, let cells): try store(cells, of: owed)
      case .standing(let standing): try store(standing, units(standing.owed.duty))
      case .regated(let observation, let gate):
        guard let n = store.numbers[observation.handheld.text],
          let row = try row(of: observation, n)
        else { continue }
        try db.cachedStatement(sql: "UPDATE fix SET gate = ? WHERE row = ?")
          .execute(arguments: [gate?.rawValue, row])
      }
    }
  }

  private func store(_ gap: Gap, _ revision: Revision, _ clock: Instant) throws {
    let before = try String.fetchOne(
      db, sql: "SELECT after FROM gap_revision WHERE gap = ? ORDER BY row DESC LIMIT 1",
      arguments: [gap.id.text])
    // Of the region the bounds are enough to say what changed.
    var summary = gap
    summary.region = Region(pieces: [])
    try db.cachedStatement(
      sql: "INSERT INTO gap_revision (gap, n, kind, at_ms, before, after) VALUES (?,?,?,?,?,?)"
    )
    .execute(arguments: [
      gap.id.text, gap.revision, revision.rawValue, clock.milliseconds, before,
      try StoredJSON.text(summary),
    ])
    try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO gap VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    ).execute(arguments: [
      gap.id.text, gap.owed.duty.text, gap.owed.windowBegan.milliseconds, gap.owed.place.text,
      gap.verdict.rawValue, gap.cause.rawValue, gap.began.milliseconds, gap.ended.milliseconds,
      gap.isOpen,
      gap.stretch?.from.value, gap.stretch?.to.value, try StoredJSON.text(gap.cells), gap.extent,
      try StoredJSON.text(Dictionary(uniqueKeysWithValues: gap.evidence.map { ($0.rawValue, $1) })),
      try StoredJSON.text(gap.handhelds), try StoredJSON.text(gap.region), gap.flagged.milliseconds,
      gap.revision,
      revision == .withdrawn ? clock.milliseconds : nil,
    ])
  }

  private func store(_ cells: [CellAttendance], of owed: Owed) throws {
    let delete = try db.cachedStatement(
      sql:
        "DELETE FROM attendance WHERE window_began_ms = ? AND duty = ? AND place = ? AND cell = ?")
    let insert = try db.cachedStatement(sql: "INSERT INTO attendance VALUES (?,?,?,?,?,?,?)")
    for cell in cells {
      try delete.execute(arguments: [
        owed.windowBegan.milliseconds, owed.duty.text, owed.place.text, cell.cell,
      ])
      for (kind, spans) in [("proven", cell.proven), ("possible", cell.possible)] {
        for span in spans {
          try insert.execute(arguments: [
            owed.duty.text, owed.windowBegan.milliseconds, owed.place.text, cell.cell, kind,
            span.lowerBound.milliseconds, span.upperBound.milliseconds,
          ])
        }
      }
    }
  }

  private func store(_ s: Standing, _ unit: (group: Group.ID, squadron: Squadron.ID)?) throws {
    try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO duty_window VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
    )
    .execute(arguments: [
      s.owed.duty.text, s.owed.windowBegan.milliseconds, s.owed.place.text, unit?.group.text ?? "",
      unit?.squadron.text ?? "", s.ended.milliseconds, s.shares?.covered, s.shares?.missed,
      s.shares?.unproven,
      s.judgedExtent, s.isFinal, s.attendances, s.longestInterval.value,
    ])
  }

  // MARK: the daemon's own

  public func record(_ outage: Outage) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO outage VALUES (?,?,?,?)",
      arguments: [
        outage.kind.rawValue, outage.handheld?.text ?? "", outage.began.milliseconds,
        outage.ended?.milliseconds,
      ])
  }

  public func outages(overlapping span: Range<Instant>) throws -> [Outage] {
    try Row.fetchAll(
      db,
      sql:
        "SELECT * FROM outage WHERE began_ms < ? AND (ended_ms IS NULL OR ended_ms > ?) ORDER BY began_ms",
      arguments: [span.upperBound.milliseconds, span.lowerBound.milliseconds]
    ).compactMap { row in
      guard let kind = Outage.Kind(rawValue: row["kind"]) else { return nil }
      let handheld: String = row["handheld"]
      return Outage(
        kind: kind, handheld: handheld.isEmpty ? nil : Handheld.ID(handheld),
        began: Instant(milliseconds: row["began_ms"]),
        ended: (row["ended_ms"] as Int64?).map(Instant.init(milliseconds:)))
    }
  }

  /// Gaps that stand, of windows that opened within a range.
  public func gaps(windowsOpening range: Range<Instant>) throws -> [Gap] {
    try Row.fetchAll(
      db,
      sql:
        "SELECT * FROM gap WHERE withdrawn_ms IS NULL AND window_began_ms >= ? AND window_began_ms < ?",
      arguments: [range.lowerBound.milliseconds, range.upperBound.milliseconds]
    ).map(GapRow.gap)
  }

  /// A plan version in force from a moment on. The same again, or one that follows itself, is not stored twice.
  public func savePlanVersion(digest: String, bundle: String, from began: Instant) throws {
    let current = try String.fetchOne(
      db, sql: "SELECT digest FROM plan_version WHERE began_ms <= ? ORDER BY began_ms DESC LIMIT 1",
      arguments: [began.milliseconds])
    guard current != digest else { return }
    try db.execute(
      sql: "INSERT OR REPLACE INTO plan_version VALUES (?,?,?)",
      arguments: [digest, began.milliseconds, bundle])
  }

  public func saveCheckpoint(_ state: Data, digest: String, program: String) throws {
    try db.execute(sql: "DELETE FROM checkpoint")
    try db.execute(
      sql: "INSERT INTO checkpoint VALUES (?,?,?,?)",
      arguments: [digest, program, try lastRow(), state])
  }

  /// The checkpoint made by this program under this plan, and the last row it knew.
  public func checkpoint(digest: String, program: String) throws -> (state: Data, lastRow: Int64)? {
    try Row.fetchOne(
      db, sql: "SELECT * FROM checkpoint WHERE digest = ? AND program = ?",
      arguments: [digest, program]
    ).map { ($0["state"], $0["last_row"]) }
  }

  public func beat(_ state: some Encodable, at real: Instant, clock: Instant) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO heartbeat VALUES (1,?,?,?)",
      arguments: [real.milliseconds, clock.milliseconds, try StoredJSON.text(state)])
  }

  public func audit(_ who: String, _ did: String, _ subject: String, _ detail: String, at: Instant)
    throws
  {
    try db.execute(
      sql: "INSERT INTO audit (at_ms, who, did, subject, detail) VALUES (?,?,?,?,?)",
      arguments: [at.milliseconds, who, did, subject, detail])
  }
}

/// An observation as a row of `fix`.
enum ObservationRow {
  static func observation(_ row: Row, _ handheld: Handheld.ID) throws -> Observation {
    let received = Instant(milliseconds: row["received_ms"])
    let mode: Int = row["mode"]
    guard let time = row["time_ms"] as Int64?, let latitude = row["lat_e7"] as Int32?,
      let longitude = row["lon_e7"] as Int32?,
      let position = Coordinate(latitudeE7: latitude, longitudeE7: longitude)
    else {
      return Observation(handheld: handheld, receivedAt: received, report: .noFix(mode: mode))
    }
    let fix = Fix(
      time: Instant(milliseconds: time), position: position, mode: mode, status: row["status"],
      accuracy: (row["accuracy_m"] as Double?).map { Metres($0) }, hdop: row["hdop"],
      speed: (row["speed_mps"] as Double?).map { MetresPerSecond($0) }, track: row["track_deg"])
    return Observation(handheld: handheld, receivedAt: received, report: .fix(fix))
  }
}

/// A gap as a row of `gap`.
enum GapRow {
  static func gap(_ row: Row) throws -> Gap {
    let evidence = try StoredJSON.value([String: Double].self, row["evidence"])
    let stretch = (row["from_m"] as Double?).flatMap { from in
      (row["to_m"] as Double?).map { Gap.Stretch(from: Metres(from), to: Metres($0)) }
    }
    guard let verdict = Verdict(rawValue: row["verdict"]), let cause = Cause(rawValue: row["cause"])
    else {
      throw DatabaseError(message: "gap \(row["id"] as String): unknown verdict or cause")
    }
    return Gap(
      id: Gap.ID(row["id"]),
      owed: Owed(
        duty: Duty.ID(row["duty"]), windowBegan: Instant(milliseconds: row["window_began_ms"]),
        place: Place.ID(row["place"])),
      verdict: verdict, cause: cause, began: Instant(milliseconds: row["began_ms"]),
      ended: Instant(milliseconds: row["ended_ms"]), isOpen: row["open"], stretch: stretch,
      cells: try StoredJSON.value([Int].self, row["cells"]), extent: row["extent"],
      evidence: Dictionary(
        uniqueKeysWithValues: evidence.compactMap { key, value in
          Cause(rawValue: key).map { ($0, value) }
        }),
      handhelds: try StoredJSON.value([Handheld.ID].self, row["handhelds"]),
      region: try StoredJSON.value(Region.self, row["region"]),
      flagged: Instant(milliseconds: row["flagged_ms"]),
      revision: row["revision"])
  }
}
