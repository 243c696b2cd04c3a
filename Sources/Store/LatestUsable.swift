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
    var found: [(h: Int, fix: Fix)] = []
    for batch in batches {
      for (observation, gate) in zip(batch.observations, batch.gates) where gate == nil {
        guard let fix = observation.fix, span.contains(observation.orderTime),
          let h = positions[observation.handheld]
        else { continue }
        found.append((h, fix))
      }
    }
    let order = found.indices.sorted {
      (found[$0].h, found[$0].fix.time, $0) < (found[$1].h, found[$1].fix.time, $1)
    }
    return order.map { found[$0] }
  }
}
