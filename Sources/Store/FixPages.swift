internal import Coverage
internal import GRDB
public import Geodesy
internal import Patrol

/// One fix on the way through them.
struct FixStep {
  let handheld: String
  /// The handheld's.
  let number: Int64
  let at: Instant
  let sequence: Int64
  let position: Coordinate?
  /// Nil where it is usable.
  let gate: String?
  let row: Row

  /// Of shape `iii`.
  var key: PageKey { PageKey([.integer(number), .integer(at.milliseconds), .integer(sequence)]) }
}

extension Queries {
  public static let fixColumns = [
    "handheld", "time", "received_at", "lat_deg", "lon_deg", "speed_mps", "track_deg",
    "accuracy_m", "mode", "gate",
  ]

  static func fixValues(_ row: Row) -> [Listing.Value] {
    [
      .text(row["name"]), row.time("time_ms"), row.time("received_ms"), row.degrees("lat_e7"),
      row.degrees("lon_e7"), row.real("speed_mps", 2), row.real("track_deg", 1),
      row.real("accuracy_m", 1), .integer(row["mode"]), row.text("gate"),
    ]
  }

  /// Fixes by handheld (in the order in which they were first heard), time and number; keys are of shape `iii`. By the keys
  /// of the tables, however many there are; what is not moved yet costs one look through.
  public func fixes(
    _ query: PageQuery, keep: (Coordinate?) -> Bool = { _ in true }
  ) throws(StoreError) -> Page<Coordinate?> {
    var page = Page<Coordinate?>(rows: [], next: nil)
    var last: PageKey?
    page.next = try forEachFix(query) { step in
      guard page.rows.count < query.limit else { return .stop(last) }
      last = step.key
      guard query.gate.map({ $0 == step.gate ?? "" }) ?? true, keep(step.position) else {
        return .goOn
      }
      page.rows.append(
        Page.Row(key: step.key, values: Self.fixValues(step.row), subject: step.position))
      return .goOn
    }
    return page
  }

  enum FixVerdict {
    case goOn
    /// Without having taken this one; the next page begins after a key.
    case stop(PageKey?)
  }

  /// Walks through fixes in the order of their keys, no more than `pageBudget` of them; returns the key after which there
  /// is more, nil where all was seen.
  func forEachFix(
    _ query: PageQuery, _ body: (FixStep) throws -> FixVerdict
  ) throws(StoreError) -> PageKey? {
    let asked = FixBounds(query)
    return try store.read { db in
      let recent = try asked.recent(db)
      let isCut = recent.count == asked.recentMaximum
      var r = 0
      var kept: [RowCursor] = try asked.kept(db)
      var waiting: Row?
      func nextKept() throws -> Row? {
        while let first = kept.first {
          if let row = try first.next() { return row }
          kept.removeFirst()
        }
        return nil
      }
      waiting = try nextKept()
      var (examined, last) = (0, query.after)
      while true {
        let isRecent: Bool
        switch (waiting, r < recent.count) {
        case (nil, false): return nil
        case (nil, true): isRecent = true
        case (_?, false): isRecent = false
        case (let row?, true): isRecent = FixBounds.order(recent[r]) < FixBounds.order(row)
        }
        guard examined < Self.pageBudget else { return last }
        let row = isRecent ? recent[r] : waiting!
        let step = FixBounds.step(row)
        if asked.sees(step) {
          if case .stop(let key) = try body(step) { return key }
        }
        (examined, last) = (examined + 1, step.key)
        if isRecent {
          r += 1
          // What follows of those was not read.
          if isCut, r == recent.count { return last }
        } else {
          waiting = try nextKept()
        }
      }
    }
  }
}

/// Which fixes a query asks for, as the tables in which they lie are asked.
private struct FixBounds {
  private let span: ClosedRange<Int64>
  private var names: [String]?
  private let sights: [Sight]
  private let after: (handheld: Int64, at: Int64, row: Int64)?
  private let isOne: Bool
  /// So many are fetched of those that are not moved yet: to sort them takes longer than to look through them.
  let recentMaximum: Int

