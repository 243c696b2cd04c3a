internal import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

/// Notes what the store itself changes in sealed days, in the transaction that changes it: whatever differs from a seal
/// and is not noted was changed by other hands.
///
/// Of a class of a day it notes the hash before the first change of a transaction and after the last, so that the notes
/// of a class join up, from the seal to what is there now. Off sealed days it costs a comparison a row.
struct SealWatch {
  struct Day: Hashable {
    var name: String
    var span: Range<Int64>
  }

  /// By their beginnings.
  private(set) var days: [Day] = []
  /// No sealed day reaches beyond it.
  private(set) var until = Int64.min
  /// The last of the days known.
  private var lastKnown: Int64 = 0
  private var touched: [Touched: (before: EvidenceHash, count: Int)] = [:]

  private struct Touched: Hashable {
    var day: Day
    var evidence: Evidence
  }

  /// At the beginning of a transaction: another program may have sealed something since.
  mutating func begin(_ db: Database) throws {
    touched.removeAll()
    let last =
      try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(row) FROM sealed_day")) ?? 0
    guard last != lastKnown else { return }
    days = try Row.fetchAll(db, sql: "SELECT * FROM sealed_day ORDER BY began_ms").map {
      Day(name: $0["day"], span: $0["began_ms"]..<$0["ended_ms"])
    }
    until = days.map(\.span.upperBound).max() ?? Int64.min
    lastKnown = last
  }

  func day(at moment: Int64) -> Day? {
    guard moment < until else { return nil }
    return days.first { $0.span.contains(moment) }
  }

  /// Before rows of a class that lie at a moment are changed.
  mutating func touch(_ evidence: Evidence, at moment: Instant, _ db: Database) throws {
    guard let day = day(at: moment.milliseconds) else { return }
    try touch(evidence, of: day, db)
  }

  /// Before rows of a class that lie in a span, ends included, are changed.
  mutating func touch(
    _ evidence: Evidence, from began: Instant, through ended: Instant, _ db: Database
  ) throws {
    let (began, ended) = (began.milliseconds, ended.milliseconds)
    guard began < until else { return }
    for day in days where day.span.upperBound > began && day.span.lowerBound <= ended {
      try touch(evidence, of: day, db)
    }
  }

  private mutating func touch(_ evidence: Evidence, of day: Day, _ db: Database) throws {
    let key = Touched(day: day, evidence: evidence)
    if touched[key] == nil { touched[key] = (try db.digest(evidence, in: day.span).hash, 0) }
    touched[key]?.count += 1
  }

  /// At the end of a transaction: puts what differs on record.
  mutating func end(_ db: Database) throws {
    guard !touched.isEmpty else { return }
    let clock = try Int64.fetchOne(db, sql: "SELECT clock_ms FROM judged") ?? 0
    let inOrder = touched.sorted {
      ($0.key.day.span.lowerBound, $0.key.evidence.rawValue)
        < ($1.key.day.span.lowerBound, $1.key.evidence.rawValue)
    }
    for (key, was) in inOrder {
      let after = try db.digest(key.evidence, in: key.day.span).hash
      guard after != was.before else { continue }
      try db.execute(
        sql: """
          INSERT INTO sealed_change (at_ms, day, evidence, count, before, after) VALUES (?,?,?,?,?,?)
          """,
        arguments: [
          clock, key.day.name, key.evidence.rawValue, was.count, was.before.description,
          after.description,
        ])
    }
    touched.removeAll()
  }
}

// MARK: fixes

extension Transaction {
  /// Puts observations just stored, in the order of their rows, on record where they lie in sealed days.
  func noteStored(_ rows: [(observation: Observation, row: Int64)]) throws {
    var late: [SealWatch.Day: [(observation: Observation, row: Int64)]] = [:]
    for stored in rows {
      guard let day = store.seals.day(at: stored.observation.orderTime.milliseconds) else {
        continue
      }
      late[day, default: []].append(stored)
    }
    for (day, rows) in late.sorted(by: { $0.key.span.lowerBound < $1.key.span.lowerBound }) {
      let hash = try db.digestStored(
        rows.map { stored in
          let handheld = stored.observation.handheld
          return (
            stored.row, try number(of: handheld), handheld.text,
            stored.observation.orderTime.milliseconds
          )
        })
      let received = rows.map(\.observation.receivedAt).max() ?? .distantPast
      try db.execute(
        sql: """
          INSERT INTO sealed_change (at_ms, day, evidence, count, after, first_row, last_row)
            VALUES (?,?,?,?,?,?,?)
          """,
        arguments: [
          received.milliseconds, day.name, Evidence.fixes.rawValue, rows.count, hash.description,
          rows.map(\.row).min(), rows.map(\.row).max(),
        ])
    }
  }

  /// Before the gate of a stored fix is changed.
  func noteRegating(
    _ observation: Observation, _ handheld: Int64, _ place: (row: Int64, table: String),
    to gate: Gate?
  ) throws {
    let at = observation.orderTime.milliseconds
    guard let day = store.seals.day(at: at) else { return }
    try db.cachedStatement(
      sql: """
        INSERT INTO sealed_regate (at_ms, day, row, before, after)
          SELECT ?, ?, row, gate, ? FROM \(place.table) WHERE row = ? AND handheld = ? AND at_ms = ?
        """
    ).execute(arguments: [
      observation.receivedAt.milliseconds, day.name, gate?.rawValue, place.row, handheld, at,
    ])
  }
}
