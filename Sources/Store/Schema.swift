internal import GRDB

/// The store's tables. Times are integers, milliseconds since 1970 (`…_ms`); coordinates integers of 1e-7 degree
/// (`…_e7`); every other unit stands in its name. Each table that has such columns has a view of the plural name
/// (`fixes`, `stays`, `passes`, `gaps`, `windows`, `outages`, `pairings`, `handheld_days`) with RFC 3339 text (UTC) and degrees.
enum Schema {
  /// `PRAGMA application_id`: "ptrl".
  static let applicationID = 0x7074_726C
  /// `PRAGMA user_version` of a store this program makes.
  static let version = 7

  static func migrate(_ db: Database, from old: Int) throws {
    if old == 0 {
      try db.execute(sql: tables)
    } else {
      if old < 2 { try db.execute(sql: second) }
      if old < 3 {
        try db.execute(sql: third)
        try WindowWaits(db).fill()
      }
    }
    if old < 2 { try db.execute(sql: pairings) }
    if old < 4 { try db.execute(sql: days) }
    if old < 5 { try db.execute(sql: rights) }
    if old < 6 { try db.execute(sql: summaries) }
    if old > 0, old < 7 { try db.execute(sql: seventh) }
    try db.execute(sql: "PRAGMA user_version = \(version)")
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
  }

  private static let tables = """
    CREATE TABLE handheld (
      n INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE);

    \(FixTable.schema)

    CREATE TABLE stay (
      handheld TEXT NOT NULL, place TEXT NOT NULL, cell INTEGER NOT NULL,
      arrived_ms INTEGER NOT NULL, left_ms INTEGER NOT NULL, stay_ms INTEGER NOT NULL,
      kind TEXT NOT NULL, decided_ms INTEGER NOT NULL,
      PRIMARY KEY (handheld, arrived_ms, place, cell)) WITHOUT ROWID;
    CREATE INDEX stay_decided ON stay(handheld, decided_ms);

    CREATE TABLE pass (
      handheld TEXT NOT NULL, place TEXT NOT NULL,
      began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
      from_m REAL NOT NULL, to_m REAL NOT NULL, speed_mps REAL NOT NULL, confidence REAL NOT NULL,
      kind TEXT NOT NULL, decided_ms INTEGER NOT NULL,
      PRIMARY KEY (handheld, began_ms, place, from_m)) WITHOUT ROWID;
    CREATE INDEX pass_decided ON pass(handheld, decided_ms);

    -- Closed intervals in which a cell of an owed place was attended, and those in which it may have been besides, where
    -- that leaves open what the verdict is.
    CREATE TABLE attendance (
      duty TEXT NOT NULL, window_began_ms INTEGER NOT NULL, place TEXT NOT NULL, cell INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('proven', 'possible')),
      began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
      PRIMARY KEY (window_began_ms, duty, place, cell, kind, began_ms)) WITHOUT ROWID;

    \(gapTable)
    -- Why a gap came to be as it is: append only.
    CREATE TABLE gap_revision (
      gap TEXT NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, at_ms INTEGER NOT NULL,
      before TEXT, after TEXT NOT NULL,
      row INTEGER PRIMARY KEY);
    CREATE INDEX gap_revision_of ON gap_revision(gap, n);

    CREATE TABLE duty_window (
      duty TEXT NOT NULL, window_began_ms INTEGER NOT NULL, place TEXT NOT NULL,
      "group" TEXT NOT NULL, squadron TEXT NOT NULL, ended_ms INTEGER NOT NULL,
      coverage REAL, missed REAL, unproven REAL,
      judged_extent REAL NOT NULL, final INTEGER NOT NULL,
      attendances INTEGER NOT NULL, longest_interval_ms INTEGER NOT NULL,
      -- Once it is final: seconds between attendances, edges included, and their squares; on a line the mean over its cells.
      wait_s REAL, wait2_s2 REAL,
      PRIMARY KEY (window_began_ms, duty, place)) WITHOUT ROWID;

    CREATE TABLE outage (
      kind TEXT NOT NULL, handheld TEXT NOT NULL DEFAULT '', began_ms INTEGER NOT NULL, ended_ms INTEGER,
      PRIMARY KEY (kind, handheld, began_ms)) WITHOUT ROWID;

    CREATE TABLE plan_version (
      digest TEXT NOT NULL, began_ms INTEGER NOT NULL, bundle TEXT NOT NULL,
      PRIMARY KEY (began_ms)) WITHOUT ROWID;

    CREATE TABLE excuse (
      id INTEGER PRIMARY KEY,
      gap TEXT NOT NULL, region TEXT NOT NULL, reason TEXT NOT NULL,
      asked_by TEXT NOT NULL, asked_ms INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'withdrawn')),
      decided_by TEXT, decided_ms INTEGER, decision_reason TEXT);

    CREATE TABLE audit (
      row INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, who TEXT NOT NULL, did TEXT NOT NULL, subject TEXT NOT NULL,
      detail TEXT NOT NULL);

    \(live)

    CREATE TABLE heartbeat (
      one INTEGER PRIMARY KEY CHECK (one = 1), at_ms INTEGER NOT NULL, clock_ms INTEGER NOT NULL, state TEXT NOT NULL);

    -- What the cells of attendance are, by plan version: chainages of lines, weights in metres, square metres or 1.
    CREATE TABLE cell (
      digest TEXT NOT NULL, place TEXT NOT NULL, cell INTEGER NOT NULL,
      from_m REAL, to_m REAL, weight REAL NOT NULL,
      PRIMARY KEY (digest, place, cell)) WITHOUT ROWID;

    -- The clock up to which everything committed was judged.
    CREATE TABLE judged (
      one INTEGER PRIMARY KEY CHECK (one = 1), clock_ms INTEGER NOT NULL);

    \(checkpoint)

    \(fixes)
    CREATE VIEW stays AS SELECT handheld, place, cell, \(text("arrived_ms")) AS arrived_at,
      \(text("left_ms")) AS left_at, stay_ms / 1e3 AS stay_s, kind, \(text("decided_ms")) AS decided_at FROM stay;
    CREATE VIEW passes AS SELECT handheld, place, \(text("began_ms")) AS began_at, \(text("ended_ms")) AS ended_at,
      from_m, to_m, speed_mps, confidence, kind, \(text("decided_ms")) AS decided_at FROM pass;
    CREATE VIEW attendances AS SELECT duty, \(text("window_began_ms")) AS window_began_at, place, cell, kind,
      \(text("began_ms")) AS began_at, \(text("ended_ms")) AS ended_at FROM attendance;
    \(gapView)
    CREATE VIEW windows AS SELECT duty, place, "group", squadron, \(text("window_began_ms")) AS began_at,
      \(text("ended_ms")) AS ended_at, coverage, missed, unproven, attendances, final FROM duty_window;
    CREATE VIEW outages AS SELECT kind, handheld, \(text("began_ms")) AS began_at, \(text("ended_ms")) AS ended_at
      FROM outage;
    """