  init(_ query: PageQuery) {
    let isSifting = query.isSifting || query.gate != nil
    recentMaximum = isSifting ? Queries.pageBudget / 4 : query.limit + 1
    let all = Int64.min / 4...Int64.max / 4
    span = query.span.map { $0.lowerBound.milliseconds...$0.upperBound.milliseconds } ?? all
    var allowed = query.handhelds.map(Set.init)
    for sight in query.sights {
      guard let names = sight.names(\.handhelds) else { continue }
      allowed = allowed?.intersection(names) ?? names
    }
    (names, sights) = (allowed?.sorted(), query.sights)
    let parts = (query.key ?? query.after)?.parts.map { part -> Int64 in
      if case .integer(let n) = part { n } else { 0 }
    }
    after = parts.map { ($0[0], $0[1], $0[2]) }
    isOne = query.key != nil
  }

  /// It was that squadron's at the time.
  func sees(_ step: FixStep) -> Bool {
    sights.allSatisfy { $0.holds(step.handheld, \.handhelds, at: step.at) }
  }

  private static let selected = "SELECT h.id AS name, \(FixTable.read)"

  private func named(_ condition: inout Condition) { condition.add("h.id", among: names) }

  /// Of the clustered table: what is left of the handheld that a page ended at, then the others.
  func kept(_ db: Database) throws -> [RowCursor] {
    func cursor(_ from: Int64, _ add: (inout Condition) -> Void) throws -> RowCursor {
      var condition = Condition()
      condition.add("k.at_ms >= ? AND k.at_ms <= ?", [from, span.upperBound])
      named(&condition)
      add(&condition)
      return try Row.fetchCursor(
        db,
        sql: """
          \(Self.selected) FROM handheld h CROSS JOIN \(FixTable.kept) k ON k.handheld = h.n
          WHERE \(condition.sql) ORDER BY h.n, k.at_ms, k.row
          """, arguments: condition.arguments)
    }
    guard let after else { return [try cursor(span.lowerBound) { _ in }] }
    let rest = try cursor(max(span.lowerBound, after.at)) {
      $0.add(
        "h.n = ? AND (k.at_ms, k.row) \(isOne ? "=" : ">") (?, ?)",
        [after.handheld, after.at, after.row])
    }
    if isOne { return [rest] }
    return [rest, try cursor(span.lowerBound) { $0.add("h.n > ?", [after.handheld]) }]
  }

  /// Of the two that are appended to, in the same order, as many as are fetched at most.
  func recent(_ db: Database) throws -> [Row] {
    var condition = Condition()
    condition.add("at_ms >= ? AND at_ms <= ?", [span.lowerBound, span.upperBound])
    named(&condition)
    if let after {
      condition.add(
        "(handheld, at_ms, row) \(isOne ? "=" : ">") (?, ?, ?)",
        [after.handheld, after.at, after.row])
    }
    let tables = (0..<2).map {
      "SELECT * FROM \(FixTable.appended($0)) WHERE \(FixTable.isNotMoved($0))"
    }
    return try Row.fetchAll(
      db,
      sql: """
        \(Self.selected) FROM (\(tables.joined(separator: " UNION ALL "))) JOIN handheld h ON h.n = handheld
        WHERE \(condition.sql) ORDER BY handheld, at_ms, row LIMIT \(recentMaximum)
        """, arguments: condition.arguments)
  }

  static func order(_ row: Row) -> (Int64, Int64, Int64) { (row[2], row[3], row[1]) }

  static func step(_ row: Row) -> FixStep {
    var position: Coordinate?
    if let latitude = row[6] as Int32?, let longitude = row[7] as Int32? {
      position = Coordinate(latitudeE7: latitude, longitudeE7: longitude)
    }
    return FixStep(
      handheld: row[0], number: row[2], at: Instant(milliseconds: row[3]), sequence: row[1],
      position: position, gate: row[14], row: row)
  }
}
