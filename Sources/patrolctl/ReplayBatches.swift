import Coverage
import Geodesy
import Patrol
import Store

/// Recordings cut into what a daemon would have taken at once, each batch with the moment it was judged at.
struct ReplayBatches {
  struct Batch: Sendable {
    var taken: Pipeline.Batch
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
  /// How many the last batch held: about as many as the next.
  private var latestCount = 0

  /// Of the virtual clock; what a live daemon does some times a second. What falls due within is judged when it does.
  private static let step = Milliseconds.seconds(60)
  /// Once a batch holds so many it is not gone on with.
  private static let enough = 100_000

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
    while let first = merged.nextReceipt {
      // What was received before the store was last judged is late, all of it: it is taken together, as each batch of
      // late reports has its handhelds' shifts read again. What a broken clock received after the end is late, too.
      let now = min(first, end)
      let limit = now <= judged ? judged + Milliseconds(1) : now + Self.step
      var (observations, order) = ([Observation](), [Int32]())
      observations.reserveCapacity(latestCount)
      order.reserveCapacity(latestCount)
      while let next = merged.nextReceipt, min(next, end) < limit, observations.count < Self.enough
      {
        read += merged.take(
          before: limit > end ? .distantFuture : limit, where: isWanted, into: &observations,
          order: &order)
      }
      guard let last = order.last else { continue }
      latestCount = observations.count
      let until = min(observations[Int(last)].receivedAt, end)
      judged = max(judged, until)
      return Batch(
        taken: Pipeline.Batch(observations, order: order, until: until), read: read)
    }
    return nil
  }
}
