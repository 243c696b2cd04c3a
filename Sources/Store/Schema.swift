internal import GRDB

/// The store's tables. Times are integers, milliseconds since 1970 (`…_ms`); coordinates integers of 1e-7 degree
/// (`…_e7`); every other unit stands in its name. Each table that has such columns has a view of the plural name
/// (`fixes`, `stays`, `passes`, `gaps`, `windows`, `outages`, `pairings`) with RFC 3339 text (UTC) and degrees.
enum Schema {
  /// `PRAGMA application_id`: "ptrl".
  static let applicationID = 0x7074_726C
  /// `PRAGMA user_version` of a store this program makes.
  static let version = 2

  static func migrate(_ db: Database, from old: Int) throws {
    if old < 1 { try db.execute(sql: first) }
    if old < 2 { try db.execute(sql: pairings) }
    try db.execute(sql: "PRAGMA user_version = \(version)")
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
  }

  private static let first = """
    CREATE TABLE handheld (
      n INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE);

    -- Every observation, in the order committed. at_ms orders: the fix's own time, or when it was received where it
    -- has none that can be so. gate is NULL where the fix is usable.
    CREATE TABLE fix (
      row INTEGER PRIMARY KEY,
      handheld INTEGER NOT NULL REFERENCES handheld(n),
      at_ms INTEGER NOT NULL,
      received_ms INTEGER NOT NULL,
      time_ms INTEGER,
      lat_e7 INTEGER,
      lon_e7 INTEGER,
      mode INTEGER NOT NULL,
      status INTEGER,
      accuracy_m REAL,
      hdop REAL,
      speed_mps REAL,
      track_deg REAL,
      gate TEXT);
    CREATE INDEX fix_of_handheld ON fix(handheld, at_ms);

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

    -- Closed intervals in which a cell of an owed place was, or may have been, attended.
    CREATE TABLE attendance (
      duty TEXT NOT NULL, window_began_ms INTEGER NOT NULL, place TEXT NOT NULL, cell INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('proven', 'possible')),
      began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
      PRIMARY KEY (window_began_ms, duty, place, cell, kind, began_ms)) WITHOUT ROWID;

    CREATE TABLE gap (
      id TEXT PRIMARY KEY,
      duty TEXT NOT NULL, window_began_ms INTEGER NOT NULL, place TEXT NOT NULL,
      verdict TEXT NOT NULL, cause TEXT NOT NULL,
      began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, open INTEGER NOT NULL,
      from_m REAL, to_m REAL, cells TEXT NOT NULL,
      extent REAL NOT NULL, evidence TEXT NOT NULL, handhelds TEXT NOT NULL, region TEXT NOT NULL,
      flagged_ms INTEGER NOT NULL, revision INTEGER NOT NULL,
      withdrawn_ms INTEGER) WITHOUT ROWID;
    CREATE INDEX gap_of_window ON gap(window_began_ms, duty, place);

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

    -- Where a daemon takes up again: all it knew when the fix of row last_row was the last one in.
    CREATE TABLE checkpoint (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      program TEXT NOT NULL, last_row INTEGER NOT NULL, state BLOB NOT NULL);

    CREATE VIEW fixes AS SELECT h.id AS handheld, \(text("time_ms")) AS time, \(text("received_ms")) AS received_at,
      lat_e7 / 1e7 AS lat_deg, lon_e7 / 1e7 AS lon_deg, speed_mps, track_deg, accuracy_m, mode, gate
      FROM fix JOIN handheld h ON h.n = fix.handheld;
    CREATE VIEW stays AS SELECT handheld, place, cell, \(text("arrived_ms")) AS arrived_at,
      \(text("left_ms")) AS left_at, stay_ms / 1e3 AS stay_s, kind, \(text("decided_ms")) AS decided_at FROM stay;
    CREATE VIEW passes AS SELECT handheld, place, \(text("began_ms")) AS began_at, \(text("ended_ms")) AS ended_at,
      from_m, to_m, speed_mps, confidence, kind, \(text("decided_ms")) AS decided_at FROM pass;
    CREATE VIEW attendances AS SELECT duty, \(text("window_began_ms")) AS window_began_at, place, cell, kind,
      \(text("began_ms")) AS began_at, \(text("ended_ms")) AS ended_at FROM attendance;
    CREATE VIEW gaps AS SELECT id, duty, \(text("window_began_ms")) AS window_began_at, place, from_m, to_m,
      \(text("began_ms")) AS began_at, CASE open WHEN 0 THEN \(text("ended_ms")) END AS ended_at, open, verdict, cause,
      (ended_ms - began_ms) / 1e3 AS seconds, extent, handhelds, \(text("flagged_ms")) AS flagged_at, revision
      FROM gap WHERE withdrawn_ms IS NULL;
    CREATE VIEW windows AS SELECT duty, place, "group", squadron, \(text("window_began_ms")) AS began_at,
      \(text("ended_ms")) AS ended_at, coverage, missed, unproven, attendances, final FROM duty_window;
    CREATE VIEW outages AS SELECT kind, handheld, \(text("began_ms")) AS began_at, \(text("ended_ms")) AS ended_at
      FROM outage;
    """

  static func text(_ column: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1e3, 'unixepoch')"
  }
}
