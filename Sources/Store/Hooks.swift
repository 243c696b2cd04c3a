internal import Coverage
internal import GRDB
public import Geodesy
internal import Patrol
internal import Rights

extension Transaction {
  /// Adds an address: it is told what happens from now on.
  ///
  /// - Returns: its number.
  public func add(_ hook: Hook) throws -> Int64 {
    guard try db.hook(named: hook.name) == nil else { throw HookError.exists(hook.name) }
    if let of = hook.escalation?.of {
      let other = try db.hooks().first { $0.id == of }
      guard let other else { throw HookError.noHook("\(of)") }
      guard other.events.contains(.opened) else { throw HookError.tellsNothing(other.name) }
    }
    try db.execute(
      sql: """
        INSERT INTO hook (name, url, secret, events, squadron, lead_ms, of_hook, after_ms, cursor, made_by, made_ms)
          VALUES (?,?,?,?,?,?,?,?, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'happening'), 0), ?,?)
        """,
      arguments: [
        hook.name, hook.url, hook.secret.text,
        StoredJSON.list(hook.events.map(\.rawValue).sorted()), hook.squadron?.text,
        hook.lead.value, hook.escalation?.of, hook.escalation?.after.value, hook.madeBy,
        hook.made.milliseconds,
      ])
    let id = db.lastInsertedRowID
    try audit(hook.madeBy, "added a hook", hook.name, hook.url, at: hook.made)
    return id
  }

  /// Removes an address, with all that waits for it.
  public func removeHook(_ name: String, by who: String, at now: Instant) throws {
    guard let hook = try db.hook(named: name) else { throw HookError.noHook(name) }
    let follower = try String.fetchOne(
      db, sql: "SELECT name FROM hook WHERE of_hook = ?", arguments: [hook.id])
    if let follower { throw HookError.isFollowed(name, by: follower) }
    try db.execute(sql: "DELETE FROM hook_delivery WHERE hook = ?", arguments: [hook.id])
    try db.execute(sql: "DELETE FROM hook WHERE id = ?", arguments: [hook.id])
    try audit(who, "removed a hook", name, hook.url, at: now)
  }

  /// Lets an address that was gone be told again, of what happens from now on; what was given up meanwhile stays so.
  public func enableHook(_ name: String, by who: String, at now: Instant) throws {
    guard let hook = try db.hook(named: name) else { throw HookError.noHook(name) }
    guard hook.gone != nil else { throw HookError.isEnabled(name) }
    try db.execute(
      sql: "UPDATE hook SET gone_ms = NULL, failing_ms = NULL, failure = NULL WHERE id = ?",
      arguments: [hook.id])
    try audit(who, "enabled a hook", name, hook.url, at: now)
  }

  /// So many messages wait for an address at most; more, and the oldest are given up.
  public static var hookOutboxMaximum: Int { 10_000 }
  private static var hookLogKept: Milliseconds { .hours(24 * 7) }

