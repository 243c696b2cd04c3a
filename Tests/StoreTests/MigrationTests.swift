import Coverage
import GRDB
import Geodesy
import Patrol
import Store
import Testing

/// Makes a store what version 6 made of it: gaps by their ids.
private let asVersion6 = """
  DROP VIEW gaps;
  CREATE TABLE gap_6 (
    id TEXT PRIMARY KEY, duty TEXT NOT NULL, window_began_ms INTEGER NOT NULL, place TEXT NOT NULL,
    verdict TEXT NOT NULL, cause TEXT NOT NULL, began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
    open INTEGER NOT NULL, from_m REAL, to_m REAL, cells TEXT NOT NULL, extent REAL NOT NULL, evidence TEXT NOT NULL,
    handhelds TEXT NOT NULL, region TEXT NOT NULL, flagged_ms INTEGER NOT NULL, revision INTEGER NOT NULL,
    withdrawn_ms INTEGER) WITHOUT ROWID;
  INSERT INTO gap_6 SELECT * FROM gap;
  DROP TABLE gap;
  ALTER TABLE gap_6 RENAME TO gap;
  CREATE INDEX gap_of_window ON gap(window_began_ms, duty, place, withdrawn_ms, verdict, cause, extent, evidence);
  CREATE VIEW gaps AS SELECT * FROM gap;
  PRAGMA user_version = 6;
  """

@Suite struct `A store of version 6` {
  @Test func `is migrated with every gap in it, and its seals hold`() throws {
    let sealed = try Sealed()
    try sealed.excuse()
    try sealed.seal()
    let path = sealed.scratch.path
    let before = try Queries(Store(at: path, for: .read)).gaps(Filter())
    #expect(!before.isEmpty)
    let stated = try sealed.figures()
    try DatabaseQueue(path: path).write { try $0.execute(sql: asVersion6) }
    #expect(throws: StoreError.self) { try Store(at: path, for: .read) }

    let queries = Queries(try Store(at: path, for: .write))
    #expect(try queries.gaps(Filter()) == before)
    for gap in before { #expect(try queries.gap(gap.gap.id)?.gap == gap.gap) }
    #expect(try sealed.figures() == stated)
    #expect(try sealed.verify().isSound)
    let listed = try DatabaseQueue(path: path).read {
      try Row.fetchAll($0, sql: "SELECT began_at, verdict FROM gaps")
    }
    #expect(listed.count == before.count)
  }
}

@Suite struct `A store of version 1` {
  /// Makes a store what version 1 made of it: fixes in one table, none of the tables that came later.
  private static let asVersion1 = """
    CREATE TABLE fix_1 (
      row INTEGER PRIMARY KEY, handheld INTEGER NOT NULL, at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
      time_ms INTEGER, lat_e7 INTEGER, lon_e7 INTEGER, mode INTEGER NOT NULL, status INTEGER, accuracy_m REAL,
      hdop REAL, speed_mps REAL, track_deg REAL, gate TEXT);
    INSERT INTO fix_1 SELECT * FROM fix;
    DROP VIEW fixes; DROP VIEW fix;
    DROP TABLE fix_kept; DROP TABLE fix_recent_a; DROP TABLE fix_recent_b; DROP TABLE fix_turn;
    ALTER TABLE fix_1 RENAME TO fix;
    CREATE INDEX fix_of_handheld ON fix(handheld, at_ms);
    CREATE VIEW fixes AS SELECT * FROM fix;
    DROP TABLE checkpoint; DROP TABLE checkpoint_part; DROP TABLE link; DROP TABLE liveness;
    CREATE TABLE checkpoint (one INTEGER PRIMARY KEY, program TEXT NOT NULL, last_row INTEGER NOT NULL, state BLOB);
    ALTER TABLE duty_window DROP COLUMN wait_s; ALTER TABLE duty_window DROP COLUMN wait2_s2;
    DROP VIEW pairings; DROP TABLE pairing; DROP TABLE pairing_day;
    DROP VIEW handheld_days; DROP TABLE handheld_day; DROP TABLE handheld_day_due; DROP TABLE summed_day;
    DROP TABLE gap_late;
    \(asVersion6)
    DROP INDEX gap_of_window;
    PRAGMA user_version = 1;
    """

  private static func observation(_ i: Int) -> Observation {
    let at = Night.minute(Double(i))
    var report = Observation.Report.noFix(mode: 1)
    if i % 50 != 7 {
      report = .fix(
        Fix(
          time: at, position: Night.at(Double(i), 2), mode: 3, accuracy: 4.25,
          speed: MetresPerSecond(1 / Double(i + 1)), track: 359.5))
    }
    return Observation(handheld: i % 3 == 0 ? "a" : "b", receivedAt: at, report: report)
  }

  @Test func `is migrated with every fix in it, and goes on from there`() throws {
    let scratch = try Scratch()
    let observations = (0..<300).map(Self.observation)
    let gates: [Gate?] = observations.map { $0.fix == nil ? .noFix : nil }
    _ = try Store(at: scratch.path, for: .write).write { try $0.append(observations, gates: gates) }
    let before = try Queries(Store(at: scratch.path, for: .read)).fixes(Filter())
    try DatabaseQueue(path: scratch.path).write { try $0.execute(sql: Self.asVersion1) }
    #expect(throws: StoreError.self) { try Store(at: scratch.path, for: .read) }

    let store = try Store(at: scratch.path, for: .write)
    #expect(try Queries(store).fixes(Filter()) == before)
    let again = try store.write { try $0.append(observations, gates: gates) }
    #expect(again.allSatisfy { !$0 })
    let next = Observation(
      handheld: "a", receivedAt: Night.minute(400), report: .noFix(mode: 0))
    #expect(try store.write { try $0.append([next], gates: [.noFix]) } == [true])
    #expect(try Queries(store).pairings(Filter()) == [])
    #expect(try Queries(store).fixes(Filter()).rows.count == before.rows.count + 1)
  }
}
