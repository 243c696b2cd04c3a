public import Assessment
internal import GRDB
public import Geodesy
public import Patrol

extension Queries {
  /// Tells what handhelds' time on duty was worth on some days, spell by spell: out of the sums that are kept of days that
  /// are over, and out of the fixes where none is kept or something came since. A spell that ends where it begins holds
  /// what was received and walked off duty.
  ///
  /// - Parameter judged: nothing is known of what lies after it.
  /// - Returns: days of which nothing can be told: their fixes were purged before sums were kept.
  public func forEachSpell(
    on days: [PlannedDay], until judged: Instant,
    _ body: (PlannedDay, Handheld.ID, DutySpell) -> Void
  ) throws(StoreError) -> [CivilDate] {
    var unknown: [CivilDate] = []
    for day in days where day.span.lowerBound < judged {
      let isKnown = try store.read { db in try db.forEachSpell(of: day, until: judged, body) }
      if !isKnown { unknown.append(day.date) }
    }
    return unknown
  }
}

extension Queries {
  /// What handhelds' time on duty was worth on some days, in their order; and the days of which that cannot be told.
  public func equipment(
    on days: [PlannedDay], until judged: Instant
  ) throws(StoreError) -> (EquipmentFigures, untold: [CivilDate]) {
    var tally = EquipmentTally()
    var untold: [CivilDate] = []
    for day in days where day.span.lowerBound < judged {
      tally.begin(day.date, by: day.plan)
      untold += try forEachSpell(on: [day], until: judged) { tally.take($1, $2) }
    }
    return (tally.result(), untold)
  }
}

extension Database {
  /// False where nothing can be told.
  fileprivate func forEachSpell(
    of day: PlannedDay, until judged: Instant,
    _ body: (PlannedDay, Handheld.ID, DutySpell) -> Void
  ) throws -> Bool {
    let isPurged = try purge(of: "\(day.date)") != nil
    if isPurged {
      // By whatever plan: there is nothing else.
      let isThere = try Bool.fetchOne(
        self, sql: "SELECT EXISTS (SELECT * FROM summed_day WHERE day = ?)",
        arguments: ["\(day.date)"])
      guard isThere ?? false else { return false }
    }
    var due = day.plan.handhelds
    if try isPurged || isSummed(day) {
      try forEachSpell(on: day.date) { body(day, $0, $1) }
      let names = Set(try dueHandhelds(on: day.date))
      due = isPurged ? [] : due.filter { names.contains($0.id) }
    }
    guard !due.isEmpty else { return true }
    let outages = try outages(overlapping: day.span)
    for sums in try handheldDays(of: due, on: day, outages, until: judged).days {
      // In the order in which they are kept.
      if !sums.besides.isNone {
        body(day, sums.handheld, DutySpell(Instant.distantPast ..< .distantPast, sums.besides))
      }
      for spell in sums.spells { body(day, sums.handheld, spell) }
    }
    return true
  }
}
