import ArgumentParser
import Coverage
import Geodesy
import Patrol
import Store

struct ExcuseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "excuse",
    abstract: "Asks that a gap be excused, or decides on that; every step is audited.",
    discussion: """
      patrolctl excuse GAP --by NAME --reason TEXT     asks
      patrolctl excuse --approve ID --by NAME          another person approves (or --refuse)
      patrolctl excuse --withdraw ID --by NAME         takes it back
      patrolctl excuse --list
      """)

  @Argument(help: "The gap's id.") var gap: String?
  @OptionGroup var store: StoreOption
  @Option(help: ArgumentHelp("Who asks or decides.", valueName: "name")) var by: String?
  @Option(help: ArgumentHelp("Why the gap should not count.", valueName: "text")) var reason:
    String?
  @Option(help: ArgumentHelp("Approves an excuse.", valueName: "id")) var approve: Int64?
  @Option(help: ArgumentHelp("Refuses an excuse.", valueName: "id")) var refuse: Int64?
  @Option(help: ArgumentHelp("Withdraws an excuse.", valueName: "id")) var withdraw: Int64?
  @Flag(help: "Lists all excuses.") var list = false

  private var decision: (Int64, Excuse.State)? {
    approve.map { ($0, .approved) } ?? refuse.map { ($0, .refused) }
      ?? withdraw.map { ($0, .withdrawn) }
  }

  func validate() throws {
    let asked = [gap != nil, approve != nil, refuse != nil, withdraw != nil, list].count { $0 }
    guard asked == 1 else {
      throw ValidationError("expected one of GAP, --approve ID, --refuse ID, --withdraw ID, --list")
    }
    if list { return }
    guard let by, !by.allSatisfy(\.isWhitespace) else {
      throw ValidationError("expected --by NAME")
    }
    if gap != nil, reason?.allSatisfy(\.isWhitespace) ?? true {
      throw ValidationError("expected --reason TEXT")
    }
  }

  func run() throws {
    let context = try StoreContext(store, for: list ? .read : .amend)
    if list {
      for excuse in try context.queries.excuses() {
        try Output.line(
          "\(excuse.id)  \(excuse.state.rawValue)  gap \(excuse.gap) (\(excuse.owed.place))  asked by \(excuse.askedBy) at \(context.zone(excuse.asked)): \(excuse.reason)"
            + (excuse.decidedBy.map { "  (\($0))" } ?? ""))
      }
      return
    }
    let (name, now) = (by ?? "", SystemClock.now)
    do {
      if let (id, state) = decision {
        try context.store.write { try $0.decide(id, state, by: name, at: now) }
        try Output.line("excuse \(id) \(state.rawValue)")
      } else {
        let gap = Gap.ID((gap ?? "").uppercased())
        let id = try context.store.write {
          try $0.ask(excusing: gap, by: name, reason: reason ?? "", at: now)
        }
        try Output.line(
          "excuse \(id) asked for gap \(gap); another person approves it with: patrolctl excuse --approve \(id) --by NAME"
        )
      }
    }
  }
}
