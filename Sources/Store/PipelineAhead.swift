internal import Coverage
public import Geodesy
public import Patrol

/// Judging some batches while those before are written: for what can be done again.
extension Pipeline {
  /// What came in, and until when time passes with it.
  struct Batch {
    var observations: [Observation]
    var until: Instant
  }

  /// Batches that the engine has judged, and what of them is to be written.
  struct Judged {
    /// In the order of the batches, with their gates.
    var fresh: [Observation] = []
    var gates: [Gate?] = []
    var repeated = 0
    /// What each batch brought about, with the engine's clock after it.
    var steps: [(events: [Event], now: Instant)] = []

    var isEmpty: Bool { steps.isEmpty }

    mutating func add(
      _ fresh: [Observation], _ gates: [Gate?], repeated: Int, _ events: [Event], now: Instant
    ) {
      self.fresh += fresh
      self.gates += gates
      self.repeated += repeated
      steps.append((events, now))
    }
  }

  /// Takes a batch and lets time pass until `now`, as `take` does, but later: once `judgedAtOnce` observations have come, they
  /// are judged, batch by batch, while those judged before are written, in one transaction. `take` and `commitAhead` leave
  /// nothing waiting. What was killed before that was never taken.
  ///
  /// - Returns: what became of what was committed: batches before, and these where the engine had to ask the store.
  public mutating func takeAhead(
    _ batch: [Observation], until now: Instant
  ) throws(StoreError) -> Taken {
    waiting.append(Batch(observations: batch, until: now))
    waitingCount += batch.count
    return waitingCount < judgedAtOnce ? Taken() : try judgeWaiting()
  }

  /// Commits what was taken ahead and is not committed yet.
  public mutating func commitAhead() throws(StoreError) -> Taken {
    var sum = waiting.isEmpty ? Taken() : try judgeWaiting()
    guard let before = judged else { return sum }
    judged = nil
    held = ([before.fresh], [])
    let version = generations[0].version
    sum.add(
      try store.write {
        try Self.write(before, under: version, scope, &pairingWatch, &daySumming, $0)
      })
    held = nil
    return sum
  }

  /// Judges what waits, and meanwhile writes what was judged.
  private mutating func judgeWaiting() throws(StoreError) -> Taken {
    let batches = waiting
    (waiting, waitingCount) = ([], 0)
    var sum = Taken()
    var next = 0
    while next < batches.count {
      next = try judge(batches, from: next, into: &sum)
    }
    return sum
  }

  /// Judges batches up to the first at which the engine has to ask the store, that one included; returns which is the next.
  private mutating func judge(
    _ batches: [Batch], from start: Int, into sum: inout Taken
  ) throws(StoreError) -> Int {
    let rest = batches[start...]
    guard generations.count == 1, held == nil, !rest.isEmpty else {
      sum.add(try take(rest.flatMap(\.observations), until: rest.last?.until ?? now))
      return batches.count
    }
    let mended = rest.map { self.mended($0.observations) }
    let fresh = try fresh(of: mended)

    let (before, store, scope) = (judged, store, scope)
    let version = generations[0].version
    judged = nil
    var watch = pairingWatch
    pairingWatch = PairingWatch()
    var summing = daySumming
    daySumming = DaySumming()
    // Whatever fails, the engine is ahead of the store: all of it is taken again, from where the store stands.
    held = ([before?.fresh ?? []] + rest.map(\.observations), [])
    var group = Judged()
    var asking: (n: Int, outcome: Engine.Outcome)?
    sum.add(
      try besideEachOther { () throws(StoreError) in
        guard let before else { return Taken() }
        return try store.write {
          try Self.write(before, under: version, scope, &watch, &summing, $0)
        }
      } _: {
        for (n, batch) in rest.enumerated() {
          let outcome = generations[0].engine.ingest(fresh[n])
          guard outcome.needsHistory.isEmpty, outcome.reopens.isEmpty else {
            asking = (n, outcome)
            return
          }
          generations[0].engine.advance(to: batch.until)
          group.add(
            fresh[n], outcome.gates, repeated: batch.observations.count - fresh[n].count,
            generations[0].engine.takeEvents(), now: generations[0].engine.now)
        }
      })
    (pairingWatch, daySumming) = (watch, summing)
    guard let asking else {
      (judged, held) = (group, nil)
      return batches.count
    }
    let batch = batches[start + asking.n]
    let taken = try store.write { tx in
      var taken = Taken()
      if !group.isEmpty {
        taken = try Self.write(group, under: version, scope, &pairingWatch, &daySumming, tx)
      }
      let repeated = batch.observations.count - fresh[asking.n].count
      taken.add(
        try finish(fresh[asking.n], [asking.outcome], repeated: repeated, until: batch.until, tx))
      try tx.saveClock(self.now)
      return taken
    }
    held = nil
    sum.add(taken)
    return start + asking.n + 1
  }

  /// Of batches that follow each other those that are new, of what is not committed yet and of each other too.
  private func fresh(of batches: [[Observation]]) throws(StoreError) -> [[Observation]] {
    var areNew = try store.write { tx in try batches.map { try tx.areNew($0) } }
    var latest: [Handheld.ID: Instant] = [:]
    for observation in judged?.fresh ?? [] {
      latest[observation.handheld] = max(
        latest[observation.handheld] ?? .distantPast, observation.orderTime)
    }
    // What comes no later than another before it may repeat that.
    var late: [(batch: Int, i: Int)] = []
    for (n, batch) in batches.enumerated() {
      let before = latest
      for (i, observation) in batch.enumerated() where areNew[n][i] {
        let time = observation.orderTime
        if let known = before[observation.handheld], time <= known { late.append((n, i)) }
        latest[observation.handheld] = max(latest[observation.handheld] ?? .distantPast, time)
      }
    }
    if !late.isEmpty {
      let moments = Set(late.map { batches[$0.batch][$0.i].orderTime })
      let among = (judged?.fresh ?? []).filter { moments.contains($0.orderTime) }
      let others = batches.map { $0.filter { moments.contains($0.orderTime) } }
      for (n, i) in late {
        let observation = batches[n][i]
        areNew[n][i] =
          !among.contains(observation) && !others[..<n].contains { $0.contains(observation) }
      }
    }
    return zip(batches, areNew).map { batch, areNew in
      areNew.allSatisfy { $0 } ? batch : zip(batch, areNew).filter(\.1).map(\.0)
    }
  }

  private static func write(
    _ judged: Judged, under version: Version, _ scope: Scope, _ watch: inout PairingWatch,
    _ summing: inout DaySumming, _ tx: Transaction
  ) throws -> Taken {
    var taken = Taken()
    taken.repeated = judged.repeated
    taken.count(judged.gates, wasNew: try append(judged.fresh, judged.gates, tx))
    for step in judged.steps {
      try tx.apply(step.events, under: version.plan, at: step.now)
      taken.events += step.events
    }
    let now = judged.steps[judged.steps.count - 1].now
    try look(
      for: &taken, judged.fresh, judged.gates, &watch, at: now, under: [version.plan], tx)
    // Another plan is not to be read here, beside the engine.
    try summing.go(.someWay, at: now, under: [version], scope, load: nil, tx)
    try tx.saveClock(now)
    return taken
  }
}
