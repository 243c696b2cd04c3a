public import Coverage
public import Geodesy
public import Patrol

/// Makes a `HandheldDay` of what one handheld told, taken one by one in order of time: O(1) each, and nothing is allocated
/// but where what is received changes its kind.
public struct HandheldTally {
  private let handheld: Handheld.ID
  private let legMaximum: Milliseconds
  private let rostered: [Range<Instant>]
  /// Shifts that the roster is silent on, and when it counts from in them.
  private var free: [(span: Range<Instant>, from: Instant?)]
  private var waiting: Int
  /// Where shifts and the roster's rows begin and end, rising; what was received is counted between them.
  private let bounds: [Instant]
  private var counts: [DutyTime]
  private var slot = 0
  private var latest = Instant.distantPast
  private var latestUsable: Instant?
  private var observed = IntervalSet()
  private var unproven: [Gate: IntervalSet] = [:]
  /// Some of those spans may reach past what came last.
  private var isUnproven = false

  /// - Parameter allotted: its own, in order of their beginnings.
  public init(_ handheld: Handheld, allotted: [Assignment]) {
    self.handheld = handheld.id
    legMaximum = handheld.legMaximum
    rostered = allotted.filter { $0.basis != .firstReport }.map(\.span)
    free = allotted.filter { $0.basis == .firstReport }.map { ($0.span, nil) }
    waiting = free.count
    bounds = Set(allotted.flatMap { [$0.span.lowerBound, $0.span.upperBound] }).sorted()
    counts = Array(repeating: DutyTime(), count: bounds.count + 1)
  }

  /// - Parameters:
  ///   - at: no earlier than the one before.
  ///   - gate: the one that it failed; nil where it is usable.
  public mutating func take(_ at: Instant, _ gate: Gate?) {
    if waiting > 0 { begin(at) }
    while slot < bounds.count, bounds[slot] <= at { slot += 1 }
    counts[slot].count(gate)
    switch gate {
    case nil:
      if let before = latestUsable, at - before <= legMaximum { observed.append(before..<at) }
      latestUsable = at
      if isUnproven { endUnproven(at) }
    case .duplicate, .offDuty: break
    case let gate?:
      // Between a fix and what came next, soon enough, nothing was silent.
      let goesOn = latest == latestUsable && at - latest <= legMaximum
      unproven[gate, default: IntervalSet()].append((goesOn ? latest : at)..<at + legMaximum)
      isUnproven = true
    }
    latest = at
  }

  /// One that reports across the beginning of a shift is there from its beginning on.
  private mutating func begin(_ at: Instant) {
    for i in free.indices where free[i].from == nil && free[i].span.contains(at) {
      free[i].from = at - latest <= legMaximum ? free[i].span.lowerBound : at
      waiting -= 1
    }
  }

  private mutating func endUnproven(_ at: Instant) {
    for gate in Self.gates { unproven[gate]?.cut(at) }
    isUnproven = false
  }

  /// In the order in which they are taken, first those that make a position suspect.
  private static let gates: [Gate] = [
    .clock, .simulated, .jump, .frozen, .nullIsland, .poorFix, .noFix,
  ]

