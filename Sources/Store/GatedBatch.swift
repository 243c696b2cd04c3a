internal import Coverage
internal import Geodesy
internal import Patrol

/// Observations with the gates that they failed, nil where they are usable.
struct GatedBatch {
  var observations: [Observation]
  var gates: [Gate?]
  /// Their positions in the order of receipt, in which rows are numbered; nil: they lie in it.
  var order: [Int32]?
  /// Where each run of observations of one handheld begins. In a batch that is sorted by handheld they are few, and whatever
  /// is looked up by handheld is looked up once a run.
  private(set) var runs: [Int32] = []
  /// From the first to the last moment of those that are usable; nil where none is.
  private(set) var usable: ClosedRange<Instant>?

  init(_ observations: [Observation], gates: [Gate?], order: [Int32]? = nil) {
    (self.observations, self.gates, self.order) = (observations, gates, order)
    for i in observations.indices {
      if i == 0 || observations[i].handheld != observations[i - 1].handheld {
        runs.append(Int32(i))
      }
      guard gates[i] == nil else { continue }
      let moment = observations[i].orderTime
      usable =
        usable.map { min($0.lowerBound, moment)...max($0.upperBound, moment) } ?? moment...moment
    }
  }

  /// The positions of a run.
  func run(_ r: Int) -> Range<Int> {
    Int(runs[r])..<(r + 1 < runs.count ? Int(runs[r + 1]) : observations.count)
  }

  func forEachInOrder(_ body: (Int) throws -> Void) rethrows {
    if let order {
      for i in order { try body(Int(i)) }
    } else {
      for i in observations.indices { try body(i) }
    }
  }
}
