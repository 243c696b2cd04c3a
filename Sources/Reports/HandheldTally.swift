internal import Coverage
internal import Geodesy
internal import Patrol

/// Makes a `HandheldDay` of what one handheld told, taken one by one in order of time: O(1) each, and nothing is allocated
/// but where what is received changes its kind.
struct HandheldTally {
  private let handheld: Handheld.ID
  private let legMaximum: Milliseconds
  private let rostered: [Range<Instant>]
  /// Shifts that the roster is silent on, and when it counts from in them.
  private var free: [(span: Range<Instant>, from: Instant?)]
  private var waiting: Int
  private var reports = 0
  private var latest = Instant.distantPast
  private var latestUsable: Instant?
  private var observed = TimeSet()
  private var unproven: [Gate: TimeSet] = [:]
  /// Some of those spans may reach past what came last.
  private var isUnproven = false

  /// - Parameter allotted: its own, in order of their beginnings.
  init(_ handheld: Handheld, allotted: [Assignment]) {
    self.handheld = handheld.id
    legMaximum = handheld.legMaximum
    rostered = allotted.filter { $0.basis != .firstReport }.map(\.span)
    free = allotted.filter { $0.basis == .firstReport }.map { ($0.span, nil) }
    waiting = free.count
  }

  mutating func take(_ at: Instant, _ gate: Gate?) {
    if waiting > 0 { begin(at) }
    reports += 1
    switch gate {
    case nil:
      if let before = latestUsable, at - before <= legMaximum { observed.append(before..<at) }
      latestUsable = at
      if isUnproven { endUnproven(at) }
    case .duplicate, .offDuty: break
    case let gate?:
      // Between a fix and what came next, soon enough, nothing was silent.
      let goesOn = latest == latestUsable && at - latest <= legMaximum
      unproven[gate, default: TimeSet()].append((goesOn ? latest : at)..<at + legMaximum)
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
  func day(passes: [Pass], outages: [Outage], judgedUntil: Instant) -> HandheldDay {
    let counted = free.compactMap { entry in entry.from.map { $0..<entry.span.upperBound } }
    let onDuty = TimeSet(rostered + counted)
    let judged = onDuty.intersection(TimeSet([Instant.distantPast..<judgedUntil]))
    var parts: [HandheldDay.Part] = []
    var left = judged
    func take(_ state: HandheldDay.State, _ when: TimeSet) {
      let part = left.intersection(when)
      parts += part.spans.map { HandheldDay.Part(state, $0) }
      left = left.subtracting(part)
    }
    func outage(_ kind: Outage.Kind) -> TimeSet {
      TimeSet(
        outages.filter { $0.kind == kind && ($0.handheld == nil || $0.handheld == handheld) }.map {
          $0.began..<max($0.began, $0.ended ?? judgedUntil)
        })
    }
    take(.observed, observed)
    take(.daemonDown, outage(.daemonDown))
    take(.unreachable, outage(.unreachable))
    for gate in Self.gates {
      if let when = unproven[gate] { take(gate == .noFix ? .noFix : .rejected(gate), when) }
    }
    take(.silent, left)
    parts.sort { $0.span.lowerBound < $1.span.lowerBound }
    return HandheldDay(
      handheld: handheld, onDuty: onDuty.spans, parts: ended(parts, judged), reports: reports,
      walked: HandheldDay.walked(passes))
  }

  /// Less than a leg's time at either end of a span of duty is no silence yet: it is as what it touches.
  private func ended(_ parts: [HandheldDay.Part], _ judged: TimeSet) -> [HandheldDay.Part] {
    let starts = Set(judged.spans.map(\.lowerBound))
    let ends = Set(judged.spans.map(\.upperBound))
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
