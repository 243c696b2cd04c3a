import Coverage
import Geodesy
import Patrol

/// Recordings cut into what a daemon would have taken at once, each batch with the moment it was judged at.
struct ReplayBatches {
  struct Batch: Sendable {
    var observations: [Observation]
    var until: Instant
    /// How many were read so far, those of other stretches of time included.
    var read: Int
  }

  private(set) var merged: MergedRecordings
  /// How many were read.
  private(set) var read = 0
  /// Up to where the batches so far are judged.
  private var judged: Instant
  private let end: Instant
  private let isWanted: @Sendable (Instant) -> Bool

  /// Of the virtual clock; what a live daemon does twice a second. What falls due within is judged when it does.
  private static let step = Milliseconds.seconds(60)
  private static let maximum = 100_000

  /// - Parameters:
  ///   - judged: up to where the store is judged.
  ///   - end: what is received later counts as received then.
  ///   - isWanted: by its order time, whether an observation is replayed.
  init(
    _ merged: MergedRecordings, judged: Instant, end: Instant,
    isWanted: @escaping @Sendable (Instant) -> Bool
  ) {
    (self.merged, self.judged, self.end, self.isWanted) = (merged, judged, end, isWanted)
  }

  /// The next that holds anything; nil at the end.
  mutating func next() -> Batch? {
    while let first = merged.peek {
      // What was received before the store was last judged is late, all of it: it is taken together, as each batch of
      // late reports has its handhelds' shifts read again. What a broken clock received after the end is late, too.
      let now = min(first.receivedAt, end)
      let limit = now <= judged ? judged + Milliseconds(1) : now + Self.step
      var batch = Batch(observations: [], until: now, read: 0)
      while let next = merged.peek, min(next.receivedAt, end) < limit,
        batch.observations.count < Self.maximum
      {
        _ = merged.next()
        read += 1
        guard isWanted(next.orderTime) else { continue }
        batch.observations.append(next)
        batch.until = min(next.receivedAt, end)
      }
      guard !batch.observations.isEmpty else { continue }
      judged = max(judged, batch.until)
      batch.read = read
      return batch
    }
    return nil
  }
}
