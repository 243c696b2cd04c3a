import ArgumentParser
import Foundation
import Geodesy
import Rights
import Store

struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Tokens by which programs come in: Authorization: Bearer TOKEN.",
    subcommands: [New.self, List.self, Revoke.self])

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a token; it is shown once, and only its hash is kept.")
    @Argument(help: "What it is for.") var name: String
    @OptionGroup var role: RoleOptions
    @Option(help: ArgumentHelp("Days it lives, at most 3660.", valueName: "n")) var days = 365
    @OptionGroup var store: StoreOption

    func validate() throws {
      guard (1...3660).contains(days) else {
        throw ValidationError("--days: found \(days); expected 1 to 3660")
      }
      guard !name.allSatisfy(\.isWhitespace), name.count <= 100 else {
        throw ValidationError("expected what the token is for, in at most 100 characters")
      }
    }

    func run() throws {
      let context = try StoreContext(store, for: .amend)
      let (secret, now) = (Secret(), SystemClock.now)
      let token = ProgramToken(
        id: 0, name: name, role: try role.read(context), madeBy: Operator.name, made: now,
        expires: now + .hours(24 * days))
      let id = try context.store.write { try $0.add(token, hash: secret.hash) }
      Output.complain(
        "token \(id) (\(token.role)), until \(context.zone(token.expires)); it is not shown again:\n"
      )
      try Output.line(secret.text)
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tokens there are, without what they show.")
    @OptionGroup var store: StoreOption

    func run() throws {
      let context = try StoreContext(store)
      let now = SystemClock.now
      for token in try context.queries.tokens() {
        let state =
          token.revoked.map { "revoked \(context.zone($0))" }
          ?? "\(token.isAlive(at: now) ? "until" : "expired") \(context.zone(token.expires))"
        try Output.line(
          "\(token.id)  \(token.name)  \(token.role)  \(state)  made by \(token.madeBy)")
      }
    }
  }

  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lets a token in no longer.")
    @Argument(help: "The token's number.") var id: Int64
    @OptionGroup var store: StoreOption

    func run() throws {
      let context = try StoreContext(store, for: .amend)
      try context.store.write {
        try $0.revokeToken(id, by: Operator.name, at: SystemClock.now)
      }
      try Output.line("token \(id) revoked")
    }
  }
}
