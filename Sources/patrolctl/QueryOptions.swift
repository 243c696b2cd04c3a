public import ArgumentParser
public import Coverage
import Foundation
import Geodesy
import Patrol
public import Reports
import Store

extension ListingFormat: ExpressibleByArgument {}
extension Verdict: ExpressibleByArgument {}

struct QueryOptions: ParsableArguments {
  @OptionGroup var store: StoreOption
  @Option(
    help: ArgumentHelp("Only what reaches beyond this (RFC 3339, or a date).", valueName: "time"))
  var from: String?
  @Option(
    help: ArgumentHelp("Only what began before this (RFC 3339, or a date).", valueName: "time"))
  var to: String?
  @Option(help: ArgumentHelp("Only a squadron's.", valueName: "id")) var squadron: String?
  @Option(help: ArgumentHelp("Only a group's.", valueName: "id")) var group: String?
  @Option(help: ArgumentHelp("Only a duty's.", valueName: "id")) var duty: String?
  @Option(help: ArgumentHelp("Only at a place.", valueName: "id")) var place: String?
  @Option(help: ArgumentHelp("Only of a handheld.", valueName: "id")) var handheld: String?
  @Option(help: "Only gaps of this verdict: missed or unproven.") var verdict: Verdict?
  @Flag(help: "Only gaps that are open.") var open = false
  @Option(help: ArgumentHelp("At most so many rows.", valueName: "n")) var limit: Int?
  @Option(help: "table, csv, json or geojson.") var format: ListingFormat = .table

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit: found \(limit); expected 0 or more") }
  }

  /// What is asked, names turned into the duties and handhelds they stand for.
  func filter(_ context: StoreContext) throws -> Filter {
    var filter = Filter()
    filter.from = try from.map { try context.instant($0, "--from") }
    filter.to = try to.map { try context.instant($0, "--to") }
    filter.verdict = verdict?.rawValue
    filter.isOpen = open ? true : nil
    filter.limit = limit
    let plans = context.plans.map(\.plan)
    if let place {
      try known(place, "--place", plans.flatMap { $0.places.map(\.id.text) })
      filter.places = [place]
    }
    let groups = try groups(plans)
    if groups != nil || duty != nil || handheld != nil {
      var duties = Set<String>()
      var handhelds = Set<String>()
      for plan in plans {
        for d in plan.duties
        where (groups?.contains(d.group.text) ?? true) && (duty.map { $0 == d.id.text } ?? true) {
          let members = plan.group(d.group)?.handhelds.map(\.text) ?? []
          if let handheld, !members.contains(handheld) { continue }
          duties.insert(d.id.text)
        }
        for h in plan.handhelds where handheld.map({ $0 == h.id.text }) ?? true {
          let own = plan.group(of: h.id)?.id
          if let groups, !(own.map { groups.contains($0.text) } ?? false) { continue }
          if let duty, plan.duty(Duty.ID(duty))?.group != own { continue }
          handhelds.insert(h.id.text)
        }
      }
      filter.duties = duties.sorted()
      if duty != nil, place == nil {
        // Of a duty, what was seen elsewhere is no matter.
        filter.places = Array(
          Set(
            plans.flatMap { $0.duties }.filter { duties.contains($0.id.text) }
              .flatMap { $0.places.map(\.text) }))
      }
      filter.handhelds = handhelds.sorted()
    }
    return filter
  }

  private func groups(_ plans: [Plan]) throws -> Set<String>? {
    let squadrons = plans.flatMap(\.brigade.squadrons)
    if let duty { try known(duty, "--duty", plans.flatMap { $0.duties.map(\.id.text) }) }
    if let handheld {
      try known(handheld, "--handheld", plans.flatMap { $0.handhelds.map(\.id.text) })
    }
    if let squadron { try known(squadron, "--squadron", squadrons.map(\.id.text)) }
    if let group { try known(group, "--group", squadrons.flatMap { $0.groups.map(\.id.text) }) }
    guard squadron != nil || group != nil else { return nil }
    return Set(
      squadrons.filter { s in squadron.map { $0 == s.id.text } ?? true }
        .flatMap { $0.groups.map(\.id.text) }.filter { g in group.map { $0 == g } ?? true })
  }

  private func known(_ id: String, _ option: String, _ all: [String]) throws {
    guard !all.contains(id) else { return }
    let names = Set(all).sorted()
    throw Failure.wrongQuestion(
      names.isEmpty
        ? "\(option): this store has no plan yet to look \(id) up in"
        : "\(option): found \"\(id)\"; expected one of \(names.joined(separator: ", "))")
  }

  /// Prints a listing as asked. `geometry` gives the GeoJSON of a row; nil where such rows have no place on a map.
  func show(_ listing: Listing, _ context: StoreContext, geometry: ((Int) -> String?)? = nil) throws
  {
    let zone = context.zone
    let text: String
    switch format {
    case .table: text = listing.rows.isEmpty ? "none\n" : listing.table(zone: zone)
    case .csv: text = listing.csv(zone: zone)
    case .json: text = listing.json(zone: zone)
    case .geojson:
      guard let geometry else {
        throw ValidationError(
          "--format geojson: these rows have no place on a map; expected table, csv or json")
      }
      text = listing.geojson(zone: zone, geometry: geometry)
    }
    try Output.write(text)
  }

  /// Refuses options that mean nothing for a kind of row.
  func refuse(_ what: String, verdict noVerdict: Bool = true, place noPlace: Bool = false) throws {
    if noVerdict, verdict != nil || open {
      throw ValidationError("--verdict and --open ask about gaps; \(what) have none")
    }
    if noPlace, place != nil { throw ValidationError("--place: \(what) have no place") }
  }
}
