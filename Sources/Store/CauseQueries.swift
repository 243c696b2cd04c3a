public import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// What gaps of one verdict and cause amount to.
public struct CauseFigures: Hashable, Sendable {
  public var squadron: Squadron.ID
  public var verdict: Verdict
  public var cause: Cause
  public var gaps: Int
  /// Σ of the share that each gap is of its window, in windows.
  public var windows: Double
}

/// What was changed by evidence that came when a window was over.
public struct Lateness: Hashable, Sendable {
  public var withdrawn: Int
  public var shortened: Int
  /// Changed otherwise: extended, split, merged, judged anew.
  public var changed: Int
  /// Only then found.
  public var opened: Int

  public var isNone: Bool { withdrawn + shortened + changed + opened == 0 }

  /// What was on its way when a window ended is told by then.
  static let ordinary = Milliseconds.minutes(5)

  /// That a gap closed, or was excused, is no change of what was known.
  static func counts(_ revision: Revision) -> Bool { ![.closed, .excused].contains(revision) }
}

extension Queries {
  /// Gaps that stand, of windows that open within a span, by squadron, verdict and cause.
  public func causes(
    windowsOpening span: Range<Instant>
  ) throws(StoreError) -> [CauseFigures] {
    try store.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT w.squadron, g.verdict, g.cause, count(*), coalesce(sum(g.extent / w.judged_extent), 0)
          FROM gap g JOIN duty_window w
            ON w.window_began_ms = g.window_began_ms AND w.duty = g.duty AND w.place = g.place AND w.judged_extent > 0
          WHERE g.withdrawn_ms IS NULL AND g.window_began_ms >= ? AND g.window_began_ms < ?
          GROUP BY w.squadron, g.verdict, g.cause ORDER BY w.squadron, g.verdict, 5 DESC, g.cause
          """, arguments: [span.lowerBound.milliseconds, span.upperBound.milliseconds]
      ).compactMap { row in
        guard let verdict = Verdict(rawValue: row[1]), let cause = Cause(rawValue: row[2]) else {
          return nil
        }
        return CauseFigures(
          squadron: Squadron.ID(row[0]), verdict: verdict, cause: cause, gaps: row[3],
          windows: row[4])
      }
    }
  }

  /// Gaps that changed when their windows were over, each counted once, by what became of it last.
  public func lateness(windowsOpening span: Range<Instant>) throws(StoreError) -> Lateness {
    try store.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT kind, count(*) FROM gap_late WHERE window_began_ms >= ? AND window_began_ms < ? GROUP BY kind
          """, arguments: [span.lowerBound.milliseconds, span.upperBound.milliseconds])
      var lateness = Lateness(withdrawn: 0, shortened: 0, changed: 0, opened: 0)
      for row in rows {
        switch Revision(rawValue: row[0]) {
        case .withdrawn: lateness.withdrawn += row[1]
        case .shortened: lateness.shortened += row[1]
        case .opened: lateness.opened += row[1]
        default: lateness.changed += row[1]
        }
      }
      return lateness
    }
  }
}
