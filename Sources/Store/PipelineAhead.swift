internal import Coverage
public import Geodesy
public import Patrol

/// Judging some batches while those before are written: for what can be done again.
extension Pipeline {
  /// What came in at once, and until when time passes with it.
  public struct Batch: Sendable {
    /// In the order of receipt, or sorted by handheld: whatever is looked up by handheld is then looked up seldom.
    public var observations: [Observation]
    /// Their positions in the order of receipt; nil: they lie in it.
    public var order: [Int32]?
    public var until: Instant

    public init(_ observations: [Observation], order: [Int32]? = nil, until: Instant) {
      (self.observations, self.order, self.until) = (observations, order, until)
    }

    /// Those alone that are marked.
    fileprivate func filtered(_ isKept: [Bool]) -> Batch {
      var (kept, places) = ([Observation](), [Int32]())
      for (i, isKept) in isKept.enumerated() {
        places.append(Int32(kept.count))
        if isKept { kept.append(observations[i]) }
      }
      let order = order?.compactMap { isKept[Int($0)] ? places[Int($0)] : nil }
      return Batch(kept, order: order, until: until)
    }
  }

  /// Batches that the engine has judged, and what of them is to be written.
  struct Judged {
    /// Of each batch what was new.
    var batches: [GatedBatch] = []
    var repeated = 0
    /// What each batch brought about, with the engine's clock after it.
    var steps: [(events: [Event], now: Instant)] = []

    var isEmpty: Bool { steps.isEmpty }
    var observations: [[Observation]] { batches.map(\.observations) }
  }

  /// How far each handheld of a plan has told, of what is stored or taken ahead: what is no later may be a repetition.
  struct Reach {
    private var roll = HandheldRoll()
    private var latest: [Instant] = []

    init(_ handhelds: [Handheld], stored: (Handheld.ID) -> Instant?) {
      for handheld in handhelds {
        roll.append(handheld.id)
        latest.append(stored(handheld.id) ?? .distantPast)
      }
    }

    /// Tells whether it is later than all before of its handheld. Of one that the plan does not know nothing is stored.
    mutating func take(_ observation: Observation) -> Bool {
      guard let h = roll.position(of: observation.handheld) else { return true }
      let time = observation.orderTime
      guard time > latest[h] else { return false }
      latest[h] = time
      return true
    }
  }

  /// Takes a batch and lets time pass, as `take` does, but later: once `judgedAtOnce` observations have come, they are judged,
  /// batch by batch, while those judged before are written, in one transaction. `take` and `commitAhead` leave nothing
  /// waiting. What was killed before that was never taken.
  ///
  /// - Returns: what became of what was committed: batches before, and these where the engine had to ask the store.
  public mutating func takeAhead(_ batch: Batch) throws(StoreError) -> Taken {
    waiting.append(batch)
    waitingCount += batch.observations.count
    return waitingCount < judgedAtOnce ? Taken() : try judgeWaiting()
  }

  /// Commits what was taken ahead and is not committed yet.
  public mutating func commitAhead() throws(StoreError) -> Taken {
    var sum = waiting.isEmpty ? Taken() : try judgeWaiting()
    guard let before = judged else { return sum }
    judged = nil
    held = (before.observations, [])
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
    let (before, store, scope) = (judged, store, scope)
    let version = generations[0].version
    judged = nil
    var watch = pairingWatch
    pairingWatch = PairingWatch()
    var summing = daySumming
    daySumming = DaySumming()
    var reach = reach ?? Reach(plan.handhelds) { store.latest(of: $0) }
    // Whatever fails, the engine is ahead of the store: all of it is taken again, from where the store stands.
    held = ((before?.observations ?? []) + rest.map(\.observations), [])
    var sifted: (batches: [Batch], late: [[Int]]) = ([], [])
    var (group, asking): (Judged, Asking?) = (Judged(), nil)
    sum.add(
      try besideEachOther { () throws(StoreError) in
        guard let before else { return Taken() }
        return try store.write {
          try Self.write(before, under: version, scope, &watch, &summing, $0)
        }
      } _: {
        sifted = sift(rest, &reach)
        // Where the store has to be asked what is new, it has to be written first.
        if sifted.late.allSatisfy(\.isEmpty) {
          asking = judge(sifted.batches.map { ($0, 0) }, into: &group)
        }
      })
    (pairingWatch, daySumming, self.reach) = (watch, summing, reach)
    if sifted.late.contains(where: { !$0.isEmpty }) {
      asking = judge(try fresh(of: sifted.batches, late: sifted.late), into: &group)
    }
    guard let asking else {
      (judged, held) = (group, nil)
      return batches.count
    }
    let taken = try store.write { tx in
      var taken = Taken()
      if !group.isEmpty {
        taken = try Self.write(group, under: version, scope, &pairingWatch, &daySumming, tx)
      }
      taken.add(
        try finish(
          asking.batch.observations, [asking.outcome], order: asking.batch.order,
          repeated: asking.repeated, until: asking.batch.until, tx))
      try tx.saveClock(self.now)
      return taken
    }
    held = nil
    sum.add(taken)
    return start + asking.n + 1
  }

