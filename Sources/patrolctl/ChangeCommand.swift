import ArgumentParser
import Geodesy
import Patrol
import Reports
import Store

struct AssignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assign",
    abstract:
      "Lets a handheld serve a duty tonight besides its own, or stand in for another; audited.",
    discussion: """
      patrolctl assign cy-109 banks-after-hours --by NAME        from now to the window's end
      patrolctl assign cy-109 --instead-of cy-101 --by NAME      from now to the day's end, in all that it would serve
      The daemon judges by it within a second, from --from on, also where that is past. `patrolctl change` has the others.
      """)

  @Argument(help: "The handheld's id.") var handheld: String
  @Argument(help: "Duties that it serves besides.") var duties: [String] = []
  @Option(help: ArgumentHelp("Stands in for this one.", valueName: "handheld"))
  var insteadOf: String?
  @Option(
    help: ArgumentHelp(
      "From then (19:30, or RFC 3339); without it, from now.", valueName: "time"))
  var from: String?
  @Option(help: ArgumentHelp("Until then.", valueName: "time")) var to: String?
  @Option(help: ArgumentHelp("Who carries it.", valueName: "name")) var member: String?
  @OptionGroup var ordering: Ordering

  func validate() throws {
    guard (insteadOf == nil) != duties.isEmpty else {
      throw ValidationError("expected one or more duties, or --instead-of HANDHELD")
    }
    if insteadOf != nil, member != nil {
      throw ValidationError(
        "--member: whoever would have carried \(insteadOf ?? "") carries \(handheld); expected it with a duty"
      )
    }
  }

  func run() throws {
    var texts = ["handheld": handheld, "from": from ?? "", "to": to ?? ""]
    if let insteadOf {
      texts.merge(["kind": "swap", "instead_of": insteadOf]) { _, new in new }
      return try ordering.order([texts])
    }
    texts.merge(["kind": "lend", "member": member ?? ""]) { _, new in new }
    try ordering.order(duties.map { duty in texts.merging(["duty": duty]) { _, new in new } })
  }
}

/// Who orders something, why, and for which day.
struct Ordering: ParsableArguments {
  @OptionGroup var store: StoreOption
  @Option(help: ArgumentHelp("Who orders it.", valueName: "name")) var by: String
  @Option(help: ArgumentHelp("Why.", valueName: "text")) var reason: String?
  @Option(
    help: ArgumentHelp(
      "An operational day to come; without it, the one that runs.", valueName: "date"))
  var day: String?

  func validate() throws {
    guard !by.allSatisfy(\.isWhitespace) else { throw ValidationError("expected --by NAME") }
  }

  /// All of them, or none.
  func order(_ all: [[String: String]]) throws {
    let context = try StoreContext(store, for: .amend)
    let plan = try context.latestPlan()
    let now = try context.now()
    let changes = try all.map { texts in
      try ChangeDraft(texts.merging(["day": day ?? ""]) { _, new in new })
        .change(under: plan, at: now)
    }
    let ids = try context.store.write { tx in
      try changes.map { try tx.order($0, by: by, reason: reason ?? "", under: plan, at: now) }
    }
    for (id, change) in zip(ids, changes) {
      try Output.line("change \(id) ordered: \(change.text(in: plan.zone))")
    }
  }
}

extension StoreContext {
  /// The clock by which windows are judged: the host's, or, of a daemon on a simulated one, that.
  func now() throws -> Instant {
    let real = SystemClock.now
    guard let judged = try queries.clock() else { return real }
    guard let beat = try queries.heartbeat(DaemonState.self),
      abs((beat.clock - beat.at).value) > Milliseconds.minutes(2).value
    else { return real }
    return judged
  }
}