  /// In the order in which a night's are read and written: by their ids, which are hashes, they would lie all over the file.
  private static let gapTable = """
    CREATE TABLE gap (
      id TEXT NOT NULL UNIQUE,
      duty TEXT NOT NULL, window_began_ms INTEGER NOT NULL, place TEXT NOT NULL,
      verdict TEXT NOT NULL, cause TEXT NOT NULL,
      began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, open INTEGER NOT NULL,
      from_m REAL, to_m REAL, cells TEXT NOT NULL,
      extent REAL NOT NULL, evidence TEXT NOT NULL, handhelds TEXT NOT NULL, region TEXT NOT NULL,
      flagged_ms INTEGER NOT NULL, revision INTEGER NOT NULL,
      withdrawn_ms INTEGER,
      PRIMARY KEY (window_began_ms, duty, place, id)) WITHOUT ROWID;
    """

  private static let gapView = """
    CREATE VIEW gaps AS SELECT id, duty, \(text("window_began_ms")) AS window_began_at, place, from_m, to_m,
      \(text("began_ms")) AS began_at, CASE open WHEN 0 THEN \(text("ended_ms")) END AS ended_at, open, verdict, cause,
      (ended_ms - began_ms) / 1e3 AS seconds, extent, handhelds, \(text("flagged_ms")) AS flagged_at, revision
      FROM gap WHERE withdrawn_ms IS NULL;
    """

