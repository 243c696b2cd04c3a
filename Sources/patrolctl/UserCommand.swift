import ArgumentParser
import Foundation
import Geodesy
import Patrol
import Rights
import Store

/// Whom a role is given to.
struct RoleOptions: ParsableArguments {
  @Option(help: ArgumentHelp("brigade, squadron, auditor or rig.", valueName: "role"))
  var role: String
  @Option(help: ArgumentHelp("Whose squadron's; with --role squadron.", valueName: "id"))
  var squadron: String?

  /// Of a squadron that the store's plans have.
  func read(_ context: StoreContext) throws -> Role {
    guard let kind = Role.Kind(rawValue: role) else {
      let all = Role.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--role: found \"\(role)\"; expected one of \(all)")
    }
    guard let read = Role(kind, squadron: squadron.map { Squadron.ID($0) }) else {
      throw ValidationError(
        kind == .squadron
          ? "expected --squadron ID with --role squadron"
          : "--squadron: expected it with --role squadron alone")
    }
    let known = Set(context.plans.flatMap { $0.plan.brigade.squadrons.map(\.id) })
    if let squadron = read.squadron, !known.contains(squadron) {
      let all = known.map(\.text).sorted().joined(separator: ", ")
      throw ValidationError(
        "--squadron: found \"\(squadron)\"; expected one of \(all.isEmpty ? "a plan's (this store has none yet)" : all)"
      )
    }
    return read
  }
}

/// Who types, as the audit names them.
enum Operator {
  static var name: String { "patrolctl (\(NSUserName()))" }
}

struct UserCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "People who log in: adds, lists, disables them.",
    discussion: """
      Passwords are asked for at a terminal, or read as the first line of what comes by a pipe; never given as options.
      A change of role or password ends what sessions the user has.
      """,
    subcommands: [
      Add.self, List.self, Disable.self, Enable.self, Password.self, ChangeRole.self,
    ])

  static func name(_ text: String) throws -> String {
    guard let name = User.name(text) else {
      throw ValidationError("found \"\(text)\"; expected \(User.expectedName)")
    }
    return name
  }

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Adds a user.")
    @Argument(help: "The name to log in with.") var name: String
    @OptionGroup var role: RoleOptions
    @Option(help: ArgumentHelp("en or zh-Hans; the browser's without it.", valueName: "tag"))
    var language: String?
    @OptionGroup var store: StoreOption

    func run() throws {
      let context = try StoreContext(store, for: .amend)
      let name = try UserCommand.name(name)
      let role = try role.read(context)
      if let language, Language(rawValue: language) == nil {
        throw ValidationError("--language: found \"\(language)\"; expected en or zh-Hans")
      }
      guard try context.queries.user(name) == nil else { throw RightsError.userExists(name) }
      let hash = try PasswordPrompt.new(for: name)
      let user = User(
        name: name, role: role, password: hash, language: language, made: SystemClock.now)
      try context.store.write { try $0.add(user, by: Operator.name) }
      try Output.line("user \(name) added: \(role)")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Who there is.")
    @OptionGroup var store: StoreOption

    func run() throws {
      let context = try StoreContext(store)
      for user in try context.queries.users() {
        try Output.line(
          "\(user.name)  \(user.role)  since \(context.zone(user.made))"
            + (user.isDisabled ? "  disabled" : ""))
      }
    }
  }

  struct Disable: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets a user in no longer; ends their sessions.")
    @Argument(help: "The user.") var name: String
    @OptionGroup var store: StoreOption

    func run() throws {
      let name = try UserCommand.name(name)
      let context = try StoreContext(store, for: .amend)
      try context.store.write {
        try $0.setDisabled(name, true, by: Operator.name, at: SystemClock.now)
      }
      try Output.line("user \(name) disabled")
    }
  }

  struct Enable: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lets a disabled user in again.")
    @Argument(help: "The user.") var name: String
    @OptionGroup var store: StoreOption

    func run() throws {
      let name = try UserCommand.name(name)
      let context = try StoreContext(store, for: .amend)
      try context.store.write {
        try $0.setDisabled(name, false, by: Operator.name, at: SystemClock.now)
      }
      try Output.line("user \(name) enabled")
    }
  }

  struct Password: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sets a new password; ends the user's sessions.")
    @Argument(help: "The user.") var name: String
    @OptionGroup var store: StoreOption

    func run() throws {
      let name = try UserCommand.name(name)
      let context = try StoreContext(store, for: .amend)
      guard try context.queries.user(name) != nil else { throw RightsError.noUser(name) }
      let hash = try PasswordPrompt.new(for: name)
      try context.store.write {
        try $0.setPassword(name, hash, by: Operator.name, at: SystemClock.now)
      }
      try Output.line("password of \(name) changed")
    }
  }

  struct ChangeRole: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "role", abstract: "Gives a user another role; ends their sessions.")
    @Argument(help: "The user.") var name: String
    @OptionGroup var role: RoleOptions
    @OptionGroup var store: StoreOption

    func run() throws {
      let name = try UserCommand.name(name)
      let context = try StoreContext(store, for: .amend)
      let role = try role.read(context)
      try context.store.write {
        try $0.setRole(name, role, by: Operator.name, at: SystemClock.now)
      }
      try Output.line("user \(name): \(role)")
    }
  }
}
