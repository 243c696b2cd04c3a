import Coverage
import GRDB
import Geodesy
import Patrol

@testable import Store

/// A night in a store, its month to be sealed.
struct Sealed {
  let scratch: Scratch
  /// 2026-12-01T10:00+08:00: November is over, and so is the time for backlogs.
  static let later = Instant(rfc3339: "2026-12-01T02:00:00Z")!
  static let month = Period(.month, containing: CivilDate("2026-11-20")!)

  /// - Parameter observations: what the handheld told that night; by default it was silent for 50 minutes of it.
  init(
    _ observations: [Observation] = Night.observations(silent: 30...80),
    until: Instant = Night.minute(200), scope: Pipeline.Scope? = nil,
    version: Pipeline.Version? = nil
  ) throws {
    scratch = try Scratch()
    try `A pipeline`().live(
      scratch.path, observations, until: until, scope: scope, version: version)
  }

  static func days(of period: Period = month) throws -> [PeriodDay] {
    let plan = try Night.version("one").plan
    return period.dates.map { PeriodDay(date: $0, span: plan.span(of: $0)) }
  }

  static var plannedNight: PlannedDay {
    get throws {
      PlannedDay(date: try night.date, plan: try Night.version("one").plan, digest: "one")
    }
  }

  static var night: PeriodDay {
    get throws { try days().first { $0.date == CivilDate("2026-11-20") }! }
  }

  func amending() throws -> Seals { Seals(try Store(at: scratch.path, for: .amend)) }

  func figures(_ period: Period = month) throws -> String {
    try Queries(Store(at: scratch.path, for: .read)).figures(
      of: Self.days(of: period), named: period.description)
  }

  @discardableResult
  func seal(
    _ period: Period = month, by name: String = "Li", at now: Instant = later, key: SealKey? = nil
  ) throws -> SealRecord {
    try amending().seal(
      period, days: Self.days(of: period), by: name, at: now, program: "test", key: key
    ) { try figures(period) }
  }

  @discardableResult
  func restate(_ n: Int64, key: SealKey? = nil) throws -> SealRecord {
    try amending().restate(
      n, by: "Wang", reason: "backlog", at: Self.later + .hours(1), program: "test", key: key
    ) { _ in try figures() }
  }

  func verify(by key: SealPublicKey? = nil) throws -> SealVerification {
    try Seals(Store(at: scratch.path, for: .read)).verification(by: key)
  }

  /// In words, times as minutes of the night.
  func findings(by key: SealPublicKey? = nil) throws -> [String] {
    try verify(by: key).findings.map { finding in
      finding.text { "\(Int(($0 - Night.start).seconds / 60))" }
    }
  }

  /// By other hands.
  func alter(_ sql: String) throws {
    try DatabaseQueue(path: scratch.path).write { try $0.execute(sql: sql) }
  }

  func excuse() throws {
    let store = try Store(at: scratch.path, for: .amend)
    let gap = try Queries(store).gaps(Filter())[0].gap.id
    try store.write { tx in
      let id = try tx.ask(excusing: gap, by: "Zhao", reason: "repair", at: Night.minute(250))
      try tx.decide(id, .approved, by: "Wang", at: Night.minute(260))
    }
  }

  /// The handheld comes back and tells what it saw.
  func deliver() throws {
    try `A pipeline`().live(
      scratch.path, Night.observations(silent: 30...80, delivered: 300), until: Night.minute(320))
  }
}
