internal import GRDB
public import Geodesy

/// That somebody was shown where a handheld was.
public struct Look: Hashable, Sendable {
  public var handheld: String
  /// Of what was shown.
  public var span: ClosedRange<Instant>

  public init(handheld: String, span: ClosedRange<Instant>) {
    (self.handheld, self.span) = (handheld, span)
  }
}

extension Transaction {
  /// One row for each viewer, handheld and hour: a page that is drawn every second fills no disk.
  public func note(_ looks: [Look], by who: String, at now: Instant) throws {
    let hour = Milliseconds.hours(1).value
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO look (who, handheld, hour_ms, first_ms, last_ms, from_ms, to_ms, looks) VALUES (?,?,?,?,?,?,?,1)
        ON CONFLICT DO UPDATE SET last_ms = max(last_ms, excluded.last_ms), from_ms = min(from_ms, excluded.from_ms),
          to_ms = max(to_ms, excluded.to_ms), looks = looks + 1
        """)
    for look in looks {
      try insert.execute(arguments: [
        who, look.handheld, now.milliseconds / hour * hour, now.milliseconds, now.milliseconds,
        look.span.lowerBound.milliseconds, look.span.upperBound.milliseconds,
      ])
    }
  }
}

/// What somebody was shown of a handheld in an hour of looking.
public struct LookRecord: Hashable, Sendable {
  public var who: String
  public var handheld: String
  /// When they looked.
  public var looked: ClosedRange<Instant>
  /// From the first to the last position that they were shown.
  public var shown: ClosedRange<Instant>
  public var looks: Int
}

/// Which entries of the audit are asked for.
public struct AuditFilter: Hashable, Sendable {
  public var from: Instant?
  public var to: Instant?
  public var who: [String]?
  /// Those about these handhelds alone: who looked at them.
  public var handhelds: [String]?
  /// The latest of them.
  public var limit = 1000

  public init() {}
}

extension Queries {
  /// Who was shown where some handhelds were in a span, in the order in which they looked.
  public func looks(at handhelds: [String], showing span: Range<Instant>) throws(StoreError)
    -> [LookRecord]
  {
    try store.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM look WHERE handheld IN (SELECT value FROM json_each(?)) AND from_ms < ? AND to_ms >= ?
          ORDER BY first_ms, handheld, who
          """,
        arguments: [
          StoredJSON.list(handhelds), span.upperBound.milliseconds, span.lowerBound.milliseconds,
        ]
      ).map { row in
        func span(_ from: String, _ to: String) -> ClosedRange<Instant> {
          Instant(milliseconds: row[from])...Instant(milliseconds: row[to])
        }
        return LookRecord(
          who: row["who"], handheld: row["handheld"], looked: span("first_ms", "last_ms"),
          shown: span("from_ms", "to_ms"), looks: row["looks"])
      }
    }
  }

  public static let auditColumns = ["at", "who", "did", "subject", "detail"]
  public static let lookColumns = [
    "who", "handheld", "first_at", "last_at", "from_at", "to_at", "looks",
  ]

  /// What was changed, who came in and who failed to: the latest, in order.
  public func audit(_ filter: AuditFilter) throws(StoreError) -> Listing {
    var condition = Condition()
    condition.add("who", among: filter.who)
    condition.add("subject", among: filter.handhelds)
    if let from = filter.from { condition.add("at_ms >= ?", [from.milliseconds]) }
    if let to = filter.to { condition.add("at_ms < ?", [to.milliseconds]) }
    return try list(
      Self.auditColumns,
      "SELECT * FROM (SELECT * FROM audit WHERE \(condition.sql) ORDER BY row DESC LIMIT \(filter.limit))",
      condition.followed(by: Condition()), order: "row", limit: nil
    ) { row in
      [
        row.time("at_ms"), .text(row["who"]), .text(row["did"]), .text(row["subject"]),
        row.text("detail"),
      ]
    }
  }

  /// Who looked at whose track, and at which span of it: the latest, in order.
  public func looks(_ filter: AuditFilter) throws(StoreError) -> Listing {
    var condition = Condition()
    condition.add("who", among: filter.who)
    condition.add("handheld", among: filter.handhelds)
    if let from = filter.from { condition.add("last_ms >= ?", [from.milliseconds]) }
    if let to = filter.to { condition.add("first_ms < ?", [to.milliseconds]) }
    return try list(
      Self.lookColumns,
      "SELECT * FROM (SELECT * FROM look WHERE \(condition.sql) ORDER BY last_ms DESC LIMIT \(filter.limit))",
      condition.followed(by: Condition()), order: "first_ms, handheld, who", limit: nil
    ) { row in
      [
        .text(row["who"]), .text(row["handheld"]), row.time("first_ms"), row.time("last_ms"),
        row.time("from_ms"), row.time("to_ms"), .integer(row["looks"]),
      ]
    }
  }
}
