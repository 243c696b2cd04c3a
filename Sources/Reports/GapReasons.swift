internal import Coverage
internal import Geodesy
public import Patrol

extension GapAccount {
  /// What one handheld did about the gap in the deciding time.
  public struct Reasons: Sendable {
    public var handheld: Handheld.ID
    /// In order of time, but for the last ones, which sum up.
    public var lines: [String]
  }

  /// Why nobody attended, handheld by handheld, in words. Times are local; their offset is for the reader to be told once.
  public func reasons(in language: Language) -> [Reasons] {
    let telling = GapReasons(account: self, texts: Texts(language))
    return served.map { Reasons(handheld: $0.handheld.id, lines: telling.lines($0)) }
  }

  /// Local time of day, to the second.
  func clock(_ at: Instant) -> String {
    String(
      plan.zone.text(Instant(milliseconds: at.milliseconds / 1000 * 1000)).dropFirst(11).prefix(8))
  }

  /// `+08:00`, at the beginning of the deciding time.
  var offsetText: String {
    let text = plan.zone.text(deciding.lowerBound)
    return text.hasSuffix("Z") ? "UTC" : String(text.suffix(6))
  }
}

/// What handhelds did about a gap, put into words.
private struct GapReasons {
  let account: GapAccount
  let texts: Texts

  private typealias Served = GapAccount.Served

  private var deciding: Range<Instant> { account.deciding }
  private var target: GapTarget { account.target }
  private var place: Place { account.place }

  func lines(_ served: GapAccount.Served) -> [String] {
    guard let counts = served.counts else { return [texts[.doesNotCount]] }
    guard counts.overlaps(deciding) else {
      return [texts(.didNotCount, clock(counts.lowerBound), clock(counts.upperBound))]
    }
    var told = account.isOnLine ? alongLine(served) : atTarget(served)
    told += silences(served)
    told.sort { $0.at < $1.at }
    return told.map(\.text) + [nearest(served), gates(served)].compactMap { $0 }
  }

  private typealias Told = (at: Instant, text: String)

  // MARK: lines

  private func alongLine(_ served: Served) -> [Told] {
    let limit = account.passSpeedMaximum(served.handheld)
    let passages = GapPassage.gather(
      served.trace.legs, along: place.id, in: deciding, limit: limit
    ).filter { target.meets($0.low, $0.high) }
    var told: [Told] = []
    for p in Self.together(passages) {
      let span = span(p.began, p.ended)
      let way =
        p.isStanding
        ? texts(.standingAt, metres(p.from)) : texts(.goingFromTo, metres(p.from), metres(p.to))
      switch p.kind {
      case .walked:
        let confidence = weight(p.confidence)
        told.append(
          (p.began, texts(p.isStanding ? .stoodAlong : .wentAlong, span, way, confidence)))
      case .tooFast:
        let speeds = [p.speedMaximum, limit.value].map { Decimal.text($0, 1) }
        told.append((p.began, texts(.wentTooFast, span, way, speeds[0], speeds[1])))
      case .undecided:
        let accounts = accounts(served, p.began..<max(p.ended, p.began + Milliseconds(1)))
        told.append((p.began, texts(.undecidedBetween, span, accounts)))
      }
    }
    return told + beside(served)
  }

  /// Undecided passages that overlap in time are one question.
  private static func together(_ passages: [GapPassage]) -> [GapPassage] {
    var result: [GapPassage] = []
    for p in passages {
      if p.kind == .undecided, let last = result.last, last.kind == .undecided,
        p.began <= last.ended + .seconds(10)
      {
        result[result.count - 1].legs.append(contentsOf: p.legs)
        result[result.count - 1].legs.sort { $0.ended < $1.ended }
      } else {
        result.append(p)
      }
    }
    return result
  }

  /// Accounts in a span of time with their mean weights.
  private func accounts(_ served: Served, _ span: Range<Instant>) -> String {
    var sums: [Trace.Way: (weight: Double, low: Double, high: Double)] = [:]
    var seconds = 0.0
    for w in served.trace.weighings where w.ended > span.lowerBound && w.began < span.upperBound {
      let length = (w.ended - w.began).seconds
      seconds += length
      for a in w.alternatives {
        let low = min(a.from.value, a.to.value)
        let high = max(a.from.value, a.to.value)
        let held = sums[a.way] ?? (0, low, high)
        sums[a.way] = (held.weight + a.weight * length, min(held.low, low), max(held.high, high))
      }
    }
    let all = sums.map { ($0.key, $0.value) }.sorted { $0.1.weight > $1.1.weight }
      .filter { $0.1.weight >= 0.02 * seconds }
    return all.map { way, sum in
      let (name, weight) = (account.name(way, texts), weight(sum.weight / max(seconds, 0.001)))
      return way == .off
        ? texts(.accountOff, name, weight)
        : texts(.accountAlong, name, metres(sum.low), metres(sum.high), weight)
    }.joined(separator: texts[.or])
  }

  /// How near another street is walked to be worth telling, in metres; and for how long.
  private static let nearWay = 300.0
  /// And how near the time off all lines, in metres.
  private static let near = 60.0
  private static let long = Milliseconds.seconds(20)

