internal import GRDB
internal import Geodesy

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