  /// Puts messages into the outbox, in order, and with them up to which number what happened was gone through: what was
  /// queued is queued once, and what was not is found again.
  ///
  /// - Parameter cursors: by address; those that were removed meanwhile are passed over.
  public func queue(
    _ messages: [HookMessage], cursors: [Int64: Int64], at now: Instant
  ) throws {
    let hooks = Dictionary(uniqueKeysWithValues: try db.hooks().map { ($0.id, $0) })
    let insert = try db.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO hook_delivery (hook, id, kind, subject, due_ms, body, queued_ms, state, next_ms, failure)
          VALUES (?,?,?,?,?,?,?,?,?,?)
        """)
    var touched: Set<Int64> = []
    for message in messages {
      guard let hook = hooks[message.hook] else { continue }
      let isGone = hook.gone != nil
      let state = isGone ? HookDelivery.State.givenUp : .waiting
      try insert.execute(arguments: [
        hook.id, message.id, message.kind.rawValue, message.subject, message.due?.milliseconds,
        message.body, now.milliseconds, state.rawValue, now.milliseconds,
        isGone ? "the receiver is gone (410)" : nil,
      ])
      if isGone { try count(givenUp: db.changesCount, of: hook.id) }
      touched.insert(hook.id)
    }
    for (hook, cursor) in cursors {
      try db.execute(
        sql: "UPDATE hook SET cursor = max(cursor, ?) WHERE id = ?", arguments: [cursor, hook])
    }
    for hook in touched { try bound(hook, at: now) }
  }

  private func bound(_ hook: Int64, at now: Instant) throws {
    try db.execute(
      sql: "DELETE FROM hook_delivery WHERE hook = ? AND queued_ms < ? AND state != 'waiting'",
      arguments: [hook, (now - Self.hookLogKept).milliseconds])
    let waiting = "hook = ? AND state = 'waiting'"
    let count = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM hook_delivery WHERE \(waiting)", arguments: [hook])
    guard let count, count > Self.hookOutboxMaximum else { return }
    try db.execute(
      sql: """
        UPDATE hook_delivery SET state = 'given_up', failure = 'the outbox was full'
          WHERE n IN (SELECT n FROM hook_delivery WHERE \(waiting) ORDER BY n LIMIT ?)
        """, arguments: [hook, count - Self.hookOutboxMaximum])
    try self.count(givenUp: db.changesCount, of: hook)
  }

  private func count(givenUp count: Int, of hook: Int64) throws {
    try db.execute(
      sql: "UPDATE hook SET given_up = given_up + ? WHERE id = ?", arguments: [count, hook])
  }

  /// Keeps what came of an attempt. One that was given up or removed meanwhile stays so.
  public func settle(_ number: Int64, _ outcome: HookOutcome, at now: Instant) throws {
    let hook = try Int64.fetchOne(
      db, sql: "SELECT hook FROM hook_delivery WHERE n = ? AND state = 'waiting'",
      arguments: [number])
    guard let hook else { return }
    func set(
      _ state: HookDelivery.State, status: Int?, failure: String?, next: Instant? = nil
    ) throws {
      try db.execute(
        sql: """
          UPDATE hook_delivery SET state = ?, attempts = attempts + 1, last_ms = ?, status = ?, failure = ?,
            next_ms = coalesce(?, next_ms) WHERE n = ?
          """,
        arguments: [
          state.rawValue, now.milliseconds, status, failure, next?.milliseconds, number,
        ])
    }
    switch outcome {
    case .delivered(let status):
      try set(.delivered, status: status, failure: nil)
      try db.execute(
        sql:
          "UPDATE hook SET delivered = delivered + 1, failing_ms = NULL, failure = NULL WHERE id = ?",
        arguments: [hook])
    case .failed(let status, let failure, let next):
      try set(next == nil ? .givenUp : .waiting, status: status, failure: failure, next: next)
      try db.execute(
        sql: """
          UPDATE hook SET failed = failed + 1, failing_ms = coalesce(failing_ms, ?), failure = ?, given_up = given_up + ?
            WHERE id = ?
          """, arguments: [now.milliseconds, failure, next == nil ? 1 : 0, hook])
    case .gone:
      let failure = "the receiver is gone (410)"
      try set(.givenUp, status: 410, failure: failure)
      try db.execute(
        sql: """
          UPDATE hook_delivery SET state = 'given_up', failure = ? WHERE hook = ? AND state = 'waiting'
          """, arguments: [failure, hook])
      let others = db.changesCount
      try db.execute(
        sql: """
          UPDATE hook SET gone_ms = ?, failed = failed + 1, failing_ms = coalesce(failing_ms, ?), failure = ?,
            given_up = given_up + ? WHERE id = ?
          """, arguments: [now.milliseconds, now.milliseconds, failure, others + 1, hook])
      let name = try String.fetchOne(
        db, sql: "SELECT name FROM hook WHERE id = ?", arguments: [hook])
      try audit("patrold", "disabled a hook", name ?? "", failure, at: now)
    }
  }
}

extension Database {
  func hook(named name: String) throws -> Hook? {
    try Row.fetchOne(self, sql: "SELECT * FROM hook WHERE name = ?", arguments: [name])
      .map(Hook.init)
  }

  func hooks() throws -> [Hook] {
    try Row.fetchAll(self, sql: "SELECT * FROM hook ORDER BY id").map(Hook.init)
  }
}

extension Hook {
  init(_ row: Row) throws {
    let text: String = row["secret"]
    guard let secret = HookSecret(text) else {
      throw DatabaseError(message: "a hook's secret cannot be read")
    }
    func instant(_ column: String) -> Instant? {
      (row[column] as Int64?).map(Instant.init(milliseconds:))
    }
    let events = try StoredJSON.value([String].self, row["events"])
    var escalation: Escalation?
    if let of = row["of_hook"] as Int64?, let after = row["after_ms"] as Int64? {
      escalation = Escalation(of: of, after: Milliseconds(after))
    }
    self.init(
      id: row["id"], name: row["name"], url: row["url"], secret: secret,
      events: Set(events.compactMap(HookEvent.init)),
      squadron: (row["squadron"] as String?).map { Squadron.ID($0) },
      lead: Milliseconds(row["lead_ms"]), escalation: escalation, cursor: row["cursor"],
      madeBy: row["made_by"], made: Instant(milliseconds: row["made_ms"]), gone: instant("gone_ms"))
    (failing, failure) = (instant("failing_ms"), row["failure"])
    (delivered, failed, givenUp) = (row["delivered"], row["failed"], row["given_up"])
  }
}
