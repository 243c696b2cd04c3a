internal import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

/// A pass as a row of `pass`; nil where its kind is none.
enum PassRow {
  /// As `pass` reads them, by position: names would take half of the time.
  static let columns =
    "kind, handheld, place, began_ms, ended_ms, from_m, to_m, speed_mps, confidence, decided_ms"

  static func pass(_ row: Row) -> Pass? {
    guard let kind = Pass.Kind(rawValue: row[0]) else { return nil }
    return Pass(
      handheld: Handheld.ID(row[1]), place: Place.ID(row[2]),
      began: Instant(milliseconds: row[3]), ended: Instant(milliseconds: row[4]),
      from: Metres(row[5]), to: Metres(row[6]),
      speed: MetresPerSecond(row[7]), confidence: row[8], kind: kind,
      decided: Instant(milliseconds: row[9]))
  }
}
