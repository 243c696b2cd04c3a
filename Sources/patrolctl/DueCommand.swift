import ArgumentParser
import Coverage
import Geodesy
import Patrol
import Store

struct DueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "due",
    abstract: "Lists what falls due in the next 30 minutes, and who of the duty is nearest.")
  @OptionGroup var store: StoreOption
  @Option(help: ArgumentHelp("At a past moment (RFC 3339).", valueName: "time")) var at: String?
  @OptionGroup var output: PlacelessRows

  func run() throws {
    let context = try StoreContext(store)
    guard let judged = try context.queries.clock() else {
      throw Failure.outside("nothing was judged in this store yet")
    }
    let moment = try at.map { try context.instant($0, "--at") } ?? judged
    guard let plan = context.plan(at: moment)?.plan else {
      throw StoreContext.planless
    }
    let standings = try context.queries.owedStandings(
      at: moment, plan: plan, positions: context.queries.positions(at: moment),
      gaps: context.queries.gaps(openAt: moment, plan: plan).map(\.gap))
    let listing = Listing(
      columns: ["due_at", "duty", "place", "handheld", "distance_m", "travel_s", "seen_at"],
      rows: standings.board(after: moment).map { standing, due in
        let near = standing.nearest
        return [
          .time(due), .text(standing.owed.duty.text), .text(standing.owed.place.text),
          near.map { .text($0.handheld.text) } ?? .none,
          near.map { .real($0.distance.value, decimals: 0) } ?? .none,
          near.map { .real($0.travel.seconds, decimals: 0) } ?? .none,
          near.map { .time($0.seen) } ?? .none,
        ]
      })
    try output.write(listing, zone: context.zone)
  }
}
