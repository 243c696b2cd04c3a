public import Coverage
internal import Foundation
internal import GRDB
public import Geodesy
public import Patrol

extension Transaction {
  /// Stores what an engine concluded under its plan.
  public func apply(_ events: [Event], under plan: Plan, at clock: Instant) throws {
    try storeAttendance(in: events)
    for event in events {
      switch event {
      case .retracted(let handheld, let after, let before):
        for evidence in [Evidence.stays, .passes] {
          try store.seals.touch(
            evidence, from: after + Milliseconds(1), through: before - Milliseconds(1), db)
        }
        try noteRetraction(of: handheld, after: after, before: before)
        // What an earlier plan version's engine told of places that this one does not know stays.
        for table in ["stay", "pass"] {
          let rows = try Row.fetchAll(
            db.cachedStatement(
              sql: """
                SELECT DISTINCT place FROM \(table) WHERE handheld = ? AND decided_ms > ? AND decided_ms < ?
                """), arguments: [handheld.text, after.milliseconds, before.milliseconds])
          for place in rows.map({ $0["place"] as String }) where plan.place(Place.ID(place)) != nil
          {
            try db.cachedStatement(
              sql: """
                DELETE FROM \(table)
                WHERE handheld = ? AND decided_ms > ? AND decided_ms < ? AND place = ?
                """
            ).execute(arguments: [handheld.text, after.milliseconds, before.milliseconds, place])
          }
        }
      case .stay(let s):
        try store.seals.touch(.stays, at: s.decided, db)
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO stay VALUES (?,?,?,?,?,?,?,?)").execute(
          arguments: [
            s.handheld.text, s.place.text, s.cell, s.arrived.milliseconds, s.left.milliseconds,
            s.length.value,
            s.kind.rawValue, s.decided.milliseconds,
          ])
      case .pass(let p):
        try store.seals.touch(.passes, at: p.decided, db)
        try store.days.note(p.handheld, at: p.began.milliseconds, db)
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO pass VALUES (?,?,?,?,?,?,?,?,?,?)")
          .execute(arguments: [
            p.handheld.text, p.place.text, p.began.milliseconds, p.ended.milliseconds, p.from.value,
            p.to.value,
            p.speed.value, p.confidence, p.kind.rawValue, p.decided.milliseconds,
          ])
      case .gap(let gap, let revision): try store(gap, revision, clock, plan)
      case .attendance: continue
      case .standing(let standing):
        try store.seals.touch(.windows, at: standing.owed.windowBegan, db)
        try store(standing, plan)
      case .regated(let observation, let gate):
        guard let n = store.number(of: observation.handheld),
          let place = try place(of: observation, n)
        else { continue }
        try noteRegating(observation, n, place, to: gate)
        try store.days.note(
          observation.handheld, at: observation.orderTime.milliseconds, db)
        try db.cachedStatement(
          sql: "UPDATE \(place.table) SET gate = ? WHERE row = ? AND handheld = ? AND at_ms = ?"
        ).execute(
          arguments: [gate?.rawValue, place.row, n, observation.orderTime.milliseconds])
      }
    }
  }

  /// Passes that are to go count in the days in which they began. None is longer than a day on duty.
  private func noteRetraction(
    of handheld: Handheld.ID, after: Instant, before: Instant
  ) throws {
    guard (max(after, .distantPast + .hours(26)) - .hours(26)).milliseconds < store.days.until
    else { return }
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT min(began_ms), max(began_ms) FROM pass
          WHERE handheld = ? AND decided_ms > ? AND decided_ms < ?
          """), arguments: [handheld.text, after.milliseconds, before.milliseconds])
    guard let first = row?[0] as Int64?, let last = row?[1] as Int64? else { return }
    try store.days.note(handheld, from: first, through: last, db)
  }

  private func store(_ gap: Gap, _ revision: Revision, _ clock: Instant, _ plan: Plan) throws {
    for evidence in [Evidence.gaps, .history] {
      try store.seals.touch(evidence, at: gap.owed.windowBegan, db)
    }
    let last = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT n, after FROM gap_revision WHERE gap = ? ORDER BY row DESC LIMIT 1"),
      arguments: [gap.id.text])
    var gap = gap
    // One that was withdrawn and opens again goes on counting.
    gap.revision = (last?["n"] ?? 0) + 1
    // Of the region the bounds are enough to say what changed.
    var summary = gap
    summary.region = Region(pieces: [])
    try db.cachedStatement(
      sql: "INSERT INTO gap_revision (gap, n, kind, at_ms, before, after) VALUES (?,?,?,?,?,?)"
    )
    .execute(arguments: [
      gap.id.text, gap.revision, revision.rawValue, clock.milliseconds, last?["after"] as String?,
      try StoredJSON.text(summary),
    ])
    try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO gap VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    ).execute(arguments: [
      gap.id.text, gap.owed.duty.text, gap.owed.windowBegan.milliseconds, gap.owed.place.text,
      gap.verdict.rawValue, gap.cause.rawValue, gap.began.milliseconds, gap.ended.milliseconds,
      gap.isOpen,
      gap.stretch?.from.value, gap.stretch?.to.value, try StoredJSON.text(gap.cells), gap.extent,
      try StoredJSON.text(Dictionary(uniqueKeysWithValues: gap.evidence.map { ($0.rawValue, $1) })),
      try StoredJSON.text(gap.handhelds), try StoredJSON.text(gap.region), gap.flagged.milliseconds,
      gap.revision,
      revision == .withdrawn ? clock.milliseconds : nil,
    ])
    if Lateness.counts(revision), let duty = plan.duty(gap.owed.duty),
      clock > plan.window(of: duty, onDayOf: gap.owed.windowBegan).ended + Lateness.ordinary
    {
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO gap_late VALUES (?,?,?)").execute(
        arguments: [gap.owed.windowBegan.milliseconds, gap.id.text, revision.rawValue])
    }
  }

  /// Makes room for an engine that will tell all of the attendance of these windows again.
  func clearAttendance(windowsOpening range: Range<Instant>) throws {
    try store.seals.touch(.attendance, from: range.lowerBound, through: range.upperBound, db)
    try db.execute(
      sql: "DELETE FROM attendance WHERE window_began_ms >= ? AND window_began_ms < ?",
      arguments: [range.lowerBound.milliseconds, range.upperBound.milliseconds])
  }

  func clearAttendance(of window: Window) throws {
    try store.seals.touch(.attendance, at: window.began, db)
    try db.execute(
      sql: "DELETE FROM attendance WHERE window_began_ms = ? AND duty = ?",
      arguments: [window.began.milliseconds, window.duty.text])
  }

  private func store(_ s: Standing, _ plan: Plan) throws {
    let group = plan.duty(s.owed.duty)?.group
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO duty_window (duty, window_began_ms, place, "group", squadron, ended_ms, coverage, missed,
          unproven, judged_extent, final, attendances, longest_interval_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
        """
    )
    .execute(arguments: [
      s.owed.duty.text, s.owed.windowBegan.milliseconds, s.owed.place.text, group?.text ?? "",
      group.flatMap { plan.squadron(of: $0)?.id.text } ?? "", s.ended.milliseconds,
      s.shares?.covered, s.shares?.missed,
      s.shares?.unproven,
      s.judgedExtent, s.isFinal, s.attendances, s.longestInterval.value,
    ])
    if s.isFinal { try WindowWaits(db).store(of: s.owed) }
  }
}