  /// The batch, by its number, at which the engine has to ask the store.
  private struct Asking {
    var n: Int
    var batch: Batch
    var repeated: Int
    var outcome: Engine.Outcome
  }

  /// Lets the engine judge batches that are new; nil where it asked for nothing.
  private mutating func judge(
    _ batches: [(new: Batch, repeated: Int)], into group: inout Judged
  ) -> Asking? {
    for (n, batch) in batches.enumerated() {
      let outcome = generations[0].engine.ingest(batch.new.observations)
      guard outcome.needsHistory.isEmpty, outcome.reopens.isEmpty else {
        return Asking(n: n, batch: batch.new, repeated: batch.repeated, outcome: outcome)
      }
      generations[0].engine.advance(to: batch.new.until)
      group.batches.append(
        GatedBatch(batch.new.observations, gates: outcome.gates, order: batch.new.order))
      group.repeated += batch.repeated
      group.steps.append((generations[0].engine.takeEvents(), generations[0].engine.now))
    }
    return nil
  }

  /// Batches that follow each other, mended, with the positions in each of what may be a repetition.
  private func sift(_ batches: ArraySlice<Batch>, _ reach: inout Reach) -> (
    batches: [Batch], late: [[Int]]
  ) {
    var sifted = Array(batches)
    for n in sifted.indices { sifted[n].observations = mended(sifted[n].observations) }
    let late = sifted.map { batch in
      batch.observations.indices.filter { !reach.take(batch.observations[$0]) }
    }
    return (sifted, late)
  }

  /// Of batches that follow each other those that are new, of each other too, with how many were not. All that was judged is
  /// stored.
  private mutating func fresh(
    of batches: [Batch], late: [[Int]]
  ) throws(StoreError) -> [(new: Batch, repeated: Int)] {
    var areNew = batches.map { Array(repeating: true, count: $0.observations.count) }
    try store.write { tx in
      for n in batches.indices where !late[n].isEmpty {
        let stored = try tx.areNew(late[n].map { batches[n].observations[$0] })
        for (i, isNew) in zip(late[n], stored) { areNew[n][i] = isNew }
      }
    }
    // It may repeat one of these batches, too.
    let moments = Set(
      batches.indices.flatMap { n in
        late[n].filter { areNew[n][$0] }.map { batches[n].observations[$0].orderTime }
      })
    if !moments.isEmpty {
      var seen: Set<Observation> = []
      for n in batches.indices {
        for (i, observation) in batches[n].observations.enumerated()
        where areNew[n][i] && moments.contains(observation.orderTime) {
          areNew[n][i] = seen.insert(observation).inserted
        }
      }
    }
    return zip(batches, areNew).map { batch, areNew in
      let new = areNew.allSatisfy { $0 } ? batch : batch.filtered(areNew)
      return (new, areNew.count - new.observations.count)
    }
  }

  private static func write(
    _ judged: Judged, under version: Version, _ scope: Scope, _ watch: inout PairingWatch,
    _ summing: inout DaySumming, _ tx: Transaction
  ) throws -> Taken {
    var taken = Taken()
    taken.repeated = judged.repeated
    for (batch, wasNew) in zip(judged.batches, try tx.appendClustered(judged.batches)) {
      taken.count(batch.gates, wasNew: wasNew)
    }
    for step in judged.steps {
      try tx.apply(step.events, under: version.plan, at: step.now)
      taken.events += step.events
    }
    let now = judged.steps[judged.steps.count - 1].now
    try look(for: &taken, judged.batches, &watch, at: now, under: [version.plan], tx)
    // Another plan is not to be read here, beside the engine.
    try summing.go(.someWay, at: now, under: [version], scope, load: nil, tx)
    try tx.saveClock(now)
    return taken
  }
}
