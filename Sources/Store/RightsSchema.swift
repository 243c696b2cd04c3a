extension Schema {
  /// Who may come in, and who looked at whom. Since version 5.
  static let rights = """
    -- People. A password is kept as scrypt's hash with its cost and salt ($scrypt$ln=…,r=…,p=…$salt$hash).
    CREATE TABLE IF NOT EXISTS user (
      name TEXT PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('brigade', 'squadron', 'auditor', 'rig')),
      squadron TEXT, password TEXT NOT NULL, language TEXT, disabled INTEGER NOT NULL, made_ms INTEGER NOT NULL,
      CHECK ((role = 'squadron') = (squadron IS NOT NULL))) WITHOUT ROWID;

    -- Who is logged in: SHA-256 of what their browser shows. All of a user's end with a change of password or role.
    CREATE TABLE IF NOT EXISTS session (
      hash TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES user(name), began_ms INTEGER NOT NULL,
      used_ms INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS session_of ON session(user);

    -- Programs: SHA-256 of what they show.
    CREATE TABLE IF NOT EXISTS program_token (
      id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, squadron TEXT,
      made_by TEXT NOT NULL, made_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, revoked_ms INTEGER);

    -- Who looked at whose track: a row for each viewer, handheld and hour in which they looked; the span is that of all
    -- that was shown then.
    CREATE TABLE IF NOT EXISTS look (
      who TEXT NOT NULL, handheld TEXT NOT NULL, hour_ms INTEGER NOT NULL, first_ms INTEGER NOT NULL,
      last_ms INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, looks INTEGER NOT NULL,
      PRIMARY KEY (handheld, hour_ms, who)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS look_by ON look(who, hour_ms);
    CREATE INDEX IF NOT EXISTS audit_at ON audit(at_ms);

    CREATE VIEW IF NOT EXISTS looks AS SELECT who, handheld, \(text("first_ms")) AS first_at, \(text("last_ms")) AS last_at,
      \(text("from_ms")) AS from_at, \(text("to_ms")) AS to_at, looks FROM look;
    """
}
