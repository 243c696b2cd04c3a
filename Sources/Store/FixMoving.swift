internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// From the order in which fixes came to the order in which they are read.
extension Transaction {
  /// What was appended so far is to be moved; what is from now on is appended to the other table. With a checkpoint: what
  /// came after it is then what lies in the table that is appended to.
  func turnFixes() throws {
    try moveFixes(atMost: Int.max)
    try db.execute(
      sql: "UPDATE fix_turn SET appending = 1 - appending, moved_to = 0, row_before = ?",
      arguments: [store.recent.nextRow - 1])
    store.recent.turn()
  }

  /// The last row that lay in the store at the last turn.
  func lastTurnRow() throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT row_before FROM fix_turn") ?? 0
  }

  /// Moves about so many of what is to be moved, by handheld.
  func moveFixes(atMost count: Int) throws {
    guard store.recent.isMoving else { return }
    let table = FixTable.recent[store.recent.moving]
    let copy = try db.cachedStatement(
      sql: """
        INSERT INTO fix_kept (row, \(FixTable.columns)) SELECT row, \(FixTable.columns) FROM \(table) WHERE row = ?
        """
    ).sqliteStatement
    var (moved, handheld) = (0, store.recent.movedTo)
    while moved < count, handheld < store.recent.lastMoving {
      handheld += 1
      for row in store.recent.moving(of: handheld) {
        sqlite3_bind_int64(copy, 1, row)
        try db.run(copy)
        moved += 1
      }
    }
    if handheld >= store.recent.lastMoving {
      try db.execute(sql: "DELETE FROM \(table)")
      try db.execute(sql: "UPDATE fix_turn SET moved_to = 0")
      store.recent.finishMoving()
    } else {
      try db.execute(sql: "UPDATE fix_turn SET moved_to = ?", arguments: [handheld])
      store.recent.noteMoved(to: handheld)
    }
  }

  /// Appends to the clustered table itself, a handheld at a time: of batches of a minute or so once is cheaper than twice.
  ///
  /// A checkpoint made before is of no use from then on.
  func appendClustered(_ observations: [Observation], gates: [Gate?]) throws -> [Bool] {
    if store.recent.holdsAny { try clusterFixes() }
    let insert = try db.cachedStatement(sql: FixTable.insert(into: "fix_kept")).sqliteStatement
    var wasNew = Array(repeating: false, count: observations.count)
    var waiting: [(handheld: Int64, row: Int64, i: Int)] = []
    var inSealedDays: [(observation: Observation, row: Int64)] = []
    func flush() throws {
      // Rows rise as they are: counted, not compared.
      for (n, row, i) in waiting.grouped(by: { Int($0.handheld) }, below: store.latest.count) {
        let at = observations[i].orderTime.milliseconds
        try FixTable.insert(
          observations[i], row: row, handheld: n, at: at, gate: gates[i], insert, db)
      }
      waiting.removeAll(keepingCapacity: true)
    }
    for i in observations.indices where gates[i] != .offDuty {
      let n = try number(of: observations[i].handheld)
      let at = observations[i].orderTime.milliseconds
      if at > store.latest[Int(n)] {
        store.latest[Int(n)] = at
      } else {
        // It may repeat one of the same batch.
        try flush()
        if try place(of: observations[i], n) != nil { continue }
      }
      let row = store.recent.takeRow()
      waiting.append((n, row, i))
      if at < store.seals.until { inSealedDays.append((observations[i], row)) }
      if at < store.days.until { try store.days.note(observations[i].handheld, at: at, db) }
      wasNew[i] = true
    }
    try flush()
    if !inSealedDays.isEmpty { try noteStored(inSealedDays) }
    try db.execute(sql: "UPDATE fix_turn SET row_before = ?", arguments: [lastRow()])
    return wasNew
  }
}

extension Array {
  /// In the order of a small number of each, and of equals as they are.
  fileprivate func grouped(by key: (Element) -> Int, below limit: Int) -> [Element] {
    var starts = [Int](repeating: 0, count: limit + 1)
    for element in self { starts[key(element) + 1] += 1 }
    for k in 1..<starts.count { starts[k] += starts[k - 1] }
    var order = [Int](repeating: 0, count: count)
    for i in indices {
      order[starts[key(self[i])]] = i
      starts[key(self[i])] += 1
    }
    return order.map { self[$0] }
  }
}
