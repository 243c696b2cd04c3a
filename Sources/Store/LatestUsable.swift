internal import Coverage
internal import Geodesy
internal import Patrol

/// The usable fixes that came last, kept in mind: whoever looks through them need not read them back. For a store that is
/// given large batches in one go (a live one would hold a minute of all handhelds for it).
struct LatestUsable {
  /// Whatever is usable from here on is held.
  private var from: Instant
  private var batches: [(observations: [Observation], gates: [Gate?])] = []

  /// - Parameter from: what is stored lies before; never, where nothing is to be kept.
  init(from: Instant = .distantFuture) { self.from = from }

  mutating func append(_ observations: [Observation], gates: [Gate?]) {
    guard from < .distantFuture, !observations.isEmpty else { return }
    batches.append((observations, gates))
  }

  /// A gate was changed at a moment: up to there the store knows better.
  mutating func distrust(upTo moment: Instant) { from = max(from, moment + Milliseconds(1)) }

  /// Lets go of what was looked through.
  mutating func drop(before moment: Instant) {
    guard from < .distantFuture else { return }
    from = max(from, moment)
    batches.removeAll { batch in batch.observations.allSatisfy { $0.orderTime < moment } }
  }

  /// Those in a span, by handheld and in order; nil where the store has to be asked.
  ///
  /// - Parameter positions: of the handhelds that are looked for.
  func fixes(in span: Range<Instant>, of positions: [Handheld.ID: Int]) -> [(h: Int, fix: Fix)]? {
    guard from <= span.lowerBound else { return nil }
    // As they came; mostly each handheld's are in order.
    var found = Array(repeating: [(time: Instant, batch: Int, i: Int)](), count: positions.count)
    for (b, batch) in batches.enumerated() {
      for i in batch.gates.indices where batch.gates[i] == nil {
        let time = batch.observations[i].orderTime
        guard span.contains(time), let h = positions[batch.observations[i].handheld] else {
          continue
        }
        found[h].append((time, b, i))
      }
    }
    var fixes: [(h: Int, fix: Fix)] = []
    fixes.reserveCapacity(found.reduce(0) { $0 + $1.count })
    for h in found.indices {
      if !zip(found[h], found[h].dropFirst()).allSatisfy({ $0.time <= $1.time }) {
        found[h].sort { ($0.time, $0.batch, $0.i) < ($1.time, $1.batch, $1.i) }
      }
      for (_, b, i) in found[h] {
        if let fix = batches[b].observations[i].fix { fixes.append((h, fix)) }
      }
    }
    return fixes
  }
}
