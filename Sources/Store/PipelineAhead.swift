internal import Coverage
public import Geodesy
public import Patrol

/// Judging one batch while the one before is written: for what can be done again.
extension Pipeline {
  /// A batch that the engine has judged, and what of it is to be written.
  struct Judged {
    var fresh: [Observation]
    var gates: [Gate?]
    var taken: Taken
    /// The engine's clock after it.
    var now: Instant
  }

  /// Takes a batch and lets time pass until `now`, as `take` does, but commits it with the next call of either, or of
  /// `commitAhead`. What was killed before that was never taken.
  ///
  /// - Returns: what became of what was committed: the batch before, and this one where the engine had to ask the store.
  public mutating func takeAhead(
    _ batch: [Observation], until now: Instant
  ) throws(StoreError) -> Taken {
    guard generations.count == 1, held == nil else { return try take(batch, until: now) }
    let mended = mended(batch)
    let areNew = try areNew(mended)
    let fresh = areNew.allSatisfy { $0 } ? mended : zip(mended, areNew).filter(\.1).map(\.0)

    let (before, store, plan) = (judged, store, generations[0].version.plan)
    judged = nil
    var watch = pairingWatch
    pairingWatch = PairingWatch()
    var outcome = Engine.Outcome?.none
    // Whatever fails, the engine is ahead of the store: both batches are taken again, from where the store stands.
    held = (before.map { [$0.fresh, batch] } ?? [batch], [])
    var sum = try besideEachOther { () throws(StoreError) in
      guard let before else { return Taken() }
      return try store.write { try Self.write(before, under: plan, &watch, $0) }
    } _: {
      let given = generations[0].engine.ingest(fresh)
      if given.needsHistory.isEmpty { generations[0].engine.advance(to: now) }
      outcome = given
    }
    pairingWatch = watch
    guard let outcome else { return sum }
    if outcome.needsHistory.isEmpty, outcome.reopens.isEmpty {
      var taken = Taken()
      taken.repeated = batch.count - fresh.count
      taken.events = generations[0].engine.takeEvents()
      judged = Judged(fresh: fresh, gates: outcome.gates, taken: taken, now: self.now)
      held = nil
      return sum
    }
    let taken = try store.write { tx in
      let taken = try finish(fresh, [outcome], repeated: batch.count - fresh.count, until: now, tx)
      try tx.saveClock(self.now)
      return taken
    }
    held = nil
    sum.add(taken)
    return sum
  }

  /// Commits what was judged and is not committed yet.
  public mutating func commitAhead() throws(StoreError) -> Taken {
    guard let before = judged else { return Taken() }
    judged = nil
    held = ([before.fresh], [])
    let plan = generations[0].version.plan
    let taken = try store.write { try Self.write(before, under: plan, &pairingWatch, $0) }
    held = nil
    return taken
  }

  /// As `Transaction.areNew`, of what is not committed yet too.
  private func areNew(_ batch: [Observation]) throws(StoreError) -> [Bool] {
    var areNew = try store.write { try $0.areNew(batch) }
    guard let judged else { return areNew }
    var latest: [Handheld.ID: Instant] = [:]
    for observation in judged.fresh {
      latest[observation.handheld] = max(
        latest[observation.handheld] ?? .distantPast, observation.orderTime)
    }
    let late = batch.indices.filter { i in
      areNew[i] && latest[batch[i].handheld].map { batch[i].orderTime <= $0 } ?? false
    }
    guard !late.isEmpty else { return areNew }
    let moments = Set(late.map { batch[$0].orderTime })
    let among = judged.fresh.filter { moments.contains($0.orderTime) }
    for i in late { areNew[i] = !among.contains(batch[i]) }
    return areNew
  }

  private static func write(
    _ judged: Judged, under plan: Plan, _ watch: inout PairingWatch, _ tx: Transaction
  ) throws -> Taken {
    var taken = judged.taken
    taken.count(judged.gates, wasNew: try append(judged.fresh, judged.gates, tx))
    try tx.apply(taken.events, under: plan, at: judged.now)
    try look(for: &taken, judged.fresh, judged.gates, &watch, at: judged.now, under: [plan], tx)
    try tx.saveClock(judged.now)
    return taken
  }
}
