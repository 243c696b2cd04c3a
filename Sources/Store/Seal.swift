internal import Foundation
internal import GRDB
public import Geodesy

/// A day of a period, from where it starts to where the next does, by the plans in force then.
public struct PeriodDay: Hashable, Sendable {
  public var date: CivilDate
  public var span: Range<Instant>

  public init(date: CivilDate, span: Range<Instant>) {
    (self.date, self.span) = (date, span)
  }
}

/// A period closed, or one stated again: what was stated, who did, and the hash of all that it follows from.
public struct SealRecord: Hashable, Sendable {
  public enum Act: Hashable, Sendable {
    case seal
    /// Of a seal, with what had been stated before.
    case restatement(of: Int64, reason: String, before: String)
  }

  /// Seals and restatements are numbered together, from 1 on.
  public var n: Int64
  public var act: Act
  public var period: String
  public var made: Instant
  public var who: String
  /// JSON.
  public var figures: String
  /// Of this record, with the one before it.
  public var hash: EvidenceHash
  public var publicKey: SealPublicKey?
  var previous: String
  var body: String
  var signature: String?

  /// The seal that this is, or states again.
  public var seal: Int64 {
    if case .restatement(let seal, _, _) = act { return seal }
    return n
  }

  /// Over everything but the signature; that it is signed, and by which key, is part of it.
  var trueHash: EvidenceHash {
    var fields = FieldBytes()
    fields.add("patrold seal 1")
    fields.add(n)
    fields.add(period)
    fields.add(made.milliseconds)
    fields.add(who)
    if case .restatement(let seal, let reason, let before) = act {
      fields.add(seal)
      fields.add(reason)
      fields.add(before)
    }
    fields.add(figures)
    fields.add(body)
    fields.add(publicKey?.stored)
    fields.add(previous)
    return EvidenceHash(of: fields)
  }

  /// Nil where it is not signed.
  var isSignatureValid: Bool? {
    guard publicKey != nil || signature != nil else { return nil }
    guard let publicKey, let signature = signature.flatMap({ Data(base64Encoded: $0) }) else {
      return false
    }
    return publicKey.hasSigned(hash, Array(signature))
  }

  mutating func sign(with key: SealKey?) throws {
    publicKey = key?.publicKey
    hash = trueHash
    signature = try key.map { Data(try $0.signature(of: hash)).base64EncodedString() }
  }
}

/// What a seal is about besides its figures: JSON with sorted keys.
struct SealBody: Hashable, Codable {
  struct Day: Hashable, Codable {
    var day: String
    var beganMs: Int64
    var endedMs: Int64
    /// Of the fixes, those let go of before counted too.
    var fixes: Int
    var hashes: [String: EvidenceHash]

    enum CodingKeys: String, CodingKey {
      case day, fixes, hashes
      case beganMs = "began_ms"
      case endedMs = "ended_ms"
    }

    var span: Range<Int64> { beganMs..<endedMs }
  }

  /// What is hashed, and how.
  var format = 1
  var program: String
  /// The last fix that was there, and the last notes of what the store changed itself.
  var lastRow: Int64
  var lastChange: Int64
  var lastRegate: Int64
  var days: [Day]

  enum CodingKeys: String, CodingKey {
    case format, program, days
    case lastRow = "last_row"
    case lastChange = "last_change"
    case lastRegate = "last_regate"
  }
}

extension Database {
  /// All of them in the order of their numbers. None in a store that was never sealed.
  func sealRecords() throws -> [SealRecord] {
    guard try tableExists("seal") else { return [] }
    var periods: [Int64: String] = [:]
    let seals = try Row.fetchAll(self, sql: "SELECT * FROM seal ORDER BY n").map { row in
      let record = SealRecord(row, act: .seal, period: row["period"], figures: row["figures"])
      periods[record.n] = record.period
      return record
    }
    let restatements = try Row.fetchAll(self, sql: "SELECT * FROM restatement ORDER BY n").map {
      row in
      let act = SealRecord.Act.restatement(
        of: row["seal"], reason: row["reason"], before: row["before"])
      return SealRecord(
        row, act: act, period: periods[row["seal"]] ?? "", figures: row["after"])
    }
    return (seals + restatements).sorted { $0.n < $1.n }
  }

  func insert(_ record: SealRecord) throws {
    let unit: [(any DatabaseValueConvertible)?] = [
      record.body, record.previous, record.hash.description, record.publicKey?.stored,
      record.signature,
    ]
    switch record.act {
    case .seal:
      try execute(
        sql: "INSERT INTO seal VALUES (?,?,?,?,?,?,?,?,?,?)",
        arguments: [
          record.n, record.period, record.made.milliseconds, record.who, record.figures,
        ] + StatementArguments(unit))
    case .restatement(let seal, let reason, let before):
      try execute(
        sql: "INSERT INTO restatement VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        arguments: [
          record.n, seal, record.made.milliseconds, record.who, reason, before, record.figures,
        ] + StatementArguments(unit))
    }
  }
}

extension SealRecord {
  fileprivate init(_ row: Row, act: Act, period: String, figures: String) {
    self.init(
      n: row["n"], act: act, period: period, made: Instant(milliseconds: row["made_ms"]),
      who: row["who"], figures: figures, hash: EvidenceHash(stored: row["hash"]),
      publicKey: (row["public_key"] as String?).flatMap { SealPublicKey(stored: $0) },
      previous: row["previous"], body: row["body"], signature: row["signature"])
  }
}
