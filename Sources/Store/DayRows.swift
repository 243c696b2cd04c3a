internal import Assessment
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// A summed day as rows of `handheld_day`.
extension Database {
  /// The rows of a handheld's day, instead of those that were there: what is due of it is done.
  func keep(_ day: HandheldDay, on date: CivilDate) throws {
    let name = "\(date)"
    for table in ["handheld_day", "handheld_day_due"] {
      try cachedStatement(sql: "DELETE FROM \(table) WHERE day = ? AND handheld = ?").execute(
        arguments: [name, day.handheld.text])
    }
    let insert = try cachedStatement(
      sql: "INSERT INTO handheld_day VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
    func put(_ span: Range<Instant>, _ t: DutyTime) throws {
      try insert.execute(arguments: [
        name, day.handheld.text, span.lowerBound.milliseconds, span.upperBound.milliseconds,
        t.observed.value, t.daemonDown.value, t.unreachable.value, t.rejected.value, t.noFix.value,
        t.silent.value, t.reports, t.usable, t.withoutPosition, t.failed, t.walked.value,
      ])
    }
    for spell in day.spells { try put(spell.span, spell.time) }
    // No spell ends as early as that.
    if !day.besides.isNone { try put(.distantPast ..< .distantPast, day.besides) }
  }

  /// The rows that are kept of a day, but those of handhelds whose rows do not hold, by handheld and time.
  func forEachSpell(
    on date: CivilDate, _ body: (Handheld.ID, DutySpell) throws -> Void
  ) throws {
    let statement = try cachedStatement(
      sql: """
        SELECT handheld, began_ms, ended_ms, observed_ms, daemon_down_ms, unreachable_ms, rejected_ms, no_fix_ms,
          silent_ms, reports, usable, without_position, failed, walked_m
        FROM handheld_day WHERE day = ?1
          AND handheld NOT IN (SELECT handheld FROM handheld_day_due WHERE day = ?1)
        ORDER BY handheld, ended_ms
        """
    ).sqliteStatement
    defer { sqlite3_reset(statement) }
    sqlite3_bind_text(statement, 1, "\(date)", -1, FixTable.transient)
    func ms(_ i: Int32) -> Milliseconds { Milliseconds(sqlite3_column_int64(statement, i)) }
    func count(_ i: Int32) -> Int { Int(sqlite3_column_int64(statement, i)) }
    while try step(statement) {
      var time = DutyTime()
      (time.observed, time.daemonDown, time.unreachable) = (ms(3), ms(4), ms(5))
      (time.rejected, time.noFix, time.silent) = (ms(6), ms(7), ms(8))
      (time.reports, time.usable) = (count(9), count(10))
      (time.withoutPosition, time.failed) = (count(11), count(12))
      time.walked = Metres(sqlite3_column_double(statement, 13))
      let began = Instant(milliseconds: sqlite3_column_int64(statement, 1))
      let ended = Instant(milliseconds: sqlite3_column_int64(statement, 2))
      try body(
        Handheld.ID(String(cString: sqlite3_column_text(statement, 0))),
        DutySpell(began..<ended, time))
    }
  }

  /// Whether a day is summed up by a plan.
  func isSummed(_ day: PlannedDay) throws -> Bool {
    try Bool.fetchOne(
      self,
      sql: """
        SELECT EXISTS (SELECT * FROM summed_day WHERE day = ? AND began_ms = ? AND ended_ms = ? AND digest = ?)
        """,
      arguments: [
        "\(day.date)", day.span.lowerBound.milliseconds, day.span.upperBound.milliseconds,
        day.digest,
      ]) ?? false
  }

  /// A day is over: the sums of all of its plan's handhelds are due, and none is kept that another plan gave.
  func beginSums(of day: PlannedDay) throws {
    let name = "\(day.date)"
    for table in ["handheld_day", "handheld_day_due"] {
      try execute(sql: "DELETE FROM \(table) WHERE day = ?", arguments: [name])
    }
    try execute(
      sql: "INSERT OR REPLACE INTO summed_day VALUES (?,?,?,?)",
      arguments: [
        name, day.span.lowerBound.milliseconds, day.span.upperBound.milliseconds, day.digest,
      ])
    try execute(
      sql: "INSERT OR IGNORE INTO handheld_day_due SELECT ?, value, ? FROM json_each(?)",
      arguments: [
        name, day.span.upperBound.milliseconds,
        StoredJSON.list(day.plan.handhelds.map(\.id.text)),
      ])
  }

  /// Handhelds whose sums of a day are due.
  func dueHandhelds(on date: CivilDate) throws -> [Handheld.ID] {
    try String.fetchAll(
      self, sql: "SELECT handheld FROM handheld_day_due WHERE day = ?", arguments: ["\(date)"]
    ).map { Handheld.ID($0) }
  }

  /// Sums up whatever of a day is not, from what is stored of it: before it goes.
  func finishSums(of day: PlannedDay) throws {
    if try !isSummed(day) { try beginSums(of: day) }
    let due = Set(try dueHandhelds(on: day.date))
    guard !due.isEmpty else { return }
    let outages = try outages(overlapping: day.span)
    let handhelds = day.plan.handhelds.filter { due.contains($0.id) }
    for sums in try handheldDays(of: handhelds, on: day, outages, until: day.span.upperBound).days {
      try keep(sums, on: day.date)
    }
    // Of those that the plan does not know.
    try execute(sql: "DELETE FROM handheld_day_due WHERE day = ?", arguments: ["\(day.date)"])
  }
}
