public import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// How a daemon finds one gpsd.
public struct LinkStanding: Hashable, Sendable {
  public var endpoint: String
  public var handhelds: [String]
  public var isReachable: Bool
  /// Since when it has been so; nil before the first attempt came to anything.
  public var since: Instant?
  /// gpsd's version, or why it cannot be reached.
  public var detail: String
  /// Since the daemon began: lines, observations with a fix and without, lines that could not be read.
  public var lines: Int
  public var fixes: Int
  public var withoutFix: Int
  public var malformed: Int
  /// Reports that are no handheld's of the plan, and the devices they came from.
  public var unassigned: Int
  public var unassignedDevices: [String]

  public init(
    endpoint: String, handhelds: [String], isReachable: Bool, since: Instant?, detail: String,
    lines: Int, fixes: Int, withoutFix: Int, malformed: Int, unassigned: Int,
    unassignedDevices: [String]
  ) {
    self.endpoint = endpoint
    self.handhelds = handhelds
    self.isReachable = isReachable
    self.since = since
    self.detail = detail
    self.lines = lines
    self.fixes = fixes
    self.withoutFix = withoutFix
    self.malformed = malformed
    self.unassigned = unassigned
    self.unassignedDevices = unassignedDevices
  }
}

extension Transaction {
  /// Puts the standing of all links in the place of what was told before.
  public func tell(_ links: [LinkStanding]) throws {
    try db.execute(sql: "DELETE FROM link")
    let insert = try db.cachedStatement(sql: "INSERT INTO link VALUES (?,?,?,?,?,?,?,?,?,?,?)")
    for link in links {
      try insert.execute(arguments: [
        link.endpoint, link.isReachable, link.since?.milliseconds, link.detail,
        StoredJSON.list(link.handhelds), link.lines, link.fixes, link.withoutFix, link.malformed,
        link.unassigned, StoredJSON.list(link.unassignedDevices),
      ])
    }
  }

  /// Handhelds whose standing changed.
  public func tell(_ standings: [Liveness.Standing]) throws {
    let insert = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO liveness VALUES (?,?,?,?,?)")
    for standing in standings {
      try insert.execute(arguments: [
        standing.handheld.text, standing.state.rawValue, standing.since.milliseconds,
        standing.heard?.milliseconds, standing.detail,
      ])
    }
  }

  /// How well handhelds receive.
  public func tell(_ receptions: [Handheld.ID: Reception], at now: Instant) throws {
    guard !receptions.isEmpty else { return }
    let insert = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO reception VALUES (?,?,?,?,?)")
    for (handheld, reception) in receptions {
      try insert.execute(arguments: [
        handheld.text, now.milliseconds, reception.seen, reception.used, reception.strengthDBHz,
      ])
    }
  }

  /// A daemon begins: what another one told of handhelds is of the past.
  public func forgetLiveness() throws {
    try db.execute(sql: "DELETE FROM liveness")
    try db.execute(sql: "DELETE FROM reception")
    try db.execute(sql: "DELETE FROM link")
  }
}

extension Schema {
  /// Made wherever it is missing when a store is opened to be written.
  static let receptions = """
    -- What of the sky each handheld saw when it last told, since the daemon began.
    CREATE TABLE IF NOT EXISTS reception (
      handheld TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, seen INTEGER NOT NULL, used INTEGER NOT NULL,
      strength_dbhz REAL) WITHOUT ROWID;
    """
}

extension Queries {
  /// As the daemon last told them, by endpoint.
  public func links() throws(StoreError) -> [LinkStanding] {
    try store.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM link ORDER BY endpoint").map { row in
        LinkStanding(
          endpoint: row["endpoint"],
          handhelds: try StoredJSON.value([String].self, row["handhelds"]),
          isReachable: row["reachable"],
          since: (row["since_ms"] as Int64?).map(Instant.init(milliseconds:)),
          detail: row["detail"], lines: row["lines"], fixes: row["fixes"],
          withoutFix: row["without_fix"], malformed: row["malformed"],
          unassigned: row["unassigned"],
          unassignedDevices: try StoredJSON.value([String].self, row["unassigned_devices"]))
      }
    }
  }
}