  /// Where it was told to be instead, near by.
  private func beside(_ served: Served) -> [Told] {
    let fixes = account.fixes(of: served).filter { $0.gate == nil }
    return GapRun.gather(served.trace.weighings, in: deciding).compactMap { run in
      guard run.isDecided, run.ended - run.began >= Self.long else { return nil }
      if case .along(let id) = run.lead.way, id == place.id { return nil }
      let own = fixes.filter { run.began <= $0.fix.time && $0.fix.time <= run.ended }
      let distances = own.map { target.distance(from: $0.fix.position) }
      guard let least = distances.min(), let most = distances.max(),
        least <= (run.lead.way == .off ? Self.near : Self.nearWay)
      else { return nil }
      let line = run.rivals.first { $0.way == .along(place.id) }?.weight
      let lead = weight(run.lead.weight)
      let weights =
        line.map { texts(.weightAgainst, lead, weight($0), account.name(place.id)) }
        ?? texts(.weightIs, lead)
      let span = span(run.began, run.ended)
      switch run.lead.way {
      case .along(let id):
        let along = texts(
          .wasOnInstead, span, account.name(id), metres(run.lead.low), metres(run.lead.high),
          metres(least), metres(most), weights)
        return (run.began, along)
      case .off:
        return (run.began, texts(.wasOffLines, span, metres(least), metres(most), weights))
      }
    }
  }

  // MARK: points and areas

  /// A stay that set the date ended as the deciding time began, to what is made of its edges.
  private static let before = Milliseconds.minutes(2)

  private func atTarget(_ served: Served) -> [Told] {
    account.stays.filter {
      $0.handheld == served.handheld.id && $0.left >= deciding.lowerBound - Self.before
        && $0.arrived < deciding.upperBound
        && ($0.cell == 0 || target.cells.contains($0.cell))
    }.map { stay in
      let span = span(stay.arrived, stay.left)
      let length = texts.duration(stay.length)
      let (owed, every) = (account.duty.stay, account.duty.every)
      switch stay.kind {
      case .stay where owed.value == 0 || stay.length >= owed:
        let due = stay.left + every
        // Possible attendance reaches a little beyond what was proven, by what the receiver cannot resolve.
        let gap = account.gap
        let lingers = gap.verdict == .missed && gap.began > due && gap.began - due < Self.before
        let covers = texts(.stayedCovers, span, length, clock(due))
        return (stay.arrived, lingers ? texts(.stayedLonger, covers, clock(gap.began)) : covers)
      case .stay, .shortStay:
        return (stay.arrived, texts(.stayedTooShort, span, length, texts.duration(owed)))
      case .driveBy:
        return (stay.arrived, texts(.wentThrough, span))
      }
    }
  }

  // MARK: what was not seen, and how near it came

  private func silences(_ served: Served) -> [Told] {
    served.trace.unobserved.compactMap { silence in
      guard silence.overlaps(deciding), let counts = served.counts, silence.overlaps(counts) else {
        return nil
      }
      let span = span(silence.lowerBound, silence.upperBound)
      let reports = served.trace.observations.filter {
        silence.contains($0.observation.orderTime) && $0.gate != nil
      }
      let what =
        reports.isEmpty
        ? texts[.silent] : texts(.toldNothingUsable, texts.tally(reports.compactMap(\.gate)))
      let pieces = [target.cells.first, target.cells[target.cells.count / 2], target.cells.last]
        .compactMap { $0 }
        .flatMap { served.trace.possible(at: place.id, cell: $0) }
        .filter { $0.upperBound >= silence.lowerBound && $0.lowerBound <= silence.upperBound }
      guard let began = pieces.map(\.lowerBound).min(), let ended = pieces.map(\.upperBound).max()
      else { return (silence.lowerBound, texts(.tooFarAway, span, what)) }
      let reach = Decimal.text(served.handheld.reach.value, 1)
      return (
        silence.lowerBound, texts(.canHaveBeen, span, what, reach, clock(began), clock(ended))
      )
    }
  }

  private func nearest(_ served: Served) -> String? {
    let all = account.fixes(of: served).filter { $0.gate == nil }
    guard let first = all.first else { return texts[.noUsablePosition] }
    // How near it came says nothing of who went along it.
    if account.isOnLine,
      GapPassage.gather(
        served.trace.legs, along: place.id, in: deciding,
        limit: account.passSpeedMaximum(served.handheld)
      ).contains(where: { target.meets($0.low, $0.high) })
    {
      return nil
    }
    var best = (fix: first.fix, distance: target.distance(from: first.fix.position))
    for (fix, _) in all.dropFirst() {
      let distance = target.distance(from: fix.position)
      if distance < best.distance { best = (fix, distance) }
    }
    // Where it was counts for more than how near.
    let what: String
    switch target.shape {
    case .stretches: what = texts[.theStretch]
    case .point: what = texts[.theCircle]
    case .surface: what = texts[.theArea]
    }
    if best.distance == 0, !account.isOnLine { return texts(.wasInside, what) }
    let (distance, at) = (metres(best.distance), clock(best.fix.time))
    guard let chainage = target.chainage(of: best.fix.position) else {
      return texts(.nearestPosition, distance, what, at)
    }
    return texts(.nearestBeside, distance, what, at, metres(chainage))
  }

  private func gates(_ served: Served) -> String? {
    let failed = account.fixes(of: served).compactMap(\.gate)
    return failed.isEmpty ? nil : texts(.proveNothing, texts.tally(failed))
  }

  // MARK: words

  private func clock(_ at: Instant) -> String { account.clock(at) }
  private func span(_ from: Instant, _ to: Instant) -> String { "\(clock(from))–\(clock(to))" }
  private func metres(_ x: Double) -> String { Decimal.text(x, 0) }
  private func weight(_ x: Double) -> String {
    // A weight that is all but 1 is not certainty.
    x > 0.995 && x < 1 - 1e-9 ? "> 0.99" : Decimal.text(x, 2)
  }
}
