internal import GRDB
public import Geodesy

/// A day whose fixes were let go of, and what they hashed to.
struct PurgedDay {
  var rows: Int
  var hash: EvidenceHash
  /// What came later is there.
  var lastRow: Int64
  var who: String
  var at: Instant
}

extension Transaction {
  /// What is older than this before the clock no engine asks for: it takes up again from 59 hours back, and outages
  /// from 72.
  private static let horizon = Milliseconds.hours(72)

  /// Lets go of all fixes of a day: for good. What follows from them stays, what handhelds' time on duty was worth summed up
  /// before, and so does what they hashed to, so that seals
  /// can still be verified; what comes late of such a day is stored, and judges nothing any more.
  ///
  /// Refused while an engine may need them, while a window of the day is not judged to its end, and where they are not
  /// what a seal was made of.
  ///
  /// - Returns: how many fixes there were.
  public func purgeFixes(of planned: PlannedDay, by name: String, at now: Instant) throws -> Int {
    let day = PeriodDay(date: planned.date, span: planned.span)
    try refusePurging(day)
    let date = day.date.description
    let span = day.span.lowerBound.milliseconds..<day.span.upperBound.milliseconds
    let lastRow = try Int64.fetchOne(db, sql: FixTable.lastRow) ?? 0
    let digest = try db.digestFixes(in: span, upTo: lastRow).digest
    guard digest.rows > 0 else { return 0 }
    let records = try db.sealRecords()
    let before = try db.purge(of: date)
    for seal in records where seal.act == .seal && before == nil {
      guard let latest = records.last(where: { $0.seal == seal.n }) else { continue }
      let body = try StoredJSON.value(SealBody.self, latest.body)
      guard let sealed = body.days.first(where: { $0.day == date }),
        let hash = sealed.hashes[Evidence.fixes.rawValue]
      else { continue }
      guard try db.fixFindings(latest.n, body, sealed, hash).isEmpty else {
        throw SealError.unstated(date, seal.n)
      }
    }

    if before == nil { try db.finishSums(of: planned) }
    for handheld in try Int64.fetchAll(db, sql: "SELECT n FROM handheld") {
      try db.execute(
        sql: "DELETE FROM fix_kept WHERE handheld = ? AND at_ms >= ? AND at_ms < ?",
        arguments: [handheld, span.lowerBound, span.upperBound])
    }
    for table in FixTable.recent {
      try db.execute(
        sql: "DELETE FROM \(table) WHERE at_ms >= ? AND at_ms < ?",
        arguments: [span.lowerBound, span.upperBound])
    }
    // No number is given twice.
    try db.execute(
      sql: "UPDATE fix_turn SET row_before = ?1 WHERE (\(FixTable.lastRow)) < ?1",
      arguments: [lastRow])
    // Of what came after a purge before, only that it went too.
    try db.execute(
      sql: """
        INSERT INTO purged VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (day) DO UPDATE
          SET rows = rows + excluded.rows, last_row = excluded.last_row, at_ms = excluded.at_ms, who = excluded.who
        """,
      arguments: [
        date, span.lowerBound, span.upperBound, digest.rows, digest.hash.description, lastRow,
        now.milliseconds, name,
      ])
    try audit(name, "purged fixes", date, "\(digest.rows) fixes: \(digest.hash)", at: now)
    return digest.rows
  }

  /// Throws while an engine may need the fixes of a day, and while a window of it is not judged to its end.
  public func refusePurging(_ day: PeriodDay) throws {
    let date = day.date.description
    let until = day.span.upperBound + Self.horizon
    guard let clock = try clock(), clock >= until else {
      throw SealError.tooRecent(date, until: until)
    }
    let open = try db.windowsNotFinal(in: day.span)
    guard open.isEmpty else { throw SealError.notFinal(date, windows: open) }
  }

  /// The first purged day that a span lies in: its windows cannot be judged anew.
  func purgedDay(in span: Range<Instant>) throws -> String? {
    try String.fetchOne(
      db, sql: "SELECT day FROM purged WHERE began_ms < ? AND ended_ms > ? ORDER BY began_ms",
      arguments: [span.upperBound.milliseconds, span.lowerBound.milliseconds])
  }
}

extension Queries {
  /// The order time of the first fix that is stored; nil without any.
  public func firstFix() throws(StoreError) -> Instant? {
    try store.read { db in
      try Int64.fetchOne(db, sql: FixTable.firstFrom, arguments: ["from": Int64.min])
        .map(Instant.init(milliseconds:))
    }
  }
}

extension Database {
  func purge(of day: String) throws -> PurgedDay? {
    try Row.fetchOne(self, sql: "SELECT * FROM purged WHERE day = ?", arguments: [day]).map { row in
      PurgedDay(
        rows: row["rows"], hash: EvidenceHash(stored: row["hash"]), lastRow: row["last_row"],
        who: row["who"], at: Instant(milliseconds: row["at_ms"]))
    }
  }
}
