public import Coverage
internal import Foundation
public import Geodesy
public import Patrol

/// Takes observations and the passage of time to the engines and all that follows to the store, each batch in one
/// transaction: what is committed is always a state that an engine was in. The daemon, `replay` and the tests drive the
/// same one.
///
/// Each plan version has an engine of its own, for the windows that open while it is in force. Late observations of
/// spans that no engine holds any more are judged by an engine made for them from the store.
///
/// Where a transaction fails nothing is lost: the batch is kept, the engines are taken up from the store again at the
/// next call, and the batch is taken then.
public struct Pipeline {
  /// A plan with what identifies it and what it can be read from again.
  public struct Version: Sendable {
    public var plan: Plan
    public var digest: String
    public var bundle: String
    /// Models of handhelds whose receivers have lost weeks.
    let mended: [Handheld.ID: DeviceModel]

    public init(plan: Plan, digest: String, bundle: String) {
      self.plan = plan
      self.digest = digest
      self.bundle = bundle
      mended = Dictionary(
        plan.handhelds.filter { $0.model.rolloverWeeks > 0 }.map { ($0.id, $0.model) }
      ) { first, _ in first }
    }
  }

  /// What became of a batch.
  public struct Taken: Sendable {
    public var stored = 0
    /// Those the store had, to the last field.
    public var repeated = 0
    public var offDuty = 0
    public var gated: [Gate: Int] = [:]
    /// Of all that was taken, in its order; what awaited history has none told.
    var gates: [Gate?] = []
    public var events: [Event] = []
    /// Handhelds found to be carried together.
    public var pairings: [Pairing] = []

    public init() {}

    /// Adds what became of another batch, all but its gates one by one.
    public mutating func add(_ other: Taken) {
      stored += other.stored
      repeated += other.repeated
      offDuty += other.offDuty
      gated.merge(other.gated, uniquingKeysWith: +)
      events += other.events
      pairings += other.pairings
    }

    mutating func count(_ gates: [Gate?], wasNew: [Bool]) {
      for (gate, isNew) in zip(gates, wasNew) {
        if gate == .offDuty {
          offDuty += 1
        } else if isNew {
          stored += 1
          if let gate { gated[gate, default: 0] += 1 }
        } else {
          repeated += 1
        }
      }
    }
  }

  struct Generation {
    var version: Version
    var began: Instant
    var engine: Engine
    /// Of the changes of the plan that it knows.
    var stamp: Int64

    /// Another one, where anything of its plan is other.
    var key: String { StoredPlanVersion.key(version.digest, stamp) }
  }

  /// Which windows are judged.
  public enum Scope: Sendable {
    /// Those that open while a plan version is in force, for ever.
    case live
    /// Those that open within a range, all by the plan given.
    case windows(Range<Instant>)
  }

  let store: Store
  let program: String
  let scope: Scope
  let load: (String) throws -> Plan
  var generations: [Generation] = []
  var pairingWatch = PairingWatch()
  var daySumming = DaySumming()
  /// How far the clock stood behind what a live store was judged up to; until it has caught up no time passes.
  public private(set) var behind = Milliseconds.zero
  /// So many observations are judged and stored side by side: more than a live daemon hears in a turn, as of a backlog.
  var worthTwoThreads = 8_000
  /// Not committed yet: a transaction failed.
  var held: (batches: [[Observation]], outages: [Outage])?
  /// Taken ahead and not judged yet; judged and not written yet: see `takeAhead`.
  var waiting: [Batch] = []
  var waitingCount = 0
  var judged: Judged?
  var reach: Reach?
  /// So many observations are judged and written at once: some minutes of a handheld, so that it fills pages of its own, and
  /// a line's attendance is told twice or so. Some 150 MB, and as much that is being written.
  var judgedAtOnce = 500_000

