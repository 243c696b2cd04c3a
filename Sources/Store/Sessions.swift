internal import GRDB
public import Geodesy
internal import Patrol
public import Rights

extension Transaction {
  /// - Parameter hash: as `Secret.hash`.
  public func begin(_ session: Session, hash: String) throws {
    // Those that are over are nobody's any more.
    try db.execute(
      sql: "DELETE FROM session WHERE began_ms <= ? OR used_ms <= ?",
      arguments: [
        (session.began - Session.ageMaximum).milliseconds,
        (session.began - Session.idleMaximum).milliseconds,
      ])
    try db.execute(
      sql: "INSERT INTO session (hash, user, began_ms, used_ms) VALUES (?,?,?,?)",
      arguments: [hash, session.user, session.began.milliseconds, session.used.milliseconds])
  }

  public func noteUse(ofSession hash: String, at now: Instant) throws {
    try db.execute(
      sql: "UPDATE session SET used_ms = max(used_ms, ?) WHERE hash = ?",
      arguments: [now.milliseconds, hash])
  }

  public func endSession(_ hash: String) throws {
    try db.execute(sql: "DELETE FROM session WHERE hash = ?", arguments: [hash])
  }

  /// - Returns: its number.
  public func add(_ token: ProgramToken, hash: String) throws -> Int64 {
    try db.execute(
      sql: """
        INSERT INTO program_token (hash, name, role, squadron, made_by, made_ms, expires_ms) VALUES (?,?,?,?,?,?,?)
        """,
      arguments: [
        hash, token.name, token.role.kind.rawValue, token.role.squadron?.text, token.madeBy,
        token.made.milliseconds, token.expires.milliseconds,
      ])
    let id = db.lastInsertedRowID
    try audit(
      token.madeBy, "made a token", "token \(id)", "\(token.name): \(token.role)", at: token.made)
    return id
  }

  public func revokeToken(_ id: Int64, by who: String, at now: Instant) throws {
    let name = try String.fetchOne(
      db, sql: "SELECT name FROM program_token WHERE id = ?", arguments: [id])
    guard let name else { throw RightsError.noToken(id) }
    try db.execute(
      sql: "UPDATE program_token SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL",
      arguments: [now.milliseconds, id])
    if db.changesCount > 0 { try audit(who, "revoked a token", "token \(id)", name, at: now) }
  }
}

extension Queries {
  /// With its user; nil where there is none of that hash.
  public func session(_ hash: String) throws(StoreError) -> (session: Session, user: User)? {
    try store.read { db in
      try Row.fetchOne(
        db,
        sql:
          "SELECT s.began_ms, s.used_ms, u.* FROM session s JOIN user u ON u.name = s.user WHERE hash = ?",
        arguments: [hash]
      ).map { row in
        let user = try User(row)
        return (
          Session(
            user: user.name, began: Instant(milliseconds: row["began_ms"]),
            used: Instant(milliseconds: row["used_ms"])), user
        )
      }
    }
  }

  public func token(_ hash: String) throws(StoreError) -> ProgramToken? {
    try store.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM program_token WHERE hash = ?", arguments: [hash])
        .map(ProgramToken.init)
    }
  }

  public func tokens() throws(StoreError) -> [ProgramToken] {
    try store.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM program_token ORDER BY id").map(ProgramToken.init)
    }
  }
}

extension ProgramToken {
  init(_ row: Row) throws {
    self.init(
      id: row["id"], name: row["name"], role: try Role(row), madeBy: row["made_by"],
      made: Instant(milliseconds: row["made_ms"]),
      expires: Instant(milliseconds: row["expires_ms"]),
      revoked: (row["revoked_ms"] as Int64?).map(Instant.init(milliseconds:)))
  }
}