  private static let live = """
    -- How the daemon finds its gpsds and handhelds just now; rewritten when it changes, and every few seconds.
    CREATE TABLE link (
      endpoint TEXT PRIMARY KEY, reachable INTEGER NOT NULL, since_ms INTEGER, detail TEXT NOT NULL,
      handhelds TEXT NOT NULL, lines INTEGER NOT NULL, fixes INTEGER NOT NULL, without_fix INTEGER NOT NULL,
      malformed INTEGER NOT NULL, unassigned INTEGER NOT NULL, unassigned_devices TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE liveness (
      handheld TEXT PRIMARY KEY, state TEXT NOT NULL, since_ms INTEGER NOT NULL, heard_ms INTEGER,
      detail TEXT NOT NULL) WITHOUT ROWID;
    """

  private static let checkpoint = """
    -- Where a daemon takes up again: all that each plan version's engine knew when the fix of row last_row was the last
    -- one in, by the build of the program that wrote it.
    CREATE TABLE checkpoint (
      engine INTEGER PRIMARY KEY,
      program TEXT NOT NULL, last_row INTEGER NOT NULL, digest TEXT NOT NULL, began_ms INTEGER NOT NULL);
    CREATE TABLE checkpoint_part (
      engine INTEGER NOT NULL, part INTEGER NOT NULL, state BLOB NOT NULL,
      PRIMARY KEY (engine, part));
    """

  private static let fixes = """
    CREATE VIEW fixes AS SELECT h.id AS handheld, \(text("time_ms")) AS time, \(text("received_ms")) AS received_at,
      lat_e7 / 1e7 AS lat_deg, lon_e7 / 1e7 AS lon_deg, speed_mps, track_deg, accuracy_m, mode, gate
      FROM fix JOIN handheld h ON h.n = fix.handheld;
    """

  /// From version 1, in which fixes lay in one table, in the order committed.
  private static let second = """
    DROP VIEW fixes;
    DROP INDEX fix_of_handheld;
    ALTER TABLE fix RENAME TO fix_of_version_1;
    \(FixTable.schema)
    INSERT INTO fix_kept (row, \(FixTable.columns))
      SELECT row, handheld, at_ms, received_ms - at_ms, time_ms - at_ms, lat_e7, lon_e7, mode, status, accuracy_m, hdop,
        speed_mps, track_deg, gate FROM fix_of_version_1 ORDER BY handheld, at_ms, row;
    UPDATE fix_turn SET row_before = (SELECT coalesce(max(row), 0) FROM fix_of_version_1);
    DROP TABLE fix_of_version_1;
    DROP TABLE checkpoint;
    \(checkpoint)
    \(live)
    \(fixes)
    """

  private static let third = """
    ALTER TABLE duty_window ADD COLUMN wait_s REAL;
    ALTER TABLE duty_window ADD COLUMN wait2_s2 REAL;
    """

  /// What assessments read of a quarter's gaps, in the order of their windows, without their regions.
  private static let gapIndex = """
    CREATE INDEX gap_of_window ON gap(window_began_ms, duty, place, withdrawn_ms, verdict, cause, extent, evidence);
    """

  /// From versions in which gaps lay by their ids.
  private static let seventh = """
    DROP VIEW gaps;
    DROP INDEX gap_of_window;
    ALTER TABLE gap RENAME TO gap_of_version_6;
    \(gapTable)
    INSERT INTO gap SELECT * FROM gap_of_version_6 ORDER BY window_began_ms, duty, place, id;
    DROP TABLE gap_of_version_6;
    \(gapIndex)
    \(gapView)
    """

  private static let summaries = """
    DROP INDEX IF EXISTS gap_of_window;
    \(gapIndex)

    -- Gaps that changed more than five minutes after their window was over, and what became of them last.
    CREATE TABLE gap_late (
      window_began_ms INTEGER NOT NULL, gap TEXT NOT NULL, kind TEXT NOT NULL,
      PRIMARY KEY (window_began_ms, gap)) WITHOUT ROWID;
    INSERT INTO gap_late
      SELECT window_began_ms, id, kind FROM (
        SELECT g.window_began_ms, g.id, (
          SELECT r.kind FROM gap_revision r WHERE r.gap = g.id AND r.at_ms > w.ended_ms + 300000
            AND r.kind NOT IN ('closed', 'excused') ORDER BY r.n DESC LIMIT 1) AS kind
        FROM gap g JOIN duty_window w
          ON w.window_began_ms = g.window_began_ms AND w.duty = g.duty AND w.place = g.place)
      WHERE kind IS NOT NULL;
    """

  static func text(_ column: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1e3, 'unixepoch')"
  }
}