  /// Opens a pipeline where the store stands.
  ///
  /// - Parameters:
  ///   - version: the plan from now on. In a live store that knows another one, windows that are open keep theirs.
  ///   - now: the clock. A live store that was judged up to an earlier moment has been without its daemon since: that is
  ///     recorded as an outage.
  ///   - program: names the build; checkpoints of another build are passed over.
  ///   - load: reads a plan again from a stored version's bundle.
  public init(
    store: Store, version: Version, scope: Scope, at now: Instant, program: String,
    load: @escaping (String) throws -> Plan
  ) throws(StoreError) {
    self.store = store
    self.program = program
    self.scope = scope
    self.load = load
    (generations, behind) = try store.write { tx in
      let before = try tx.clock()
      try Self.begin(version, scope, at: now, before: before, tx)
      let generations = try restore(tx, clock: before)
      // A new store is judged from the first commit on, whatever comes of it.
      if before == nil, case .live = scope { try tx.saveClock(now) }
      if store.isClustered {
        let stored = tx.latestOfAll.map { $0 + Milliseconds(1) }
        pairingWatch = PairingWatch(LatestUsable(from: stored ?? .distantPast))
      }
      return (generations, before.map { max(.zero, $0 - now) } ?? .zero)
    }
  }

  /// Puts a plan version and the time without a daemon on record.
  private static func begin(
    _ version: Version, _ scope: Scope, at now: Instant, before: Instant?, _ tx: Transaction
  ) throws {
    var from = now
    switch scope {
    case .windows(let range):
      from = range.lowerBound
      if let day = try tx.purgedDay(in: range) { throw SealError.gone(day) }
    case .live:
      if let before {
        from = max(now, before)
        for var outage in try tx.outages(overlapping: before..<max(before, now) + Milliseconds(1))
        where outage.ended == nil {
          outage.ended = max(before, outage.began)
          try tx.record(outage)
        }
        if before < now {
          try tx.record(Outage(kind: .daemonDown, handheld: nil, began: before, ended: now))
        }
      } else {
        // Windows that are open at the first start are judged too; until now nobody watched them.
        let open = version.plan.windows(opening: now - Window.longest..<now).filter {
          $0.ended > now
        }
        from = open.map(\.began).min() ?? now
        if from < now {
          try tx.record(Outage(kind: .daemonDown, handheld: nil, began: from, ended: now))
        }
      }
    }
    try tx.savePlanVersion(digest: version.digest, bundle: version.bundle, from: from)
    try tx.saveCells(of: version.plan, digest: version.digest)
  }

  // MARK: the running of it

  /// The engines' clock.
  public var now: Instant { generations.map(\.engine.now).max() ?? .distantPast }

  /// The plan in force.
  public var plan: Plan { generations[generations.count - 1].version.plan }

  /// How long the last transaction waited for the disk at its end.
  public var committedIn: Duration { store.committedIn }

  /// The store's file is still where it was opened.
  public var isInPlace: Bool { store.isInPlace }

  /// Of the plan in force.
  public var digest: String { generations[generations.count - 1].version.digest }

  /// Observations held back because they could not be committed yet.
  public var heldCount: Int { held?.batches.reduce(0) { $0 + $1.count } ?? 0 }

  /// Hands out the observations held back, for another place to keep them until they are taken again. Outages stay held.
  public mutating func releaseHeld() -> [Observation] {
    defer { held?.batches = [] }
    return held?.batches.flatMap { $0 } ?? []
  }

  /// Whether anybody is on duty with it then, by any plan still in force.
  public func isOnDuty(_ observation: Observation) -> Bool {
    generations.contains {
      $0.version.plan.dutySpan(of: observation.handheld, at: observation.orderTime) != nil
    }
  }

  /// Takes a batch and lets time pass until `now`, in one transaction.
  ///
  /// - Parameters:
  ///   - also: written in the same transaction; it is given the gates of `batch`, those known already as duplicates.
  public mutating func take(
    _ batch: [Observation], outages: [Outage] = [], until now: Instant,
    also: (_ tx: Transaction, _ gates: ArraySlice<Gate?>) throws -> Void = { _, _ in }
  ) throws(StoreError) -> Taken {
    var sum = try commitAhead()
    let all = held.map { $0.batches.flatMap { $0 } + batch } ?? batch
    let allOutages = (held?.outages ?? []) + outages
    let isStale = held != nil
    held = ([all], allOutages)
    let taken = try store.write { tx in
      if isStale {
        generations = try restore(tx, clock: try tx.clock())
        pairingWatch = PairingWatch()
        daySumming = DaySumming()
      }
      let taken = try take(all, allOutages, until: now, tx)
      try tx.saveClock(self.now)
      try also(tx, taken.gates.suffix(batch.count))
      return taken
    }
    (held, reach) = (nil, nil)
    sum.add(taken)
    return sum
  }

