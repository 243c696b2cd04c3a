internal import GRDB
public import Geodesy

/// Whether what is sealed is what the store holds.
public struct SealVerification: Hashable, Sendable {
  public enum Finding: Hashable, Sendable {
    /// The chain of seals itself is not whole.
    case broken(Int64, String)
    /// Rows of a class of a day differ, and the store did not change them. `subjects` names those that can be told.
    case altered(Int64, day: String, Evidence, subjects: [String])
    /// Rows differ because evidence came later: so many were stored or changed, the last at a moment.
    case changed(Int64, day: String, Evidence, count: Int, at: Instant)
    /// The gates of so many fixes changed, as a fix before them came late.
    case regated(Int64, day: String, count: Int, at: Instant)
    /// The fixes of a day were let go of; everything else is still checked.
    case purged(Int64, day: String, rows: Int, who: String, at: Instant)

    /// Nothing accounts for it.
    public var isFault: Bool {
      switch self {
      case .broken, .altered: true
      case .changed, .regated, .purged: false
      }
    }

    /// - Parameter zone: writes an instant.
    public func text(_ zone: (Instant) -> String) -> String {
      switch self {
      case .broken(_, let what): what
      case .altered(_, let day, let evidence, let subjects):
        "\(day): ALTERED: "
          + (subjects.isEmpty ? evidence.rawValue : subjects.joined(separator: ", "))
      case .changed(_, let day, .fixes, let count, let at):
        "\(day): changed by later evidence: \(count) fixes received until \(zone(at)); restate"
      case .changed(_, let day, let evidence, _, let at):
        "\(day): changed by later evidence: \(evidence.rawValue), judged at \(zone(at)); restate"
      case .regated(_, let day, let count, let at):
        "\(day): changed by later evidence: the gates of \(count) fixes, the last received at \(zone(at)); restate"
      case .purged(_, let day, let rows, let who, let at):
        "\(day): purged: \(rows) fixes, by \(who) at \(zone(at))"
      }
    }

    /// The seal, or restatement, that it is about.
    public var record: Int64 {
      switch self {
      case .broken(let n, _), .altered(let n, _, _, _), .changed(let n, _, _, _, _),
        .regated(let n, _, _, _), .purged(let n, _, _, _, _):
        n
      }
    }
  }

  public var records: [SealRecord]
  public var findings: [Finding]

  /// Nothing is there that nothing accounts for.
  public var isSound: Bool { !findings.contains(where: \.isFault) }
}

extension Seals {
  /// Checks every seal: that it follows from the one before, is signed as it says, and that the rows are those it was made
  /// of, or were changed since by the store itself.
  ///
  /// - Parameter key: by which all are to be signed. Without one, signatures are checked with the keys that the seals name.
  public func verification(by key: SealPublicKey? = nil) throws(StoreError) -> SealVerification {
    try store.read { db in
      let records = try db.sealRecords()
      var findings = try Self.chainFindings(records, key, db)
      for seal in records where seal.act == .seal {
        guard let latest = records.last(where: { $0.seal == seal.n }) else { continue }
        findings += try db.findings(of: latest)
      }
      return SealVerification(records: records, findings: findings)
    }
  }

  private static func chainFindings(
    _ records: [SealRecord], _ key: SealPublicKey?, _ db: Database
  ) throws -> [SealVerification.Finding] {
    var findings: [SealVerification.Finding] = []
    var last: SealRecord?
    var stated: [Int64: String] = [:]
    func complain(_ record: SealRecord, _ what: String) {
      let name = record.act == .seal ? "seal \(record.n)" : "restatement \(record.n)"
      findings.append(.broken(record.n, "\(name) of \(record.period): \(what)"))
    }
    for record in records {
      let before = last?.n ?? 0
      if record.n != before + 1 {
        complain(record, "BROKEN: it comes after \(before); what was between is gone")
      } else if record.previous != last?.hash.description ?? "" {
        complain(record, "BROKEN: it does not follow from the one before")
      }
      if record.hash != record.trueHash { complain(record, "BROKEN: it is not what was written") }
      if case .restatement(let seal, _, let before) = record.act, stated[seal] != before {
        complain(record, "BROKEN: what it states again is not what was stated")
      }
      stated[record.seal] = record.figures
      switch (record.isSignatureValid, key) {
      case (false, _): complain(record, "BROKEN: its signature is not valid")
      case (nil, .some): complain(record, "BROKEN: it is not signed")
      case (true, .some(let key)) where key != record.publicKey:
        complain(
          record, "BROKEN: it is signed with another key (\(record.publicKey?.description ?? ""))")
      default: break
      }
      last = record
    }
    let audited = try String.fetchAll(
      db, sql: "SELECT detail FROM audit WHERE did IN ('sealed a period', 'restated a period')")
    for detail in audited where !records.contains(where: { detail.contains($0.hash.description) }) {
      findings.append(
        .broken((last?.n ?? 0) + 1, "BROKEN: the audit names a seal that is gone: \(detail)"))
    }
    for record in records
    where !audited.contains(where: { $0.contains(record.hash.description) }) {
      complain(record, "BROKEN: the audit does not name it")
    }
    return findings
  }
}
