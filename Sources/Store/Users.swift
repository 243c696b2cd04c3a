internal import GRDB
public import Geodesy
internal import Patrol
public import Rights

extension Transaction {
  /// - Parameter who: makes it.
  public func add(_ user: User, by who: String) throws {
    guard try db.user(user.name) == nil else { throw RightsError.userExists(user.name) }
    try db.execute(
      sql: """
        INSERT INTO user (name, role, squadron, password, language, disabled, made_ms) VALUES (?,?,?,?,?,?,?)
        """,
      arguments: [
        user.name, user.role.kind.rawValue, user.role.squadron?.text, user.password, user.language,
        user.isDisabled, user.made.milliseconds,
      ])
    try audit(who, "added a user", user.name, "\(user.role)", at: user.made)
  }

  /// The first one, by whoever has the setup link; throws where there is one already.
  public func addFirst(_ user: User) throws {
    guard try Int.fetchOne(db, sql: "SELECT count(*) FROM user") == 0 else {
      throw RightsError.userExists(user.name)
    }
    try add(user, by: "setup link")
  }

  public func setRole(_ name: String, _ role: Role, by who: String, at now: Instant) throws {
    let user = try existing(name)
    guard user.role != role else { return }
    try keepOneOfBrigade(but: user)
    try db.execute(
      sql: "UPDATE user SET role = ?, squadron = ? WHERE name = ?",
      arguments: [role.kind.rawValue, role.squadron?.text, name])
    try endSessions(of: name)
    try audit(who, "changed a role", name, "\(user.role) to \(role)", at: now)
  }

  public func setDisabled(_ name: String, _ isDisabled: Bool, by who: String, at now: Instant)
    throws
  {
    let user = try existing(name)
    guard user.isDisabled != isDisabled else { return }
    if isDisabled { try keepOneOfBrigade(but: user) }
    try db.execute(
      sql: "UPDATE user SET disabled = ? WHERE name = ?", arguments: [isDisabled, name])
    try endSessions(of: name)
    try audit(who, isDisabled ? "disabled a user" : "enabled a user", name, "", at: now)
  }

  /// - Parameters:
  ///   - password: as `PasswordHash.text`.
  ///   - kept: the session that goes on; all others of that user end.
  public func setPassword(
    _ name: String, _ password: String, keeping kept: String? = nil, by who: String,
    at now: Instant
  ) throws {
    _ = try existing(name)
    try db.execute(
      sql: "UPDATE user SET password = ? WHERE name = ?", arguments: [password, name])
    try db.execute(
      sql: "DELETE FROM session WHERE user = ? AND hash IS NOT ?", arguments: [name, kept])
    try audit(who, "changed a password", name, "", at: now)
  }

  private func existing(_ name: String) throws -> User {
    guard let user = try db.user(name) else { throw RightsError.noUser(name) }
    return user
  }

  private func keepOneOfBrigade(but user: User) throws {
    guard user.role == .brigade, !user.isDisabled else { return }
    let others = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM user WHERE role = 'brigade' AND NOT disabled AND name != ?",
      arguments: [user.name])
    if others == 0 { throw RightsError.lastOfBrigade(user.name) }
  }

  private func endSessions(of name: String) throws {
    try db.execute(sql: "DELETE FROM session WHERE user = ?", arguments: [name])
  }
}

extension Queries {
  /// Disabled ones too: a brigade that has users is never open to everybody again.
  public func hasUsers() throws(StoreError) -> Bool {
    try store.read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT * FROM user)") ?? false }
  }

  public func user(_ name: String) throws(StoreError) -> User? {
    try store.read { try $0.user(name) }
  }

  public func users() throws(StoreError) -> [User] {
    try store.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM user ORDER BY name").map(User.init)
    }
  }
}

extension Database {
  func user(_ name: String) throws -> User? {
    try Row.fetchOne(self, sql: "SELECT * FROM user WHERE name = ?", arguments: [name])
      .map(User.init)
  }
}

extension User {
  init(_ row: Row) throws {
    self.init(
      name: row["name"], role: try Role(row), password: row["password"], language: row["language"],
      isDisabled: row["disabled"], made: Instant(milliseconds: row["made_ms"]))
  }
}

extension Role {
  /// Of the columns `role` and `squadron`. What cannot be read is no role to guess at.
  init(_ row: Row) throws {
    let (text, squadron): (String, String?) = (row["role"], row["squadron"])
    guard let kind = Kind(rawValue: text),
      let role = Role(kind, squadron: squadron.map { .init($0) })
    else { throw DatabaseError(message: "found \"\(text)\" as a role") }
    self = role
  }
}
