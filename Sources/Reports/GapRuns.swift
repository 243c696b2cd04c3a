internal import Coverage
internal import Geodesy
internal import Patrol

/// A stretch of time in which the matcher thought one thing: neighbouring weighings that agree, as one.
struct GapRun {
  /// One account in it.
  struct Account {
    var way: Trace.Way
    /// The chainages it covers.
    var low: Double
    var high: Double
    /// Mean by time, 0…1.
    var weight: Double
  }

  var began: Instant
  var ended: Instant
  /// The account that leads.
  var lead: Account
  /// Where that ended.
  private var end: Double
  /// Told as proven all along, or not.
  var isDecided: Bool
  /// Other accounts that cannot be ruled out, the heaviest first.
  var rivals: [Account]

  /// Lighter accounts are not told.
  static let mark = 0.08
  /// One account goes on from another whose end is no further away, in metres.
  private static let seam = 25.0

  /// Weighings that begin before the end of a span and end after its beginning, gathered.
  static func gather(_ weighings: [Trace.Weighing], in span: Range<Instant>) -> [GapRun] {
    var runs: [GapRun] = []
    var open: [(run: GapRun, held: [Trace.Way: (Account, Double)], seconds: Double)] = []
    func flush() {
      guard let (run, held, seconds) = open.popLast() else { return }
      var done = run
      done.lead.weight = (held[run.lead.way]?.1 ?? 0) / max(seconds, 0.001)
      done.rivals = held.values.filter { $0.0.way != run.lead.way }.map { account, sum in
        var account = account
        account.weight = sum / max(seconds, 0.001)
        return account
      }.filter { $0.weight >= mark }.sorted { ($0.weight, $0.low) > ($1.weight, $1.low) }
      runs.append(done)
    }
    for w in weighings where w.ended > span.lowerBound && w.began < span.upperBound {
      let (first, seconds) = (w.alternatives[0], (w.ended - w.began).seconds)
      if let current = open.last?.run,
        current.lead.way != first.way || current.isDecided != w.isDecided
          || current.ended != w.began
          || (first.way != .off && abs(first.from.value - current.end) > seam)
      {
        flush()
      }
      if open.isEmpty {
        let account = Account(way: first.way, low: .infinity, high: -.infinity, weight: 0)
        open.append(
          (
            GapRun(
              began: w.began, ended: w.ended, lead: account, end: first.to.value,
              isDecided: w.isDecided, rivals: []), [:], 0
          ))
      }
      open[0].run.ended = w.ended
      open[0].run.end = first.to.value
      open[0].run.lead.low = min(open[0].run.lead.low, first.from.value, first.to.value)
      open[0].run.lead.high = max(open[0].run.lead.high, first.from.value, first.to.value)
      open[0].seconds += seconds
      for a in w.alternatives {
        var (account, sum) =
          open[0].held[a.way]
          ?? (Account(way: a.way, low: a.from.value, high: a.to.value, weight: 0), 0)
        account.low = min(account.low, a.from.value, a.to.value)
        account.high = max(account.high, a.from.value, a.to.value)
        sum += a.weight * seconds
        open[0].held[a.way] = (account, sum)
      }
    }
    flush()
    return runs
  }
}

/// Legs along one line that go on from each other: a pass as it is shown, an undecided one too.
struct GapPassage {
  enum Kind: Hashable { case walked, tooFast, undecided }

  var legs: [Leg]
  var kind: Kind
  var began: Instant { legs[0].began }
  var ended: Instant { legs[legs.count - 1].ended }
  var from: Double { legs[0].from.value }
  var to: Double { legs[legs.count - 1].to.value }
  var low: Double { legs.map { min($0.from.value, $0.to.value) }.min() ?? from }
  var high: Double { legs.map { max($0.from.value, $0.to.value) }.max() ?? to }

  /// Mean by time, 0…1.
  var confidence: Double {
    let seconds = legs.reduce(0) { $0 + ($1.ended - $1.began).seconds }
    return legs.reduce(0) { $0 + $1.confidence * ($1.ended - $1.began).seconds }
      / max(seconds, 0.001)
  }

  var speedMaximum: Double { legs.map(\.speed.value).max() ?? 0 }
  var isStanding: Bool { high - low < 5 }

  /// One leg goes on from another this near in chainage, in metres.
  private static let seam = 15.0

  /// - Parameter limit: above this speed a leg attends nothing.
  static func gather(
    _ legs: [Leg], along place: Place.ID, in span: Range<Instant>, limit: MetresPerSecond
  ) -> [GapPassage] {
    var passages: [GapPassage] = []
    for leg in legs
    where leg.place == place && leg.ended > span.lowerBound && leg.began < span.upperBound {
      let kind: Kind = leg.isUndecided ? .undecided : leg.speed > limit ? .tooFast : .walked
      let p = passages.lastIndex { passage in
        passage.kind == kind && abs((leg.began - passage.ended).value) <= 1000
          && abs(passage.to - leg.from.value) <= seam
      }
      if let p {
        passages[p].legs.append(leg)
      } else {
        passages.append(GapPassage(legs: [leg], kind: kind))
      }
    }
    return passages
  }
}
