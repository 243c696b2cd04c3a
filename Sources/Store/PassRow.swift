internal import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

/// A pass as a row of `pass`; nil where its kind is none.
enum PassRow {
  static func pass(_ row: Row) -> Pass? {
    guard let kind = Pass.Kind(rawValue: row["kind"]) else { return nil }
    return Pass(
      handheld: Handheld.ID(row["handheld"]), place: Place.ID(row["place"]),
      began: Instant(milliseconds: row["began_ms"]), ended: Instant(milliseconds: row["ended_ms"]),
      from: Metres(row["from_m"]), to: Metres(row["to_m"]),
      speed: MetresPerSecond(row["speed_mps"]), confidence: row["confidence"], kind: kind,
      decided: Instant(milliseconds: row["decided_ms"]))
  }
}
