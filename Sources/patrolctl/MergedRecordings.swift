import Geodesy
import Patrol
import Recordings

/// Several recordings as one, in the order of receipt, each read as far as it is needed. A heap: O(log recordings) an
/// observation. A recording that is not in that order is read whole.
struct MergedRecordings {
  private(set) var readers: [RecordingReader]
  /// Readers that are not at their ends: no later than the two below each.
  private var heap: [(at: Instant, reader: Int)] = []

  /// - Parameter unordered: by position, those that are not in the order of receipt.
  init(_ named: [(Handheld.ID, String)], unordered: Set<Int>) throws {
    readers = try named.map { try RecordingReader(path: $1, as: $0) }
    for i in unordered { readers[i].sortWhole() }
    for i in readers.indices {
      guard let first = readers[i].peek else { continue }
      heap.append((first.receivedAt, i))
      rise(heap.count - 1)
    }
  }

  /// The next, which is not taken yet.
  var peek: Observation? {
    mutating get { heap.isEmpty ? nil : readers[heap[0].reader].peek }
  }

  mutating func next() -> Observation? {
    guard let first = heap.first else { return nil }
    let observation = readers[first.reader].next()
    if let following = readers[first.reader].peek {
      heap[0].at = following.receivedAt
    } else {
      heap[0] = heap[heap.count - 1]
      heap.removeLast()
    }
    sink()
    return observation
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    (heap[a].at, heap[a].reader) < (heap[b].at, heap[b].reader)
  }

  private mutating func rise(_ start: Int) {
    var i = start
    while i > 0, precedes(i, (i - 1) / 2) {
      heap.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  private mutating func sink() {
    var i = 0
    while true {
      var least = i
      for child in [2 * i + 1, 2 * i + 2] where child < heap.count && precedes(child, least) {
        least = child
      }
      if least == i { return }
      heap.swapAt(i, least)
      i = least
    }
  }
}
