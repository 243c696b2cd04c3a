internal import Coverage
internal import Foundation
internal import Geodesy
internal import Patrol

extension Pipeline {
  /// The engines as they were at the last commit: from the checkpoint and what came after it, or where there is none that
  /// fits, from the stored observations of every span of duty still held.
  func restore(_ tx: Transaction, clock: Instant?) throws -> [Generation] {
    var generations = try expected(tx, clock: clock)
    let since = clock ?? generations.map(\.engine.windows.lowerBound).min() ?? .distantPast
    let outages = try tx.outages(overlapping: since - .hours(72)..<Instant.distantFuture)
    guard let clock else {
      for g in generations.indices {
        generations[g].engine.record(outages)
      }
      return generations
    }
    if let engines = try keptEngines(tx, fitting: generations) {
      let later = try tx.observationsSinceCheckpoint()
      for g in generations.indices {
        generations[g].engine = engines[g]
        let outcome = generations[g].engine.ingest(later)
        for request in outcome.needsHistory {
          generations[g].engine.supply(
            try tx.observations(of: request.handheld, in: request.span), for: request)
        }
      }
    } else {
      try tx.clusterFixes()
      for g in generations.indices {
        generations[g].engine.resume(at: clock, gaps: [])
        try tx.clearAttendance(windowsOpening: generations[g].engine.windows)
        try Self.supplyHistory(&generations[g].engine, tx)
      }
    }
    for g in generations.indices {
      generations[g].engine.record(outages)
      let gaps = try tx.gaps(windowsOpening: generations[g].engine.windows)
      generations[g].engine.resume(at: clock, gaps: gaps)
    }
    return generations
  }

  /// Windows and spans of duty that ended so long ago are let go of by a live store's engines.
  static let backlog = Milliseconds.hours(2)

  /// An engine, still empty, for each plan version whose windows may be open.
  private func expected(_ tx: Transaction, clock: Instant?) throws -> [Generation] {
    let versions = try tx.planVersions()
    switch scope {
    case .windows(let range):
      // The version just put on record for this range.
      guard let version = versions.last(where: { $0.began <= range.lowerBound }) else { return [] }
      return [try generation(version, windows: range, backlog: .hours(72))]
    case .live:
      let since = (clock ?? .distantPast) - Window.longest - .hours(2)
      return try versions.indices.compactMap { i in
        let end = i + 1 < versions.count ? versions[i + 1].began : .distantFuture
        guard end > since else { return nil }
        return try generation(
          versions[i], windows: max(versions[i].began, since)..<end, backlog: Self.backlog)
      }
    }
  }

  /// Somebody looks on while it goes.
  private var isWatched: Bool {
    if case .live = scope { true } else { false }
  }

  private func generation(
    _ stored: StoredPlanVersion, windows: Range<Instant>, backlog: Milliseconds
  ) throws -> Generation {
    let plan: Plan
    do {
      plan = try stored.plan(load)
    } catch {
      throw StoreError.failed(
        path: store.path,
        detail: "plan version \(stored.digest), in force from \(stored.began.text()): \(error)")
    }
    var engine = Engine(plan: plan, windows: windows, backlog: backlog)
    engine.tellsAsItGoes = isWatched
    return Generation(
      version: Version(plan: plan, digest: stored.digest, bundle: stored.bundle),
      began: stored.began, engine: engine, stamp: stored.stamp)
  }

  private func keptEngines(_ tx: Transaction, fitting generations: [Generation]) throws
    -> [Engine]?
  {
    guard let kept = try tx.checkpoint(program: program), try kept.lastRow == tx.lastTurnRow(),
      kept.engines.count == generations.count
    else { return nil }
    var engines: [Engine] = []
    for (n, generation) in generations.enumerated() {
      let fresh = generation.engine
      guard kept.engines[n] == CheckpointHead.Version(generation),
        var engine = try Engine(
          plan: fresh.plan, resuming: tx.checkpointParts(of: n), backlog: fresh.backlog)
      else { return nil }
      engine.tellsAsItGoes = isWatched
      switch scope {
      case .windows where engine.windows != fresh.windows: return nil
      case .live where engine.windows.upperBound != fresh.windows.upperBound: return nil
      default: engines.append(engine)
      }
    }
    return engines
  }

