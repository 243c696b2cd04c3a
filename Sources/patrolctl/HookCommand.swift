import ArgumentParser
import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Rights
import Store

struct HookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook",
    abstract: "Webhooks: addresses that patrold tells of gaps as they open, change and close.",
    discussion: """
      A message is a POST of JSON, signed as Standard Webhooks has it (Webhook-Id, Webhook-Timestamp, Webhook-Signature). \
      Whatever is not answered with 2xx within ten seconds is sent again, for a day, and no sooner than a Retry-After asks \
      for; 410 ends it until `hook enable`.
      """,
    subcommands: [
      Add.self, List.self, Remove.self, Enable.self, Test.self, Log.self, Acknowledge.self,
    ])

  /// How an address stands, on one line.
  static func text(_ standing: HookStanding, _ zone: ZoneText, now: Instant) -> String {
    let hook = standing.hook
    var parts = [
      "\(hook.delivered) delivered, \(standing.waiting) waiting, \(hook.givenUp) given up"
    ]
    if let gone = hook.gone {
      parts.append("GONE since \(zone(gone)) (410): it is told no more")
    } else {
      if let failing = hook.failing {
        parts.append("FAILING since \(zone(failing)): \(hook.failure ?? "")")
      }
      if let next = standing.next {
        parts.append("next attempt \(next > now ? "at \(zone(next))" : "due")")
      }
    }
    return parts.joined(separator: "; ")
  }

  static func hook(_ name: String, _ context: StoreContext) throws -> Hook {
    guard let hook = try context.queries.hooks().first(where: { $0.name == name }) else {
      throw StoreError.hook(.noHook(name))
    }
    return hook
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Addresses there are, and how each stands; without what they are signed with.",
      discussion: "Exit status 1 where one fails.")
    @OptionGroup var store: StoreOption

    func run() throws {
      let context = try StoreContext(store)
      let standings = try context.queries.hookStandings()
      let names = Dictionary(uniqueKeysWithValues: standings.map { ($0.hook.id, $0.hook.name) })
      for standing in standings {
        let hook = standing.hook
        var about = HookEvent.allCases.filter(hook.events.contains).map(\.rawValue)
          .joined(separator: ",")
        if hook.events.contains(.dueSoon), hook.escalation == nil {
          about += " (\(hook.lead.value / 60_000) min before)"
        }
        if let squadron = hook.squadron { about += "  squadron \(squadron)" }
        if let escalation = hook.escalation {
          about +=
            "  where nobody acknowledged \(names[escalation.of] ?? "") within \(escalation.after.value / 60_000) min"
        }
        try Output.line("\(hook.name)  \(hook.url)  \(about)")
        try Output.line("  \(HookCommand.text(standing, context.zone, now: SystemClock.now))")
      }
      if standings.contains(where: { $0.hook.failing != nil || $0.hook.gone != nil }) {
        throw ExitCode(1)
      }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes an address, with all that waits for it.")
    @Argument(help: "Its name.") var name: String
    @OptionGroup var store: StoreOption

    func run() throws {
      let context = try StoreContext(store, for: .amend)
      try context.store.write {
        try $0.removeHook(name, by: Operator.name, at: SystemClock.now)
      }
      try Output.line("hook \(name) removed")
    }
  }

  struct Enable: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets an address that answered 410 be told again, of what happens from now on.")
    @Argument(help: "Its name.") var name: String
    @OptionGroup var store: StoreOption

    func run() throws {
      let context = try StoreContext(store, for: .amend)
      try context.store.write {
        try $0.enableHook(name, by: Operator.name, at: SystemClock.now)
      }
      try Output.line("hook \(name) is told again")
    }
  }

  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets the daemon send a message that tells nothing, and waits for what comes of it."
    )
    @Argument(help: "The address's name.") var name: String
    @OptionGroup var store: StoreOption

    private static let patience = Milliseconds.seconds(15)

    func run() throws {
      let context = try StoreContext(store, for: .amend)
      let hook = try HookCommand.hook(name, context)
      let began = SystemClock.now
      let message = HookMessage.test(hook, at: began)
      try context.store.write { try $0.queue([message], cursors: [:], at: began) }
      while SystemClock.now - began < Self.patience {
        let delivery = try context.queries.delivery(message.id)
        switch delivery?.state {
        case .delivered?: return try Output.line("delivered: \(message.id)")
        case .givenUp?: throw Failure(text: "given up: \(delivery?.failure ?? "")", status: 1)
        case .waiting? where (delivery?.attempts ?? 0) > 0:
          throw Failure(
            text: "not delivered: \(delivery?.failure ?? ""); the daemon goes on trying", status: 1)
        default: Thread.sleep(forTimeInterval: 0.1)
        }
      }
      throw Failure(
        text:
          "nothing was sent within \(Self.patience.value / 1000) s; does a daemon run on this store?",
        status: 1)
    }
  }

  struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Messages of the last week: attempts, what came of the last one, and when the next is.")
    @Argument(help: "Only an address's.") var name: String?
    @OptionGroup var store: StoreOption
    @Option(help: ArgumentHelp("At most so many: the latest.", valueName: "n")) var limit = 100
    @OptionGroup var output: PlacelessRows

    func validate() throws {
      guard limit > 0 else { throw ValidationError("--limit: found \(limit); expected 1 or more") }
    }

    func run() throws {
      let context = try StoreContext(store)
      let listing = try context.queries.hookLog(name, limit: limit)
      try output.write(listing, zone: context.zone, leavingOut: ["id"])
    }
  }

  struct Acknowledge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keeps that somebody saw a gap: the next address is not told. It excuses nothing.")
    @Argument(help: "The gap.") var gap: String
    @Option(help: ArgumentHelp("Who saw it.", valueName: "name")) var by: String
    @Option(help: ArgumentHelp("What they had to say.", valueName: "text")) var note = ""
    @OptionGroup var store: StoreOption

    func validate() throws {
      guard !by.allSatisfy(\.isWhitespace), by.count <= GapNote.nameMaximum,
        note.count <= GapNote.noteMaximum
      else {
        throw ValidationError(
          "expected a name of 1 to \(GapNote.nameMaximum) characters, and a note of at most \(GapNote.noteMaximum)"
        )
      }
    }

    func run() throws {
      let context = try StoreContext(store, for: .amend)
      let id = Gap.ID(gap.uppercased())
      try context.store.write {
        try $0.acknowledge(id, by: by, note: note, at: SystemClock.now)
      }
      try Output.line("gap \(id) acknowledged by \(by)")
    }
  }
}
