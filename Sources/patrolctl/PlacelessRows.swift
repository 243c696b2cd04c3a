import ArgumentParser
import Reports
import Store

/// How rows that have no place on a map are printed.
struct PlacelessRows: ParsableArguments {
  @Option(help: "table, csv or json.") var format: ListingFormat = .table

  func validate() throws {
    guard format != .geojson else {
      throw ValidationError(
        "--format geojson: these rows have no place on a map; expected table, csv or json")
    }
  }

  /// - Parameter leftOut: columns that a table has no room for.
  func write(_ listing: Listing, zone: @escaping ZoneText, leavingOut leftOut: Set<String> = [])
    throws
  {
    switch format {
    case .csv: try Output.write(listing.csv(zone: zone))
    case .json: try Output.write(listing.json(zone: zone))
    case .table, .geojson:
      try Output.write(
        listing.rows.isEmpty ? "none\n" : listing.leavingOut(leftOut).table(zone: zone))
    }
  }
}
