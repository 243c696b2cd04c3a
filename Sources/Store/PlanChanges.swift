internal import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// A change of a day's plan as somebody ordered it.
public struct OrderedChange: Hashable, Sendable {
  public struct Withdrawal: Hashable, Sendable {
    public var by: String
    public var at: Instant
  }

  public var id: Int64
  public var change: PlanChange
  public var by: String
  public var at: Instant
  /// May be empty.
  public var reason: String
  /// From then on it is as if it had never been ordered.
  public var withdrawal: Withdrawal?
}

/// Why a change cannot be ordered or withdrawn.
public enum PlanChangeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// In words.
  case refused(String)
  case none(Int64)
  case withdrawn(Int64)

  public var description: String {
    switch self {
    case .refused(let why): why
    case .none(let id): "no change \(id) in this store"
    case .withdrawn(let id): "change \(id) was withdrawn already"
    }
  }
}

extension Schema {
  private static let kinds = PlanChange.Kind.allCases.map { "'\($0.rawValue)'" }
    .joined(separator: ", ")

  /// Made wherever it is missing when a store is opened to be written or amended.
  static let planChanges = """
    -- What was ordered for one day beside the plan, who did and why; nothing is deleted.
    CREATE TABLE IF NOT EXISTS plan_change (
      id INTEGER PRIMARY KEY, day TEXT NOT NULL, began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN (\(kinds))), told TEXT NOT NULL,
      reason TEXT NOT NULL, by TEXT NOT NULL, at_ms INTEGER NOT NULL, withdrawn_by TEXT, withdrawn_ms INTEGER);
    CREATE INDEX IF NOT EXISTS plan_change_of ON plan_change(ended_ms);
    CREATE TRIGGER IF NOT EXISTS happening_change AFTER INSERT ON plan_change BEGIN
      INSERT INTO happening (kind, told) VALUES ('change', json_array(NEW.id)); END;
    CREATE TRIGGER IF NOT EXISTS happening_change_again AFTER UPDATE ON plan_change BEGIN
      INSERT INTO happening (kind, told) VALUES ('change', json_array(NEW.id)); END;
    """
}

extension Transaction {
  /// Orders a change. Throws `PlanChangeError.refused` where it does not fit the plan, or comes too late.
  ///
  /// - Parameters:
  ///   - plan: the one in force, with the changes known (`Queries.planVersions`).
  ///   - now: the clock by which windows are judged.
  /// - Returns: its number.
  public func order(
    _ change: PlanChange, by name: String, reason: String, under plan: Plan, at now: Instant
  ) throws -> Int64 {
    let why =
      Self.lengths(change, by: name, reason: reason) ?? plan.refusal(of: change)
      ?? plan.lateness(of: change, at: now)
    if let why { throw PlanChangeError.refused(why) }
    let day = plan.span(of: change.day)
    try store.seals.touch(.changes, at: day.lowerBound, db)
    try db.execute(
      sql: """
        INSERT INTO plan_change (day, began_ms, ended_ms, kind, told, reason, by, at_ms) VALUES (?,?,?,?,?,?,?,?)
        """,
      arguments: [
        "\(change.day)", day.lowerBound.milliseconds, day.upperBound.milliseconds,
        change.kind.rawValue, try StoredJSON.text(StoredChange(change)), reason, name,
        now.milliseconds,
      ])
    let id = db.lastInsertedRowID
    try audit(
      name, "ordered a change", "change \(id)",
      reason.isEmpty ? change.text(in: plan.zone) : "\(change.text(in: plan.zone)): \(reason)",
      at: now)
    return id
  }

  /// Takes a change back. Who was swapped or lent then never was; a duty that is owed already cannot be taken back so, nor
  /// a window that opened by the change.
  public func withdrawChange(
    _ id: Int64, by name: String, under plan: Plan, at now: Instant
  ) throws {
    guard let ordered = try db.changes(sql: "WHERE id = ?", [id]).first else {
      throw PlanChangeError.none(id)
    }
    guard ordered.withdrawal == nil else { throw PlanChangeError.withdrawn(id) }
    if let why = plan.lateness(ofWithdrawing: ordered.change, at: now) {
      throw PlanChangeError.refused(why)
    }
    try store.seals.touch(.changes, at: plan.span(of: ordered.change.day).lowerBound, db)
    try db.execute(
      sql: "UPDATE plan_change SET withdrawn_by = ?, withdrawn_ms = ? WHERE id = ?",
      arguments: [name, now.milliseconds, id])
    try audit(
      name, "withdrew a change", "change \(id)", ordered.change.text(in: plan.zone), at: now)
  }

  /// Rises with each change that is ordered or withdrawn.
  func changeStamp() throws -> Int64 { try db.changeStamp() }

