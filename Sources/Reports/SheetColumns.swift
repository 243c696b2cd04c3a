internal import Geodesy
internal import Patrol
internal import Store

/// A listing made ready for a sheet: what stands over each column and how wide it is.
struct SheetColumns {
  struct Column {
    var header: String
    /// Parts of 1, to be shown in per cent.
    var isShare: Bool
    /// In digits of the default font.
    var width: Double
  }

  let columns: [Column]
  let rows: [[Listing.Value]]

  private static let shares: Set = [
    "coverage", "covered", "missed", "unproven", "excused", "share", "score", "own_fault",
    "veto_mark",
  ]
  private static let widthMaximum = 60.0

  /// `at`: whose offset is told over a column of times without any.
  init(_ listing: Listing, zone: Zone, at moment: Instant) {
    var columns: [Column] = []
    var rows = listing.rows.map { _ in [Listing.Value]() }
    func add(_ header: String, _ values: [Listing.Value], isShare: Bool = false) {
      // The filter's button needs room too.
      let width = values.reduce(Self.width(header) + 3) { max($0, Self.width($1)) }
      columns.append(
        Column(header: header, isShare: isShare, width: min(width, Self.widthMaximum) + 1))
      for r in rows.indices { rows[r].append(values[r]) }
    }
    for (c, name) in listing.columns.enumerated() {
      let values = listing.rows.map { $0[c] }
      let times = values.compactMap { value in
        if case .time(let at) = value { at } else { nil }
      }
      guard !times.isEmpty || name.hasSuffix("_at") else {
        add(name, values, isShare: Self.shares.contains(name))
        continue
      }
      let offsets = Set((times.isEmpty ? [moment] : times).map { Self.offset(of: $0, in: zone) })
      if let only = offsets.first, offsets.count == 1 {
        add("\(name) (\(only))", values)
      } else {
        add("\(name) (local)", values)
        add(
          "\(name)_offset",
          values.map { value in
            if case .time(let at) = value { .text(Self.offset(of: at, in: zone)) } else { .none }
          })
      }
    }
    self.columns = columns
    self.rows = rows
  }

  /// `+08:00`
  private static func offset(of instant: Instant, in zone: Zone) -> String {
    let text = zone.text(instant)
    return text.hasSuffix("Z") ? "+00:00" : String(text.suffix(6))
  }

  private static func width(_ value: Listing.Value) -> Double {
    switch value {
    case .none: 0
    // 2026-11-20 20:00:00
    case .time: 19
    case .text(let text): width(text)
    case .list(let list): width(list.joined(separator: ", "))
    case .integer, .real, .flag: width(value.plain { $0.text() })
    }
  }

  /// Of its longest line; ideographs are as wide as two digits.
  private static func width(_ text: String) -> Double {
    text.split(separator: "\n").map { line in
      line.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) }
    }.max() ?? 0
  }
}
