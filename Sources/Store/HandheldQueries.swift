internal import Coverage
internal import GRDB
internal import Geodesy
package import Patrol

extension Queries {
  /// How each handheld stands, what is stored of it, and what its fixes were worth. A daemon that runs tells the state of
  /// all handhelds of its plan.
  public func handhelds(_ filter: Filter) throws(StoreError) -> Listing {
    try handhelds(filter, counted: receiptCounts(filter))
  }

  /// What was received in a filter's time, counted by handheld, in the order of their ids.
  ///
  /// - Parameter receipt: told of each of them, as `forEachReceipt` does: whoever wants both reads the fixes once.
  package func receiptCounts(
    _ filter: Filter, receipt: (Handheld.ID, Receipt) -> Void = { _, _ in }
  ) throws(StoreError) -> [ReceiptCounts] {
    var counts: [ReceiptCounts] = []
    // Far enough for any moment.
    let far = Instant(milliseconds: 1 << 60)
    let from = filter.from ?? Instant(milliseconds: -far.milliseconds)
    try forEachReceipt(of: filter.handhelds, in: from..<max(from, filter.to ?? far)) { id, told in
      if counts.last?.handheld != id { counts.append(ReceiptCounts(id)) }
      counts[counts.count - 1].add(told)
      receipt(id, told)
    }
    return counts
  }

  /// All handhelds of which anything was ever stored, by their ids.
  package func storedHandhelds() throws(StoreError) -> [String] {
    try store.read { try String.fetchAll($0, sql: "SELECT id FROM handheld ORDER BY id") }
  }

  /// As `handhelds`, of what was counted before.
  package func handhelds(_ filter: Filter, counted counts: [ReceiptCounts]) throws(StoreError)
    -> Listing
  {
    let live = try liveness(of: filter.handhelds)
    let heard = Dictionary(uniqueKeysWithValues: counts.map { ($0.handheld.text, $0) })
    let names = Set(heard.keys).union(live.keys).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    let received = try receptions(of: filter.handhelds)
    let unknown = Array(repeating: Listing.Value.none, count: 4)
    let rows = names.prefix(filter.limit ?? .max).map { name -> [Listing.Value] in
      let told = heard[name] ?? ReceiptCounts(Handheld.ID(name))
      return [.text(name)] + (live[name] ?? unknown) + told.values
        + (received[name] ?? [.none, .none, .none])
    }
    return Listing(
      columns: ["handheld", "state", "since", "detail", "heard_at", "reports", "usable"]
        + ReceiptCounts.gates.map(\.rawValue) + [
          "first_at", "last_at", "latest_late_s", "satellites", "satellites_used", "signal_dbhz",
        ],
      rows: rows)
  }

  /// State, since when, in what detail and when last heard, by handheld.
  func liveness(of handhelds: [String]?) throws(StoreError) -> [String: [Listing.Value]] {
    var condition = Condition()
    condition.add("handheld", among: handhelds)
    return try store.read { db in
      var live: [String: [Listing.Value]] = [:]
      for row in try Row.fetchAll(
        db, sql: "SELECT * FROM liveness WHERE \(condition.sql)", arguments: condition.arguments)
      {
        live[row["handheld"]] = [
          row.text("state"), row.time("since_ms"), row.text("detail"), row.time("heard_ms"),
        ]
      }
      return live
    }
  }

  /// Satellites seen and used and their mean strength, by handheld, as last told. A store of which only older programs
  /// wrote has none.
  private func receptions(of handhelds: [String]?) throws(StoreError) -> [String: [Listing.Value]] {
    var condition = Condition()
    condition.add("handheld", among: handhelds)
    return try store.read { db in
      guard try db.tableExists("reception") else { return [:] }
      var received: [String: [Listing.Value]] = [:]
      for row in try Row.fetchAll(
        db, sql: "SELECT * FROM reception WHERE \(condition.sql)", arguments: condition.arguments)
      {
        let strength = (row["strength_dbhz"] as Double?).map { Listing.Value.real($0, decimals: 1) }
        received[row["handheld"]] = [
          .integer(row["seen"]), .integer(row["used"]), strength ?? .none,
        ]
      }
      return received
    }
  }
}

/// What was received of one handheld, counted.
package struct ReceiptCounts {
  package let handheld: Handheld.ID
  private var usable = 0
  private var gated = Array(repeating: 0, count: gates.count)
  private var first = Instant.distantFuture
  private var last = Instant.distantPast
  private var latest = Milliseconds(Int64.min)

  /// Those that what is stored can have failed.
  static let gates = Gate.allCases.filter { $0 != .offDuty }

  init(_ handheld: Handheld.ID) { self.handheld = handheld }

  mutating func add(_ receipt: Receipt) {
    if let gate = receipt.gate {
      if let n = Self.gates.firstIndex(of: gate) { gated[n] += 1 }
    } else {
      usable += 1
    }
    (first, last) = (min(first, receipt.at), max(last, receipt.at))
    latest = max(latest, receipt.delay)
  }

  /// `reports`, `usable`, each gate, `first_at`, `last_at` and `latest_late_s`.
  var values: [Listing.Value] {
    let reports = usable + gated.reduce(0, +)
    let ends: [Listing.Value] =
      reports == 0
      ? [.none, .none, .none]
      : [.time(first), .time(last), .real(Double(latest.value) / 1000, decimals: 1)]
    return ([reports, usable] + gated).map { .integer(Int64($0)) } + ends
  }
}
