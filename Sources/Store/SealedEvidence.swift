internal import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

/// What is sealed, and the hashes of single rows that help to find one.
struct SealedEvidence {
  var body: SealBody
  var groups: [(day: String, evidence: Evidence, subject: String, hash: EvidenceHash)]
}

extension SealRecord {
  var auditName: String { act == .seal ? "sealed a period" : "restated a period" }

  func days() throws -> [PeriodDay] {
    try StoredJSON.value(SealBody.self, body).days.compactMap { day in
      CivilDate(day.day).map {
        let (began, ended) = (
          Instant(milliseconds: day.beganMs), Instant(milliseconds: day.endedMs)
        )
        return PeriodDay(date: $0, span: began..<ended)
      }
    }
  }
}

extension Database {
  /// The last notes of what the store changed in sealed days.
  func lastNotes() throws -> [Int64] {
    let sql = ["sealed_change", "sealed_regate"].map { "coalesce((SELECT max(n) FROM \($0)), 0)" }
    guard let row = try Row.fetchOne(self, sql: "SELECT \(sql.joined(separator: ", "))") else {
      return []
    }
    return [row[0], row[1]]
  }

  /// All that a period's figures follow from, as it stands.
  func evidence(of days: [PeriodDay], program: String) throws -> SealedEvidence {
    let notes = try lastNotes()
    let lastRow = try Int64.fetchOne(self, sql: FixTable.lastRow) ?? 0
    var sealed = SealedEvidence(
      body: SealBody(
        program: program, lastRow: lastRow, lastChange: notes[0], lastRegate: notes[1], days: []),
      groups: [])
    for day in days {
      let name = day.date.description
      let span = day.span.lowerBound.milliseconds..<day.span.upperBound.milliseconds
      var entry = SealBody.Day(
        day: name, beganMs: span.lowerBound, endedMs: span.upperBound, fixes: 0, hashes: [:])
      for evidence in Evidence.allCases {
        let digest: RowsDigest
        switch evidence {
        case .fixes:
          if let purged = try purge(of: name) {
            (entry.fixes, entry.hashes[evidence.rawValue]) = (purged.rows, purged.hash)
            continue
          }
          digest = try digestFixes(in: span, upTo: lastRow).digest
          entry.fixes = digest.rows
        default: digest = try self.digest(evidence, in: span)
        }
        entry.hashes[evidence.rawValue] = digest.hash
        sealed.groups += digest.groups.map { (name, evidence, $0.key, $0.hash) }
      }
      sealed.body.days.append(entry)
    }
    return sealed
  }

  /// Windows that are not judged to their ends, in words.
  func windowsNotFinal(in span: Range<Instant>) throws -> [Owed] {
    try Row.fetchAll(
      self,
      sql: """
        SELECT duty, place, window_began_ms FROM duty_window
        WHERE window_began_ms >= ? AND window_began_ms < ? AND final = 0 ORDER BY window_began_ms, duty, place
        """, arguments: [span.lowerBound.milliseconds, span.upperBound.milliseconds]
    ).map(GapRow.owed)
  }
}
