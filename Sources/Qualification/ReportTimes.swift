public import Geodesy
internal import Patrol

/// How regularly a handheld reported, how late its reports came, and when they did not.
public struct ReportTimes: Hashable, Sendable {
  /// Why there is no position for a time.
  public enum Cause: String, Hashable, Sendable, CaseIterable {
    /// It reported, without a position.
    case noFix = "no_fix"
    /// It told nothing.
    case silent
    /// It told nothing then, and delivered what it had kept.
    case late
  }

  public struct Gap: Hashable, Sendable {
    public var cause: Cause
    public var count: Int
    /// Together, and the longest, seconds.
    public var seconds: Double
    public var longest: Double
  }

  /// Seconds from a fix to its receipt; `most` is not exceeded by 95 %.
  public struct Latency: Hashable, Sendable {
    public var median: Double
    public var most: Double
    public var longest: Double
  }

  /// Reports, with a position or without, each time once.
  public var reports: Int
  public var fixes: Int
  /// Told again with a time that was told before.
  public var repeated: Int
  /// From the first report to the last.
  public var span: Milliseconds
  /// Median of the times between consecutive fixes, seconds. Its interval is a median's by order statistics (binomial).
  public var interval: Estimate?
  /// What 95 % of those times differ from the median by at most, seconds.
  public var jitter: Double?
  /// Times between consecutive fixes, in their order, seconds.
  public var intervals: [Double]
  /// Of the reports from the first fix on.
  public var fixShare: Estimate?
  /// From the first report to the first fix, seconds: it had one since the report before at most.
  public var firstFix: Estimate?
  /// Nil where the capture has no receive times.
  public var latency: Latency?
  /// By cause, those that occur.
  public var gaps: [Gap]
  /// Fixes at the position of the one before to the last digit.
  public var held: Int

  /// A report this much later than usual was kept, seconds.
  static let keptFor = 30.0

  /// - Parameters:
  ///   - observations: in the order of receipt.
  ///   - interval: nominal, for what counts as a gap where there are too few fixes to tell.
  init(_ observations: [Observation], nominal: Milliseconds) {
    var seen: Set<Instant> = []
    var fixes: [(fix: Fix, receivedAt: Instant)] = []
    var (void, again): ([Instant], Int) = ([], 0)
    for o in observations {
      guard let fix = o.fix else {
        void.append(o.receivedAt)
        continue
      }
      if seen.insert(fix.time).inserted { fixes.append((fix, o.receivedAt)) } else { again += 1 }
    }
    let inOrder = fixes.sorted { $0.fix.time < $1.fix.time }
    reports = fixes.count + void.count
    self.fixes = fixes.count
    repeated = again
    let received = observations.map(\.receivedAt)
    span = (received.max() ?? .distantPast) - (received.min() ?? .distantPast)
    let steps = zip(inOrder, inOrder.dropFirst()).map { ($1.fix.time - $0.fix.time).seconds }
    intervals = steps
    let interval = Self.median(of: steps.sorted())
    self.interval = interval
    let usual = interval?.value ?? nominal.seconds
    let jitter = interval.map { Self.jitter(steps, about: $0.value) }
    self.jitter = jitter
    held = zip(inOrder, inOrder.dropFirst()).count { $0.fix.position == $1.fix.position }

    let first = fixes.first?.receivedAt
    if let first {
      let later = void.count { $0 >= first }
      let all = Double(fixes.count + later)
      fixShare = Estimate(share: Double(fixes.count) / all, of: all)
    }
    let delays = fixes.map { ($0.receivedAt - $0.fix.time).seconds }
    // Without receive times a recording's reports are received when they were made.
    let isTold = delays.contains { $0 != 0 }
    let latency = isTold ? Self.latency(delays.sorted()) : nil
    self.latency = latency
    // Of reports without a position only the receipt is known, early or late by as much as delivery varies.
    let prompt = delays.filter { $0 <= (latency?.median ?? 0) + Self.keptFor }.sorted()
    let varies = prompt.isEmpty ? 0 : CircularError.quantile(0.95, of: prompt) - prompt[0]
    let slack = (jitter ?? 0) + varies
    firstFix = first.map { at in
      let began = received.first ?? at
      let before = void.last { $0 < at } ?? began
      let seconds = (at - began).seconds
      return Estimate(
        seconds, low: max(0, (before - began).seconds - slack), high: seconds + slack)
    }
    gaps = Self.gaps(
      inOrder, void, longerThan: max(1.5 * usual, usual + 2 * (jitter ?? 0)),
      keptAfter: (latency?.median ?? 0) + Self.keptFor, usual: usual)
  }

  /// What is missing in between is no jitter.
  private static func jitter(_ steps: [Double], about middle: Double) -> Double {
    let near = steps.filter { $0 < 1.5 * middle }.map { abs($0 - middle) }
    return near.isEmpty ? 0 : CircularError.quantile(0.95, of: near.sorted())
  }

  /// Ranks n/2 ± 0.98 √n.
  private static func median(of sorted: [Double]) -> Estimate? {
    guard !sorted.isEmpty else { return nil }
    let half = Estimate.normal95 / 2 / Double(sorted.count).squareRoot()
    return Estimate(
      CircularError.quantile(0.5, of: sorted),
      low: CircularError.quantile(max(0, 0.5 - half), of: sorted),
      high: CircularError.quantile(min(1, 0.5 + half), of: sorted))
  }

  private static func latency(_ sorted: [Double]) -> Latency? {
    guard let longest = sorted.last else { return nil }
    return Latency(
      median: CircularError.quantile(0.5, of: sorted),
      most: CircularError.quantile(0.95, of: sorted), longest: longest)
  }

  private static func gaps(
    _ fixes: [(fix: Fix, receivedAt: Instant)], _ void: [Instant], longerThan limit: Double,
    keptAfter: Double, usual: Double
  ) -> [Gap] {
    var found: [Cause: Gap] = [:]
    func add(_ cause: Cause, _ seconds: Double) {
      var gap = found[cause] ?? Gap(cause: cause, count: 0, seconds: 0, longest: 0)
      gap.count += 1
      gap.seconds += seconds
      gap.longest = max(gap.longest, seconds)
      found[cause] = gap
    }
    for (a, b) in zip(fixes, fixes.dropFirst()) {
      let seconds = (b.fix.time - a.fix.time).seconds
      guard seconds > limit else { continue }
      let isVoid = void.contains { a.receivedAt < $0 && $0 < b.receivedAt }
      add(isVoid ? .noFix : .silent, seconds - usual)
    }
    // Runs of kept reports, by the time they were made.
    var began: Instant?
    for (i, report) in fixes.enumerated() {
      let isKept = (report.receivedAt - report.fix.time).seconds > keptAfter
      if isKept, began == nil { began = report.fix.time }
      let isEnd = !isKept || i == fixes.count - 1
      if isEnd, let start = began {
        add(.late, (report.fix.time - start).seconds)
        began = nil
      }
    }
    return Cause.allCases.compactMap { found[$0] }
  }
}
