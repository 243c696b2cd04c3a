public import Coverage
internal import GRDB
internal import Geodesy

/// The read side: everyone who shows anything asks here. Columns are those that users rely on.
public struct Queries {
  let store: Store

  public init(_ store: Store) { self.store = store }

  /// The store's file.
  public var path: String { store.path }

  func list(
    _ columns: [String], _ sql: String, _ condition: Condition, group: String? = nil,
    order: String, limit: Int?,
    _ values: (Row) throws -> [Listing.Value]
  ) throws(StoreError) -> Listing {
    let text =
      "\(sql) WHERE \(condition.sql)" + (group.map { " GROUP BY \($0)" } ?? "")
      + " ORDER BY \(order)" + (limit.map { " LIMIT \($0)" } ?? "")
    return try store.read { db in
      var listing = Listing(columns: columns)
      let rows = try Row.fetchCursor(db, sql: text, arguments: condition.arguments)
      while let row = try rows.next() { listing.rows.append(try values(row)) }
      return listing
    }
  }

  // MARK: evidence

  public func fixes(_ filter: Filter) throws(StoreError) -> Listing {
    var condition = Condition()
    condition.add("h.id", among: filter.handhelds)
    if let from = filter.from { condition.add("at_ms >= ?", [from.milliseconds]) }
    if let to = filter.to { condition.add("at_ms < ?", [to.milliseconds]) }
    return try list(
      Self.fixColumns,
      "SELECT h.id AS name, fix.* FROM fix JOIN handheld h ON h.n = fix.handheld", condition,
      order: "name, at_ms, row", limit: filter.limit, Self.fixValues)
  }

  /// - Parameter but: a kind that is left out.
  public func stays(
    _ filter: Filter, but kind: Stay.Kind? = nil
  ) throws(StoreError) -> Listing {
    var condition = Condition()
    if let kind { condition.add("kind != ?", [kind.rawValue]) }
    condition.add("handheld", among: filter.handhelds)
    condition.add("place", among: filter.places)
    condition.add(filter, began: "arrived_ms", ended: "left_ms")
    if let from = filter.from { condition.add(Self.byKey("arrived_ms", from: from), []) }
    return try list(
      Self.stayColumns, "SELECT * FROM stay", condition,
      order: "arrived_ms, handheld, place, cell", limit: filter.limit, Self.stayValues)
  }

  /// - Parameter but: a kind that is left out.
  public func passes(
    _ filter: Filter, but kind: Pass.Kind? = nil
  ) throws(StoreError) -> Listing {
    var condition = Condition()
    if let kind { condition.add("kind != ?", [kind.rawValue]) }
    condition.add("handheld", among: filter.handhelds)
    condition.add("place", among: filter.places)
    condition.add(filter, began: "began_ms", ended: "ended_ms")
    if let from = filter.from { condition.add(Self.byKey("began_ms", from: from), []) }
    return try list(
      Self.passColumns, "SELECT * FROM pass", condition,
      order: "began_ms, handheld, place, from_m", limit: filter.limit, Self.passValues)
  }

  public func attendance(_ filter: Filter) throws(StoreError) -> Listing {
    var condition = Condition()
    condition.add("duty", among: filter.duties)
    condition.add("a.place", among: filter.places)
    condition.add(filter, began: "began_ms", ended: "ended_ms")
    return try list(
      [
        "duty", "window_began_at", "place", "cell", "from_m", "to_m", "kind", "began_at",
        "ended_at",
      ],
      """
      SELECT a.*, c.from_m, c.to_m FROM attendance a LEFT JOIN cell c
        ON c.place = a.place AND c.cell = a.cell AND c.digest = \(Self.digest("a.window_began_ms"))
      """, condition, order: "window_began_ms, duty, a.place, a.cell, kind, began_ms",
      limit: filter.limit
    ) { row in
      [
        .text(row["duty"]), row.time("window_began_ms"), .text(row["place"]),
        .integer(row["cell"]), row.real("from_m", 1), row.real("to_m", 1), .text(row["kind"]),
        row.time("began_ms"), row.time("ended_ms"),
      ]
    }
  }

  public func outages(_ filter: Filter) throws(StoreError) -> Listing {
    var condition = Condition()
    condition.add("handheld", among: filter.handhelds.map { $0 + [""] })
    condition.add(filter, began: "began_ms", ended: "ended_ms")
    return try list(
      ["kind", "handheld", "began_at", "ended_at", "seconds"], "SELECT * FROM outage", condition,
      order: "began_ms, kind, handheld", limit: filter.limit
    ) { row in
      let ended: Int64? = row["ended_ms"]
      let seconds = ended.map { Double($0 - (row["began_ms"] as Int64)) / 1000 }
      return [
        .text(row["kind"]), row.text("handheld"), row.time("began_ms"), row.time("ended_ms"),
        seconds.map { .real($0, decimals: 1) } ?? .none,
      ]
    }
  }

  /// The digest of the plan version in force at the moment a column holds.
  static func digest(_ column: String) -> String {
    """
    (SELECT digest FROM plan_version WHERE began_ms <= \(column) ORDER BY began_ms DESC LIMIT 1)
    """
  }
}

extension Row {
  func time(_ column: String) -> Listing.Value {
    (self[column] as Int64?).map { .time(Instant(milliseconds: $0)) } ?? .none
  }

  func real(_ column: String, _ decimals: Int) -> Listing.Value {
    (self[column] as Double?).map { .real($0, decimals: decimals) } ?? .none
  }

  func degrees(_ column: String) -> Listing.Value {
    (self[column] as Int64?).map { .real(Double($0) / 1e7, decimals: 7) } ?? .none
  }

  func text(_ column: String) -> Listing.Value {
    (self[column] as String?).flatMap { $0.isEmpty ? nil : .text($0) } ?? .none
  }
}
