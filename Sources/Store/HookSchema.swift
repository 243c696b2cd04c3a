extension Schema {
  /// Whom to tell of gaps, and what they are to be told. Made wherever it is missing when a store is opened to be written or
  /// amended.
  static let hooks = """
    -- Addresses. A secret is kept as it is: it signs. What happened up to the number in cursor is in the outbox.
    CREATE TABLE IF NOT EXISTS hook (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, url TEXT NOT NULL, secret TEXT NOT NULL,
      events TEXT NOT NULL, squadron TEXT, lead_ms INTEGER NOT NULL, of_hook INTEGER REFERENCES hook(id), after_ms INTEGER,
      cursor INTEGER NOT NULL, made_by TEXT NOT NULL, made_ms INTEGER NOT NULL, gone_ms INTEGER,
      failing_ms INTEGER, failure TEXT, delivered INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
      given_up INTEGER NOT NULL DEFAULT 0, CHECK ((of_hook IS NULL) = (after_ms IS NULL)));

    -- The outbox, and what came of it in the last week. Within a hook and subject they go out by n, each after the one before.
    CREATE TABLE IF NOT EXISTS hook_delivery (
      n INTEGER PRIMARY KEY AUTOINCREMENT, hook INTEGER NOT NULL REFERENCES hook(id), id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL, subject TEXT NOT NULL, due_ms INTEGER, body TEXT NOT NULL, queued_ms INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
      attempts INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL, last_ms INTEGER, status INTEGER, failure TEXT);
    CREATE INDEX IF NOT EXISTS hook_delivery_of ON hook_delivery(hook, subject, n);
    CREATE INDEX IF NOT EXISTS hook_delivery_queued ON hook_delivery(hook, queued_ms);
    CREATE INDEX IF NOT EXISTS hook_delivery_waiting ON hook_delivery(hook, attempts, n) WHERE state = 'waiting';
    """
}
