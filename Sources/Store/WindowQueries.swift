public import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// One place's window as it stands, what was excused taken into account.
public struct WindowRecord: Hashable, Sendable {
  public var owed: Owed
  public var ended: Instant
  public var group: Group.ID
  public var squadron: Squadron.ID
  /// Parts of what was judged so far, summing to 1; nil before anything was.
  public var shares: Shares?
  /// What of the excused share would else be missed, and what unproven.
  public var excused: [Verdict: Double]
  public var isFinal: Bool
  public var attendances: Int
  public var longestInterval: Milliseconds
  public var gaps: Int
  public var longestGap: Milliseconds
  /// Of the times between attendances, its edges included, the sum in seconds and the sum of their squares; on a line the
  /// mean over its cells. Nil before it is final.
  public var headways: Double?
  public var squaredHeadways: Double?
}

extension Queries {
  /// Windows by beginning, duty and place.
  public func windows(_ filter: Filter) throws(StoreError) -> [WindowRecord] {
    var condition = Condition()
    condition.add("duty", among: filter.duties)
    condition.add("place", among: filter.places)
    condition.add(filter, began: "window_began_ms", ended: "ended_ms")
    var ofGaps = filter
    (ofGaps.from, ofGaps.to, ofGaps.limit, ofGaps.verdict) = (nil, nil, nil, nil)
    (ofGaps.isOpen, ofGaps.handhelds) = (nil, nil)
    // No window is open for longer than a day, and a zone change.
    let opening =
      (filter.from.map { $0 - Window.longest } ?? .distantPast)..<(filter.to ?? .distantFuture)
    condition.add("window_began_ms >= ?", [opening.lowerBound.milliseconds])
    return try windows(
      condition, limit: filter.limit, gaps: gaps(ofGaps, windowsOpening: opening))
  }

  /// Windows that open in a span, by beginning, duty and place, and all their gaps in that order too, those that stand and those
  /// that were opened and withdrawn again: both by the tables' keys.
  public func windows(opening span: Range<Instant>) throws(StoreError) -> (
    windows: [WindowRecord], gaps: [GapRecord], withdrawn: [Gap]
  ) {
    var condition = Condition()
    condition.add(opening: span)
    let (gaps, withdrawn) = try gaps(opening: span)
    return (try windows(condition, limit: nil, gaps: gaps), gaps, withdrawn)
  }

