public import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

extension Schema {
  /// What happened, in the order in which it was committed: what those follow who watch. Kept by triggers, so that whoever
  /// writes (the daemon, an excuse) is heard. Made wherever it is missing when a store is opened to be written.
  static let happenings = """
    -- Stays, passes, revisions of gaps, changes of handhelds' standing and of tonight's plan as they were committed; the last million.
    CREATE TABLE IF NOT EXISTS happening (
      n INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, told TEXT NOT NULL);
    CREATE TRIGGER IF NOT EXISTS happening_stay AFTER INSERT ON stay BEGIN
      INSERT INTO happening (kind, told) VALUES ('stay', json_array(NEW.handheld, NEW.place, NEW.cell, NEW.arrived_ms,
        NEW.left_ms, NEW.stay_ms, NEW.kind, NEW.decided_ms)); END;
    CREATE TRIGGER IF NOT EXISTS happening_pass AFTER INSERT ON pass BEGIN
      INSERT INTO happening (kind, told) VALUES ('pass', json_array(NEW.handheld, NEW.place, NEW.began_ms, NEW.ended_ms,
        NEW.from_m, NEW.to_m, NEW.speed_mps, NEW.confidence, NEW.kind, NEW.decided_ms)); END;
    CREATE TRIGGER IF NOT EXISTS happening_gap AFTER INSERT ON gap_revision BEGIN
      INSERT INTO happening (kind, told) VALUES ('gap', json_array(NEW.row)); END;
    CREATE TRIGGER IF NOT EXISTS happening_handheld AFTER INSERT ON liveness BEGIN
      INSERT INTO happening (kind, told) VALUES ('handheld', json_array(NEW.handheld, NEW.state, NEW.since_ms,
        NEW.heard_ms, NEW.detail)); END;
    CREATE TRIGGER IF NOT EXISTS happening_last AFTER INSERT ON happening WHEN NEW.n % 1000 = 0 BEGIN
      DELETE FROM happening WHERE n <= NEW.n - 1000000; END;
    """
}

/// Something that was committed, and its number: they rise in the order of commits, and none is given twice.
///
/// What a late delivery re-judges is told again: a stay or pass that holds comes a second time, with the handheld and the
/// beginning it had; one that holds no longer is not taken back by an event (a gap that follows from it is). Those who keep a
/// list put what comes in the place of what has its key, or ask for the list again.
public struct Happening: Sendable {
  public enum What: Sendable {
    case stay(Stay)
    case pass(Pass)
    case gap(GapRevision)
    case handheld(Liveness.Standing)
    /// Ordered for tonight, or withdrawn.
    case change(OrderedChange)
  }

  public var number: Int64
  public var what: What
}

extension Queries {
  /// The numbers of the first happening that is kept and of the last that there was; 0 before any.
  public func happeningNumbers() throws(StoreError) -> (first: Int64, last: Int64) {
    try store.read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT (SELECT min(n) FROM happening),
            (SELECT seq FROM sqlite_sequence WHERE name = 'happening')
          """)
      let last = row?[1] as Int64? ?? 0
      return (row?[0] ?? last + 1, last)
    }
  }

  /// What was committed after a number, in order, so many at most; and the number up to which was looked.
  public func happenings(
    after number: Int64, limit: Int
  ) throws(StoreError) -> (happenings: [Happening], upTo: Int64) {
    try store.read { db in
      var (found, last): ([Happening], Int64) = ([], number)
      for row in try Row.fetchAll(
        db,
        sql: """
          SELECT n, kind, \((0..<10).map { "told ->> \($0)" }.joined(separator: ", ")) FROM happening
          WHERE n > ? ORDER BY n LIMIT ?
          """, arguments: [number, limit])
      {
        last = row[0]
        if let what = try Self.what(row, db) {
          found.append(Happening(number: last, what: what))
        }
      }
      return (found, last)
    }
  }

  /// Nil where a newer program told something that this one does not know.
  private static func what(_ row: Row, _ db: Database) throws -> Happening.What? {
    func instant(_ i: Int) -> Instant { Instant(milliseconds: row[2 + i]) }
    switch row[1] as String {
    case "stay":
      return Stay.Kind(rawValue: row[2 + 6]).map { kind in
        .stay(
          Stay(
            handheld: Handheld.ID(row[2]), place: Place.ID(row[3]), cell: row[4],
            arrived: instant(3), left: instant(4), length: Milliseconds(row[2 + 5]), kind: kind,
            decided: instant(7)))
      }
    case "pass":
      return Pass.Kind(rawValue: row[2 + 8]).map { kind in
        .pass(
          Pass(
            handheld: Handheld.ID(row[2]), place: Place.ID(row[3]), began: instant(2),
            ended: instant(3), from: Metres(row[2 + 4]), to: Metres(row[2 + 5]),
            speed: MetresPerSecond(row[2 + 6]), confidence: row[2 + 7], kind: kind,
            decided: instant(9)))
      }
    case "gap":
      let told = try Row.fetchOne(
        db, sql: "SELECT * FROM gap_revision WHERE row = ?", arguments: [row[2] as Int64])
      return try told.flatMap(revision).map { .gap($0) }
    case "handheld":
      return Liveness.State(rawValue: row[3]).map { state in
        .handheld(
          Liveness.Standing(
            handheld: Handheld.ID(row[2]), state: state, since: instant(2),
            heard: (row[2 + 3] as Int64?).map(Instant.init(milliseconds:)), detail: row[2 + 4]))
      }
    case "change":
      return try db.changes(sql: "WHERE id = ?", [row[2] as Int64]).first.map { .change($0) }
    default: return nil
    }
  }

  static func revision(_ row: Row) throws -> GapRevision? {
    guard let kind = Revision(rawValue: row["kind"]) else { return nil }
    return GapRevision(
      number: row["n"], kind: kind, at: Instant(milliseconds: row["at_ms"]),
      before: try (row["before"] as String?).map { try StoredJSON.value(Gap.self, $0) },
      after: try StoredJSON.value(Gap.self, row["after"]))
  }
}
