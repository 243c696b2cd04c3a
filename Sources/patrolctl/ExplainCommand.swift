import ArgumentParser
import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Store

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells why a gap exists: fixes, what the matcher weighed, stays, prisms, revisions.",
    discussion: """
      As text; as a picture (svg: a map, and the course of time along the line or at the place); or with all of it for \
      programs (json).
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, svg, json }

  @Argument(help: "The gap's id.") var gap: String
  @OptionGroup var store: StoreOption
  @Option(help: "text, svg or json.") var format: Format = .text
  @Option(help: "Of text and svg: en or zh-Hans; without it, the plan's.") var language: Language?
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Writes here instead of to the terminal.", valueName: "file"))
  var output: String?

  func run() throws {
    let context = try StoreContext(store)
    let account = try context.account(of: gap)
    let answer: String
    switch format {
    case .text:
      answer = try GapExplanation(
        account, excuses: context.excuses(of: account.gap.id), queries: context.queries
      ).text(in: language ?? account.plan.language)
    case .svg:
      try context.requireFixes(of: account)
      answer = GapPicture(account, in: language ?? account.plan.language).svg()
    case .json:
      try context.requireFixes(of: account)
      answer = account.json
    }
    try Output.write(answer, to: output)
  }
}

extension StoreContext {
  /// Asked for a gap, whatever became of them.
  func excuses(of gap: Gap.ID) throws -> [Excuse] {
    try queries.excuses().filter { $0.gap == gap }
  }

  /// What a gap follows from, withdrawn ones included.
  func account(of id: String) throws -> GapAccount {
    guard let (gap, withdrawn) = try queries.gap(Gap.ID(id)) else { throw ExcuseError.noGap(id) }
    guard let version = plan(at: gap.owed.windowBegan) else {
      throw Failure.outside("the plan this gap was judged by is not in the store")
    }
    do {
      return try GapAccount(
        of: gap, withdrawn: withdrawn, plan: version.plan, planDigest: version.digest,
        queries: queries)
    } catch let error as GapAccount.Failure {
      throw Failure.outside("\(error)")
    }
  }
}

extension StoreContext {
  /// Throws where it cannot be shown what a gap follows from.
  func requireFixes(of account: GapAccount) throws {
    let purged = account.withoutFixes
    guard !purged.isEmpty else { return }
    let names = purged.map(\.text).joined(separator: ", ")
    throw Failure.outside(
      "the positions of \(names) in this shift are no longer in the store: what the gap follows from cannot be shown any more"
    )
  }
}
