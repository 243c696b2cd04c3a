internal import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

/// What is ordered for tonight while it goes: whoever orders it writes it to the store, and the next turn judges by it.
extension Pipeline {
  /// Judges by what was ordered or withdrawn since the last turn. Windows in memory are judged anew from their beginnings, in
  /// place; those that were let go, from the store.
  mutating func takeChanges(_ tx: Transaction) throws -> [Event] {
    guard case .live = scope else { return [] }
    let stamp = try tx.changeStamp()
    guard generations.contains(where: { $0.stamp != stamp }) else { return [] }
    let versions = try tx.planVersions()
    let before = Set(generations.flatMap(\.version.plan.changes))
    var after: Set<PlanChange> = []
    for g in generations.indices {
      guard let stored = versions.last(where: { $0.began == generations[g].began }) else {
        continue
      }
      let reordering = generations[g].engine.reorder(by: stored.changes)
      generations[g].version.plan = generations[g].engine.plan
      generations[g].stamp = stamp
      after.formUnion(generations[g].version.plan.changes)
      for window in reordering.windows { try tx.clearAttendance(of: window) }
      for request in reordering.needsHistory {
        generations[g].engine.supply(
          try tx.observations(of: request.handheld, in: request.span), for: request)
      }
    }

    let gone = now - Self.backlog
    return try before.symmetricDifference(after).compactMap(\.span)
      .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
      .flatMap { span in
        // Windows that are in memory have heard of it.
        span.lowerBound < gone ? try rejudge(span, tx, endedBefore: gone) : []
      }
  }
}
