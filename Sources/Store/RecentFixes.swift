internal import GRDB
internal import Geodesy
internal import Patrol

/// Where the rows that lie in the order committed are, by handheld: there is no index on them.
///
/// Of each of the two tables its rows are numbered without holes. Twelve bytes a row; finding one costs as many steps as its
/// handheld has rows in them.
struct RecentFixes {
  private struct Table {
    var firstRow: Int64 = 0
    var at: [Int64] = []
    /// The row before of the same handheld, by position; negative at its first.
    var previous: [Int32] = []
    /// Of each handheld the last row, by position.
    var last: [Int32] = []

    mutating func append(_ row: Int64, _ handheld: Int64, _ moment: Int64) {
      if at.isEmpty { firstRow = row }
      let h = Int(handheld)
      if last.count <= h {
        last.append(contentsOf: repeatElement(-1, count: h + 1 - last.count))
      }
      previous.append(last[h])
      last[h] = Int32(at.count)
      at.append(moment)
    }

    func forEachRow(of handheld: Int64, _ body: (_ row: Int64, _ at: Int64) -> Void) {
      guard Int(handheld) < last.count else { return }
      var i = last[Int(handheld)]
      while i >= 0 {
        body(firstRow + Int64(i), at[Int(i)])
        i = previous[Int(i)]
      }
    }

    /// The first row and the last within a span of order time, and how many there are; what lies between them need not be.
    func bounds(of span: Range<Int64>) -> Bounds? {
      var (first, last, count) = (Int.max, -1, 0)
      at.withUnsafeBufferPointer { at in
        for i in at.indices where at[i] >= span.lowerBound && at[i] < span.upperBound {
          first = min(first, i)
          last = i
          count += 1
        }
      }
      guard last >= 0 else { return nil }
      return Bounds(rows: firstRow + Int64(first)...firstRow + Int64(last), count: count)
    }

    func rows(in span: Range<Int64>) -> [Int64] {
      at.indices.filter { span.contains(at[$0]) }.map { firstRow + Int64($0) }
    }

    mutating func empty() {
      at.removeAll(keepingCapacity: true)
      previous.removeAll(keepingCapacity: true)
      for i in last.indices { last[i] = -1 }
    }
  }

  struct Bounds {
    var rows: ClosedRange<Int64>
    /// Those of them that lie within the span.
    var count: Int

    /// After a backlog what was told in one minute lies far apart: it is looked up row by row in less time than all between
    /// is gone through.
    var areSparse: Bool { rows.count > 8 * count }
  }

  /// The table that is appended to, and how far the other one has been moved.
  private(set) var appending = 0
  private(set) var movedTo: Int64 = 0
  /// Rows of it that are not moved yet.
  private(set) var leftToMove = 0
  private(set) var nextRow: Int64 = 1
  private var tables = [Table(), Table()]

  init() {}

  /// As they lie in the store; `seen` is told the moment of each row with its handheld.
  init(_ db: Database, seen: (_ handheld: Int64, _ at: Int64) -> Void) throws {
    let turn = try Row.fetchOne(db, sql: "SELECT * FROM fix_turn WHERE one = 1")
    (appending, movedTo) = (turn?["appending"] ?? 0, turn?["moved_to"] ?? 0)
    nextRow = (turn?["row_before"] ?? 0) + 1
    for which in [1 - appending, appending] {
      let rows = try Row.fetchCursor(
        db, sql: "SELECT row, handheld, at_ms FROM \(FixTable.recent[which]) ORDER BY row")
      while let row = try rows.next() {
        tables[which].append(row[0], row[1], row[2])
        seen(row[1], row[2])
        if which == moving, row[1] > movedTo { leftToMove += 1 }
        nextRow = max(nextRow, row[0] + 1)
      }
    }
  }

  /// The other table.
  var moving: Int { 1 - appending }
  var isMoving: Bool { !tables[moving].at.isEmpty }
  /// Handhelds have numbers up to this, of those that lie in it.
  var lastMoving: Int64 { Int64(tables[moving].last.count - 1) }

  var holdsAny: Bool { tables.contains { !$0.at.isEmpty } }

  /// The number of a row that is put elsewhere.
  mutating func takeRow() -> Int64 {
    defer { nextRow += 1 }
    return nextRow
  }

  /// Gives the next row its number.
  mutating func append(_ handheld: Int64, at moment: Int64) -> Int64 {
    defer { nextRow += 1 }
    tables[appending].append(nextRow, handheld, moment)
    return nextRow
  }

  /// Rows of a handheld at a moment, and the tables they lie in.
  func rows(of handheld: Int64, at moment: Int64) -> [(row: Int64, table: String)] {
    var found: [(row: Int64, table: String)] = []
    for which in 0..<2 where which == appending || handheld > movedTo {
      tables[which].forEachRow(of: handheld) { row, at in
        if at == moment { found.append((row, FixTable.recent[which])) }
      }
    }
    return found
  }

  /// Rows of a handheld within a span of order time, and which of the tables they lie in.
  func rows(of handheld: Int64, in span: Range<Int64>) -> [(row: Int64, which: Int)] {
    var found: [(row: Int64, which: Int)] = []
    for which in 0..<2 where which == appending || handheld > movedTo {
      tables[which].forEachRow(of: handheld) { row, at in
        if span.contains(at) { found.append((row, which)) }
      }
    }
    return found
  }

  /// Of one of the tables, the first row and the last within a span of order time. O(rows), and quick.
  func bounds(of span: Range<Int64>, in which: Int) -> Bounds? {
    tables[which].bounds(of: span)
  }

  /// Of one of the tables, all rows within a span of order time. O(rows), and quick.
  func rows(in span: Range<Int64>, in which: Int) -> [Int64] {
    tables[which].rows(in: span)
  }

  /// The first order time from a moment on, in either table. O(rows), and quick: SQLite would read them all.
  func first(from moment: Int64) -> Int64? {
    var first = Int64.max
    for table in tables {
      table.at.withUnsafeBufferPointer { at in
        for i in at.indices where at[i] >= moment && at[i] < first { first = at[i] }
      }
    }
    return first < .max ? first : nil
  }

  /// Rows of a handheld that wait to be moved, in the order in which they are to lie.
  func moving(of handheld: Int64) -> [Int64] {
    var rows: [(row: Int64, at: Int64)] = []
    tables[moving].forEachRow(of: handheld) { rows.append(($0, $1)) }
    return rows.sorted { ($0.at, $0.row) < ($1.at, $1.row) }.map(\.row)
  }

  mutating func noteMoved(_ count: Int, to handheld: Int64) {
    movedTo = handheld
    leftToMove -= count
  }

  /// All of the other table is moved: it is empty.
  mutating func finishMoving() {
    tables[moving].empty()
    (movedTo, leftToMove) = (0, 0)
  }

  /// The other table, which is empty, is appended to from now on.
  mutating func turn() {
    leftToMove = tables[appending].at.count
    appending = 1 - appending
    movedTo = 0
  }
}

extension Store {
  /// Of both tables that are appended to, a handheld's rows within a span of order time.
  func recentRows(of handheld: Handheld.ID, in span: Range<Instant>) -> [[Int64]] {
    var rows: [[Int64]] = [[], []]
    guard let n = number(of: handheld) else { return rows }
    let moments = span.lowerBound.milliseconds..<span.upperBound.milliseconds
    for (row, which) in recent.rows(of: n, in: moments) { rows[which].append(row) }
    return rows
  }
}