struct ChangeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change",
    abstract:
      "What is other tonight than the plan has it: guards besides, windows moved or called off, notes.",
    discussion: """
      The plan's files stay as they are; what is ordered is kept in the store with who ordered it and why, and the daemon \
      judges by it within a second. What was owed up to now stays owed: a window that is open can only end at another time.
      """,
    subcommands: [
      Post.self, Move.self, CallOff.self, Note.self, List.self, Withdraw.self,
    ])

  struct Post: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Orders a guard: a duty owed on one day alone, at places of the plan.")
    @Argument(help: "An id for it, such as school-fair.") var id: String
    @Option(help: ArgumentHelp("The group that owes it.", valueName: "id")) var group: String
    @Option(
      parsing: .upToNextOption,
      help: ArgumentHelp("Places, all of one kind.", valueName: "ids"))
    var places: [String]
    @Option(help: ArgumentHelp("Time of day (19:30).", valueName: "time")) var from: String
    @Option(help: ArgumentHelp("Time of day.", valueName: "time")) var to: String
    @Option(
      help: ArgumentHelp("The longest time between attendances (30m).", valueName: "duration"))
    var every: String
    @Option(help: ArgumentHelp("The shortest stay that attends.", valueName: "duration"))
    var stay: String?
    @Option(help: ArgumentHelp("Different handhelds at the same time.", valueName: "n"))
    var atOnce: String?
    @Option(help: ArgumentHelp("In the score; 1 without it.", valueName: "x")) var weight: String?
    @OptionGroup var ordering: Ordering

    func run() throws {
      try ordering.order([
        [
          "kind": "post", "duty": id, "group": group, "places": places.joined(separator: ","),
          "from": from, "to": to, "every": every, "stay": stay ?? "", "at_once": atOnce ?? "",
          "weight": weight ?? "",
        ]
      ])
    }
  }

  struct Move: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets a duty's window begin or end at another time, on one day.")
    @Argument(help: "The duty's id.") var duty: String
    @Option(help: ArgumentHelp("Time of day; without it, as it is.", valueName: "time"))
    var from: String?
    @Option(help: ArgumentHelp("Time of day; without it, as it is.", valueName: "time"))
    var to: String?
    @OptionGroup var ordering: Ordering

    func run() throws {
      try ordering.order([["kind": "move", "duty": duty, "from": from ?? "", "to": to ?? ""]])
    }
  }

  struct CallOff: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "call-off",
      abstract: "Lets a duty not be owed on one day; before its window opens.")
    @Argument(help: "The duty's id.") var duty: String
    @OptionGroup var ordering: Ordering

    func run() throws { try ordering.order([["kind": "call-off", "duty": duty]]) }
  }

  struct Note: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Leaves a note for those who take over: on the screen, and in the shift's report.")
    @Argument(help: "What they are to know.") var note: String
    @Option(help: ArgumentHelp("Of one squadron; without it, of all.", valueName: "id"))
    var squadron: String?
    @OptionGroup var ordering: Ordering

    func run() throws {
      try ordering.order([["kind": "note", "note": note, "squadron": squadron ?? ""]])
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What was ordered for a day; withdrawn or not.")
    @OptionGroup var store: StoreOption
    @Option(
      help: ArgumentHelp("An operational day; without it, the one that runs.", valueName: "date"))
    var day: String?
    @OptionGroup var output: PlacelessRows

    func run() throws {
      let context = try StoreContext(store)
      let plan = try context.latestPlan()
      let date = try day.map { text in
        guard let date = CivilDate(text) else {
          throw ValidationError("--day: found \"\(text)\"; expected a date such as 2026-11-20")
        }
        return date
      }
      let span = plan.span(of: try date ?? plan.operationalDay(of: context.now()))
      let listing = Queries.listing(try context.queries.changes(in: span), zone: plan.zone)
      let isWithdrawn = listing.rows.contains { $0[6] != .none }
      try output.write(
        listing, zone: context.zone,
        leavingOut: isWithdrawn ? [] : ["withdrawn_by", "withdrawn_at"])
    }
  }

  struct Withdraw: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes a change back, as if it had never been ordered.")
    @Argument(help: "Its number.") var id: Int64
    @OptionGroup var store: StoreOption
    @Option(help: ArgumentHelp("Who does.", valueName: "name")) var by: String

    func run() throws {
      let context = try StoreContext(store, for: .amend)
      let plan = try context.latestPlan()
      let now = try context.now()
      try context.store.write { try $0.withdrawChange(id, by: by, under: plan, at: now) }
      try Output.line("change \(id) withdrawn")
    }
  }
}