  /// A plan as it was changed for days that touch a span.
  func changed(_ plan: Plan, in span: Range<Instant>) throws -> Plan {
    guard try changeStamp() > 0 else { return plan.changed(by: []) }
    return plan.changed(
      by: try db.changesThatHold(span.lowerBound.milliseconds, span.upperBound.milliseconds))
  }

  private static func lengths(_ change: PlanChange, by name: String, reason: String) -> String? {
    func limit(_ text: String, _ what: String, _ maximum: Int, orEmpty: Bool) -> String? {
      if text.isEmpty, !orEmpty { return "\(what) is missing" }
      return text.count > maximum
        ? "\(what) has \(text.count) characters; expected at most \(maximum)" : nil
    }
    var whys = [
      limit(name, "the name of who orders it", PlanChange.nameMaximum, orEmpty: false),
      limit(reason, "the reason", PlanChange.reasonMaximum, orEmpty: true),
    ]
    switch change.what {
    case .note(let text, _):
      whys.append(limit(text, "the note", PlanChange.noteMaximum, orEmpty: false))
    case .lend(_, _, _, let member):
      whys.append(limit(member, "the member's name", PlanChange.nameMaximum, orEmpty: true))
    case .post(let duty):
      whys.append(limit(duty.id.text, "the duty's id", PlanChange.idMaximum, orEmpty: false))
    case .swap, .move, .callOff: break
    }
    return whys.compactMap { $0 }.first
  }
}

extension Plan {
  /// - Parameter change: one of those of this plan.
  fileprivate func lateness(ofWithdrawing change: PlanChange, at now: Instant) -> String? {
    let without = changed(by: changes.filter { $0 != change })
    if operationalDay(of: now) > change.day { return "\(change.day) is over" }
    func began(_ id: Duty.ID, under plan: Plan) -> Instant? {
      guard let duty = plan.duty(id) else { return nil }
      let window = plan.window(of: duty, on: change.day)
      return window.began <= now && !window.span.isEmpty ? window.began : nil
    }
    let id: Duty.ID
    switch change.what {
    case .swap, .lend, .note: return nil
    case .post(let duty): id = duty.id
    case .move(let duty, _, _), .callOff(let duty): id = duty
    }
    guard let since = began(id, under: self) ?? began(id, under: without) else { return nil }
    return
      "duty \(id) has been owed since \(zone.text(since)), or would have been; change when its window ends instead"
  }
}

extension Queries {
  public static func listing(_ changes: [OrderedChange], zone: Zone) -> Listing {
    Listing(
      columns: ["id", "kind", "change", "by", "at", "reason", "withdrawn_by", "withdrawn_at"],
      rows: changes.map { ordered in
        [
          .integer(ordered.id), .text(ordered.change.kind.rawValue),
          .text(ordered.change.text(in: zone)),
          .text(ordered.by), .time(ordered.at), .text(ordered.reason),
          ordered.withdrawal.map { .text($0.by) } ?? .none,
          ordered.withdrawal.map { .time($0.at) } ?? .none,
        ]
      })
  }

  /// Changes of days that lie in a span, by their numbers.
  public func changes(in span: Range<Instant>) throws(StoreError) -> [OrderedChange] {
    try store.read { db in
      guard try db.tableExists("plan_change") else { return [] }
      return try db.changes(
        sql: "WHERE ended_ms > ? AND began_ms < ?",
        [span.lowerBound.milliseconds, span.upperBound.milliseconds])
    }
  }

  /// Nil where there is none of that number.
  public func change(_ id: Int64) throws(StoreError) -> OrderedChange? {
    try store.read { db in
      guard try db.tableExists("plan_change") else { return nil }
      return try db.changes(sql: "WHERE id = ?", [id]).first
    }
  }
}

extension Database {
  func changes(sql: String, _ arguments: StatementArguments) throws -> [OrderedChange] {
    try Row.fetchAll(
      self, sql: "SELECT * FROM plan_change \(sql) ORDER BY id", arguments: arguments
    ).compactMap(ordered)
  }

  /// Nil where a newer program ordered something that this one does not know.
  private func ordered(_ row: Row) throws -> OrderedChange? {
    guard let day = CivilDate(row["day"] as String),
      let kind = PlanChange.Kind(rawValue: row["kind"]),
      let what = try StoredJSON.value(StoredChange.self, row["told"]).what(kind, on: day)
    else { return nil }
    let withdrawn = (row["withdrawn_ms"] as Int64?).map {
      OrderedChange.Withdrawal(by: row["withdrawn_by"] ?? "", at: Instant(milliseconds: $0))
    }
    return OrderedChange(
      id: row["id"], change: PlanChange(day: day, what: what), by: row["by"],
      at: Instant(milliseconds: row["at_ms"]), reason: row["reason"], withdrawal: withdrawn)
  }

