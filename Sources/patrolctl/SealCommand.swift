import ArgumentParser
import Foundation
import Geodesy
import Patrol
import Reports
import Store

struct SealCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seal",
    abstract: "Closes a month or quarter, states it again, and checks what was sealed.",
    discussion: """
      patrolctl seal month|quarter --of DATE --by NAME [--key FILE]
      patrolctl seal --restate N --by NAME --reason TEXT [--key FILE]
      patrolctl seal --verify [--public-key FILE]      1 where anything differs that nothing accounts for
      patrolctl seal list
      """)

  enum What: String, ExpressibleByArgument, CaseIterable { case month, quarter, list }

  @Argument(help: "month, quarter or list.") var what: What?
  @OptionGroup var store: StoreOption
  @Option(
    help: ArgumentHelp(
      "A day of the period, or its name (2026-11, 2026-Q4).", valueName: "date"))
  var of: String?
  @Option(help: ArgumentHelp("Who seals.", valueName: "name")) var by: String?
  @Option(help: ArgumentHelp("The number of a seal that is stated again.", valueName: "n"))
  var restate: Int64?
  @Option(help: ArgumentHelp("Why it is stated again.", valueName: "text")) var reason: String?
  @Flag(help: "Checks all seals.") var verify = false
  @Option(help: ArgumentHelp("The brigade's key, to sign with.", valueName: "file")) var key:
    String?
  @Option(help: ArgumentHelp("By which all are to be signed.", valueName: "file"))
  var publicKey: String?

  func validate() throws {
    guard [what != nil, restate != nil, verify].count(where: { $0 }) == 1 else {
      throw ValidationError("expected one of month, quarter, list, --restate N, --verify")
    }
    if publicKey != nil, !verify {
      throw ValidationError("--public-key: it is for --verify; expected --key to sign with")
    }
    if key != nil, verify || what == .list {
      throw ValidationError("--key: it is to sign with; expected --public-key to verify by")
    }
    if of != nil, what == nil || what == .list {
      throw ValidationError("--of: expected with month or quarter only")
    }
    if reason != nil, restate == nil {
      throw ValidationError("--reason: expected with --restate only")
    }
    if verify || what == .list { return }
    guard let by, !by.allSatisfy(\.isWhitespace) else {
      throw ValidationError("expected --by NAME")
    }
    if restate != nil {
      guard let reason, !reason.allSatisfy(\.isWhitespace) else {
        throw ValidationError("expected --reason TEXT")
      }
    } else if of == nil {
      throw ValidationError("expected --of DATE")
    }
  }

  func run() throws {
    let isAsking = verify || what == .list
    let context = try StoreContext(store, for: isAsking ? .read : .amend)
    try context.tellingLocally { try answer(context) }
  }

  private func answer(_ context: StoreContext) throws {
    if verify { return try check(context) }
    if what == .list { return try list(context) }
    let (name, now) = (by ?? "", SystemClock.now)
    let key = try key.map { try KeyFile.privateKey($0) }
    let seals = Seals(context.store)
    let record: SealRecord
    if let restate {
      record = try seals.restate(
        restate, by: name, reason: reason ?? "", at: now, program: ProgramIdentity.version, key: key
      ) { seal in try context.figures(of: Period(seal.period)) }
    } else {
      let period = try period()
      record = try seals.seal(
        period, days: context.days(of: period), by: name, at: now,
        program: ProgramIdentity.version, key: key
      ) { try context.figures(of: period) }
    }
    try Output.line(Self.line(record, context.zone))
    try Output.line("hash \(record.hash)")
  }

  private func period() throws -> Period {
    try Period(what == .quarter ? .quarter : .month, asked: of ?? "")
  }

  private func list(_ context: StoreContext) throws {
    for record in try Seals(context.store).records() {
      try Output.line(Self.line(record, context.zone))
    }
  }

  private func check(_ context: StoreContext) throws {
    let key = try publicKey.map { try KeyFile.publicKey($0) }
    let verification = try Seals(context.store).verification(by: key)
    for record in verification.records {
      try Output.line(Self.line(record, context.zone))
      try Output.line("  hash \(record.hash)")
      for finding in verification.findings where finding.record == record.n {
        try Output.line("  \(finding.text { context.zone($0) })")
      }
    }
    let known = Set(verification.records.map(\.n))
    for finding in verification.findings where !known.contains(finding.record) {
      try Output.line(finding.text { context.zone($0) })
    }
    let faults = verification.findings.count(where: \.isFault)
    guard faults == 0 else {
      throw Failure(text: "\(faults) things are not as they were sealed", status: 1)
    }
    let count = verification.records.count
    try Output.line(count == 0 ? "nothing is sealed" : "all \(count) hold")
  }

  private static func line(_ record: SealRecord, _ zone: (Instant) -> String) -> String {
    var line = "seal \(record.n)  \(record.period)"
    if case .restatement(let seal, let reason, _) = record.act {
      line = "restatement \(record.n)  of seal \(seal), \(record.period): \(reason)"
    }
    line += "  by \(record.who) at \(zone(record.made))"
    return line + (record.publicKey.map { "  signed (key \($0))" } ?? "  not signed")
  }
}

extension StoreContext {
  /// What stands in the way of seals is told in the brigade's own time.
  func tellingLocally(_ work: () throws -> Void) throws {
    do {
      try work()
    } catch StoreError.unsealed(let error) {
      throw Failure.wrongQuestion(error.text(zone))
    } catch let error as SealError {
      throw Failure.wrongQuestion(error.text(zone))
    }
  }

  /// When a day starts, by the plan in force then.
  private func start(of day: CivilDate) throws -> Instant {
    guard let latest = plans.last?.plan else {
      throw Failure(text: "nothing was judged in this store yet", status: 1)
    }
    let about = latest.instant(of: latest.dayStarts, in: day)
    let plan = plan(at: about)?.plan ?? latest
    return plan.instant(of: plan.dayStarts, in: day)
  }

  func day(_ date: CivilDate) throws -> PeriodDay {
    let began = try start(of: date)
    return PeriodDay(date: date, span: began..<max(began, try start(of: date.adding(days: 1))))
  }

  func days(of period: Period) throws -> [PeriodDay] { try period.dates.map { try day($0) } }

  /// What is sealed of a period.
  func figures(of period: Period?) throws -> String {
    guard let period else { throw Failure.outside("a sealed period that is none") }
    return try PeriodReport(of: period, plans: plans, queries: queries, at: SystemClock.now).sealed
  }
}
