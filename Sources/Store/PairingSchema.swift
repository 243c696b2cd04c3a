extension Schema {
  /// Handhelds carried together. Since version 2.
  static let pairings = """
    -- Two handhelds that moved as one. Of a day that is not passed to its end yet, what is known so far.
    CREATE TABLE pairing (
      first TEXT NOT NULL, second TEXT NOT NULL, began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
      moving_ms INTEGER NOT NULL, way_m REAL NOT NULL, median_distance_m REAL NOT NULL,
      maximum_distance_m REAL NOT NULL, joint_accuracy_m REAL NOT NULL, share REAL NOT NULL,
      PRIMARY KEY (began_ms, first, second)) WITHOUT ROWID;

    -- Operational days, and up to when their fixes were looked through for pairings.
    CREATE TABLE pairing_day (
      began_ms INTEGER PRIMARY KEY, ended_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL);

    CREATE VIEW pairings AS SELECT first, second, \(text("began_ms")) AS began_at, \(text("ended_ms")) AS ended_at,
      moving_ms / 1e3 AS moving_s, way_m, median_distance_m, maximum_distance_m, joint_accuracy_m, share FROM pairing;
    """
}