  /// Those that hold, of days that a plan version may have windows in.
  func changes(of versions: inout [StoredPlanVersion]) throws {
    guard try tableExists("plan_change") else { return }
    let stamp = try changeStamp()
    for v in versions.indices {
      versions[v].stamp = stamp
      let end = v + 1 < versions.count ? versions[v + 1].began.milliseconds : Int64.max / 2
      versions[v].changes = try changesThatHold(
        versions[v].began.milliseconds - Window.longest.value, end + Window.longest.value)
    }
  }

  /// Of days that lie in a span.
  fileprivate func changesThatHold(_ began: Int64, _ ended: Int64) throws -> [PlanChange] {
    try changes(
      sql: "WHERE withdrawn_ms IS NULL AND ended_ms > ? AND began_ms < ?", [began, ended]
    ).map(\.change)
  }

  func changeStamp() throws -> Int64 {
    guard try tableExists("plan_change") else { return 0 }
    return try Int64.fetchOne(
      cachedStatement(sql: "SELECT count(*) + count(withdrawn_ms) FROM plan_change")) ?? 0
  }
}

/// What a change is about, as it is stored: JSON, units in the keys.
private struct StoredChange: Codable {
  var handheld: String?
  var insteadOf: String?
  var duty: String?
  var group: String?
  var places: [String]?
  var member: String?
  var squadron: String?
  var note: String?
  /// Times of day.
  var from: String?
  var to: String?
  var beganMs: Int64?
  var endedMs: Int64?
  var everyMs: Int64?
  var stayMs: Int64?
  var atOnce: Int?
  var weight: Double?

  enum CodingKeys: String, CodingKey {
    case handheld, duty, group, places, member, squadron, note, from, to, weight
    case insteadOf = "instead_of"
    case beganMs = "began_ms"
    case endedMs = "ended_ms"
    case everyMs = "every_ms"
    case stayMs = "stay_ms"
    case atOnce = "at_once"
  }

  init(_ change: PlanChange) {
    switch change.what {
    case .swap(let id, insteadOf: let other, let span):
      (handheld, insteadOf) = (id.text, other.text)
      (beganMs, endedMs) = (span.lowerBound.milliseconds, span.upperBound.milliseconds)
    case .lend(let id, to: let duty, let span, let member):
      (handheld, self.duty, self.member) = (id.text, duty.text, member)
      (beganMs, endedMs) = (span.lowerBound.milliseconds, span.upperBound.milliseconds)
    case .post(let duty):
      (self.duty, group, places) = (duty.id.text, duty.group.text, duty.places.map(\.text))
      (from, to) = ("\(duty.from)", "\(duty.to)")
      (everyMs, stayMs, atOnce) = (duty.every.value, duty.stay.value, duty.atOnce)
      weight = duty.weight
    case .move(let duty, let from, let to):
      (self.duty, self.from, self.to) = (duty.text, "\(from)", "\(to)")
    case .callOff(let duty):
      self.duty = duty.text
    case .note(let text, let squadron):
      (note, self.squadron) = (text, squadron?.text)
    }
  }

  func what(_ kind: PlanChange.Kind, on day: CivilDate) -> PlanChange.What? {
    let duty = duty.map { Duty.ID($0) }
    let span = beganMs.flatMap { began in
      endedMs.map {
        Instant(milliseconds: began)..<Instant(milliseconds: max(began, $0))
      }
    }
    switch kind {
    case .swap:
      guard let handheld, let insteadOf, let span else { return nil }
      return .swap(Handheld.ID(handheld), insteadOf: Handheld.ID(insteadOf), span)
    case .lend:
      guard let handheld, let duty, let span else { return nil }
      return .lend(Handheld.ID(handheld), to: duty, span, member: member ?? "")
    case .post:
      guard let duty, let group, let places, let from = from.flatMap({ TimeOfDay($0) }),
        let to = to.flatMap({ TimeOfDay($0) }), let everyMs
      else { return nil }
      return .post(
        Duty(
          id: duty, group: Group.ID(group), places: places.map { Place.ID($0) },
          days: .dates([day]), from: from, to: to, every: Milliseconds(everyMs),
          stay: Milliseconds(stayMs ?? 0), atOnce: atOnce ?? 1, weight: weight ?? 1))
    case .move:
      guard let duty, let from = from.flatMap({ TimeOfDay($0) }),
        let to = to.flatMap({ TimeOfDay($0) })
      else { return nil }
      return .move(duty, from: from, to: to)
    case .callOff: return duty.map { .callOff($0) }
    case .note: return note.map { .note($0, squadron: squadron.map { Squadron.ID($0) }) }
    }
  }
}
