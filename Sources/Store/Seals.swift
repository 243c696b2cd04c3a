internal import GRDB
public import Geodesy
public import Patrol

/// Closes periods and states them again. Needs a store opened to amend; the daemon may go on beside it.
///
/// Evidence is read in one piece while others write, so a seal of millions of fixes makes nobody wait. What the store
/// changes from then on is noted (`SealWatch`), and shows in `verification`.
public struct Seals {
  let store: Store

  public init(_ store: Store) { self.store = store }

  /// Until so long after a period's last day the engines take backlogs up.
  public static let backlog = Milliseconds.hours(2)

  /// - Parameters:
  ///   - figures: JSON of what is stated; asked for again where evidence came in meanwhile.
  ///   - program: names the version that judged.
  public func seal(
    _ period: Period, days: [PeriodDay], by name: String, at now: Instant, program: String,
    key: SealKey? = nil, figures: () throws -> String
  ) throws -> SealRecord {
    let what = period.description
    try store.read { try refuse(what, days, at: now, $0) }
    try store.write { tx in
      for day in days { try tx.watch(day) }
    }
    let (text, evidence) = try together(figures) { try $0.evidence(of: days, program: program) }
    return try store.write { tx in
      let records = try tx.db.sealRecords()
      if let same = records.first(where: { $0.act == .seal && $0.period == what }) {
        throw SealError.already(what, same.n)
      }
      return try tx.append(
        .seal, period: what, by: name, at: now, figures: text, evidence, after: records, key: key)
    }
  }

  /// States a sealed period as the store has it now.
  ///
  /// - Parameter figures: given the seal.
  public func restate(
    _ n: Int64, by name: String, reason: String, at now: Instant, program: String,
    key: SealKey? = nil, figures: (SealRecord) throws -> String
  ) throws -> SealRecord {
    let known = try store.read { try $0.sealRecords() }
    guard let seal = known.first(where: { $0.n == n && $0.act == .seal }),
      let latest = known.last(where: { $0.seal == n })
    else { throw SealError.noSeal(n) }
    let state = { try figures(seal) }
    let (text, evidence) = try together(state) { db in
      try refuse(restating: latest, db)
      return try db.evidence(of: latest.days(), program: program)
    }
    return try store.write { tx in
      let records = try tx.db.sealRecords()
      guard records.last?.hash == known.last?.hash else { throw SealError.restless }
      let act = SealRecord.Act.restatement(of: n, reason: reason, before: latest.figures)
      return try tx.append(
        act, period: seal.period, by: name, at: now, figures: text, evidence, after: records,
        key: key)
    }
  }

  public func records() throws(StoreError) -> [SealRecord] {
    try store.read { try $0.sealRecords() }
  }

  // MARK: what stands in the way

  private func refuse(
    _ what: String, _ days: [PeriodDay], at now: Instant, _ db: Database
  ) throws {
    guard let began = days.first?.span.lowerBound, let ended = days.last?.span.upperBound else {
      throw SealError.nothingJudged(what)
    }
    let records = try db.sealRecords()
    if let same = records.first(where: { $0.act == .seal && $0.period == what }) {
      throw SealError.already(what, same.n)
    }
    let judged = try Int64.fetchOne(db, sql: "SELECT clock_ms FROM judged")
      .map(Instant.init(milliseconds:))
    let due = ended + Self.backlog
    guard max(now, judged ?? now) >= due else { throw SealError.notOver(what, until: due) }
    // Recordings that were replayed are judged to their ends, and no further.
    let isLive = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT * FROM heartbeat)") ?? false
    if isLive, let judged, judged < due {
      throw SealError.notJudged(what, until: due, judged: judged)
    }
    let count = try Int.fetchOne(
      db,
      sql: "SELECT count(*) FROM duty_window WHERE window_began_ms >= ? AND window_began_ms < ?",
      arguments: [began.milliseconds, ended.milliseconds])
    if count == 0 { throw SealError.nothingJudged(what) }
    let open = try db.windowsNotFinal(in: began..<ended)
    guard open.isEmpty else { throw SealError.notFinal(what, windows: open) }
  }

  private func refuse(restating latest: SealRecord, _ db: Database) throws {
    let findings = try db.findings(of: latest)
    let altered = findings.filter(\.isFault)
    guard altered.isEmpty else {
      throw SealError.altered(latest.seal, altered)
    }
    var changed: Set<String> = []
    for finding in findings {
      switch finding {
      case .changed(_, let day, _, _, _), .regated(_, let day, _, _): changed.insert(day)
      default: break
      }
    }
    guard !changed.isEmpty else { throw SealError.unchanged(latest.seal) }
    for case .purged(_, let day, _, let who, _) in findings where changed.contains(day) {
      throw SealError.purged(latest.seal, day: day, who: who)
    }
  }

  /// What is stated and what it follows from: read one after the other, and again where any of it changed in between.
  private func together<T>(
    _ figures: () throws -> String, _ evidence: (Database) throws -> T
  ) throws -> (String, T) {
    for _ in 0..<3 {
      let before = try store.read { try $0.lastNotes() }
      let text = try figures()
      let (after, found) = try store.read { (try $0.lastNotes(), try evidence($0)) }
      if before == after { return (text, found) }
    }
    throw SealError.restless
  }
}

extension Queries {
  /// The seal of a period and what was stated of it again, in their order; none where it is not sealed.
  public func seals(of period: Period) throws(StoreError) -> [SealRecord] {
    try store.read { db in try db.sealRecords().filter { $0.period == period.description } }
  }
}

extension Transaction {
  fileprivate func watch(_ day: PeriodDay) throws {
    try db.execute(
      sql: "INSERT OR IGNORE INTO sealed_day (day, began_ms, ended_ms) VALUES (?,?,?)",
      arguments: [
        day.date.description, day.span.lowerBound.milliseconds, day.span.upperBound.milliseconds,
      ])
  }

  fileprivate func append(
    _ act: SealRecord.Act, period: String, by name: String, at now: Instant, figures: String,
    _ evidence: SealedEvidence, after records: [SealRecord], key: SealKey?
  ) throws -> SealRecord {
    let none = EvidenceHash(stored: "")
    var record = SealRecord(
      n: (records.last?.n ?? 0) + 1, act: act, period: period, made: now, who: name,
      figures: figures, hash: none, publicKey: nil,
      previous: (records.last?.hash ?? none).description,
      body: try StoredJSON.text(evidence.body), signature: nil)
    try record.sign(with: key)
    try db.insert(record)
    let insert = try db.cachedStatement(sql: "INSERT INTO seal_row VALUES (?,?,?,?,?)")
    for group in evidence.groups {
      try insert.execute(arguments: [
        record.n, group.day, group.evidence.rawValue, group.subject, group.hash.description,
      ])
    }
    var detail = "\(period): \(record.hash)"
    if case .restatement(_, let reason, _) = act { detail += ": \(reason)" }
    try audit(name, record.auditName, "seal \(record.seal)", detail, at: now)
    return record
  }
}
