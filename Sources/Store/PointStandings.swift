public import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// When a guard point that is owed falls due, by what of it was attended.
public struct PointStanding: Hashable, Sendable {
  public var owed: Owed
  /// In this window, so far; nil where it was not.
  public var attended: Instant?
  /// Nil where nothing more is due in this window.
  public var due: Instant?
}

extension Queries {
  /// Guard points that are owed in windows that are open at a moment.
  ///
  /// - Parameter plan: in force at that moment.
  public func pointStandings(at moment: Instant, plan: Plan) throws(StoreError) -> [PointStanding] {
    let windows = plan.windows(openAt: moment)
    guard let first = windows.map(\.began).min() else { return [] }
    return try store.read { db in
      var attended: [Owed: Instant] = [:]
      for row in try Row.fetchAll(
        db,
        sql: """
          SELECT duty, window_began_ms, place, max(ended_ms) AS at FROM attendance
          WHERE window_began_ms >= ? AND window_began_ms <= ? AND kind = 'proven' AND began_ms <= ?
          GROUP BY window_began_ms, duty, place
          """, arguments: [first.milliseconds, moment.milliseconds, moment.milliseconds])
      {
        attended[GapRow.owed(row)] = min(moment, Instant(milliseconds: row["at"]))
      }
      var standings: [PointStanding] = []
      for window in windows {
        guard let duty = plan.duty(window.duty) else { continue }
        for place in duty.places where plan.place(place)?.kind == .point {
          let owed = Owed(duty: duty.id, windowBegan: window.began, place: place)
          let last = attended[owed]
          standings.append(
            PointStanding(
              owed: owed, attended: last, due: window.due(after: last, every: duty.every)))
        }
      }
      return standings
    }
  }
}
