import ArgumentParser
import Coverage
import Foundation
import Patrol
import Reports
import Store

struct EvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "Writes all that a gap follows from into a folder, for whoever appeals.",
    discussion: """
      index.html (the gap in words and as a picture), gap.json (the same for programs), and of each handheld of the duty \
      what it reported in the time that decides, as GPX and as JSON. SHA256SUMS tells what the files hash to: \
      `sha256sum -c SHA256SUMS` in the folder says whether they are as they were written.
      """)

  @Argument(help: "The gap's id.") var gap: String
  @OptionGroup var store: StoreOption
  @Option(help: "Of the page: en or zh-Hans; without it, the plan's.") var language: Language?
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A folder that is empty, or not there yet.", valueName: "folder"))
  var output: String

  func run() throws {
    let context = try StoreContext(store)
    let account = try context.account(of: gap)
    try context.requireFixes(of: account)
    let excuses = try context.excuses(of: account.gap.id)
    let language = language ?? account.plan.language
    let explanation = try GapExplanation(account, excuses: excuses, queries: context.queries)
    let bundle = try EvidenceBundle(
      account, explanation: explanation.text(in: language), excuses: excuses, in: language)
    try bundle.write(to: output)
    try Output.line("\(output): \(bundle.files.map(\.name).joined(separator: ", "))")
  }
}
