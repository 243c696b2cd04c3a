internal import Coverage
internal import Store

/// What is offered as a collection of features.
enum Collection: String, CaseIterable {
  case places, handhelds, fixes, tracks, passes, stays, gaps, windows

  var title: String {
    switch self {
    case .places: "Places where patrols are owed"
    case .handhelds: "Handhelds, how each stands and where it was last seen"
    case .fixes: "Fixes: every report that was stored"
    case .tracks: "Tracks: the ways handhelds went"
    case .passes: "Passes along patrol lines"
    case .stays: "Stays at guard points and in areas"
    case .gaps: "Gaps in coverage"
    case .windows: "Windows of duties, and what was covered of each place"
    }
  }

  var description: String {
    switch self {
    case .places: "Guard points, patrol lines, patrol areas and streets of the plan in force."
    case .handhelds:
      "The handhelds of the plan in force; the geometry is the latest usable position of the last 26 hours."
    case .fixes:
      "One feature a report; gate names the rule that a fix failed, and is null where it is usable."
    case .tracks:
      "Usable fixes joined to lines, broken off where nothing was heard for longer than a leg bridges. Without datetime, those of the last operational day."
    case .passes:
      "Travel along patrol lines, drive-bys too; the geometry is the stretch that was passed."
    case .stays: "Stays at guard points and in areas, short ones too; the geometry is the place."
    case .gaps:
      "Where and when nobody was (missed) or was seen (unproven); gaps that were withdrawn are left out."
    case .windows: "A row for each place owed in a window; shares of what was judged so far."
    }
  }

  /// Parameters besides bbox, datetime, limit and cursor.
  var filters: [String] {
    switch self {
    case .places: ["place", "kind", "duty", "squadron"]
    case .handhelds: ["handheld", "squadron", "state"]
    case .fixes: ["handheld", "squadron", "gate", "usable"]
    case .tracks: ["handheld", "squadron"]
    case .passes, .stays: ["handheld", "place", "squadron", "kind"]
    case .gaps: ["duty", "place", "handheld", "squadron", "verdict", "cause", "open"]
    case .windows: ["duty", "place", "squadron"]
    }
  }

  static let common = ["bbox", "datetime", "limit", "cursor"]
  static let limitStandard = 100
  static let limitMaximum = 10_000
  /// So many are told in no time.
  static let limitShort = 1000

  /// What a filter may be; nil where any name may.
  func choices(_ filter: String) -> [String]? {
    switch (self, filter) {
    case (.places, "kind"): ["point", "line", "area", "street"]
    case (.passes, "kind"): ["pass", "drive_by"]
    case (.stays, "kind"): ["stay", "short_stay"]
    case (_, "verdict"): ["missed", "unproven"]
    case (_, "cause"): Cause.allCases.map(\.rawValue)
    case (_, "gate"): Gate.allCases.map(\.rawValue)
    case (_, "state"): Liveness.State.allCases.map(\.rawValue)
    case (_, "open"), (_, "usable"): ["true", "false"]
    default: nil
    }
  }

  var columns: [String] {
    switch self {
    case .places: ["id", "kind", "name", "radius_m", "corridor_m", "cell_m"]
    case .handhelds:
      ["handheld", "group", "squadron", "state", "since", "detail", "heard_at", "position_at"]
    case .fixes: Queries.fixColumns
    case .tracks: Queries.trackColumns
    case .passes: Queries.passColumns
    case .stays: Queries.stayColumns
    case .gaps: Queries.gapColumns
    case .windows: Queries.windowColumns
    }
  }

  /// Of its keys: see `PageKey.shape`.
  var shape: String {
    switch self {
    case .places, .handhelds: "t"
    case .fixes, .tracks: "iii"
    case .passes: "titr"
    case .stays: "titi"
    case .gaps: "ittt"
    case .windows: "itt"
    }
  }

  /// Types of JSON that a column's values have, by its name.
  static func type(of column: String) -> String {
    switch column {
    case "mode", "revision", "gaps", "attendances", "fixes": "integer"
    case "open": "boolean"
    case "handhelds": "array"
    case "coverage", "missed", "unproven", "excused", "confidence", "seconds", "metre_seconds":
      "number"
    case _ where ["_m", "_s", "_mps", "_deg"].contains(where: column.hasSuffix): "number"
    default: "string"
    }
  }

  static func isTime(_ column: String) -> Bool {
    column.hasSuffix("_at") || column == "time" || column == "since"
  }
}
