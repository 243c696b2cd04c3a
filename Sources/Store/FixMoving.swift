internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// From the order in which fixes came to the order in which they are read.
extension Transaction {
  /// What was appended so far is to be moved; what is from now on is appended to the other table. With a checkpoint: what
  /// came after it is then what lies in the table that is appended to. What is left to be moved of the other one is moved.
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

  /// Moves some of what is to be moved beside a batch that is appended: twice as much as came in, and where a backlog left
  /// more than a live minute ever does so much more that it is done in minutes. (20,000: some 70 ms.)
  func moveFixes(besideAppending count: Int) throws {
    let ofBacklog = max(0, store.recent.leftToMove - 1_000_000) / 50
    try moveFixes(atMost: 2 * count + 1000 + min(20_000, ofBacklog))
  }

  /// Moves about so many of what is to be moved, by handheld.
  func moveFixes(atMost count: Int) throws {
    guard store.recent.isMoving else { return }
    let table = FixTable.recent[store.recent.moving]
    let copy = try db.cachedStatement(
      sql: """
        INSERT OR FAIL INTO fix_kept (row, \(FixTable.columns)) SELECT row, \(FixTable.columns) FROM \(table) WHERE row = ?
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
      store.recent.noteMoved(moved, to: handheld)
    }
  }
}
