public import Coverage
internal import GRDB
public import Geodesy
internal import Patrol

extension Queries {
  /// In the order added. A store that no program of this version has written has none.
  public func hooks() throws(StoreError) -> [Hook] {
    try store.read { db in try db.tableExists("hook") ? db.hooks() : [] }
  }

  public func hookStandings() throws(StoreError) -> [HookStanding] {
    let hooks = try hooks()
    return try store.read { db in
      try hooks.map { hook in
        let row = try Row.fetchOne(
          db,
          sql:
            "SELECT count(*), min(next_ms) FROM hook_delivery WHERE hook = ? AND state = 'waiting'",
          arguments: [hook.id])
        return HookStanding(
          hook: hook, waiting: row?[0] ?? 0,
          next: (row?[1] as Int64?).map(Instant.init(milliseconds:)))
      }
    }
  }

  /// What is to be tried now: first what was tried least, and nothing before what came before it of the same subject.
  ///
  /// - Parameter flying: being tried already; nothing else of their subjects is.
  public func dueDeliveries(
    of hook: Hook, at now: Instant, but flying: [Int64], limit: Int
  ) throws(StoreError) -> [HookDelivery] {
    try store.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM hook_delivery d WHERE hook = ?1 AND state = 'waiting' AND next_ms <= ?2
            AND n NOT IN (SELECT value FROM json_each(?3))
            AND NOT EXISTS (SELECT * FROM hook_delivery e
              WHERE e.hook = ?1 AND e.subject = d.subject AND e.n < d.n AND e.state = 'waiting')
          ORDER BY attempts, n LIMIT ?4
          """,
        arguments: [
          hook.id, now.milliseconds, "[\(flying.map(String.init).joined(separator: ","))]", limit,
        ]
      ).map(HookDelivery.init)
    }
  }

  /// Gaps, open still, that another address was told of so long ago, that nobody acknowledged, and that this one was not told
  /// of yet: in the order in which the other one was told.
  public func unacknowledged(
    for hook: Hook, at now: Instant
  ) throws(StoreError) -> [Gap] {
    guard let escalation = hook.escalation else { return [] }
    let reach = Milliseconds.hours(24)
    return try store.read { db in
      let clock = try Transaction(db: db, store: store).clock()
      return try Row.fetchAll(
        db,
        sql: """
          SELECT \(GapRow.columns) FROM gap g JOIN (
            SELECT subject, min(n) AS first FROM hook_delivery
            WHERE hook = ?1 AND queued_ms > ?2 AND queued_ms <= ?3 AND kind IN ('gap.opened', 'gap.unacknowledged')
            GROUP BY subject) d ON d.subject = g.id
          WHERE g.open = 1 AND g.withdrawn_ms IS NULL AND NOT EXISTS (SELECT * FROM gap_note WHERE gap = g.id)
            AND NOT EXISTS (SELECT * FROM hook_delivery WHERE hook = ?4 AND subject = g.id)
          ORDER BY d.first
          """,
        arguments: [
          escalation.of, (now - escalation.after - reach).milliseconds,
          (now - escalation.after).milliseconds, hook.id,
        ]
      ).map { try GapRow.gap($0, judgedUntil: clock) }
    }
  }

  /// An address was told something of a subject, or is to be.
  public func isTold(_ hook: Hook, of subject: String) throws(StoreError) -> Bool {
    try store.read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT * FROM hook_delivery WHERE hook = ? AND subject = ?)",
        arguments: [hook.id, subject]) ?? false
    }
  }

  /// The last moment at which an address was told that something falls due; nil where it was not.
  public func toldDue(_ hook: Hook, of subject: String) throws(StoreError) -> Instant? {
    try store.read { db in
      try Int64.fetchOne(
        db, sql: "SELECT max(due_ms) FROM hook_delivery WHERE hook = ? AND subject = ?",
        arguments: [hook.id, subject]
      ).map(Instant.init(milliseconds:))
    }
  }

  /// By its number.
  public func delivery(_ id: String) throws(StoreError) -> HookDelivery? {
    try store.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM hook_delivery WHERE id = ?", arguments: [id])
        .map(HookDelivery.init)
    }
  }

  public static let hookLogColumns = [
    "hook", "queued_at", "kind", "subject", "state", "attempts", "last_at", "status", "failure",
    "next_at", "id",
  ]

  /// The latest deliveries, in the order in which they were queued.
  ///
  /// - Parameter name: of one address; nil for all.
  public func hookLog(_ name: String?, limit: Int) throws(StoreError) -> Listing {
    let hooks = try hooks()
    if let name, !hooks.contains(where: { $0.name == name }) {
      throw StoreError.hook(.noHook(name))
    }
    guard !hooks.isEmpty else { return Listing(columns: Self.hookLogColumns) }
    var condition = Condition()
    condition.add("name", among: name.map { [$0] })
    return try list(
      Self.hookLogColumns,
      """
      SELECT * FROM (SELECT d.*, h.name FROM hook_delivery d JOIN hook h ON h.id = d.hook
        WHERE \(condition.sql) ORDER BY n DESC LIMIT \(limit))
      """, condition.followed(by: Condition()), order: "n", limit: nil
    ) { row in
      let isWaiting = row["state"] == HookDelivery.State.waiting.rawValue
      return [
        .text(row["name"]), row.time("queued_ms"), .text(row["kind"]), .text(row["subject"]),
        .text(row["state"]), .integer(row["attempts"]), row.time("last_ms"),
        (row["status"] as Int64?).map { .integer($0) } ?? .none, row.text("failure"),
        isWaiting ? row.time("next_ms") : .none, .text(row["id"]),
      ]
    }
  }
}

extension HookDelivery {
  init(_ row: Row) throws {
    guard let kind = HookMessage.Kind(rawValue: row["kind"]),
      let state = State(rawValue: row["state"])
    else { throw DatabaseError(message: "a delivery of a kind that this program does not know") }
    self.init(
      number: row["n"],
      message: HookMessage(
        hook: row["hook"], id: row["id"], kind: kind, subject: row["subject"],
        due: (row["due_ms"] as Int64?).map(Instant.init(milliseconds:)), body: row["body"]),
      queued: Instant(milliseconds: row["queued_ms"]), state: state, attempts: row["attempts"],
      failure: row["failure"])
  }
}
