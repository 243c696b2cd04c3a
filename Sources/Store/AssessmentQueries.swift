public import Assessment
internal import Coverage
internal import GRDB
public import Geodesy
public import Patrol

extension Queries {
  /// The duty windows that open within a span, each with its places together, by opening and duty.
  ///
  /// A quarter of a brigade is some 10⁵ rows and as many gaps; regions are read only of what was excused.
  ///
  /// - Parameter plan: the version in force at a moment.
  public func dutyWindows(
    opening span: Range<Instant>, plan: (Instant) -> Plan
  ) throws(StoreError) -> [DutyWindow] {
    let gaps = try gapFigures(opening: span)
    let excused = try excusedShares(opening: span)
    let arguments: StatementArguments = [
      span.lowerBound.milliseconds, span.upperBound.milliseconds,
    ]
    return try store.read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT duty, window_began_ms, max(ended_ms), max("group"), max(squadron), count(*), min(final),
            avg(coverage), avg(missed), avg(unproven), count(coverage), sum(attendances), max(longest_interval_ms),
            sum(wait_s), sum(wait2_s2)
          FROM duty_window WHERE window_began_ms >= ? AND window_began_ms < ?
          GROUP BY window_began_ms, duty
          """, arguments: arguments)
      var windows: [DutyWindow] = []
      while let row = try rows.next() {
        let began = Instant(milliseconds: row[1])
        let key = DutyWindowKey(duty: row[0], began: row[1])
        let ended = Instant(milliseconds: row[2])
        let plan = plan(began)
        let duty = plan.duty(Duty.ID(key.duty))
        let places: Int = row[5]
        let every = duty?.every ?? (ended - began)
        let judged: Int = row[10]
        let own = gaps[key] ?? GapFigures()
        var shares: Shares?
        var ownFault = 0.0
        if let covered = row[7] as Double?, let missed = row[8] as Double?,
          let unproven = row[9] as Double?
        {
          let excused = excused[key] ?? [:]
          func mean(_ verdict: Verdict) -> Double { excused[verdict, default: 0] / Double(judged) }
          let left = max(0, unproven - mean(.unproven))
          shares = Shares(
            covered: covered, missed: max(0, missed - mean(.missed)), unproven: left,
            excused: mean(.missed) + mean(.unproven))
          // What was excused of it is no fault any more.
          ownFault = unproven > 0 ? own.ownFault / Double(judged) * left / unproven : 0
        }
        windows.append(
          DutyWindow(
            duty: Duty.ID(key.duty), group: Group.ID(row[3]), squadron: Squadron.ID(row[4]),
            day: plan.operationalDay(of: began), began: began, ended: ended,
            weight: duty?.weight ?? 1, isFinal: row[6],
            tally: Tally(
              shares, ownFault: min(ownFault, shares?.unproven ?? 0),
              required: places * Waits.required(every: every, window: ended - began),
              made: row[11], gaps: own.count, longestInterval: Milliseconds(row[12]),
              waits: Waits(
                time: row[13] ?? 0, squares: row[14] ?? 0, every: every, window: ended - began))))
      }
      return windows
    }
  }

  /// Handhelds of which anything was received in a span, or is known to have been before it was purged.
  public func heard(in span: Range<Instant>) throws(StoreError) -> Set<Handheld.ID> {
    let recent = FixTable.recent.map {
      "UNION SELECT handheld FROM \($0) WHERE at_ms >= ?1 AND at_ms < ?2"
    }
    return try store.read { db in
      // A look by key for each; what is not moved yet is few.
      let ids = try String.fetchAll(
        db,
        sql: """
          SELECT id FROM handheld h WHERE EXISTS (
              SELECT 1 FROM fix_kept WHERE handheld = h.n AND at_ms >= ?1 AND at_ms < ?2)
            OR EXISTS (SELECT 1 FROM pass WHERE handheld = h.id AND began_ms >= ?1 AND began_ms < ?2)
            OR EXISTS (SELECT 1 FROM stay WHERE handheld = h.id AND arrived_ms >= ?1 AND arrived_ms < ?2)
          UNION SELECT id FROM handheld WHERE n IN (SELECT NULL \(recent.joined(separator: " ")))
          """, arguments: [span.lowerBound.milliseconds, span.upperBound.milliseconds])
      return Set(ids.map { Handheld.ID($0) })
    }
  }

  private struct DutyWindowKey: Hashable {
    var duty: String
    var began: Int64
  }

  private struct GapFigures {
    var count = 0
    /// Σ over its places of the share of what was judged that is unproven through our own fault.
    var ownFault = 0.0
  }

  private func gapFigures(
    opening span: Range<Instant>
  ) throws(StoreError) -> [DutyWindowKey: GapFigures] {
    try store.read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT g.duty, g.window_began_ms, count(*), coalesce(sum(
            CASE WHEN g.verdict = 'unproven' AND w.judged_extent > 0
                AND (g.evidence LIKE '%"unreachable"%' OR g.evidence LIKE '%"daemon_down"%')
              THEN g.extent / w.judged_extent * (
                SELECT sum(CASE WHEN e.key IN ('unreachable', 'daemon_down') THEN e.value ELSE 0 END) / sum(e.value)
                FROM json_each(g.evidence) e) END), 0)
          FROM gap g JOIN duty_window w
            ON w.window_began_ms = g.window_began_ms AND w.duty = g.duty AND w.place = g.place
          WHERE g.withdrawn_ms IS NULL AND g.window_began_ms >= ? AND g.window_began_ms < ?
          GROUP BY g.window_began_ms, g.duty
          """, arguments: [span.lowerBound.milliseconds, span.upperBound.milliseconds])
      var figures: [DutyWindowKey: GapFigures] = [:]
      while let row = try rows.next() {
        figures[DutyWindowKey(duty: row[0], began: row[1])] = GapFigures(
          count: row[2], ownFault: row[3])
      }
      return figures
    }
  }

  /// Σ over places of the shares of what was judged that approved excuses cover, by verdict.
  private func excusedShares(
    opening span: Range<Instant>
  ) throws(StoreError) -> [DutyWindowKey: [Verdict: Double]] {
    var shares: [DutyWindowKey: [Verdict: Double]] = [:]
    let excuses = try excuses(.approved).filter { span.contains($0.owed.windowBegan) }
    for owed in Set(excuses.map(\.owed)) {
      var filter = Filter()
      (filter.from, filter.to) = (owed.windowBegan, owed.windowBegan + Milliseconds(1))
      (filter.duties, filter.places) = ([owed.duty.text], [owed.place.text])
      let key = DutyWindowKey(duty: owed.duty.text, began: owed.windowBegan.milliseconds)
      for window in try windows(filter) where window.owed == owed {
        shares[key, default: [:]].merge(window.excused, uniquingKeysWith: +)
      }
    }
    return shares
  }
}
