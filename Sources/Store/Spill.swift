internal import Coverage
internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
public import Patrol

/// Where observations wait on disk that the store or the engine cannot take yet: a file beside the store, in the order put
/// in, there again after a crash. What was taken from it is let go of only once it is committed elsewhere; taken twice, it
/// is known already.
///
/// People are tracked on duty only: what is put in here has to be on duty, too.
public final class Spill {
  public let path: String
  /// Observations it takes at most: about a gigabyte.
  public static let capacity = 20_000_000

  private let queue: DatabaseQueue
  private var numbers: [Handheld.ID: Int64] = [:]
  private var ids: [Int64: Handheld.ID] = [:]
  private var nextRow: Int64 = 1
  /// The first row that is not let go of.
  private var firstRow: Int64 = 1
  /// By handheld number, how many wait.
  private var waiting: [Int64: Int] = [:]

  /// Opens the file, made where it is missing, and finds what a former run left in it.
  public init(at path: String) throws(StoreError) {
    self.path = path
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.label = "spill"
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try db.execute(sql: FixTable.spillSchema)
        let rows = try Row.fetchCursor(db, sql: "SELECT n, id FROM handheld")
        while let row = try rows.next() { note(Handheld.ID(row[1] as String), row[0]) }
        let counts = try Row.fetchCursor(
          db, sql: "SELECT handheld, count(*), min(row), max(row) FROM waiting GROUP BY handheld")
        var first = Int64.max
        while let row = try counts.next() {
          waiting[row[0]] = row[1]
          first = min(first, row[2])
          nextRow = max(nextRow, (row[3] as Int64) + 1)
        }
        firstRow = min(first, nextRow)
      }
    } catch {
      throw Store.error(error, path)
    }
  }

  /// How many wait.
  public var count: Int { waiting.values.reduce(0, +) }
  public var isEmpty: Bool { waiting.isEmpty }
  public var isFull: Bool { count >= Self.capacity }

  /// Something of that handheld waits: what follows has to wait behind it, or it would be late.
  public func holds(_ handheld: Handheld.ID) -> Bool {
    numbers[handheld].map { waiting[$0] != nil } ?? false
  }

  /// Puts observations in, in one transaction.
  public func put(_ observations: [Observation]) throws(StoreError) {
    guard !observations.isEmpty else { return }
    let before = (nextRow, numbers, ids)
    var added: [Int64: Int] = [:]
    do {
      try queue.write { db in
        let insert = try db.cachedStatement(sql: FixTable.insert(into: "waiting")).sqliteStatement
        for observation in observations {
          let n = try number(of: observation.handheld, db)
          FixRow(observation, row: nextRow, handheld: n, gate: nil).bind(to: insert)
          try db.run(insert)
          nextRow += 1
          added[n, default: 0] += 1
        }
      }
    } catch {
      // Handhelds numbered meanwhile are gone from the file, too.
      (nextRow, numbers, ids) = before
      throw Store.error(error, path)
    }
    waiting.merge(added, uniquingKeysWith: +)
  }

  /// The first of those that wait, at most so many; they stay until they are let go of.
  public func first(atMost count: Int) throws(StoreError) -> Batch {
    do {
      return try queue.read { db in
        let statement = try db.cachedStatement(
          sql:
            "SELECT \(FixTable.read) FROM \(FixTable.spilled) WHERE row >= ? ORDER BY row LIMIT ?"
        ).sqliteStatement
        defer { sqlite3_reset(statement) }
        sqlite3_bind_int64(statement, 1, firstRow)
        sqlite3_bind_int64(statement, 2, Int64(count))
        var batch = Batch()
        while try db.step(statement) {
          let n = sqlite3_column_int64(statement, 1)
          guard let id = ids[n] else { continue }
          let (observation, _, row) = FixTable.observation(statement, of: id)
          batch.observations.append(observation)
          batch.lastRow = row
        }
        return batch
      }
    } catch {
      throw Store.error(error, path)
    }
  }

  /// Some of what waits.
  public struct Batch: Sendable {
    public var observations: [Observation] = []
    fileprivate var lastRow: Int64 = 0
  }

  /// Lets go of a batch: it is committed elsewhere. The file is emptied with the last of them.
  public func letGo(_ batch: Batch) throws(StoreError) {
    for observation in batch.observations {
      guard let n = numbers[observation.handheld], let count = waiting[n] else { continue }
      waiting[n] = count > 1 ? count - 1 : nil
    }
    firstRow = max(firstRow, batch.lastRow + 1)
    do {
      try queue.writeWithoutTransaction { db in
        if waiting.isEmpty {
          try db.execute(sql: "DELETE FROM waiting")
          // Its pages go back to the disk, which may be short of them.
          try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
          try db.execute(sql: "VACUUM")
        } else {
          try db.execute(sql: "DELETE FROM waiting WHERE row < ?", arguments: [firstRow])
        }
      }
    } catch {
      throw Store.error(error, path)
    }
  }

  private func number(of handheld: Handheld.ID, _ db: Database) throws -> Int64 {
    if let n = numbers[handheld] { return n }
    try db.execute(
      sql: "INSERT INTO handheld (id) VALUES (?) ON CONFLICT (id) DO NOTHING",
      arguments: [handheld.text])
    let n =
      try Int64.fetchOne(
        db, sql: "SELECT n FROM handheld WHERE id = ?", arguments: [handheld.text]) ?? 0
    note(handheld, n)
    return n
  }

  private func note(_ handheld: Handheld.ID, _ n: Int64) {
    (numbers[handheld], ids[n]) = (n, handheld)
  }
}
