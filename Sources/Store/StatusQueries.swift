internal import Foundation
internal import GRDB
public import Geodesy

extension Queries {
  /// The daemon's last sign of life: the real time, its clock, and what it told of itself.
  public func heartbeat<State: Decodable>(_ type: State.Type) throws(StoreError)
    -> (at: Instant, clock: Instant, state: State)?
  {
    try store.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM heartbeat").map { row in
        (
          Instant(milliseconds: row["at_ms"]), Instant(milliseconds: row["clock_ms"]),
          try StoredJSON.value(type, row["state"])
        )
      }
    }
  }

  /// The clock up to which everything stored was judged; nil in a new store.
  public func clock() throws(StoreError) -> Instant? {
    try store.read { db in try Transaction(db: db, store: store).clock() }
  }

  /// How many observations were ever stored; those that were purged count.
  public func storedCount() throws(StoreError) -> Int64 {
    try store.read { db in try Int64.fetchOne(db, sql: FixTable.lastRow) ?? 0 }
  }

  /// By the moment from which each is in force.
  public func planVersions() throws(StoreError) -> [StoredPlanVersion] {
    try store.read { db in try Transaction(db: db, store: store).planVersions() }
  }

  /// Fixes by handheld and gate (nil where usable) in a span of time.
  public func gateTally(of handhelds: [String], in span: Range<Instant>) throws(StoreError)
    -> [String: [String?: Int]]
  {
    try store.read { db in
      var tally: [String: [String?: Int]] = [:]
      for row in try Row.fetchAll(
        db,
        sql: """
          SELECT h.id AS name, gate, count(*) AS n FROM fix JOIN handheld h ON h.n = fix.handheld
          WHERE at_ms >= ? AND at_ms < ? AND h.id IN (SELECT value FROM json_each(?))
          GROUP BY h.id, gate
          """,
        arguments: [
          span.lowerBound.milliseconds, span.upperBound.milliseconds, StoredJSON.list(handhelds),
        ])
      {
        tally[row["name"], default: [:]][row["gate"] as String?] = row["n"]
      }
      return tally
    }
  }
}
