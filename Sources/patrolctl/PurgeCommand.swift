import ArgumentParser
import Geodesy
import Patrol
import Store

struct PurgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Lets go of old raw fixes, for good; what was concluded from them stays.",
    discussion: """
      Seals of those days can be verified as before; they cannot be stated again. Every day is audited.
      """)

  @OptionGroup var store: StoreOption
  @Flag(help: "What to let go of: fixes.") var fixes = false
  @Option(help: ArgumentHelp("Operational days before this one.", valueName: "date"))
  var before: String
  @Option(help: ArgumentHelp("Who purges.", valueName: "name")) var by: String

  func validate() throws {
    guard fixes else { throw ValidationError("expected --fixes: nothing else is purged") }
    guard !by.allSatisfy(\.isWhitespace) else { throw ValidationError("expected --by NAME") }
    guard CivilDate(before) != nil else {
      throw ValidationError("--before: found \"\(before)\"; expected a date such as 2026-11-20")
    }
  }

  func run() throws {
    let context = try StoreContext(store, for: .amend)
    try context.tellingLocally { try purge(context) }
  }

  private func purge(_ context: StoreContext) throws {
    guard let end = CivilDate(before), let first = try context.queries.firstFix(),
      let plan = context.plan(at: first)?.plan
    else { return try Output.line("no fixes are stored") }
    let begin = plan.operationalDay(of: first)
    guard begin < end else { return try Output.line("no fixes are stored from before \(end)") }
    let all = (begin.daysSince1970..<end.daysSince1970).map {
      PlannedDay(CivilDate(daysSince1970: $0), among: context.plans)
    }
    // All of it or nothing.
    try context.store.write { tx in
      for day in all { try tx.refusePurging(PeriodDay(date: day.date, span: day.span)) }
    }
    var (days, total) = (0, 0)
    // A day at a time, so that the daemon gets its turns.
    for day in all {
      let count = try context.store.write {
        try $0.purgeFixes(of: day, by: by, at: SystemClock.now)
      }
      if count > 0 { (days, total) = (days + 1, total + count) }
    }
    try Output.line("purged \(total) fixes of \(days) days")
  }
}
