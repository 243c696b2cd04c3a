public import Coverage
internal import GRDB
internal import Geodesy
public import Patrol

/// Where somebody passed.
public struct PassedStretch: Hashable, Sendable {
  public var place: Place.ID
  /// Chainages; from above to where the line was walked backwards.
  public var stretch: Gap.Stretch
}

extension Queries {
  public static let stayColumns = [
    "handheld", "place", "arrived_at", "left_at", "stay_s", "kind", "decided_at",
  ]
  public static let passColumns = [
    "handheld", "place", "began_at", "ended_at", "from_m", "to_m", "speed_mps", "confidence",
    "kind", "decided_at",
  ]

  static func stayValues(_ row: Row) -> [Listing.Value] {
    [
      .text(row["handheld"]), .text(row["place"]), row.time("arrived_ms"), row.time("left_ms"),
      .real((row["stay_ms"] as Double) / 1000, decimals: 1), .text(row["kind"]),
      row.time("decided_ms"),
    ]
  }

  static func passValues(_ row: Row) -> [Listing.Value] {
    [
      .text(row["handheld"]), .text(row["place"]), row.time("began_ms"), row.time("ended_ms"),
      row.real("from_m", 1), row.real("to_m", 1), row.real("speed_mps", 2),
      row.real("confidence", 2), .text(row["kind"]), row.time("decided_ms"),
    ]
  }

  /// Stays by handheld and arrival; keys are of shape `titi`. What a late delivery re-judges is taken out and put in again
  /// under its key.
  public func stays(
    _ query: PageQuery, keep: (Place.ID) -> Bool = { _ in true }
  ) throws(StoreError) -> Page<Place.ID> {
    try page(
      "SELECT * FROM stay",
      Self.condition(query, began: "arrived_ms", ended: "left_ms"),
      key: "handheld, arrived_ms, place, cell", query, keep: keep
    ) { row in
      Page.Row(
        key: PageKey([
          .text(row["handheld"]), .integer(row["arrived_ms"]), .text(row["place"]),
          .integer(row["cell"]),
        ]),
        values: Self.stayValues(row), subject: Place.ID(row["place"]))
    }
  }

  /// Passes by handheld and beginning; keys are of shape `titr`. Re-judged as stays are.
  public func passes(
    _ query: PageQuery, keep: (PassedStretch) -> Bool = { _ in true }
  ) throws(StoreError) -> Page<PassedStretch> {
    try page(
      "SELECT * FROM pass",
      Self.condition(query, began: "began_ms", ended: "ended_ms"),
      key: "handheld, began_ms, place, from_m", query, keep: keep
    ) { row in
      Page.Row(
        key: PageKey([
          .text(row["handheld"]), .integer(row["began_ms"]), .text(row["place"]),
          .real(row["from_m"]),
        ]),
        values: Self.passValues(row),
        subject: PassedStretch(
          place: Place.ID(row["place"]),
          stretch: Gap.Stretch(from: Metres(row["from_m"]), to: Metres(row["to_m"]))))
    }
  }

  private static func condition(_ query: PageQuery, began: String, ended: String) -> Condition {
    var condition = Condition()
    condition.add("handheld", among: query.handhelds)
    condition.add("place", among: query.places)
    if let kind = query.kind { condition.add("kind = ?", [kind]) }
    condition.add(query.span, began: began, ended: ended)
    for sight in query.sights { condition.add(sight, "handheld", \.handhelds, at: began) }
    return condition
  }
}
