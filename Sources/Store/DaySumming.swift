internal import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

/// Sums up operational days once they are over, a few handhelds at a time so that nothing waits for it, and those again of
/// which something came or changed later. What is kept is a function of what is stored; what is due stands in the store
/// too, so that no restart forgets any.
struct DaySumming {
  enum Extent {
    /// A little, of what has settled.
    case someWay
    /// All that is due.
    case toTheEnd
  }

  /// By their digests.
  private var plans: [String: Plan] = [:]
  /// Days that ended before it are summed or due; nil where that is not known.
  private var lookedUntil: Instant?
  /// The next day is over then.
  private var nextEnds = Instant.distantPast

  /// Backlogs come in many parts: a day is summed once for all of a minute's.
  private static let patience = Milliseconds.seconds(60)
  /// Fixes read in one call, unless one handheld has more in a day: some tens of milliseconds (estimated).
  private static let budget = 40_000
  /// What a handheld costs besides, in fixes.
  private static let seek = 500

  /// - Parameters:
  ///   - versions: plans that are known, the one in force last.
  ///   - scope: days outside of it are seen to where they were summed before, and no others.
  ///   - load: reads other plans from their bundles; without it days of those wait.
  mutating func go(
    _ extent: Extent, at now: Instant, under versions: [Pipeline.Version], _ scope: Pipeline.Scope,
    load: ((String) throws -> Plan)?, _ tx: Transaction
  ) throws {
    for version in versions { plans[version.digest] = version.plan }
    guard let latest = versions.last?.plan else { return }
    if now >= nextEnds { try look(until: now, latest, scope, load, tx) }
    switch extent {
    case .someWay: try step(until: now - Self.patience, load, tx)
    case .toTheEnd:
      for name in try String.fetchAll(tx.db, sql: "SELECT DISTINCT day FROM handheld_day_due") {
        if let day = try day(name, load, tx) { try tx.db.finishSums(of: day) }
      }
    }
    // Of those in force, others were for days long over.
    if plans.count > versions.count + 2 { plans.removeAll() }
  }

  // MARK: days that are over

  private mutating func look(
    until now: Instant, _ latest: Plan, _ scope: Pipeline.Scope,
    _ load: ((String) throws -> Plan)?, _ tx: Transaction
  ) throws {
    let versions = try Row.fetchAll(
      tx.db, sql: "SELECT digest, began_ms FROM plan_version ORDER BY began_ms"
    ).map { (digest: $0["digest"] as String, began: Instant(milliseconds: $0["began_ms"])) }
    guard let first = versions.first else { return }
    let from = try lookedUntil ?? firstMoment(scope, now, tx)
    var date = latest.operationalDay(of: from)
    while case let span = latest.span(of: date), span.upperBound <= now {
      let digest = (versions.last { $0.began <= span.upperBound } ?? first).digest
      if try isMissing(date, span, digest, scope, tx) {
        guard let plan = try plan(digest, of: span, load, tx) else { return }
        let day = PlannedDay(date: date, plan: plan, digest: digest)
        try tx.db.beginSums(of: day)
        tx.store.days.add(day)
      }
      date = date.adding(days: 1)
      lookedUntil = span.upperBound
    }
    nextEnds = latest.span(of: date).upperBound
  }

  /// Nothing was judged before it.
  private func firstMoment(_ scope: Pipeline.Scope, _ now: Instant, _ tx: Transaction) throws
    -> Instant
  {
    var moments = [now]
    if case .windows(let range) = scope { moments.append(range.lowerBound) }
    let stored = try Int64.fetchOne(tx.db, sql: "SELECT min(window_began_ms) FROM duty_window")
    return min(moments.min() ?? now, stored.map(Instant.init(milliseconds:)) ?? now)
  }

  private func isMissing(
    _ date: CivilDate, _ span: Range<Instant>, _ digest: String, _ scope: Pipeline.Scope,
    _ tx: Transaction
  ) throws -> Bool {
    let name = "\(date)"
    let known = try String.fetchOne(
      tx.db, sql: "SELECT digest FROM summed_day WHERE day = ?", arguments: [name])
    guard known != digest, try tx.db.purge(of: name) == nil else { return false }
    switch scope {
    case .live: return true
    case .windows(let range): return known != nil || range.overlaps(span)
    }
  }

  // MARK: what is due

  private mutating func step(
    until settled: Instant, _ load: ((String) throws -> Plan)?, _ tx: Transaction
  ) throws {
    let due = try Row.fetchAll(
      tx.db.cachedStatement(
        sql: """
          SELECT day, handheld FROM handheld_day_due WHERE since_ms <= ? ORDER BY day DESC, handheld LIMIT 64
          """), arguments: [settled.milliseconds])
    var (cost, current) = (0, PlannedDay?.none)
    var outages: [Outage] = []
    for row in due where cost < Self.budget {
      let (name, id) = (row["day"] as String, Handheld.ID(row["handheld"]))
      if current.map({ "\($0.date)" }) != name {
        guard let day = try day(name, load, tx) else { return }
        outages = try tx.outages(overlapping: day.span)
        current = day
      }
      guard let day = current else { continue }
      guard let handheld = day.plan.handheld(id) else {
        try tx.db.execute(
          sql: "DELETE FROM handheld_day_due WHERE day = ? AND handheld = ?",
          arguments: [name, id.text])
        continue
      }
      let (days, moments) = try tx.db.handheldDays(
        of: [handheld], on: day, outages, until: day.span.upperBound,
        recent: tx.store.recentRows(of: id, in: day.span))
      try tx.db.keep(days[0], on: day.date)
      cost += moments + Self.seek
    }
  }

  /// A summed day; nil where its plan is to be loaded, and cannot be.
  private mutating func day(
    _ name: String, _ load: ((String) throws -> Plan)?, _ tx: Transaction
  ) throws -> PlannedDay? {
    let digest = try String.fetchOne(
      tx.db, sql: "SELECT digest FROM summed_day WHERE day = ?", arguments: [name])
    guard let digest, let date = CivilDate(name), let plan = try files(digest, load, tx) else {
      return nil
    }
    return PlannedDay(
      date: date, plan: try tx.changed(plan, in: plan.span(of: date)), digest: digest)
  }

  /// As it was changed for a day.
  private mutating func plan(
    _ digest: String, of day: Range<Instant>, _ load: ((String) throws -> Plan)?, _ tx: Transaction
  ) throws -> Plan? {
    try files(digest, load, tx).map { try tx.changed($0, in: day) }
  }

  /// As it was changed for any day, or none.
  private mutating func files(
    _ digest: String, _ load: ((String) throws -> Plan)?, _ tx: Transaction
  ) throws -> Plan? {
    if let plan = plans[digest] { return plan }
    let bundle = try String.fetchOne(
      tx.db, sql: "SELECT bundle FROM plan_version WHERE digest = ?", arguments: [digest])
    guard let load, let bundle else { return nil }
    let plan = try load(bundle)
    plans[digest] = plan
    return plan
  }
}
