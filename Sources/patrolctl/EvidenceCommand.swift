import ArgumentParser
import Coverage
import Foundation
import Reports
import Store

struct EvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "Writes all that a gap follows from into a folder, for whoever appeals.",
    discussion: """
      index.html (the gap in words and as a picture), gap.json (the same for programs), and of each handheld of the duty \
      what it reported in the time that decides, as GPX and as JSON.
      """)

  @Argument(help: "The gap's id.") var gap: String
  @OptionGroup var store: StoreOption
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A folder that is empty, or not there yet.", valueName: "folder"))
  var output: String

  func run() throws {
    let context = try StoreContext(store)
    let account = try context.account(of: gap)
    try Explanation.requireFixes(of: account)
    let excuses = try context.queries.excuses().filter { $0.gap == account.gap.id }
    let bundle = try EvidenceBundle(
      account, explanation: Explanation.whole(account, context), excuses: excuses)
    try bundle.write(to: output)
    try Output.line("\(output): \(bundle.files.map(\.name).joined(separator: ", "))")
  }
}
