import ArgumentParser
import Geodesy
import Store

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract:
      "What was changed, who logged in or failed to; with --looks, who looked at whose track.",
    discussion: "Of looks there is a row for each viewer, handheld and hour.")

  @OptionGroup var store: StoreOption
  @Flag(help: "Who looked at whose track, and at which span of it.") var looks = false
  @Option(help: ArgumentHelp("Only from then on (RFC 3339, or a date).", valueName: "time"))
  var from: String?
  @Option(help: ArgumentHelp("Only before then (RFC 3339, or a date).", valueName: "time"))
  var to: String?
  @Option(help: ArgumentHelp("Only what this user did.", valueName: "name")) var by: String?
  @Option(help: ArgumentHelp("Only what is about a handheld.", valueName: "id"))
  var handheld: String?
  @Option(help: ArgumentHelp("At most so many rows: the latest.", valueName: "n")) var limit = 1000
  @OptionGroup var output: PlacelessRows

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit: found \(limit); expected 1 or more") }
  }

  func run() throws {
    let context = try StoreContext(store)
    var filter = AuditFilter()
    filter.from = try from.map { try context.instant($0, "--from") }
    filter.to = try to.map { try context.instant($0, "--to") }
    filter.who = by.map { [$0] }
    filter.handhelds = handheld.map { [$0] }
    filter.limit = limit
    let listing = try looks ? context.queries.looks(filter) : context.queries.audit(filter)
    try output.write(listing, zone: context.zone)
  }
}