  /// A checkpoint waits for no more than the writing of it. After a backlog millions of fixes are to be put in order first:
  /// `take` does so a little at a time, and at once it would take many seconds.
  public var isReadyForCheckpoint: Bool { store.recent.leftToMove <= 50_000 }

  /// Keeps the engines' state, so that a restart need not read the shift again: in a transaction of its own, as it takes its time
  /// and what was received is not to wait for it.
  ///
  /// - Returns: what became of what was ahead.
  @discardableResult
  public mutating func saveCheckpoint() throws(StoreError) -> Taken {
    let taken = try commitAhead()
    // After a failure the engines are ahead of the store.
    guard held == nil else { return taken }
    try store.write { try keep($0) }
    return taken
  }

  /// Puts another plan in force: windows that open after `now` are its. Those that are open keep theirs.
  public mutating func replace(with version: Version, at now: Instant) throws(StoreError) {
    guard version.digest != generations.last?.version.digest else { return }
    _ = try commitAhead()
    let from = max(now, self.now) + Milliseconds(1)
    var version = version
    let stamp = try store.write { tx in
      try tx.savePlanVersion(digest: version.digest, bundle: version.bundle, from: from)
      try tx.saveCells(of: version.plan, digest: version.digest)
      version.plan = try tx.changed(version.plan, in: from - Window.longest..<Instant.distantFuture)
      return try tx.changeStamp()
    }
    for g in generations.indices { generations[g].engine.retire(at: from) }
    var engine = Engine(plan: version.plan, windows: from..<Instant.distantFuture)
    engine.resume(at: self.now, gaps: [])
    try store.write { tx in
      engine.record(try tx.outages(overlapping: from - .hours(72)..<Instant.distantFuture))
      try Self.supplyHistory(&engine, tx)
    }
    generations.append(Generation(version: version, began: from, engine: engine, stamp: stamp))
    // It has other handhelds, or other models of them.
    pairingWatch = PairingWatch()
  }

  /// Looks through all that is stored for handhelds carried together. `take` does so a little at a time.
  public mutating func findPairings() throws(StoreError) -> [Pairing] {
    _ = try commitAhead()
    do {
      return try store.write { tx in
        try pairingWatch.go(.toTheEnd, at: now, under: generations.map(\.version.plan), tx)
      }
    } catch {
      pairingWatch = PairingWatch()
      throw error
    }
  }

  /// Sums up all days that are over. `take` does so a little at a time.
  public mutating func sumDays() throws(StoreError) {
    _ = try commitAhead()
    do {
      try store.write { try sumDays(.toTheEnd, $0) }
    } catch {
      daySumming = DaySumming()
      throw error
    }
  }

  private mutating func sumDays(_ extent: DaySumming.Extent, _ tx: Transaction) throws {
    try daySumming.go(
      extent, at: now, under: generations.map(\.version), scope, load: load, tx)
  }

  private mutating func take(
    _ batch: [Observation], _ outages: [Outage], until now: Instant, _ tx: Transaction
  ) throws -> Taken {
    for outage in outages { try tx.record(outage) }
    for g in generations.indices { generations[g].engine.record(outages) }
    let reordered = try takeChanges(tx)
    let mended = mended(batch)
    let areNew = try tx.areNew(mended)
    let fresh = areNew.allSatisfy { $0 } ? mended : zip(mended, areNew).filter(\.1).map(\.0)
    let outcomes = generations.indices.map { generations[$0].engine.ingest(fresh) }
    var taken = try finish(
      fresh, outcomes, repeated: batch.count - fresh.count, until: now, tx)
    taken.events += reordered
    if fresh.count < batch.count {
      taken.gates = Self.spread(taken.gates, over: areNew, otherwise: .duplicate)
    }
    return taken
  }

