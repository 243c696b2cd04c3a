import ArgumentParser
import Coverage
import Geodesy
import Patrol
import Reports
import Store

struct GapsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gaps", abstract: "Lists gaps: where and when nobody was, or was not seen.")
  @OptionGroup var options: QueryOptions

  func run() throws {
    let context = try StoreContext(options.store)
    var filter = try options.filter(context)
    // Gaps that no handheld served are a duty's all the same.
    if options.handheld == nil { filter.handhelds = nil }
    let gaps = try context.queries.gaps(filter)
    var listing = Queries.listing(gaps)
    if options.format == .table {
      // What fits a terminal; the other formats have all.
      var less: Set = ["window_began_at", "metre_seconds", "flagged_at", "revision", "open"]
      if gaps.allSatisfy(\.notes.isEmpty) { less.insert("notes") }
      if gaps.allSatisfy(\.excuses.isEmpty) { less.formUnion(["excused_by", "excuse"]) }
      listing = listing.leavingOut(less)
    }
    try options.show(listing, context, geometry: context.geometry(of: gaps))
  }
}

struct WindowsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "windows", abstract: "Lists duties' windows with what was covered of each place.")
  @OptionGroup var options: QueryOptions
  @Flag(help: "One row per duty's window: the mean over its places.") var total = false

  func run() throws {
    try options.refuse("windows")
    let context = try StoreContext(options.store)
    var filter = try options.filter(context)
    // A total is over all places, of which a limit must not take any.
    if total { filter.limit = nil }
    let windows = try context.queries.windows(filter)
    var listing = Queries.listing(windows, total: total)
    if let limit = options.limit { listing.rows = Array(listing.rows.prefix(limit)) }
    guard !total else {
      let isTable = options.format == .table
      return try options.show(isTable ? listing.leavingOut(["place"]) : listing, context)
    }
    try options.show(listing, context) { row in
      let owed = windows[row].owed
      return context.plan(at: owed.windowBegan).flatMap {
        Shapes($0.plan.places).geometry(of: owed.place)
      }
    }
  }
}

struct FixesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fixes",
    abstract: "Lists what handhelds reported, with the gate each failed, if any.")
  @OptionGroup var options: QueryOptions

  func run() throws {
    try options.refuse("fixes", place: true)
    let context = try StoreContext(options.store)
    let listing = try context.queries.fixes(options.filter(context))
    try options.show(listing, context) { row in
      guard case .real(let latitude, _) = listing.rows[row][3],
        case .real(let longitude, _) = listing.rows[row][4],
        let position = Coordinate(latitude: latitude, longitude: longitude)
      else { return nil }
      return Shapes.point(position)
    }
  }
}

struct StaysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stays", abstract: "Lists stays at points and in areas, short ones too.")
  @OptionGroup var options: QueryOptions

  func run() throws {
    try options.refuse("stays")
    let context = try StoreContext(options.store)
    let listing = try context.queries.stays(options.filter(context))
    try options.show(listing, context, geometry: context.placeGeometry(listing, column: 1))
  }
}

struct PassesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passes", abstract: "Lists travel along patrol lines, drive-bys too.")
  @OptionGroup var options: QueryOptions

  func run() throws {
    try options.refuse("passes")
    let context = try StoreContext(options.store)
    let listing = try context.queries.passes(options.filter(context))
    try options.show(listing, context, geometry: context.placeGeometry(listing, column: 1))
  }
}

struct AttendanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attendance",
    abstract: "Lists when each cell of what is owed was, or may have been, attended.")
  @OptionGroup var options: QueryOptions

  func run() throws {
    try options.refuse("intervals of attendance")
    let context = try StoreContext(options.store)
    try options.show(context.queries.attendance(options.filter(context)), context)
  }
}

struct HandheldsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handhelds",
    abstract: "Lists handhelds: how each stands just now, and what its reports were worth.")
  @OptionGroup var options: QueryOptions

  func run() throws {
    try options.refuse("handhelds", place: true)
    let context = try StoreContext(options.store)
    let filter = try options.filter(context)
    var listing = try context.queries.handhelds(filter)
    // Those that never reported are what a reader looks for.
    let heard = Set(listing.rows.map { $0[0] })
    let known = context.plans.last?.plan.handhelds.map(\.id.text) ?? []
    for id in known.sorted() where !heard.contains(.text(id)) {
      guard filter.handhelds?.contains(id) ?? true else { continue }
      listing.rows.append(
        listing.columns.map { column in
          switch column {
          case "handheld": .text(id)
          case "state", "since", "detail", "heard_at", "first_at", "last_at", "latest_late_s",
            "satellites", "satellites_used", "signal_dbhz":
            .none
          default: .integer(0)
          }
        })
    }
    if let limit = options.limit { listing.rows = Array(listing.rows.prefix(limit)) }
    if options.format == .table {
      // What fits a terminal: no column in which nothing stands.
      let idle = listing.columns.indices.filter { c in
        listing.rows.allSatisfy { $0[c] == .none || (c > 6 && $0[c] == .integer(0)) }
      }
      listing = listing.leavingOut(Set(idle.map { listing.columns[$0] }).union(["since"]))
    }
    try options.show(listing, context)
  }
}

struct OutagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outages", abstract: "Lists when the daemon was down or a gpsd out of reach.")
  @OptionGroup var options: QueryOptions

  func run() throws {
    try options.refuse("outages", place: true)
    let context = try StoreContext(options.store)
    try options.show(context.queries.outages(options.filter(context)), context)
  }
}

struct TogetherCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "together",
    abstract: "Lists handhelds that were carried together: that moved as one.",
    discussion: """
      One person with two handhelds and two people walking side by side look the same from here. What is listed is \
      evidence to be looked at, not a finding against anybody.
      """)
  @OptionGroup var options: QueryOptions

  func run() throws {
    try options.refuse("handhelds carried together", place: true)
    let context = try StoreContext(options.store)
    try options.show(
      Queries.listing(context.queries.pairings(options.filter(context))), context)
  }
}

extension StoreContext {
  /// Of the gap in each row, by the plan it was judged by.
  func geometry(of gaps: [GapRecord]) -> (Int) -> String? {
    { row in
      let gap = gaps[row].gap
      return plan(at: gap.owed.windowBegan).flatMap { Shapes($0.plan.places).geometry(of: gap) }
    }
  }

  /// Of the place that a column names, by the latest plan that has it.
  func placeGeometry(_ listing: Listing, column: Int) -> (Int) -> String? {
    let shapes = Shapes(plans.reversed().flatMap(\.plan.places))
    return { row in
      guard case .text(let id) = listing.rows[row][column] else { return nil }
      return shapes.geometry(of: Place.ID(id))
    }
  }
}