  /// - Parameters:
  ///   - passes: its own, in order of their beginnings.
  ///   - outages: of the daemon, and of gpsds, this handheld's or others'.
  ///   - judgedUntil: nothing is known of what lies after it.
  public func day(passes: [Pass], outages: [Outage], judgedUntil: Instant) -> HandheldDay {
    let counted = free.compactMap { entry in entry.from.map { $0..<entry.span.upperBound } }
    let onDuty = IntervalSet(unsorted: rostered + counted)
    let judged = onDuty.intersection(IntervalSet(Instant.distantPast..<judgedUntil))
    var parts: [HandheldDay.Part] = []
    var left = judged
    func take(_ state: HandheldDay.State, _ when: IntervalSet) {
      let part = left.intersection(when)
      parts += part.ranges.map { HandheldDay.Part(state, $0) }
      left = left.subtracting(part)
    }
    func outage(_ kind: Outage.Kind) -> IntervalSet {
      IntervalSet(
        unsorted: outages.filter {
          $0.kind == kind && ($0.handheld == nil || $0.handheld == handheld)
        }.map { $0.began..<max($0.began, $0.ended ?? judgedUntil) })
    }
    take(.observed, observed)
    take(.daemonDown, outage(.daemonDown))
    take(.unreachable, outage(.unreachable))
    for gate in Self.gates {
      if let when = unproven[gate] { take(gate == .noFix ? .noFix : .rejected(gate), when) }
    }
    take(.silent, left)
    parts.sort { $0.span.lowerBound < $1.span.lowerBound }
    parts = ended(parts, judged)
    let walks = HandheldDay.walks(passes)
    let (spells, besides) = spells(judged, parts, walks)
    return HandheldDay(
      handheld: handheld, onDuty: onDuty.ranges, parts: parts,
      reports: counts.reduce(0) { $0 + $1.reports },
      walked: walks.reduce(Metres.zero) { $0 + $1.length }, spells: spells, besides: besides)
  }

  /// Parts the day where shifts and the roster's rows begin and end. O(bounds × (parts + walks)).
  private func spells(
    _ judged: IntervalSet, _ parts: [HandheldDay.Part],
    _ walks: [(span: Range<Instant>, length: Metres)]
  ) -> (spells: [DutySpell], besides: DutyTime) {
    var spells: [DutySpell] = []
    var besides = DutyTime()
    besides.walked = walks.reduce(Metres.zero) { $0 + $1.length }
    for slot in counts.indices {
      // The roster's time fills it; what counts from a first report on reaches to its end.
      let within = slot > 0 && slot < bounds.count ? bounds[slot - 1]..<bounds[slot] : nil
      guard let within, let span = judged.intersection(IntervalSet(within)).ranges.first else {
        besides.add(counts[slot])
        continue
      }
      var time = counts[slot]
      for part in parts where part.span.overlaps(span) {
        let common = part.span.clamped(to: span)
        time.add(common.upperBound - common.lowerBound, part.state)
      }
      for walk in walks where walk.span.overlaps(span) {
        let common = walk.span.clamped(to: span)
        let share =
          (common.upperBound - common.lowerBound).seconds
          / (walk.span.upperBound - walk.span.lowerBound).seconds
        time.walked += walk.length * share
      }
      besides.walked = besides.walked - time.walked
      spells.append(DutySpell(span, time))
    }
    // What is left of a difference of sums is no way.
    if besides.walked < 1e-6 { besides.walked = .zero }
    return (spells, besides)
  }

  /// Less than a leg's time at either end of a span of duty is no silence yet: it is as what it touches.
  private func ended(_ parts: [HandheldDay.Part], _ judged: IntervalSet) -> [HandheldDay.Part] {
    let starts = Set(judged.ranges.map(\.lowerBound))
    let ends = Set(judged.ranges.map(\.upperBound))
    var result: [HandheldDay.Part] = []
    for (i, part) in parts.enumerated() {
      var part = part
      let isShort = part.span.upperBound - part.span.lowerBound <= legMaximum
      if part.state == .silent, isShort {
        if starts.contains(part.span.lowerBound), i + 1 < parts.count,
          parts[i + 1].span.lowerBound == part.span.upperBound
        {
          part.state = parts[i + 1].state
        } else if ends.contains(part.span.upperBound), i > 0,
          parts[i - 1].span.upperBound == part.span.lowerBound
        {
          part.state = parts[i - 1].state
        }
      }
      if let last = result.last, last.state == part.state,
        last.span.upperBound == part.span.lowerBound
      {
        result[result.count - 1].span = last.span.lowerBound..<part.span.upperBound
      } else {
        result.append(part)
      }
    }
    return result
  }
}
