internal import Coverage
internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Geodesy

/// What a stored checkpoint is of.
struct CheckpointHead {
  /// Names the build that wrote it.
  var program: String
  /// The last row of `fix` that the engines knew.
  var lastRow: Int64
  /// In the order of their plan versions.
  var engines: [Version]

  struct Version: Hashable {
    var digest: String
    var began: Instant

    init(digest: String, began: Instant) {
      self.digest = digest
      self.began = began
    }
    init(_ generation: Pipeline.Generation) {
      self.init(digest: generation.key, began: generation.began)
    }
  }
}

extension Transaction {
  /// Puts a checkpoint in the place of the one there was; its parts follow.
  func beginCheckpoint(_ head: CheckpointHead) throws {
    try db.execute(sql: "DELETE FROM checkpoint")
    for (n, engine) in head.engines.enumerated() {
      try db.execute(
        sql: "INSERT INTO checkpoint VALUES (?,?,?,?,?)",
        arguments: [n, head.program, head.lastRow, engine.digest, engine.began.milliseconds])
    }
    try turnFixes()
  }

  /// Parts of the one before are written over: their pages are used again as they lie.
  func saveCheckpoint(_ state: [UInt8], part: Int, of engine: Int) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO checkpoint_part VALUES (?,?,?)"
    ).sqliteStatement
    sqlite3_bind_int64(statement, 1, Int64(engine))
    sqlite3_bind_int64(statement, 2, Int64(part))
    defer { sqlite3_clear_bindings(statement) }
    try state.withUnsafeBytes { bytes in
      // Used before it goes.
      sqlite3_bind_blob64(statement, 3, bytes.baseAddress, UInt64(bytes.count), nil)
      try db.run(statement)
    }
  }

  /// Lets go of what the one before had more of.
  func endCheckpoint(parts: Int, of engine: Int) throws {
    try db.execute(
      sql: "DELETE FROM checkpoint_part WHERE engine > ? OR (engine = ? AND part >= ?)",
      arguments: [engine, engine, parts])
  }

  /// The checkpoint that this program made; nil without one.
  func checkpoint(program: String) throws -> CheckpointHead? {
    let rows = try Row.fetchAll(
      db, sql: "SELECT * FROM checkpoint WHERE program = ? ORDER BY engine", arguments: [program])
    guard let first = rows.first else { return nil }
    return CheckpointHead(
      program: program, lastRow: first["last_row"],
      engines: rows.map {
        CheckpointHead.Version(
          digest: $0["digest"], began: Instant(milliseconds: $0["began_ms"]))
      })
  }

  /// The parts of one engine, one at a time.
  func checkpointParts(of engine: Int) -> () throws -> [UInt8]? {
    var part = 0
    return {
      defer { part += 1 }
      return try Data.fetchOne(
        db, sql: "SELECT state FROM checkpoint_part WHERE engine = ? AND part = ?",
        arguments: [engine, part]
      ).map(Array.init)
    }
  }
}