  private func windows(
    _ condition: Condition, limit: Int?, gaps: [GapRecord]
  ) throws(StoreError) -> [WindowRecord] {
    let gaps = Dictionary(grouping: gaps, by: \.gap.owed)
    return try store.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM duty_window WHERE \(condition.sql) ORDER BY window_began_ms, duty, place
          """ + (limit.map { " LIMIT \($0)" } ?? ""), arguments: condition.arguments
      ).map { row in
        let owed = GapRow.owed(row)
        let records = gaps[owed] ?? []
        var shares: Shares?
        var excused: [Verdict: Double] = [:]
        if let covered = row["coverage"] as Double?, let missed = row["missed"] as Double?,
          let unproven = row["unproven"] as Double?
        {
          excused = try self.excused(records, of: owed, judged: row["judged_extent"], db)
          shares = Shares(
            covered: covered, missed: missed - excused[.missed, default: 0],
            unproven: unproven - excused[.unproven, default: 0],
            excused: excused.values.reduce(0, +))
        }
        return WindowRecord(
          owed: owed, ended: Instant(milliseconds: row["ended_ms"]), group: Group.ID(row["group"]),
          squadron: Squadron.ID(row["squadron"]), shares: shares, excused: excused,
          isFinal: row["final"], attendances: row["attendances"],
          longestInterval: Milliseconds(row["longest_interval_ms"]), gaps: records.count,
          longestGap: records.map { $0.gap.ended - $0.gap.began }.max() ?? .zero,
          headways: row["wait_s"], squaredHeadways: row["wait2_s2"])
      }
    }
  }

  /// The share of what was judged that approved excuses cover of a place's gaps, by verdict.
  private func excused(
    _ records: [GapRecord], of owed: Owed, judged: Double, _ db: Database
  ) throws -> [Verdict: Double] {
    guard judged > 0, records.contains(where: { !$0.excuses.isEmpty }) else { return [:] }
    let weights = try db.cellWeights(
      of: owed.place.text, opening: owed.windowBegan.milliseconds)
    var shares: [Verdict: Double] = [:]
    for record in records where !record.excuses.isEmpty {
      let extent = record.gap.region.common(with: record.excuses.map(\.region)).pieces.reduce(0.0) {
        $0 + (weights[$1.cell] ?? 1) * ($1.ended - $1.began).seconds
      }
      shares[record.gap.verdict, default: 0] += extent / judged
    }
    return shares
  }

  /// A row per place owed, or with `total` one per duty's window: shares are the mean over its places.
  public func windowListing(_ filter: Filter, total: Bool) throws(StoreError) -> Listing {
    Self.listing(try windows(filter), total: total)
  }

  public static func listing(_ windows: [WindowRecord], total: Bool) -> Listing {
    let rows = (total ? totals(windows) : windows).map { w -> [Listing.Value] in
      let shares = w.shares?.rounded(decimals: 4)
      func share(_ x: Double?) -> Listing.Value { x.map { .real($0, decimals: 4) } ?? .none }
      let unit: [Listing.Value] = [
        .text(w.owed.duty.text), total ? .none : .text(w.owed.place.text), .text(w.group.text),
        .text(w.squadron.text), .time(w.owed.windowBegan), .time(w.ended),
      ]
      return unit + [
        share(shares?.covered), share(shares?.missed), share(shares?.unproven),
        share(shares?.excused), .integer(Int64(w.gaps)),
        .real(w.longestGap.seconds, decimals: 1), .integer(Int64(w.attendances)),
      ]
    }
    return Listing(columns: windowColumns, rows: rows)
  }

  public static let windowColumns = [
    "duty", "place", "group", "squadron", "began_at", "ended_at", "coverage", "missed",
    "unproven", "excused", "gaps", "longest_gap_s", "attendances",
  ]

  /// Windows of one duty and opening, its places together.
  public static func totals(_ windows: [WindowRecord]) -> [WindowRecord] {
    var totals: [WindowRecord] = []
    var judged = 0
    for w in windows {
      guard let last = totals.last, last.owed.duty == w.owed.duty,
        last.owed.windowBegan == w.owed.windowBegan
      else {
        totals.append(w)
        judged = w.shares == nil ? 0 : 1
        continue
      }
      var sum = last
      if let b = w.shares {
        let a = sum.shares ?? Shares(covered: 0, missed: 0, unproven: 0, excused: 0)
        let n = Double(judged)
        func mean(_ x: Double, _ y: Double) -> Double { (x * n + y) / (n + 1) }
        sum.shares = Shares(
          covered: mean(a.covered, b.covered), missed: mean(a.missed, b.missed),
          unproven: mean(a.unproven, b.unproven), excused: mean(a.excused, b.excused))
        judged += 1
      }
      sum.isFinal = last.isFinal && w.isFinal
      sum.attendances += w.attendances
      sum.gaps += w.gaps
      sum.longestGap = max(last.longestGap, w.longestGap)
      sum.longestInterval = max(last.longestInterval, w.longestInterval)
      sum.headways = last.headways.flatMap { a in w.headways.map { a + $0 } }
      sum.squaredHeadways = last.squaredHeadways.flatMap { a in w.squaredHeadways.map { a + $0 } }
      totals[totals.count - 1] = sum
    }
    return totals
  }
}

extension Queries {
  /// When the last window that was judged opened; nil before any.
  public func lastWindow() throws(StoreError) -> Instant? {
    try store.read { db in
      try Int64.fetchOne(db, sql: "SELECT max(window_began_ms) FROM duty_window")
        .map(Instant.init(milliseconds:))
    }
  }
}

extension Database {
  /// Weights of a place's cells, by the plan version that a window which opens then is judged by.
  func cellWeights(of place: String, opening opens: Int64) throws -> [Int: Double] {
    let rows = try Row.fetchAll(
      cachedStatement(
        sql: "SELECT cell, weight FROM cell WHERE place = ? AND digest = \(Queries.digest("?"))"),
      arguments: [place, opens])
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as Int, $0[1] as Double) })
  }
}
