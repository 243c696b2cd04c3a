import Coverage
import Geodesy
import Patrol
import Recordings

/// Several recordings as one, in the order of receipt, each read as far as it is needed. What was received in a stretch of time
/// comes sorted by recording, as it is read. O(1) an observation, and O(recordings) a stretch. A recording that is not in the
/// order of receipt is read whole.
struct MergedRecordings {
  private(set) var readers: [RecordingReader]
  /// When the next of each was received; in the distant future at its end.
  private var next: [Instant] = []
  /// Room for counting those of each millisecond of a stretch.
  private var counts = [Int32](repeating: 0, count: Int(stretch.value) + 1)

  /// What is taken at once at most.
  private static let stretch = Milliseconds.seconds(10)

  /// - Parameter unordered: by position, those that are not in the order of receipt.
  init(_ named: [(Handheld.ID, String)], unordered: Set<Int>) throws {
    readers = try named.map { try RecordingReader(path: $1, as: $0) }
    for i in unordered { readers[i].sortWhole() }
    next = readers.indices.map { readers[$0].nextReceipt ?? .distantFuture }
  }

  /// When the next one was received; nil at the end.
  var nextReceipt: Instant? { next.min().flatMap { $0 < .distantFuture ? $0 : nil } }

  /// Takes what was received within 10 s of the next one and before a moment: sorted by recording, the first that has any
  /// first; of equal moments in the order of the recordings. `order` gets their positions in the order of receipt.
  ///
  /// - Returns: how many there were, wanted or not.
  mutating func take(
    before limit: Instant, where isWanted: (Instant) -> Bool,
    into observations: inout [Observation], order: inout [Int32]
  ) -> Int {
    guard let first = nextReceipt else { return 0 }
    let end = min(limit, first + Self.stretch)
    let beginning = next.indices.filter { next[$0] < end }.sorted {
      (next[$0], $0) < (next[$1], $1)
    }
    var (runs, read) = ([(reader: Int, positions: Range<Int>)](), 0)
    for r in beginning {
      let start = observations.count
      readers[r].take(receivedBefore: end, into: &observations)
      next[r] = readers[r].nextReceipt ?? .distantFuture
      read += observations.count - start
      if !observations[start...].allSatisfy({ isWanted($0.orderTime) }) {
        let wanted = observations[start...].filter { isWanted($0.orderTime) }
        observations.replaceSubrange(start..., with: wanted)
      }
      runs.append((r, start..<observations.count))
    }
    // Counted by the millisecond, each recording's in its order.
    runs.sort { $0.reader < $1.reader }
    func slot(_ i: Int) -> Int { Int((observations[i].receivedAt - first).value) }
    for i in counts.indices { counts[i] = 0 }
    for run in runs { for i in run.positions { counts[slot(i) + 1] += 1 } }
    for k in 1..<counts.count { counts[k] += counts[k - 1] }
    let start = order.count
    order.append(contentsOf: repeatElement(0, count: observations.count - start))
    for run in runs {
      for i in run.positions {
        order[start + Int(counts[slot(i)])] = Int32(i)
        counts[slot(i)] += 1
      }
    }
    return read
  }
}