  /// All that follows once the engines have taken a batch that was new, of which `repeated` more were not.
  ///
  /// - Parameter order: as in `GatedBatch`.
  mutating func finish(
    _ fresh: [Observation], _ outcomes: [Engine.Outcome], order: [Int32]? = nil, repeated: Int,
    until now: Instant, _ tx: Transaction
  ) throws -> Taken {
    var taken = Taken()
    taken.repeated = repeated
    let gates = fresh.indices.map { i in
      // The newest plan under which it was on duty names its gate.
      outcomes.last { $0.gates[i] != .offDuty }.map { $0.gates[i] } ?? .offDuty
    }
    taken.gates = gates
    // Of a large batch the engines judge what follows while the store takes it, unless they ask the store first.
    let isBeside =
      fresh.count >= worthTwoThreads && outcomes.allSatisfy(\.needsHistory.isEmpty)
    let batch = GatedBatch(fresh, gates: gates, order: order)
    let wasNew =
      try isBeside
      ? besideEachOther {
        try Self.append(batch, tx)
      } _: {
        for g in generations.indices { generations[g].engine.advance(to: now) }
      } : Self.append(batch, tx)
    taken.count(gates, wasNew: wasNew)
    for g in generations.indices {
      for request in outcomes[g].needsHistory {
        generations[g].engine.supply(
          try tx.observations(of: request.handheld, in: request.span), for: request)
      }
      if !isBeside { generations[g].engine.advance(to: now) }
      let events = generations[g].engine.takeEvents()
      try tx.apply(events, under: generations[g].version.plan, at: generations[g].engine.now)
      taken.events += events
    }
    var reopened: [Range<Instant>] = []
    for span in outcomes.flatMap(\.reopens) where !reopened.contains(span) { reopened.append(span) }
    for span in reopened {
      // Of what was purged nothing else is there: all of it would be judged silent.
      guard try tx.purgedDay(in: span) == nil else { continue }
      taken.events += try rejudge(span, tx)
    }
    let plans = generations.map(\.version.plan)
    try Self.look(for: &taken, [batch], &pairingWatch, at: now, under: plans, tx)
    try sumDays(.someWay, tx)
    letGo()
    return taken
  }

  private static func append(_ batch: GatedBatch, _ tx: Transaction) throws -> [Bool] {
    if tx.store.isClustered { return try tx.appendClustered([batch])[0] }
    try tx.moveFixes(besideAppending: batch.observations.count)
    return try tx.append(batch.observations, gates: batch.gates)
  }

  private static func spread(_ gates: [Gate?], over areNew: [Bool], otherwise: Gate) -> [Gate?] {
    var next = 0
    return areNew.map { isNew in
      guard isNew else { return otherwise }
      defer { next += 1 }
      return gates[next]
    }
  }

  /// With the weeks that some models' receivers have lost, by the newest plan that knows the handheld.
  func mended(_ batch: [Observation]) -> [Observation] {
    guard generations.contains(where: { !$0.version.mended.isEmpty }) else { return batch }
    return batch.map { o in
      generations.last { $0.version.plan.handheld(o.handheld) != nil }
        .flatMap { $0.version.mended[o.handheld] }.map { o.mended(for: $0) } ?? o
    }
  }

  /// Looks for handhelds carried together.
  static func look(
    for taken: inout Taken, _ batches: [GatedBatch], _ watch: inout PairingWatch, at now: Instant,
    under plans: [Plan], _ tx: Transaction
  ) throws {
    var changed: [Instant] = []
    for case .regated(let observation, _) in taken.events { changed.append(observation.orderTime) }
    try watch.note(batches, changed: changed, at: now, under: plans, tx)
    taken.pairings = try watch.go(
      tx.store.isClustered ? .upToNow : .someWay, at: now, under: plans, tx)
  }

  /// Engines of former plan versions whose last window is long over.
  private mutating func letGo() {
    while generations.count > 1, let first = generations.first,
      first.engine.windows.upperBound + Window.longest + first.engine.backlog < first.engine.now
    {
      generations.removeFirst()
    }
  }
}
