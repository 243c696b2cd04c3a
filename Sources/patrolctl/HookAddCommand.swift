import ArgumentParser
import Foundation
import Geodesy
import Patrol
import Rights
import Store

extension HookCommand {
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds an address, told what happens from now on; its secret is shown once.")
    @Argument(help: "A name for it.") var name: String
    @Argument(help: "http:// or https://.") var url: String
    @Option(
      help: ArgumentHelp(
        "Of what: opened, revised, closed, due-soon, joined by commas (all).", valueName: "events"))
    var on: String?
    @Option(help: ArgumentHelp("Only of a squadron's duties.", valueName: "id"))
    var squadron: String?
    @Option(help: ArgumentHelp("How long before a guard point falls due.", valueName: "n"))
    var minutes = 10
    @Option(
      help: ArgumentHelp(
        "Only what nobody acknowledged within so many minutes after another address was told.",
        valueName: "n"))
    var after: Int?
    @Option(help: ArgumentHelp("That other address.", valueName: "name")) var of: String?
    @Option(
      help: ArgumentHelp(
        "Signs with the secret in this file (whsec_…) instead of a new one.", valueName: "file"))
    var secretFile: String?
    @OptionGroup var store: StoreOption

    func validate() throws {
      guard (1...1440).contains(minutes) else {
        throw ValidationError("--minutes: found \(minutes); expected 1 to 1440")
      }
      guard (after == nil) == (of == nil) else {
        throw ValidationError("expected --after and --of together")
      }
      if let after, !(1...1440).contains(after) {
        throw ValidationError("--after: found \(after); expected 1 to 1440")
      }
    }

    func run() throws {
      let context = try StoreContext(store, for: .amend)
      guard let name = User.name(name) else {
        throw ValidationError("found \"\(name)\"; expected \(User.expectedName)")
      }
      try Self.check(url)
      let secret = try secretFile.map(Self.secret) ?? HookSecret()
      let known = Set(context.plans.flatMap { $0.plan.brigade.squadrons.map(\.id.text) })
      if let squadron, !known.contains(squadron) {
        throw ValidationError(
          "--squadron: found \"\(squadron)\"; expected one of \(known.sorted().joined(separator: ", "))"
        )
      }
      var escalation: Hook.Escalation?
      if let of, let after {
        escalation = Hook.Escalation(
          of: try HookCommand.hook(of, context).id, after: .minutes(after))
      }
      let hook = Hook(
        name: name, url: url, secret: secret, events: try events(),
        squadron: squadron.map { Squadron.ID($0) }, lead: .minutes(minutes), escalation: escalation,
        madeBy: Operator.name, made: SystemClock.now)
      _ = try context.store.write { try $0.add(hook) }
      guard secretFile == nil else { return try Output.line("hook \(name) added") }
      Output.complain("hook \(name) added; its secret is not shown again:\n")
      try Output.line(secret.text)
    }

    private func events() throws -> Set<HookEvent> {
      guard let on else { return Set(HookEvent.allCases) }
      var events: Set<HookEvent> = []
      for word in on.split(separator: ",", omittingEmptySubsequences: false) {
        guard let event = HookEvent(rawValue: String(word)) else {
          let all = HookEvent.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("--on: found \"\(word)\"; expected some of \(all)")
        }
        events.insert(event)
      }
      return events
    }

    private static func check(_ text: String) throws {
      let url = URLComponents(string: text)
      guard let url, ["http", "https"].contains(url.scheme?.lowercased() ?? ""),
        !(url.host ?? "").isEmpty, url.user == nil, url.password == nil, url.fragment == nil,
        text.utf8.count <= 2048
      else {
        throw ValidationError(
          "found \"\(text)\"; expected http:// or https:// with a host, without a name or password in it"
        )
      }
    }

    private static func secret(_ file: String) throws -> HookSecret {
      let text: String
      do {
        text = try String(contentsOfFile: file, encoding: .utf8)
      } catch {
        throw ValidationError("\(file): cannot be read (\(error.localizedDescription))")
      }
      guard let secret = HookSecret(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
        throw ValidationError("\(file): expected \(HookSecret.expected)")
      }
      return secret
    }
  }
}
