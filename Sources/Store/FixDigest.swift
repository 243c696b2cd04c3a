internal import GRDB
internal import GRDBSQLite

/// What a day's fixes hash to, and what came after those that were sealed.
struct FixDigest {
  /// Up to the last row that is asked about, by handheld: in the order of their times, whatever order they came in.
  var digest = RowsDigest()
  /// Those that came later, by row.
  var later: [(row: Int64, bytes: [UInt8])] = []
  /// Handhelds with a gate that nobody's note accounts for.
  var misgated: Set<String> = []
}

/// What became of a fix's gate by the notes: as it was first, and as it is to be now.
struct Regating {
  var first: String?
  var last: String?
}

extension FixTable {
  /// In the order in which they are hashed. The gate comes last.
  private static let hashed =
    "at_ms, delay_ms, off_ms, lat_e7, lon_e7, mode, status, accuracy, hdop, speed, track, gate"
  fileprivate static let gateColumn: Int32 = 13

  fileprivate static let keptInSpan = """
    SELECT row, handheld, \(hashed) FROM fix_kept WHERE handheld = ?3 AND at_ms >= ?1 AND at_ms < ?2 ORDER BY at_ms
    """
  fileprivate static let recentInSpan = (0..<2).map { which in
    "SELECT row, handheld, \(hashed) FROM \(recent[which]) WHERE at_ms >= ?1 AND at_ms < ?2 AND \(isNotMoved(which))"
  }.joined(separator: " UNION ALL ")

  /// One row, wherever it lies.
  fileprivate static let oneRow =
    "SELECT row, handheld, \(hashed) FROM fix_kept WHERE handheld = ?1 AND at_ms = ?2 AND row = ?3"
    + recent.map { " UNION ALL SELECT row, handheld, \(hashed) FROM \($0) WHERE row = ?3" }.joined()

  /// The last row that anything was ever stored under.
  static let lastRow =
    "SELECT max(row_before, "
    + recent.map { "coalesce((SELECT max(row) FROM \($0)), 0)" }.joined(separator: ", ")
    + ") FROM fix_turn"
}

extension Database {
  /// Reads every fix of a day once: about a million a second.
  ///
  /// - Parameters:
  ///   - lastRow: what was stored after it is told apart.
  ///   - regated: by row, fixes whose gates were changed since; they are hashed with those they had.
  func digestFixes(
    in span: Range<Int64>, upTo lastRow: Int64, regated: [Int64: Regating] = [:]
  ) throws -> FixDigest {
    let names = try Row.fetchAll(self, sql: "SELECT n, id FROM handheld ORDER BY id")
    var result = FixDigest()
    // Mostly none: what came since the last checkpoints.
    let recent = try cachedStatement(sql: FixTable.recentInSpan).sqliteStatement
    var unordered: [Int64: [(at: Int64, row: Int64, bytes: [UInt8])]] = [:]
    sqlite3_bind_int64(recent, 1, span.lowerBound)
    sqlite3_bind_int64(recent, 2, span.upperBound)
    defer { sqlite3_reset(recent) }
    var fields = FieldBytes()
    while try step(recent) {
      fields.empty()
      let n = sqlite3_column_int64(recent, 1)
      let row = fields.addFix(recent, regated) { result.misgated.insert(name(n, names)) }
      unordered[n, default: []].append((sqlite3_column_int64(recent, 2), row, fields.bytes))
    }

    let kept = try cachedStatement(sql: FixTable.keptInSpan).sqliteStatement
    for named in names {
      let (n, id): (Int64, String) = (named["n"], named["id"])
      var run = FixRun()
      func take(_ at: Int64, _ row: Int64, _ add: (inout FieldBytes) -> Void) {
        guard row <= lastRow else {
          var own = FieldBytes()
          own.add(id)
          add(&own)
          result.later.append((row, own.bytes))
          return
        }
        // One without any is as one that was never heard of.
        if run.count == 0 { result.digest.begin(id) }
        run.next(at, into: &result.digest)
        add(&run.fields)
      }
      sqlite3_bind_int64(kept, 1, span.lowerBound)
      sqlite3_bind_int64(kept, 2, span.upperBound)
      sqlite3_bind_int64(kept, 3, n)
      defer { sqlite3_reset(kept) }
      var waiting = (unordered[n] ?? []).sorted { ($0.at, $0.row) < ($1.at, $1.row) }[...]
      while try step(kept) {
        let at = sqlite3_column_int64(kept, 2)
        while let other = waiting.first, other.at < at {
          take(other.at, other.row) { $0.append(other.bytes) }
          waiting.removeFirst()
        }
        take(at, sqlite3_column_int64(kept, 0)) { fields in
          _ = fields.addFix(kept, regated) { result.misgated.insert(id) }
        }
      }
      for other in waiting { take(other.at, other.row) { $0.append(other.bytes) } }
      run.end(into: &result.digest)
      result.digest.end()
    }
    result.later.sort { $0.row < $1.row }
    return result
  }

  private func name(_ n: Int64, _ names: [Row]) -> String {
    names.first { ($0["n"] as Int64) == n }.map { $0["id"] as String } ?? "handheld \(n)"
  }

  /// What rows just stored hash to, in the order in which they were.
  func digestStored(_ rows: [(row: Int64, handheld: Int64, id: String, at: Int64)]) throws
    -> EvidenceHash
  {
    let statement = try cachedStatement(sql: FixTable.oneRow).sqliteStatement
    var fields = FieldBytes()
    for stored in rows {
      defer { sqlite3_reset(statement) }
      sqlite3_bind_int64(statement, 1, stored.handheld)
      sqlite3_bind_int64(statement, 2, stored.at)
      sqlite3_bind_int64(statement, 3, stored.row)
      guard try step(statement) else { continue }
      fields.add(stored.id)
      _ = fields.addFix(statement, [:]) {}
    }
    return EvidenceHash(of: fields)
  }
}

extension FieldBytes {
  /// - Returns: its row.
  fileprivate mutating func addFix(
    _ statement: SQLiteStatement, _ regated: [Int64: Regating], misgated: () -> Void
  ) -> Int64 {
    let row = sqlite3_column_int64(statement, 0)
    for i in 2..<FixTable.gateColumn { add(column: i, of: statement) }
    guard !regated.isEmpty, let noted = regated[row] else {
      add(column: FixTable.gateColumn, of: statement)
      return row
    }
    let gate = sqlite3_column_text(statement, FixTable.gateColumn).map { String(cString: $0) }
    if gate != noted.last { misgated() }
    add(noted.first)
    return row
  }
}

/// One handheld's fixes on their way into a hash: those of one moment are put in the order of their bytes.
private struct FixRun {
  var fields = FieldBytes()
  private(set) var count = 0
  private var moment = Int64.min
  private var starts: [Int] = []
  private var waiting = 0

  mutating func next(_ at: Int64, into digest: inout RowsDigest) {
    if at != moment {
      settle()
      if fields.count > 1 << 15 { flush(into: &digest) }
      moment = at
    }
    starts.append(fields.count)
    (count, waiting) = (count + 1, waiting + 1)
  }

  mutating func end(into digest: inout RowsDigest) {
    settle()
    flush(into: &digest)
  }

  private mutating func settle() {
    if starts.count > 1 { fields.sort(from: starts) }
    starts.removeAll(keepingCapacity: true)
  }

  private mutating func flush(into digest: inout RowsDigest) {
    if waiting > 0 { digest.add(fields, rows: waiting) }
    fields.empty()
    waiting = 0
  }
}
