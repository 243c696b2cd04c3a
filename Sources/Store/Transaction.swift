public import Coverage
internal import GRDB
internal import GRDBSQLite
public import Geodesy
public import Patrol

/// One transaction of a store's writer. Valid only inside the closure it is given to.
public struct Transaction {
  let db: Database
  let store: Store

  // MARK: observations

  /// Stores observations with their gates, each once: a repetition to the last field changes nothing. Tells which
  /// were new. Those `offDuty` are not stored at all.
  @discardableResult
  public func append(_ observations: [Observation], gates: [Gate?]) throws -> [Bool] {
    if store.isClustered {
      return try appendClustered([GatedBatch(observations, gates: gates)])[0]
    }
    let table = FixTable.recent[store.recent.appending]
    let insert = try db.cachedStatement(sql: FixTable.insert(into: table)).sqliteStatement
    var wasNew: [Bool] = []
    wasNew.reserveCapacity(observations.count)
    var late = LateRows()
    for (observation, gate) in zip(observations, gates) {
      guard gate != .offDuty else {
        wasNew.append(false)
        continue
      }
      let n = try number(of: observation.handheld)
      let at = observation.orderTime.milliseconds
      if at <= store.latest[Int(n)] {
        if try place(of: observation, n) != nil {
          wasNew.append(false)
          continue
        }
      } else {
        store.latest[Int(n)] = at
      }
      let row = store.recent.append(n, at: at)
      FixRow(observation, row: row, handheld: n, gate: gate).bind(to: insert)
      try db.run(insert)
      try late.take(observation, row: row, self)
      wasNew.append(true)
    }
    try late.note(self)
    return wasNew
  }

  /// Which observations are not stored yet, to the last field.
  public func areNew(_ observations: [Observation]) throws -> [Bool] {
    try observations.map { observation in
      guard let n = store.number(of: observation.handheld),
        observation.orderTime.milliseconds <= store.latest[Int(n)]
      else { return true }
      return try place(of: observation, n) == nil
    }
  }

  func number(of handheld: Handheld.ID) throws -> Int64 {
    if let n = store.number(of: handheld) { return n }
    try db.execute(sql: "INSERT INTO handheld (id) VALUES (?)", arguments: [handheld.text])
    let n = db.lastInsertedRowID
    store.note(handheld, number: n, latest: Int64.min)
    return n
  }

  /// Where an observation is stored, if it is: to the last field.
  func place(of observation: Observation, _ n: Int64) throws -> (row: Int64, table: String)? {
    let at = observation.orderTime.milliseconds
    for found in store.recent.rows(of: n, at: at) {
      let stored = try read(
        observation.handheld, "FROM fix WHERE handheld = ? AND at_ms = ? AND row = ?",
        [n, at, found.row])
      if stored.contains(where: { $0.observation == observation }) { return found }
    }
    let kept = try read(
      observation.handheld, "FROM \(FixTable.kept) WHERE handheld = ? AND at_ms = ?", [n, at])
    return kept.first { $0.observation == observation }.map { ($0.row, "fix_kept") }
  }

  /// The last observation's row; 0 without any.
  func lastRow() -> Int64 { store.recent.nextRow - 1 }

  /// Observations of a handheld whose order time lies in a span, in that order, with their gates.
  public func observations(of handheld: Handheld.ID, in span: Range<Instant>) throws
    -> [(observation: Observation, gate: Gate?)]
  {
    guard let n = store.number(of: handheld) else { return [] }
    let (from, to) = (span.lowerBound.milliseconds, span.upperBound.milliseconds)
    var found = try read(
      handheld,
      "FROM \(FixTable.kept) WHERE handheld = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms, row",
      [n, from, to])
    // There is no index on the others.
    let recent = store.recent.rows(of: n, in: from..<max(from, to))
    guard !recent.isEmpty else { return found.map { ($0.observation, $0.gate) } }
    for (row, which) in recent {
      found += try read(handheld, "FROM \(FixTable.appended(which)) WHERE row = ?", [row])
    }
    let order = found.map { ($0.observation.orderTime, $0.row) }
    return found.indices.sorted { order[$0] < order[$1] }.map {
      (found[$0].observation, found[$0].gate)
    }
  }

  /// Puts all fixes in the order in which they are read, for reading all of them by handheld.
  func clusterFixes() throws {
    try turnFixes()
    try moveFixes(atMost: Int.max)
  }

  /// Observations stored since the last checkpoint, or since the store was made, in the order stored.
  public func observationsSinceCheckpoint() throws -> [Observation] {
    try read(nil, "FROM \(FixTable.appended(store.recent.appending)) ORDER BY row", [])
      .map(\.observation)
  }

  /// Of one handheld, or of all of them.
  private func read(_ handheld: Handheld.ID?, _ sql: String, _ arguments: [Int64]) throws
    -> [(observation: Observation, gate: Gate?, row: Int64)]
  {
    let statement = try db.cachedStatement(sql: "SELECT \(FixTable.read) \(sql)").sqliteStatement
    defer { sqlite3_reset(statement) }
    for (i, argument) in arguments.enumerated() {
      sqlite3_bind_int64(statement, Int32(i + 1), argument)
    }
    var found: [(observation: Observation, gate: Gate?, row: Int64)] = []
    while try db.step(statement) {
      let id = handheld ?? store.handhelds.ids[Int(sqlite3_column_int64(statement, 1))]
      found.append(FixTable.observation(statement, of: id))
    }
    return found
  }
}
