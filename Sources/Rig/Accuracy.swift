/// How what was said compares with what was true: counts, so that courses and seeds add up before anything is divided.
public struct Accuracy: Sendable {
  /// True against said, found one to one.
  public struct Matches: Hashable, Sendable {
    public var truth = 0
    public var said = 0
    public var matched = 0

    /// Of what was said, the part that is true. Nil where nothing was said.
    public var precision: Double? { said == 0 ? nil : Double(matched) / Double(said) }
    /// Of what is true, the part that was said. Nil where nothing is.
    public var recall: Double? { truth == 0 ? nil : Double(matched) / Double(truth) }
    /// The harmonic mean of both; nil where there is nothing to find and nothing was said.
    public var f1: Double? {
      truth + said == 0 ? nil : 2 * Double(matched) / Double(truth + said)
    }

    static func += (a: inout Self, b: Self) {
      a.truth += b.truth
      a.said += b.said
      a.matched += b.matched
    }
  }

  /// Passes of 1 m cells of assigned lines, right within 60 s.
  public var cells = Matches()
  /// True passes not said though the handheld reported positions around them.
  public var missedObserved = 0
  /// True passes not said of which nothing was received: unproven by definition.
  public var missedUnobserved = 0
  /// Passes said with no true one within 60 s.
  public var falseCover = 0
  /// Gaps of verdict `missed` that share at least half of their cells × time with a true one.
  public var gaps = Matches()
  /// The same, of missed and unproven regions taken together.
  public var lapses = Matches()
  /// Stays of at least S that overlap a true one by at least half of what both span.
  public var visits = Matches()
  /// |said − true| length of each matched stay, seconds.
  public var dwellErrors: [Double] = []
  /// Cell-seconds by truth (covered, missed), then said (covered, unproven, missed).
  public var confusion = [[0, 0, 0], [0, 0, 0]]
  /// From the moment a matched gap truly fell due to the moment it was flagged, seconds.
  public var latencies: [Double] = []
  /// Reports received.
  public var reports = 0
  /// Spent in the engine or in what stood for it.
  public var seconds = 0.0

  public init() {}

  public static func += (a: inout Self, b: Self) {
    a.cells += b.cells
    a.missedObserved += b.missedObserved
    a.missedUnobserved += b.missedUnobserved
    a.falseCover += b.falseCover
    a.gaps += b.gaps
    a.lapses += b.lapses
    a.visits += b.visits
    a.dwellErrors += b.dwellErrors
    for i in a.confusion.indices {
      for j in a.confusion[i].indices { a.confusion[i][j] += b.confusion[i][j] }
    }
    a.latencies += b.latencies
    a.reports += b.reports
    a.seconds += b.seconds
  }

  /// As shares of all true passes.
  public var missedObservedShare: Double? { share(missedObserved) }
  public var missedUnobservedShare: Double? { share(missedUnobserved) }
  public var falseCoverShare: Double? { share(falseCover) }
  private func share(_ count: Int) -> Double? {
    cells.truth == 0 ? nil : Double(count) / Double(cells.truth)
  }

  /// Of all cell-seconds, as `confusion`.
  public var confusionShares: [[Double]]? {
    let all = confusion.joined().reduce(0, +)
    return all == 0 ? nil : confusion.map { $0.map { Double($0) / Double(all) } }
  }

  public var dwellError: Double? { Self.quantile(dwellErrors, 0.5) }
  public func latency(_ p: Double) -> Double? { Self.quantile(latencies, p) }

  /// The value below which a part `p` of all lies (nearest rank); nil of none.
  static func quantile(_ values: [Double], _ p: Double) -> Double? {
    guard !values.isEmpty else { return nil }
    let rank = Int((p * Double(values.count)).rounded(.up)) - 1
    return values.sorted()[min(values.count - 1, max(0, rank))]
  }
}
