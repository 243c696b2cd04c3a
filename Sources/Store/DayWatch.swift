internal import GRDB
internal import Geodesy
internal import Patrol

/// Notes the handhelds of which something is stored or changed in days that are summed up already, in the transaction that
/// does so: what is kept of such a day holds or is known not to. Later than those days it costs a comparison a row.
struct DayWatch {
  private struct Change: Hashable {
    var day: Int
    var handheld: Handheld.ID
  }

  /// By their beginnings; they do not overlap, unless plans differ about where days begin.
  private var days: [(name: String, span: Range<Int64>)] = []
  /// No summed day reaches beyond it.
  private(set) var until = Int64.min
  /// In this transaction.
  private var noted: Set<Change> = []

  init() {}

  init(_ db: Database) throws {
    days = try Row.fetchAll(db, sql: "SELECT * FROM summed_day ORDER BY began_ms").map {
      ($0["day"], $0["began_ms"]..<$0["ended_ms"])
    }
    until = days.map(\.span.upperBound).max() ?? Int64.min
  }

  mutating func begin() {
    if !noted.isEmpty { noted.removeAll(keepingCapacity: true) }
  }

  /// A day is summed up from now on.
  mutating func add(_ day: PlannedDay) {
    noted.removeAll()
    let name = "\(day.date)"
    days.removeAll { $0.name == name }
    let span = day.span.lowerBound.milliseconds..<day.span.upperBound.milliseconds
    let place = days.firstIndex { $0.span.lowerBound > span.lowerBound } ?? days.count
    days.insert((name, span), at: place)
    until = max(until, span.upperBound)
  }

  /// Something of a handheld at a moment.
  mutating func note(_ handheld: Handheld.ID, at moment: Int64, _ db: Database) throws {
    try note(handheld, from: moment, through: moment, db)
  }

  /// Something of a handheld, or of all of them, within a span, ends included.
  mutating func note(
    _ handheld: Handheld.ID?, from began: Int64, through ended: Int64, _ db: Database
  ) throws {
    guard began < until else { return }
    var low = days.partitioningIndex { $0.span.upperBound > began }
    while low < days.count, days[low].span.lowerBound <= ended {
      try note(handheld, of: low, db)
      low += 1
    }
  }

  private mutating func note(_ handheld: Handheld.ID?, of day: Int, _ db: Database) throws {
    let since = "coalesce((SELECT clock_ms FROM judged), 0)"
    // What is purged is judged no more.
    let isThere = "NOT EXISTS (SELECT * FROM purged WHERE day = ?1)"
    if let handheld {
      guard noted.insert(Change(day: day, handheld: handheld)).inserted else { return }
      try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO handheld_day_due SELECT ?1, ?2, \(since) WHERE \(isThere)"
      ).execute(arguments: [days[day].name, handheld.text])
    } else {
      // One that has no rows was not on duty, whatever befell us.
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO handheld_day_due
            SELECT DISTINCT day, handheld, \(since) FROM handheld_day WHERE day = ?1 AND \(isThere)
          """, arguments: [days[day].name])
    }
  }
}

extension Array {
  /// The first index from which on a condition holds, in an array in which it goes on to hold. O(log n).
  fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
