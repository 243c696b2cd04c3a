public import Coverage
internal import GRDB
internal import Geodesy
public import Patrol

/// A pairing with what it may have earned twice.
public struct PairingRecord: Hashable, Sendable {
  public var pairing: Pairing
  /// Places at which both have a stay, or a pass, within the time.
  public var places: [Place.ID]
}

extension Queries {
  /// Handhelds carried together, by the time at which it began; of a handheld asked for, whichever of the two it is.
  public func pairings(_ filter: Filter) throws(StoreError) -> [PairingRecord] {
    var condition = Condition()
    if let handhelds = filter.handhelds {
      let list = StoredJSON.list(handhelds)
      condition.add(
        """
        (first IN (SELECT value FROM json_each(?)) OR second IN (SELECT value FROM json_each(?)))
        """, [list, list])
    }
    condition.add(filter, began: "began_ms", ended: "ended_ms")
    let sql =
      "SELECT * FROM pairing WHERE \(condition.sql) ORDER BY began_ms, first, second"
      + (filter.limit.map { " LIMIT \($0)" } ?? "")
    return try store.read { db in
      try Row.fetchAll(db, sql: sql, arguments: condition.arguments).map { row in
        let pairing = PairingRow.pairing(row)
        let (a, b) = (
          try Self.attended(pairing.first, pairing, db),
          try Self.attended(pairing.second, pairing, db)
        )
        return PairingRecord(pairing: pairing, places: a.intersection(b).sorted())
      }
    }
  }

  /// Where a handheld has a stay or a pass that something counts, within a pairing's time.
  private static func attended(_ handheld: Handheld.ID, _ p: Pairing, _ db: Database) throws
    -> Set<Place.ID>
  {
    let (began, ended) = (p.began.milliseconds, p.ended.milliseconds)
    return Set(
      try String.fetchAll(
        db,
        sql: """
          SELECT place FROM stay
          WHERE handheld = ? AND kind = 'stay' AND arrived_ms <= ? AND left_ms >= ?
          UNION SELECT place FROM pass
          WHERE handheld = ? AND kind = 'pass' AND began_ms <= ? AND ended_ms >= ?
          """,
        arguments: [handheld.text, ended, began, handheld.text, ended, began]
      ).map { Place.ID($0) })
  }

  public static func listing(_ records: [PairingRecord]) -> Listing {
    Listing(
      columns: [
        "first", "second", "began_at", "ended_at", "moving_s", "way_m", "median_distance_m",
        "maximum_distance_m", "joint_accuracy_m", "share", "places",
      ],
      rows: records.map { record in
        let p = record.pairing
        return [
          .text(p.first.text), .text(p.second.text), .time(p.began), .time(p.ended),
          .real(p.moving.seconds, decimals: 0), .real(p.way.value, decimals: 0),
          .real(p.medianDistance.value, decimals: 1), .real(p.maximumDistance.value, decimals: 1),
          .real(p.jointAccuracy.value, decimals: 1), .real(p.share, decimals: 2),
          .list(record.places.map(\.text)),
        ]
      })
  }
}
