internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// For large batches: fixes go at once to where they are read.
extension Transaction {
  /// Appends batches to the clustered table itself, a handheld at a time: of a minute or more of each once is cheaper than
  /// twice. Rows are numbered in the order of receipt. Tells which were new.
  ///
  /// A checkpoint made before is of no use from then on.
  func appendClustered(_ batches: [GatedBatch]) throws -> [[Bool]] {
    if store.recent.holdsAny { try clusterFixes() }
    for batch in batches { try numberHandhelds(of: batch) }
    let (areNew, runs) = try new(of: batches)
    let first = store.recent.nextRow
    let rows = zip(batches, areNew).map { batch, areNew in
      var rows = [Int32](repeating: 0, count: areNew.count)
      batch.forEachInOrder { i in
        if areNew[i] { rows[i] = Int32(store.recent.takeRow() - first) }
      }
      return rows
    }
    if store.recent.nextRow > first {
      var reader = RunReader(batches, areNew, rows, from: first, in: runs)
      try store.arriving.run(
        db.cachedStatement(sql: FixTable.insertArriving).sqliteStatement, db
      ) { reader.read(into: $0) }
    }
    try note(batches, areNew, rows, from: first)
    try db.execute(sql: "UPDATE fix_turn SET row_before = ?", arguments: [lastRow()])
    return areNew
  }

  /// Handhelds are numbered as the first of theirs that is stored comes.
  private func numberHandhelds(of batch: GatedBatch) throws {
    let isAnyNew = batch.runs.contains {
      store.number(of: batch.observations[Int($0)].handheld) == nil
    }
    guard isAnyNew else { return }
    try batch.forEachInOrder { i in
      if batch.gates[i] != .offDuty { _ = try number(of: batch.observations[i].handheld) }
    }
  }

  /// What is later than all that is stored of its handheld is new; the rest is looked up.
  private func new(of batches: [GatedBatch]) throws -> (areNew: [[Bool]], runs: [Run]) {
    var areNew: [[Bool]] = []
    var runs: [Run] = []
    var doubtful: Set<Int64> = []
    for (b, batch) in batches.enumerated() {
      var isNew = [Bool](repeating: false, count: batch.observations.count)
      for r in batch.runs.indices {
        let run = batch.run(r)
        // Without a number it is off duty all along.
        guard let n = store.number(of: batch.observations[run.lowerBound].handheld) else {
          continue
        }
        var latest = store.latest[Int(n)]
        for i in run where batch.gates[i] != .offDuty {
          let at = batch.observations[i].orderTime.milliseconds
          if at > latest {
            (latest, isNew[i]) = (at, true)
          } else {
            doubtful.insert(at)
          }
        }
        store.latest[Int(n)] = latest
        runs.append(Run(handheld: n, batch: b, positions: run))
      }
      areNew.append(isNew)
    }
    guard !doubtful.isEmpty else { return (areNew, runs) }
    // It may repeat one of these batches, too.
    var seen: Set<Observation> = []
    for run in runs {
      let batch = batches[run.batch]
      for i in run.positions where batch.gates[i] != .offDuty {
        let observation = batch.observations[i]
        guard doubtful.contains(observation.orderTime.milliseconds) else { continue }
        let isFirst = seen.insert(observation).inserted
        if !areNew[run.batch][i], isFirst {
          areNew[run.batch][i] = try place(of: observation, run.handheld) == nil
        }
      }
    }
    return (areNew, runs)
  }

  /// Puts what is new in days that are sealed or summed up on record.
  private func note(
    _ batches: [GatedBatch], _ areNew: [[Bool]], _ rows: [[Int32]], from first: Int64
  ) throws {
    guard max(store.seals.until, store.days.until) > Int64.min else { return }
    var late = LateRows()
    for (b, batch) in batches.enumerated() {
      try batch.forEachInOrder { i in
        guard areNew[b][i] else { return }
        try late.take(batch.observations[i], row: first + Int64(rows[b][i]), self)
      }
    }
    try late.note(self)
  }
}

/// Some observations of one handheld that lie side by side in a batch.
private struct Run {
  var handheld: Int64
  var batch: Int
  var positions: Range<Int>
}

/// Makes rows of the new ones, a handheld after the other.
private struct RunReader {
  private let batches: [GatedBatch]
  private let areNew: [[Bool]]
  private let rows: [[Int32]]
  private let first: Int64
  private var runs: [Run]

  init(
    _ batches: [GatedBatch], _ areNew: [[Bool]], _ rows: [[Int32]], from first: Int64,
    in runs: [Run]
  ) {
    (self.batches, self.areNew, self.rows, self.first) = (batches, areNew, rows, first)
    // Those of a handheld as they came; the last first, to be taken from the end.
    let order = runs.indices.map { UInt64(runs[$0].handheld) << 32 | UInt64($0) }.sorted(by: >)
    self.runs = order.map { runs[Int($0 & 0xffff_ffff)] }
  }

  mutating func read(into made: UnsafeMutableBufferPointer<FixRow>) -> Int {
    var count = 0
    while let run = runs.last, count < made.count {
      runs.removeLast()
      let (batch, areNew, rows) = (batches[run.batch], areNew[run.batch], rows[run.batch])
      var i = run.positions.lowerBound
      while i < run.positions.upperBound, count < made.count {
        if areNew[i] {
          made[count] = FixRow(
            batch.observations[i], row: first + Int64(rows[i]), handheld: run.handheld,
            gate: batch.gates[i])
          count += 1
        }
        i += 1
      }
      if i < run.positions.upperBound {
        runs.append(
          Run(handheld: run.handheld, batch: run.batch, positions: i..<run.positions.upperBound))
      }
    }
    return count
  }
}
