public import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// A gap as it stands, with what was excused of it.
public struct GapRecord: Hashable, Sendable {
  public var gap: Gap
  /// Approved, and covering part of it.
  public var excuses: [Excuse]
  /// Of those who saw it.
  public var notes: [GapNote]

  public init(gap: Gap, excuses: [Excuse], notes: [GapNote] = []) {
    (self.gap, self.excuses, self.notes) = (gap, excuses, notes)
  }
}

/// One entry of a gap's history.
public struct GapRevision: Hashable, Sendable {
  public var number: Int
  public var kind: Revision
  public var at: Instant
  /// Without its region.
  public var before: Gap?
  public var after: Gap
}

extension Queries {
  /// Gaps that stand, by window, duty, place and beginning.
  public func gaps(_ filter: Filter) throws(StoreError) -> [GapRecord] {
    try gaps(filter, windowsOpening: nil)
  }

  /// - Parameter opening: of windows that open then; nil for all.
  public func gaps(
    _ filter: Filter, windowsOpening opening: Range<Instant>?
  ) throws(StoreError) -> [GapRecord] {
    var condition = Condition()
    condition.add("withdrawn_ms IS NULL", [])
    if let opening { condition.add(opening: opening) }
    condition.add("duty", among: filter.duties)
    condition.add("place", among: filter.places)
    if let handhelds = filter.handhelds {
      condition.add(
        "EXISTS (SELECT 1 FROM json_each(handhelds) h JOIN json_each(?) f ON f.value = h.value)",
        [StoredJSON.list(handhelds)])
    }
    if let verdict = filter.verdict { condition.add("verdict = ?", [verdict]) }
    if let isOpen = filter.isOpen { condition.add("open = ?", [isOpen]) }
    condition.add(filter, began: "began_ms", ended: "CASE open WHEN 1 THEN NULL ELSE ended_ms END")
    return try gaps(condition, limit: filter.limit).standing
  }

  /// Gaps of windows that open in a span, those that stand and those that were opened and withdrawn again.
  func gaps(opening span: Range<Instant>) throws(StoreError) -> (
    standing: [GapRecord], withdrawn: [Gap]
  ) {
    var condition = Condition()
    condition.add(opening: span)
    let (standing, withdrawn) = try gaps(condition, limit: nil)
    return (standing, withdrawn.sorted { ($0.began, $0.id.text) < ($1.began, $1.id.text) })
  }

  private func gaps(_ condition: Condition, limit: Int?) throws(StoreError) -> (
    standing: [GapRecord], withdrawn: [Gap]
  ) {
    let excuses = Dictionary(grouping: try excuses(.approved), by: \.owed)
    var (gaps, withdrawn): ([Gap], [Gap]) = ([], [])
    try store.read { db in
      let clock = try Transaction(db: db, store: store).clock()
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT \(GapRow.columns) FROM gap WHERE \(condition.sql)
          ORDER BY window_began_ms, duty, place, began_ms, coalesce(from_m, 0), verdict, id
          """ + (limit.map { " LIMIT \($0)" } ?? ""), arguments: condition.arguments)
      while let row = try rows.next() {
        if row.hasNull(atIndex: GapRow.withdrawn) {
          gaps.append(try GapRow.gap(row, judgedUntil: clock))
        } else {
          withdrawn.append(try GapRow.gap(row))
        }
      }
    }
    let notes = try notes(of: gaps.map(\.id))
    let standing = gaps.map { gap in
      let covering = (excuses[gap.owed] ?? []).filter {
        !gap.region.common(with: [$0.region]).pieces.isEmpty
      }
      return GapRecord(gap: gap, excuses: covering, notes: notes[gap.id] ?? [])
    }
    return (standing, withdrawn)
  }

  public func gapListing(_ filter: Filter) throws(StoreError) -> Listing {
    Self.listing(try gaps(filter))
  }

  public static func listing(_ gaps: [GapRecord]) -> Listing {
    let rows = gaps.map { record -> [Listing.Value] in
      let gap = record.gap
      let isLine = gap.stretch != nil
      func real(_ x: Double?, _ decimals: Int) -> Listing.Value {
        x.map { .real($0, decimals: decimals) } ?? .none
      }
      let identity: [Listing.Value] = [
        .text(gap.id.text), .text(gap.owed.duty.text), .time(gap.owed.windowBegan),
        .text(gap.owed.place.text),
      ]
      let extent: [Listing.Value] = [
        real(gap.stretch?.from.value, 1), real(gap.stretch?.to.value, 1), .time(gap.began),
        gap.isOpen ? .none : .time(gap.ended), .flag(gap.isOpen), .text(gap.verdict.rawValue),
        .text(gap.cause.rawValue), .real((gap.ended - gap.began).seconds, decimals: 1),
        isLine ? .real(gap.extent, decimals: 1) : .none,
      ]
      let people = record.excuses.compactMap(\.decidedBy)
      let about: [Listing.Value] = [
        .list(gap.handhelds.map(\.text)), .time(gap.flagged), .integer(Int64(gap.revision)),
        people.isEmpty ? .none : .text(people.joined(separator: "; ")),
        record.excuses.isEmpty
          ? .none : .text(record.excuses.map(\.reason).joined(separator: "; ")),
        record.notes.isEmpty
          ? .none
          : .text(
            record.notes.map { $0.note.isEmpty ? $0.by : "\($0.by): \($0.note)" }
              .joined(separator: "; ")),
      ]
      return identity + extent + about
    }
    return Listing(columns: gapColumns, rows: rows)
  }

  public static let gapColumns = [
    "id", "duty", "window_began_at", "place", "from_m", "to_m", "began_at", "ended_at", "open",
    "verdict", "cause", "seconds", "metre_seconds", "handhelds", "flagged_at", "revision",
    "excused_by", "excuse", "notes",
  ]

  /// A gap by its id, withdrawn ones included.
  public func gap(_ id: Gap.ID) throws(StoreError) -> (gap: Gap, withdrawn: Instant?)? {
    try store.read { db in
      let clock = try Transaction(db: db, store: store).clock()
      return try Row.fetchOne(
        db, sql: "SELECT \(GapRow.columns) FROM gap WHERE id = ?", arguments: [id.text.uppercased()]
      ).map { row in
        (
          try GapRow.gap(row, judgedUntil: clock),
          (row["withdrawn_ms"] as Int64?).map(Instant.init(milliseconds:))
        )
      }
    }
  }

  public func revisions(of id: Gap.ID) throws(StoreError) -> [GapRevision] {
    try store.read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM gap_revision WHERE gap = ? ORDER BY row", arguments: [id.text]
      ).compactMap(Self.revision)
    }
  }

  /// Gaps that were opened and withdrawn again in a range of time.
  public func withdrawn(_ filter: Filter) throws(StoreError) -> [Gap] {
    var condition = Condition()
    condition.add(filter, began: "began_ms", ended: "ended_ms")
    condition.add("withdrawn_ms IS NOT NULL", [])
    return try store.read { db in
      try Row.fetchAll(
        db, sql: "SELECT \(GapRow.columns) FROM gap WHERE \(condition.sql) ORDER BY began_ms, id",
        arguments: condition.arguments
      ).map(GapRow.gap)
    }
  }
}
