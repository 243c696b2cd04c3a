extension Schema {
  /// Sealed periods and what was changed of them since. Made wherever it is missing when a store is opened to be written.
  static let seals = """
    -- Periods closed, and what was stated of them again. Together they are numbered without holes; each holds the hash of
    -- the one before it.
    CREATE TABLE IF NOT EXISTS seal (
      n INTEGER PRIMARY KEY, period TEXT NOT NULL UNIQUE, made_ms INTEGER NOT NULL, who TEXT NOT NULL,
      figures TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL,
      public_key TEXT, signature TEXT);
    CREATE TABLE IF NOT EXISTS restatement (
      n INTEGER PRIMARY KEY, seal INTEGER NOT NULL, made_ms INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL,
      before TEXT NOT NULL, after TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL,
      public_key TEXT, signature TEXT);

    -- What each group of rows hashed to, to name the one that differs; the bodies hold the hashes that count.
    CREATE TABLE IF NOT EXISTS seal_row (
      n INTEGER NOT NULL, day TEXT NOT NULL, evidence TEXT NOT NULL, subject TEXT NOT NULL, hash TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS seal_row_of ON seal_row(n, day, evidence);

    -- Days of which the store notes what it changes itself: from just before a seal is made.
    CREATE TABLE IF NOT EXISTS sealed_day (
      row INTEGER PRIMARY KEY, day TEXT NOT NULL UNIQUE, began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL);

    -- What it changed of them: hashes of the class before and after; of fixes that came late, the rows they lie in and
    -- what those hash to.
    CREATE TABLE IF NOT EXISTS sealed_change (
      n INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, day TEXT NOT NULL, evidence TEXT NOT NULL, count INTEGER NOT NULL,
      before TEXT, after TEXT NOT NULL, first_row INTEGER, last_row INTEGER);
    CREATE INDEX IF NOT EXISTS sealed_change_of ON sealed_change(day, evidence, n);
    -- And the gates of fixes.
    CREATE TABLE IF NOT EXISTS sealed_regate (
      n INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, day TEXT NOT NULL, row INTEGER NOT NULL, before TEXT, after TEXT);
    CREATE INDEX IF NOT EXISTS sealed_regate_of ON sealed_regate(day, n);

    -- Days whose fixes were let go of, and what they hashed to.
    CREATE TABLE IF NOT EXISTS purged (
      day TEXT PRIMARY KEY, began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, rows INTEGER NOT NULL,
      hash TEXT NOT NULL, last_row INTEGER NOT NULL, at_ms INTEGER NOT NULL, who TEXT NOT NULL) WITHOUT ROWID;
    """
}
