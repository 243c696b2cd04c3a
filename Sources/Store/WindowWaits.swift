internal import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

/// How long it was between a window's attendances, kept with the window once it is final: a quarter's attendance is too much to be
/// gone through for a report.
struct WindowWaits {
  private let db: Database

  init(_ db: Database) { self.db = db }

  /// Intervals between what is proven, cut to the window, its edges included: a cell that was never attended waited all of it.
  /// Cells by the plan version that the window was judged by, with their weights.
  private static let sql = """
    WITH owed AS (
      SELECT duty, place, window_began_ms AS opens, ended_ms AS closes FROM duty_window
      WHERE window_began_ms = ?1 AND duty = ?2 AND place = ?3),
    part AS (
      SELECT cell, weight FROM cell WHERE place = ?3
        AND digest = (SELECT digest FROM plan_version WHERE began_ms <= ?1 ORDER BY began_ms DESC LIMIT 1)),
    seen AS (
      SELECT a.cell, max(a.began_ms, opens) AS began, min(a.ended_ms, closes) AS ended
      FROM attendance a, owed
      WHERE a.window_began_ms = ?1 AND a.duty = ?2 AND a.place = ?3 AND a.kind = 'proven'
        AND a.ended_ms >= opens AND a.began_ms < closes),
    wait AS (
      SELECT cell, (began - coalesce(lag(ended) OVER (PARTITION BY cell ORDER BY began), opens)) / 1e3 AS s FROM seen, owed
      UNION ALL
      SELECT part.cell, (closes - coalesce((SELECT max(ended) FROM seen WHERE seen.cell = part.cell), opens)) / 1e3
      FROM part, owed)
    UPDATE duty_window SET (wait_s, wait2_s2) = (
      SELECT sum(weight * s) / (SELECT sum(weight) FROM part), sum(weight * s * s) / (SELECT sum(weight) FROM part)
      FROM wait JOIN part USING (cell))
    WHERE window_began_ms = ?1 AND duty = ?2 AND place = ?3
    """

  func store(of owed: Owed) throws {
    try db.cachedStatement(sql: Self.sql).execute(
      arguments: [owed.windowBegan.milliseconds, owed.duty.text, owed.place.text])
  }

  /// Of every final window that has none.
  func fill() throws {
    let rows = try Row.fetchAll(
      db,
      sql: "SELECT window_began_ms, duty, place FROM duty_window WHERE final AND wait_s IS NULL")
    for row in rows {
      try db.cachedStatement(sql: Self.sql).execute(arguments: [row[0], row[1], row[2]])
    }
  }
}
