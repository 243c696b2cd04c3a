internal import GRDB
internal import GRDBSQLite

/// The classes of rows that a period's figures follow from. A seal keeps a hash of each, day by day.
///
/// A row belongs to the day in which its window opened; of stays and passes, to that in which they were decided; of
/// outages, to each that they lie in.
public enum Evidence: String, Hashable, Sendable, Codable, CaseIterable {
  case fixes, stays, passes, attendance, windows, gaps
  /// How the gaps came to be as they are.
  case history = "gap history"
  case excuses, outages
  /// Plan versions in force at any time of the day.
  case plans
  /// What those versions' places are cut into.
  case cells
  /// What was ordered for the day beside the plan.
  case changes

  /// Rows of a day, from ?1 to before ?2: the group that each belongs to, by which they come, and what is hashed of it.
  /// Columns are named one by one, so that a later version of the store can have more of them. Fixes are read by hand.
  var sql: String {
    switch self {
    case .fixes: ""
    case .stays:
      """
      SELECT handheld, handheld, place, cell, arrived_ms, left_ms, stay_ms, kind, decided_ms FROM stay
      WHERE decided_ms >= ?1 AND decided_ms < ?2 ORDER BY handheld, arrived_ms, place, cell
      """
    case .passes:
      """
      SELECT handheld, handheld, place, began_ms, ended_ms, from_m, to_m, speed_mps, confidence, kind, decided_ms
      FROM pass WHERE decided_ms >= ?1 AND decided_ms < ?2 ORDER BY handheld, began_ms, place, from_m
      """
    case .attendance:
      """
      SELECT duty || ' at ' || place, window_began_ms, duty, place, cell, kind, began_ms, ended_ms FROM attendance
      WHERE window_began_ms >= ?1 AND window_began_ms < ?2
      ORDER BY window_began_ms, duty, place, cell, kind, began_ms
      """
    case .windows:
      """
      SELECT duty || ' at ' || place, window_began_ms, duty, place, "group", squadron, ended_ms, coverage, missed,
        unproven, judged_extent, final, attendances, longest_interval_ms, wait_s, wait2_s2 FROM duty_window
      WHERE window_began_ms >= ?1 AND window_began_ms < ?2 ORDER BY window_began_ms, duty, place
      """
    case .gaps:
      """
      SELECT id, id, duty, window_began_ms, place, verdict, cause, began_ms, ended_ms, open, from_m, to_m, cells,
        extent, evidence, handhelds, region, flagged_ms, revision FROM gap
      WHERE window_began_ms >= ?1 AND window_began_ms < ?2 AND withdrawn_ms IS NULL ORDER BY id
      """
    case .history:
      """
      SELECT g.id, g.id, g.withdrawn_ms, r.n, r.kind, r.at_ms, r.before, r.after
      FROM gap g LEFT JOIN gap_revision r ON r.gap = g.id
      WHERE g.window_began_ms >= ?1 AND g.window_began_ms < ?2 ORDER BY g.id, r.row
      """
    case .excuses:
      """
      SELECT 'excuse ' || e.id, e.id, e.gap, e.region, e.reason, e.asked_by, e.asked_ms, e.state, e.decided_by,
        e.decided_ms, e.decision_reason FROM gap g JOIN excuse e ON e.gap = g.id
      WHERE g.window_began_ms >= ?1 AND g.window_began_ms < ?2 ORDER BY e.id
      """
    case .outages:
      // One that goes on beyond the day may end any time.
      """
      SELECT kind || CASE handheld WHEN '' THEN '' ELSE ' of ' || handheld END, kind, handheld, max(began_ms, ?1),
        min(coalesce(ended_ms, ?2), ?2)
      FROM outage WHERE began_ms < ?2 AND coalesce(ended_ms, ?2) > ?1 ORDER BY kind, handheld, began_ms
      """
    case .plans:
      """
      SELECT 'plan ' || digest, digest, began_ms, bundle FROM (\(Self.versions)) WHERE \(Self.isInForce)
      ORDER BY began_ms
      """
    case .cells:
      """
      SELECT place, digest, place, cell, from_m, to_m, weight FROM cell
      WHERE digest IN (SELECT digest FROM (\(Self.versions)) WHERE \(Self.isInForce))
      ORDER BY place, digest, cell
      """
    case .changes:
      """
      SELECT 'change ' || id, id, day, kind, told, reason, by, at_ms, withdrawn_by, withdrawn_ms FROM plan_change
      WHERE began_ms >= ?1 AND began_ms < ?2 ORDER BY id
      """
    }
  }

  private static let versions =
    "SELECT *, lead(began_ms, 1, ?2) OVER (ORDER BY began_ms) AS next_ms FROM plan_version"
  private static let isInForce = "began_ms < ?2 AND next_ms > ?1"

  /// In words, with the place or row it is about.
  func text(_ key: String) -> String {
    switch self {
    case .fixes: "fixes of \(key)"
    case .stays: "stays of \(key)"
    case .passes: "passes of \(key)"
    case .attendance: "attendance for \(key)"
    case .windows: "window of \(key)"
    case .gaps: "gap \(key)"
    case .history: "history of gap \(key)"
    case .excuses, .plans, .changes: key
    case .outages: "outage: \(key)"
    case .cells: "cells of \(key)"
    }
  }
}

extension Database {
  /// What a day's rows of a class other than `fixes` hash to.
  func digest(_ evidence: Evidence, in span: Range<Int64>) throws -> RowsDigest {
    let statement = try cachedStatement(sql: evidence.sql).sqliteStatement
    defer { sqlite3_reset(statement) }
    sqlite3_bind_int64(statement, 1, span.lowerBound)
    sqlite3_bind_int64(statement, 2, span.upperBound)
    let columns = sqlite3_column_count(statement)
    var digest = RowsDigest()
    var fields = FieldBytes()
    while try step(statement) {
      digest.begin(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
      fields.empty()
      for i in 1..<columns { fields.add(column: i, of: statement) }
      digest.add(fields, rows: 1)
    }
    digest.end()
    return digest
  }
}
