internal import Coverage
internal import Geodesy
internal import Patrol

/// Observations as they are stored: of those in days that are sealed or summed up it is put on record.
struct LateRows {
  private var inSealedDays: [(observation: Observation, row: Int64)] = []

  mutating func take(_ observation: Observation, row: Int64, _ tx: Transaction) throws {
    let at = observation.orderTime.milliseconds
    if at < tx.store.seals.until { inSealedDays.append((observation, row)) }
    if at < tx.store.days.until { try tx.store.days.note(observation.handheld, at: at, tx.db) }
  }

  /// After the last.
  func note(_ tx: Transaction) throws {
    if !inSealedDays.isEmpty { try tx.noteStored(inSealedDays) }
  }
}
