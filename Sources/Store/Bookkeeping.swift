public import Coverage
internal import Foundation
internal import GRDB
public import Geodesy
public import Patrol

extension Transaction {
  public func record(_ outage: Outage) throws {
    try store.seals.touch(
      .outages, from: outage.began, through: outage.ended ?? .distantFuture, db)
    try store.days.note(
      outage.handheld, from: outage.began.milliseconds,
      through: (outage.ended ?? .distantFuture).milliseconds, db)
    try db.execute(
      sql: "INSERT OR REPLACE INTO outage VALUES (?,?,?,?)",
      arguments: [
        outage.kind.rawValue, outage.handheld?.text ?? "", outage.began.milliseconds,
        outage.ended?.milliseconds,
      ])
  }

  public func outages(overlapping span: Range<Instant>) throws -> [Outage] {
    try db.outages(overlapping: span)
  }

  /// Gaps that stand, of windows that opened within a range.
  public func gaps(windowsOpening range: Range<Instant>) throws -> [Gap] {
    try Row.fetchAll(
      db,
      sql:
        "SELECT \(GapRow.columns) FROM gap WHERE withdrawn_ms IS NULL AND window_began_ms >= ? AND window_began_ms < ?",
      arguments: [range.lowerBound.milliseconds, range.upperBound.milliseconds]
    ).map(GapRow.gap)
  }

  /// A plan version in force from a moment on. The same again, or one that follows itself, is not stored twice.
  public func savePlanVersion(digest: String, bundle: String, from began: Instant) throws {
    let current = try String.fetchOne(
      db, sql: "SELECT digest FROM plan_version WHERE began_ms <= ? ORDER BY began_ms DESC LIMIT 1",
      arguments: [began.milliseconds])
    guard current != digest else { return }
    for evidence in [Evidence.plans, .cells] {
      try store.seals.touch(evidence, from: began, through: .distantFuture, db)
    }
    try db.execute(
      sql: "INSERT OR REPLACE INTO plan_version VALUES (?,?,?)",
      arguments: [digest, began.milliseconds, bundle])
  }

  /// Every plan version, by the moment from which it is in force, with what was changed of it.
  public func planVersions() throws -> [StoredPlanVersion] {
    var versions = try Row.fetchAll(db, sql: "SELECT * FROM plan_version ORDER BY began_ms").map {
      StoredPlanVersion(
        digest: $0["digest"], began: Instant(milliseconds: $0["began_ms"]), bundle: $0["bundle"])
    }
    try db.changes(of: &versions)
    return versions
  }

  func saveCells(of plan: Plan, digest: String) throws {
    try touchSeals(ofCells: digest)
    let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO cell VALUES (?,?,?,?,?,?)")
    for place in plan.places {
      for cell in place.cells {
        try insert.execute(arguments: [
          digest, place.id.text, cell.cell, cell.stretch?.from.value, cell.stretch?.to.value,
          cell.weight,
        ])
      }
    }
  }

  /// Mostly its cells are there, and nothing is changed.
  private func touchSeals(ofCells digest: String) throws {
    let began = try Int64.fetchOne(
      db,
      sql: """
        SELECT min(began_ms) FROM plan_version
        WHERE digest = ?1 AND NOT EXISTS (SELECT * FROM cell WHERE digest = ?1)
        """, arguments: [digest])
    guard let began else { return }
    try store.seals.touch(
      .cells, from: Instant(milliseconds: began), through: .distantFuture, db)
  }

  func saveClock(_ clock: Instant) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO judged VALUES (1, ?)")
      .execute(arguments: [clock.milliseconds])
  }

  /// The clock up to which everything committed was judged; nil in a new store.
  public func clock() throws -> Instant? {
    try Int64.fetchOne(db, sql: "SELECT clock_ms FROM judged").map(Instant.init(milliseconds:))
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

/// A plan as it was in force from a moment on.
public struct StoredPlanVersion: Hashable, Sendable {
  public var digest: String
  public var began: Instant
  /// The plan's files, as their reader keeps them.
  public var bundle: String
  /// What was ordered beside it for days in which it has windows.
  public var changes: [PlanChange] = []
  var stamp: Int64 = 0

  /// With what was changed of it.
  ///
  /// - Parameter load: reads a plan from its files.
  public func plan(_ load: (String) throws -> Plan) rethrows -> Plan {
    try load(bundle).changed(by: changes)
  }

  /// Another one, where anything is other.
  public var key: String { Self.key(digest, stamp) }

  static func key(_ digest: String, _ stamp: Int64) -> String {
    stamp == 0 ? digest : "\(digest)+\(stamp)"
  }
}

extension Database {
  func outages(overlapping span: Range<Instant>) throws -> [Outage] {
    try Row.fetchAll(
      self,
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
}
