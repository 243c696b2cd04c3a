internal import Geodesy
internal import Patrol

/// Time along one axis of a chart, told as the clocks on the wall showed it.
struct ChartTime {
  let zone: Zone
  /// Shown; never empty.
  let span: Range<Instant>
  /// Where it begins and ends.
  let low: Double
  let high: Double

  init(_ span: Range<Instant>, zone: Zone, from low: Double, to high: Double) {
    self.span = span.lowerBound..<max(span.upperBound, span.lowerBound + .minutes(1))
    (self.zone, self.low, self.high) = (zone, low, high)
  }

  /// Clamped to what is shown.
  func position(_ at: Instant) -> Double {
    let t = (at - span.lowerBound).seconds / (span.upperBound - span.lowerBound).seconds
    return low + min(1, max(0, t)) * (high - low)
  }

  /// A moment at which the axis is marked.
  struct Tick: Hashable {
    var at: Instant
    /// `19:30`; at a midnight the date.
    var text: String
    var kind: Kind

    enum Kind: Hashable {
      case plain, midnight
      /// The zone's clocks were put forward or back here.
      case zoneChange
    }
  }

  private static let steps: [Int64] = [60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200]

  /// At round local times at least so many pixels apart, and where the clocks were changed.
  func ticks(apart: Double) -> [Tick] {
    let perSecond = (high - low) / (span.upperBound - span.lowerBound).seconds
    let step = Self.steps.first { Double($0) * perSecond >= apart } ?? 86_400
    let changes = zone.transitions.filter {
      $0.at > span.lowerBound && $0.at < span.upperBound
        && zone.offset(at: $0.at - Milliseconds(1)) != $0.offset
    }
    var ticks: [Tick] = []
    var from = span.lowerBound
    for end in changes.map(\.at) + [span.upperBound] {
      let offset = Int64(zone.offset(at: from))
      let local = from.milliseconds + offset * 1000
      let first = (local + step * 1000 - 1) / (step * 1000) * (step * 1000)
      for t in stride(
        from: first, through: end.milliseconds + offset * 1000, by: Int64.Stride(step * 1000))
      {
        let at = Instant(milliseconds: t - offset * 1000)
        guard at < end || end == span.upperBound else { break }
        let isMidnight = t % 86_400_000 == 0
        ticks.append(
          Tick(
            at: at, text: isMidnight ? "\(zone.date(of: at))" : clock(at),
            kind: isMidnight ? .midnight : .plain))
      }
      from = end
    }
    for change in changes {
      ticks.removeAll { abs(position($0.at) - position(change.at)) < apart / 2 }
      let text = "\(clock(change.at)) \(Self.name(offset: change.offset))"
      ticks.append(Tick(at: change.at, text: text, kind: .zoneChange))
    }
    return ticks.sorted { $0.at < $1.at }
  }

  /// Local time of day, to the second where it is not a whole minute.
  func clock(_ at: Instant) -> String { zone.timeOfDay(of: at).description }

  /// `18:48:25–18:58:30`
  func clock(_ began: Instant, _ ended: Instant) -> String { "\(clock(began))–\(clock(ended))" }

  /// `UTC+08:00`; both where the clocks are changed in between.
  var offsets: String {
    let ends = [span.lowerBound, span.upperBound - Milliseconds(1)].map {
      Self.name(offset: zone.offset(at: $0))
    }
    return ends[0] == ends[1] ? ends[0] : "\(ends[0]) → \(ends[1])"
  }

  private static func name(offset: Int) -> String {
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let minutes = abs(offset) / 60
    return "UTC\(offset < 0 ? "−" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
  }

  /// The span that shows some spans, with a margin, from and to a round quarter of an hour; without any, the day.
  static func showing(_ spans: [Range<Instant>], day: Range<Instant>) -> Range<Instant> {
    guard let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max() else {
      return day
    }
    let quarter = Milliseconds.minutes(15).value
    let margin = Milliseconds(max(60_000, (last - first).value / 60)).value
    let low = (first.milliseconds - margin).quotientAndRemainder(dividingBy: quarter)
    let high = (last.milliseconds + margin).quotientAndRemainder(dividingBy: quarter)
    let start = low.quotient - (low.remainder < 0 ? 1 : 0)
    let end = high.quotient + (high.remainder > 0 ? 1 : 0)
    return Instant(milliseconds: start * quarter)..<Instant(milliseconds: end * quarter)
  }
}
