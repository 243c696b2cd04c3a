internal import Coverage
internal import Geodesy
internal import Patrol

/// The usable fixes that came last, kept in mind: whoever looks through them need not read them back. For a store that is
/// given large batches in one go (a live one would hold a minute of all handhelds for it).
struct LatestUsable {
  /// Whatever is usable from here on is held, each handheld's in order.
  private var from: Instant
  private var batches: [GatedBatch] = []
  /// Of each handheld the latest order time.
  private var latest: [Handheld.ID: Instant] = [:]

  /// - Parameter from: what is stored lies before; never, where nothing is to be kept.
  init(from: Instant = .distantFuture) { self.from = from }

  /// What comes late is left to the store.
  mutating func append(_ batch: GatedBatch) {
    guard from < .distantFuture else { return }
    for r in batch.runs.indices {
      let run = batch.run(r)
      let handheld = batch.observations[run.lowerBound].handheld
      var before = latest[handheld] ?? .distantPast
      for i in run {
        let time = batch.observations[i].orderTime
        if time < before { distrust(upTo: before) }
        before = max(before, time)
      }
      latest[handheld] = before
    }
    if batch.usable != nil { batches.append(batch) }
  }

  /// A gate was changed at a moment: up to there the store knows better.
  mutating func distrust(upTo moment: Instant) { from = max(from, moment + Milliseconds(1)) }

  /// Lets go of what was looked through.
  mutating func drop(before moment: Instant) {
    guard from < .distantFuture else { return }
    from = max(from, moment)
    batches.removeAll { $0.usable.map { $0.upperBound < moment } ?? true }
  }

  /// Hands out those in a span, each handheld's in order; tells how many, nil where the store has to be asked.
  ///
  /// - Parameter positions: of the handhelds that are looked for.
  func forEach(
    in span: Range<Instant>, of positions: [Handheld.ID: Int], _ body: (_ h: Int, Fix) -> Void
  ) -> Int? {
    guard from <= span.lowerBound else { return nil }
    var count = 0
    for batch in batches where batch.usable?.overlaps(span) ?? false {
      for r in batch.runs.indices {
        let run = batch.run(r)
        guard let h = positions[batch.observations[run.lowerBound].handheld] else { continue }
        for i in run where batch.gates[i] == nil {
          guard span.contains(batch.observations[i].orderTime),
            case .fix(let fix) = batch.observations[i].report
          else { continue }
          body(h, fix)
          count += 1
        }
      }
    }
    return count
  }
}
