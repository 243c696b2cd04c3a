public import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// A named person's reason why a gap should not count; it counts from another person's approval on.
public struct Excuse: Hashable, Sendable {
  public enum State: String, Hashable, Sendable, CaseIterable {
    case asked, approved, refused, withdrawn
  }

  public var id: Int64
  public var gap: Gap.ID
  public var owed: Owed
  /// As it stood when it was asked: later growth of the gap is not excused.
  public var region: Region
  public var reason: String
  public var askedBy: String
  public var asked: Instant
  public var state: State
  public var decidedBy: String?
  public var decided: Instant?
}

/// Why an excuse cannot be asked for or decided.
public enum ExcuseError: Error, Hashable, Sendable, CustomStringConvertible {
  case noGap(String)
  case withdrawnGap(String)
  case noExcuse(Int64)
  case samePerson(String)
  case decided(Int64, Excuse.State)
  case already(String, Excuse.State, Int64)

  public var description: String {
    switch self {
    case .noGap(let id): "no gap \(id) in this store; `patrolctl gaps` lists them"
    case .withdrawnGap(let id): "gap \(id) was withdrawn; there is nothing to excuse"
    case .noExcuse(let id): "no excuse \(id) in this store"
    case .samePerson(let name):
      "\(name) asked for this excuse; expected another person to decide on it"
    case .decided(let id, let state): "excuse \(id) is \(state.rawValue) already"
    case .already(let gap, let state, let id):
      "gap \(gap) has excuse \(id), \(state.rawValue), over the same region"
    }
  }
}

extension Transaction {
  /// - Returns: the excuse's number, to be approved by another person.
  public func ask(
    excusing gap: Gap.ID, by name: String, reason: String, at now: Instant
  ) throws -> Int64 {
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT \(GapRow.columns) FROM gap WHERE id = ?", arguments: [gap.text])
    else { throw ExcuseError.noGap(gap.text) }
    guard row["withdrawn_ms"] == nil else { throw ExcuseError.withdrawnGap(gap.text) }
    try store.seals.touch(.excuses, at: Instant(milliseconds: row["window_began_ms"]), db)
    let region = try StoredJSON.text(try GapRow.gap(row, judgedUntil: try clock()).region)
    if let same = try Row.fetchOne(
      db,
      sql: """
        SELECT id, state FROM excuse WHERE gap = ? AND region = ? AND state IN ('asked', 'approved')
        """, arguments: [gap.text, region])
    {
      let state = Excuse.State(rawValue: same["state"]) ?? .asked
      throw ExcuseError.already(gap.text, state, same["id"])
    }
    try db.execute(
      sql: """
        INSERT INTO excuse (gap, region, reason, asked_by, asked_ms, state) VALUES (?,?,?,?,?,'asked')
        """, arguments: [gap.text, region, reason, name, now.milliseconds])
    let id = db.lastInsertedRowID
    try audit(name, "asked for an excuse", "excuse \(id)", "gap \(gap): \(reason)", at: now)
    return id
  }

  /// Approves or refuses what another person asked for, or withdraws it, whoever asked.
  public func decide(_ id: Int64, _ state: Excuse.State, by name: String, at now: Instant) throws {
    guard
      let row = try Row.fetchOne(db, sql: "SELECT * FROM excuse WHERE id = ?", arguments: [id]),
      let before = Excuse.State(rawValue: row["state"])
    else { throw ExcuseError.noExcuse(id) }
    switch (state, before) {
    case (.approved, .asked), (.refused, .asked):
      let asker: String = row["asked_by"]
      guard !Self.isSame(asker, name) else { throw ExcuseError.samePerson(name) }
    case (.withdrawn, .asked), (.withdrawn, .approved): break
    default: throw ExcuseError.decided(id, before)
    }
    let gap: String = row["gap"]
    try touchSeals(of: gap)
    try db.execute(
      sql: "UPDATE excuse SET state = ?, decided_by = ?, decided_ms = ? WHERE id = ?",
      arguments: [state.rawValue, name, now.milliseconds, id])
    try audit(name, "\(state.rawValue) an excuse", "excuse \(id)", "gap \(gap)", at: now)
    if state == .approved || before == .approved { try revise(gap, now) }
  }

  private func touchSeals(of gap: String) throws {
    guard
      let began = try Int64.fetchOne(
        db, sql: "SELECT window_began_ms FROM gap WHERE id = ?", arguments: [gap])
    else { return }
    for evidence in [Evidence.excuses, .gaps, .history] {
      try store.seals.touch(evidence, at: Instant(milliseconds: began), db)
    }
  }

  /// Names are compared as people mean them: case and outer spaces aside.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    func plain(_ name: String) -> String {
      name.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    }
    return plain(a) == plain(b)
  }

  private func revise(_ gap: String, _ now: Instant) throws {
    try db.execute(
      sql: """
        INSERT INTO gap_revision (gap, n, kind, at_ms, before, after)
          SELECT gap, n + 1, ?, ?, after, after FROM gap_revision WHERE gap = ? ORDER BY row DESC LIMIT 1
        """, arguments: [Revision.excused.rawValue, now.milliseconds, gap])
    try db.execute(
      sql: "UPDATE gap SET revision = (SELECT max(n) FROM gap_revision WHERE gap = ?) WHERE id = ?",
      arguments: [gap, gap])
  }
}

extension Queries {
  public func excuses(_ state: Excuse.State? = nil) throws(StoreError) -> [Excuse] {
    try store.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT e.*, g.duty, g.window_began_ms, g.place FROM excuse e JOIN gap g ON g.id = e.gap
          WHERE ? IS NULL OR e.state = ? ORDER BY e.id
          """, arguments: [state?.rawValue, state?.rawValue]
      ).map { row in
        Excuse(
          id: row["id"], gap: Gap.ID(row["gap"]), owed: GapRow.owed(row),
          region: try StoredJSON.value(Region.self, row["region"]), reason: row["reason"],
          askedBy: row["asked_by"], asked: Instant(milliseconds: row["asked_ms"]),
          state: Excuse.State(rawValue: row["state"]) ?? .asked, decidedBy: row["decided_by"],
          decided: (row["decided_ms"] as Int64?).map(Instant.init(milliseconds:)))
      }
    }
  }
}

extension Region {
  /// The part that lies in any of some other regions as well.
  public func common(with others: [Region]) -> Region {
    let cut = Dictionary(grouping: others.flatMap(\.pieces), by: \.cell)
    guard !cut.isEmpty else { return Region(pieces: []) }
    var result: [Piece] = []
    for piece in pieces {
      var from = piece.began
      for other in (cut[piece.cell] ?? []).sorted(by: { $0.began < $1.began }) {
        let began = max(from, other.began)
        let ended = min(piece.ended, other.ended)
        guard began < ended else { continue }
        result.append(Piece(cell: piece.cell, began: began, ended: ended))
        from = ended
      }
    }
    return Region(pieces: result)
  }
}
