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

  /// How far each handheld has told, of what is stored or taken ahead: what is no later may be a repetition.
  struct Reach {
    private var roll = HandheldRoll()
    private var latest: [Instant] = []

    /// Tells whether it is later than all before of its handheld.
    mutating func take(_ observation: Observation, stored: (Handheld.ID) -> Instant?) -> Bool {
      let time = observation.orderTime
      guard let h = roll.position(of: observation.handheld) else {
        roll.append(observation.handheld)
        let stored = stored(observation.handheld)
        latest.append(max(stored ?? time, time))
        return stored.map { time > $0 } ?? true
      }
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
    let fresh = try fresh(of: rest)

    let (before, store, scope) = (judged, store, scope)
    let version = generations[0].version
    judged = nil
    var watch = pairingWatch
    pairingWatch = PairingWatch()
    var summing = daySumming
    daySumming = DaySumming()
    // Whatever fails, the engine is ahead of the store: all of it is taken again, from where the store stands.
    held = ((before?.observations ?? []) + rest.map(\.observations), [])
    var group = Judged()
    var asking: (n: Int, outcome: Engine.Outcome)?
    sum.add(
      try besideEachOther { () throws(StoreError) in
        guard let before else { return Taken() }
        return try store.write {
          try Self.write(before, under: version, scope, &watch, &summing, $0)
        }
      } _: {
        for (n, batch) in fresh.enumerated() {
          let outcome = generations[0].engine.ingest(batch.new.observations)
          guard outcome.needsHistory.isEmpty, outcome.reopens.isEmpty else {
            asking = (n, outcome)
            return
          }
          generations[0].engine.advance(to: batch.new.until)
          group.batches.append(
            GatedBatch(batch.new.observations, gates: outcome.gates, order: batch.new.order))
          group.repeated += batch.repeated
          group.steps.append((generations[0].engine.takeEvents(), generations[0].engine.now))
        }
      })
    (pairingWatch, daySumming) = (watch, summing)
    guard let asking else {
      (judged, held) = (group, nil)
      return batches.count
    }
    let (batch, repeated) = fresh[asking.n]
    let taken = try store.write { tx in
      var taken = Taken()
      if !group.isEmpty {
        taken = try Self.write(group, under: version, scope, &pairingWatch, &daySumming, tx)
      }
      taken.add(
        try finish(
          batch.observations, [asking.outcome], order: batch.order, repeated: repeated,
          until: batch.until, tx))
      try tx.saveClock(self.now)
      return taken
    }
    held = nil
    sum.add(taken)
    return start + asking.n + 1
  }

  /// Of batches that follow each other those that are new, of what is not committed yet and of each other too, with how many
  /// were not.
  private mutating func fresh(
    of batches: ArraySlice<Batch>
  ) throws(StoreError) -> [(new: Batch, repeated: Int)] {
    var mended = Array(batches)
    for n in mended.indices { mended[n].observations = self.mended(mended[n].observations) }
    var late: [[Int]] = []
    let store = store
    for batch in mended {
      late.append(
        batch.observations.indices.filter { i in
          !reach.take(batch.observations[i]) { store.latest(of: $0) }
        })
    }
    guard late.contains(where: { !$0.isEmpty }) else { return mended.map { ($0, 0) } }
    var areNew = mended.map { Array(repeating: true, count: $0.observations.count) }
    try store.write { tx in
      for n in mended.indices where !late[n].isEmpty {
        let stored = try tx.areNew(late[n].map { mended[n].observations[$0] })
        for (i, isNew) in zip(late[n], stored) { areNew[n][i] = isNew }
      }
    }
    // What is not stored may wait to be.
    let moments = Set(
      mended.indices.flatMap { n in
        late[n].filter { areNew[n][$0] }.map { mended[n].observations[$0].orderTime }
      })
    if !moments.isEmpty {
      var seen: Set<Observation> = []
      for observation in (judged?.observations ?? []).joined()
      where moments.contains(observation.orderTime) {
        seen.insert(observation)
      }
      for n in mended.indices {
        for (i, observation) in mended[n].observations.enumerated()
        where areNew[n][i] && moments.contains(observation.orderTime) {
          areNew[n][i] = seen.insert(observation).inserted
        }
      }
    }
    return zip(mended, areNew).map { batch, areNew in
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
