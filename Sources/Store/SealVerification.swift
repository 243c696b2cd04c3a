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

extension Database {
  /// Where the rows of a sealed period differ from what a seal, or its last restatement, was made of.
  func findings(of record: SealRecord) throws -> [SealVerification.Finding] {
    guard let body = try? StoredJSON.value(SealBody.self, record.body) else {
      return [.broken(record.n, "seal \(record.n): BROKEN: what it is about cannot be read")]
    }
    var findings: [SealVerification.Finding] = []
    for day in body.days {
      for evidence in Evidence.allCases {
        // One that this version knows and that of the seal did not.
        guard let sealed = day.hashes[evidence.rawValue] else { continue }
        findings +=
          evidence == .fixes
          ? try fixFindings(record.n, body, day, sealed)
          : try rowFindings(record.n, body, day, evidence, sealed)
      }
    }
    return findings
  }

  private func rowFindings(
    _ n: Int64, _ body: SealBody, _ day: SealBody.Day, _ evidence: Evidence, _ sealed: EvidenceHash
  ) throws -> [SealVerification.Finding] {
    let now = try digest(evidence, in: day.span)
    var expected = sealed
    var (count, last) = (0, Instant.distantPast)
    for note in try notes(of: evidence, day.day, after: body.lastChange) {
      // It was changed by other hands before that.
      if note.before != expected {
        return [try altered(n, day, evidence, now.groups)]
      }
      expected = note.after
      count += note.count
      last = max(last, note.at)
    }
    if now.hash != expected { return [try altered(n, day, evidence, now.groups)] }
    if now.hash == sealed { return [] }
    return [.changed(n, day: day.day, evidence, count: count, at: last)]
  }

  func fixFindings(
    _ n: Int64, _ body: SealBody, _ day: SealBody.Day, _ sealed: EvidenceHash
  ) throws -> [SealVerification.Finding] {
    let purged = try purge(of: day.day)
    let (regated, broken) = try regatings(of: day.day, after: body.lastRegate)
    let lastRow = purged?.lastRow ?? body.lastRow
    let now = try digestFixes(in: day.span, upTo: lastRow, regated: regated)
    var findings: [SealVerification.Finding] = []
    var subjects: [String] = []
    if let purged {
      findings.append(
        .purged(n, day: day.day, rows: purged.rows, who: purged.who, at: purged.at))
      if purged.hash != sealed { subjects.append("fixes that were purged were not those sealed") }
      if now.digest.rows > 0 { subjects.append("fixes that were purged are there") }
    } else {
      if now.digest.hash != sealed {
        let named = try names(n, day, .fixes, now.digest.groups)
        subjects += named.isEmpty ? ["fixes"] : named
      }
      subjects += now.misgated.sorted().map { "gates of \($0)" }
      if broken { subjects.append("gates") }
    }

    var (count, last) = (0, Instant.distantPast)
    var later = now.later[...]
    for note in try notes(of: .fixes, day.day, after: body.lastChange)
    where note.rows.lowerBound > lastRow {
      let unknown = later.prefix { $0.row < note.rows.lowerBound }
      if !unknown.isEmpty { subjects.append("\(unknown.count) fixes were added") }
      later = later.dropFirst(unknown.count)
      let stored = later.prefix { $0.row <= note.rows.upperBound }
      later = later.dropFirst(stored.count)
      var fields = FieldBytes()
      for fix in stored { fields.append(fix.bytes) }
      if EvidenceHash(of: fields) != note.after {
        subjects.append("\(note.count) fixes that came after the seal")
      }
      count += note.count
      last = max(last, note.at)
    }
    if !later.isEmpty { subjects.append("\(later.count) fixes were added") }
    if !subjects.isEmpty {
      findings.append(.altered(n, day: day.day, .fixes, subjects: subjects))
    } else if count > 0 {
      findings.append(.changed(n, day: day.day, .fixes, count: count, at: last))
    } else if !regated.isEmpty, purged == nil {
      findings.append(
        .regated(n, day: day.day, count: regated.count, at: try lastRegated(day.day)))
    }
    return findings
  }

  // MARK: notes

  private struct Note {
    var at: Instant
    var count: Int
    var before: EvidenceHash?
    var after: EvidenceHash
    /// Of fixes.
    var rows: ClosedRange<Int64>
  }

  private func notes(of evidence: Evidence, _ day: String, after n: Int64) throws -> [Note] {
    try Row.fetchAll(
      cachedStatement(
        sql: "SELECT * FROM sealed_change WHERE day = ? AND evidence = ? AND n > ? ORDER BY n"),
      arguments: [day, evidence.rawValue, n]
    ).map { row in
      let first: Int64 = row["first_row"] ?? 0
      return Note(
        at: Instant(milliseconds: row["at_ms"]), count: row["count"],
        before: (row["before"] as String?).map(EvidenceHash.init(stored:)),
        after: EvidenceHash(stored: row["after"]),
        rows: first...max(first, row["last_row"] ?? 0))
    }
  }

  /// What became of gates since; `isBroken` where the notes of one do not join up.
  private func regatings(of day: String, after n: Int64) throws -> (
    [Int64: Regating], isBroken: Bool
  ) {
    var regated: [Int64: Regating] = [:]
    var isBroken = false
    let rows = try Row.fetchCursor(
      self, sql: "SELECT row, before, after FROM sealed_regate WHERE day = ? AND n > ? ORDER BY n",
      arguments: [day, n])
    while let row = try rows.next() {
      let (before, after): (String?, String?) = (row[1], row[2])
      if let known = regated[row[0]], known.last != before { isBroken = true }
      regated[row[0], default: Regating(first: before, last: nil)].last = after
    }
    return (regated, isBroken)
  }

  private func lastRegated(_ day: String) throws -> Instant {
    Instant(
      milliseconds: try Int64.fetchOne(
        self, sql: "SELECT max(at_ms) FROM sealed_regate WHERE day = ?", arguments: [day]) ?? 0)
  }

  // MARK: names

  private func altered(
    _ n: Int64, _ day: SealBody.Day, _ evidence: Evidence,
    _ groups: [(key: String, hash: EvidenceHash)]
  ) throws -> SealVerification.Finding {
    .altered(n, day: day.day, evidence, subjects: try names(n, day, evidence, groups))
  }

  /// Groups of rows that differ from those sealed.
  private func names(
    _ n: Int64, _ day: SealBody.Day, _ evidence: Evidence,
    _ groups: [(key: String, hash: EvidenceHash)]
  ) throws -> [String] {
    var sealed: [String: String] = [:]
    let rows = try Row.fetchCursor(
      self, sql: "SELECT subject, hash FROM seal_row WHERE n = ? AND day = ? AND evidence = ?",
      arguments: [n, day.day, evidence.rawValue])
    while let row = try rows.next() { sealed[row[0]] = row[1] }
    var names: [String] = []
    for group in groups {
      let was = sealed.removeValue(forKey: group.key)
      if was == nil {
        names.append("\(evidence.text(group.key)) (added)")
      } else if was != group.hash.description {
        names.append(evidence.text(group.key))
      }
    }
    return names + sealed.keys.sorted().map { "\(evidence.text($0)) (gone)" }
  }
}