  func keep(_ tx: Transaction) throws {
    try tx.beginCheckpoint(
      CheckpointHead(
        program: program, lastRow: tx.lastRow(),
        engines: generations.map(CheckpointHead.Version.init)))
    for (n, generation) in generations.enumerated() {
      var part = 0
      try generation.engine.checkpoint { bytes in
        try tx.saveCheckpoint(bytes, part: part, of: n)
        part += 1
      }
      try tx.endCheckpoint(parts: part, of: n)
    }
  }

  /// Gives an engine all that is stored of the spans of duty that its windows use.
  static func supplyHistory(
    _ engine: inout Engine, of handhelds: Set<Handheld.ID>? = nil,
    until: Instant = .distantFuture, _ tx: Transaction
  ) throws {
    let since = max(engine.windows.lowerBound, .distantPast + .hours(100)) - .hours(30)
    for handheld in engine.plan.handhelds where handhelds?.contains(handheld.id) ?? true {
      // A span is told whole: what is not told of it would be taken back.
      let from = engine.plan.dutySpan(of: handheld.id, at: since)?.lowerBound ?? since
      let stored = try tx.observations(of: handheld.id, in: from..<until)
      var i = 0
      while i < stored.count {
        guard
          let span = engine.plan.dutySpan(of: handheld.id, at: stored[i].observation.orderTime)
        else {
          i += 1
          continue
        }
        var end = i
        while end < stored.count, span.contains(stored[end].observation.orderTime) { end += 1 }
        engine.supply(
          Array(stored[i..<end]), for: Engine.HistoryRequest(handheld: handheld.id, span: span))
        i = max(end, i + 1)
      }
    }
  }

  // MARK: the past re-opened

  /// Judges the windows that touch a span anew, from the store alone.
  ///
  /// - Parameter endedBefore: only those that had ended then.
  func rejudge(
    _ span: Range<Instant>, _ tx: Transaction, endedBefore: Instant = .distantFuture
  ) throws -> [Event] {
    var all: [Event] = []
    let versions = try tx.planVersions()
    for (i, version) in versions.enumerated() {
      let end = i + 1 < versions.count ? versions[i + 1].began : Instant.distantFuture
      let since = max(version.began, span.lowerBound - Window.longest)
      // A span may have been over before this version began.
      guard since < min(end, span.upperBound) else { continue }
      let opening = since..<min(end, span.upperBound)
      let known = generations.last { $0.version.digest == version.digest }?.version.plan
      let plan = try known ?? version.plan(load)
      let touched = plan.windows(opening: opening)
        .filter { $0.span.overlaps(span) && $0.ended <= endedBefore }.map(\.began)
      guard let first = touched.min(), let last = touched.max() else { continue }
      let range = first..<last + Milliseconds(1)
      // Some between them may have been over before.
      let windows = plan.windows(opening: range)
      var engine = Engine(plan: plan, windows: range, backlog: .hours(24 * 36_500))
      engine.resume(at: now, gaps: try tx.gaps(windowsOpening: range))
      engine.record(try tx.outages(overlapping: range.lowerBound - .hours(30)..<now))
      try tx.clearAttendance(windowsOpening: range)
      let serving = Set(windows.flatMap { plan.assignments(in: $0).map(\.handheld) })
      try Self.supplyHistory(&engine, of: serving, until: last + .hours(30), tx)
      engine.advance(to: now)
      let events = engine.takeEvents()
      try tx.apply(events, under: plan, at: now)
      all += events
    }
    return all
  }
}
