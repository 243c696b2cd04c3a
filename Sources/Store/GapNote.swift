public import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// Somebody saw a gap, and what they had to say of it. It excuses nothing.
public struct GapNote: Hashable, Sendable {
  public var gap: Gap.ID
  public var by: String
  public var at: Instant
  /// Empty where they only saw it.
  public var note: String

  /// Characters, at most.
  public static let (nameMaximum, noteMaximum) = (100, 500)
}

extension Schema {
  /// Made wherever it is missing when a store is opened to be written or amended.
  static let gapNotes = """
    CREATE TABLE IF NOT EXISTS gap_note (
      row INTEGER PRIMARY KEY, gap TEXT NOT NULL, by TEXT NOT NULL, at_ms INTEGER NOT NULL, note TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS gap_note_of ON gap_note(gap, row);
    """
}

extension Transaction {
  /// Keeps that somebody saw a gap. Throws `ExcuseError.noGap` where there is none of that id.
  public func acknowledge(
    _ gap: Gap.ID, by name: String, note: String, at now: Instant
  ) throws {
    let isThere =
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT * FROM gap WHERE id = ?)", arguments: [gap.text]) ?? false
    guard isThere else { throw ExcuseError.noGap(gap.text) }
    try db.execute(
      sql: "INSERT INTO gap_note (gap, by, at_ms, note) VALUES (?,?,?,?)",
      arguments: [gap.text, name, now.milliseconds, note])
    try audit(name, "acknowledged a gap", "gap \(gap)", note, at: now)
  }
}

extension Queries {
  /// Notes of some gaps, first the oldest.
  public func notes(of gaps: [Gap.ID]) throws(StoreError) -> [Gap.ID: [GapNote]] {
    try store.read { db in
      // A store that no program of this version has written has none.
      guard try db.tableExists("gap_note") else { return [:] }
      let rows = try Row.fetchAll(
        db,
        sql: "SELECT * FROM gap_note WHERE gap IN (SELECT value FROM json_each(?)) ORDER BY row",
        arguments: [StoredJSON.list(gaps.map(\.text))])
      return Dictionary(
        grouping: rows.map {
          GapNote(
            gap: Gap.ID($0["gap"]), by: $0["by"], at: Instant(milliseconds: $0["at_ms"]),
            note: $0["note"])
        }, by: \.gap)
    }
  }
}
