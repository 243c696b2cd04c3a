extension Schema {
  /// What handhelds' time on duty was worth, day by day. Since version 4.
  static let days = """
    -- Operational days that are over and summed up, by the plan in force when they ended.
    CREATE TABLE summed_day (
      day TEXT PRIMARY KEY, began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;

    -- Their sums: a row for each part of a handheld's day in which whom it serves does not change, and one that ends where
    -- it begins for what was received and walked off duty. All of it follows from fixes, passes, outages and plans: it is
    -- no evidence, and no seal holds it, but of days whose fixes were purged it is all that is left.
    CREATE TABLE handheld_day (
      day TEXT NOT NULL, handheld TEXT NOT NULL, began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
      observed_ms INTEGER NOT NULL, daemon_down_ms INTEGER NOT NULL, unreachable_ms INTEGER NOT NULL,
      rejected_ms INTEGER NOT NULL, no_fix_ms INTEGER NOT NULL, silent_ms INTEGER NOT NULL,
      reports INTEGER NOT NULL, usable INTEGER NOT NULL, without_position INTEGER NOT NULL, failed INTEGER NOT NULL,
      walked_m REAL NOT NULL,
      PRIMARY KEY (day, handheld, ended_ms)) WITHOUT ROWID;

    -- Of summed days, the handhelds whose rows do not hold, since something of them came or changed later.
    CREATE TABLE handheld_day_due (
      day TEXT NOT NULL, handheld TEXT NOT NULL, since_ms INTEGER NOT NULL,
      PRIMARY KEY (day, handheld)) WITHOUT ROWID;

    CREATE VIEW handheld_days AS SELECT day, handheld, \(text("began_ms")) AS began_at, \(text("ended_ms")) AS ended_at,
      (observed_ms + daemon_down_ms + unreachable_ms + rejected_ms + no_fix_ms + silent_ms) / 1e3 AS on_duty_s,
      observed_ms / 1e3 AS observed_s, daemon_down_ms / 1e3 AS daemon_down_s, unreachable_ms / 1e3 AS unreachable_s,
      rejected_ms / 1e3 AS rejected_s, no_fix_ms / 1e3 AS no_fix_s, silent_ms / 1e3 AS silent_s,
      reports, usable, without_position, failed, walked_m FROM handheld_day
      WHERE NOT EXISTS (SELECT * FROM handheld_day_due due
        WHERE due.day = handheld_day.day AND due.handheld = handheld_day.handheld);
    """
}
