internal import Coverage
internal import Geodesy
public import Patrol

/// Why nobody attended, handheld by handheld, in words. Times are local; their offset is for the reader to be told once.
extension GapAccount {
  /// What one handheld did about the gap in the deciding time.
  public struct Reasons: Sendable {
    public var handheld: Handheld.ID
    /// In order of time, but for the last ones, which sum up.
    public var lines: [String]
  }

  public func reasons() -> [Reasons] {
    served.map { served in
      guard let counts = served.counts, counts.overlaps(deciding) else {
        return Reasons(
          handheld: served.handheld.id,
          lines: [
            served.counts == nil
              ? "nothing was received of it in this shift: it does not count, and excuses nobody"
              : "did not count in this time: from \(clock(served.counts!.lowerBound)) to \(clock(served.counts!.upperBound))"
          ])
      }
      var told = isOnLine ? alongLine(served) : atTarget(served)
      told += silences(served)
      told.sort { $0.at < $1.at }
      return Reasons(
        handheld: served.handheld.id,
        lines: told.map(\.text) + [nearest(served), gates(served)].compactMap { $0 })
    }
  }

  private typealias Told = (at: Instant, text: String)

  // MARK: lines

  private func alongLine(_ served: Served) -> [Told] {
    let limit = passSpeedMaximum(served.handheld)
    let passages = GapPassage.gather(
      served.trace.legs, along: place.id, in: deciding, limit: limit
    ).filter { target.meets($0.low, $0.high) }
    var told: [Told] = []
    for p in Self.together(passages) {
      let span = "\(clock(p.began))–\(clock(p.ended))"
      let way =
        p.isStanding
        ? "at \(metres(p.from)) m" : "from \(metres(p.from)) to \(metres(p.to)) m"
      switch p.kind {
      case .walked:
        told.append(
          (
            p.began,
            "\(span) \(p.isStanding ? "stood" : "went along it") \(way) (confidence \(weight(p.confidence))): that attends what it passed"
          ))
      case .tooFast:
        told.append(
          (
            p.began,
            "\(span) passed too fast \(way): up to \(Decimal.text(p.speedMaximum, 1)) m/s, at most \(Decimal.text(limit.value, 1)) m/s attend"
          ))
      case .undecided:
        let accounts = accounts(served, p.began..<max(p.ended, p.began + Milliseconds(1)))
        told.append((p.began, "\(span) undecided between \(accounts)"))
      }
    }
    return told + beside(served, passages)
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
      let stretch = way == .off ? "" : " \(metres(sum.low))–\(metres(sum.high)) m"
      return "\(name(way))\(stretch) (weight \(weight(sum.weight / max(seconds, 0.001))))"
    }.joined(separator: " and ")
  }

  /// How near another street is walked to be worth telling, in metres; and for how long.
  private static let nearWay = 300.0
  /// And how near the time off all lines, in metres.
  private static let near = 60.0
  private static let long = Milliseconds.seconds(20)

  /// Where it was told to be instead, near by.
  private func beside(_ served: Served, _ passages: [GapPassage]) -> [Told] {
    let fixes = fixes(of: served).filter { $0.gate == nil }
    return GapRun.gather(served.trace.weighings, in: deciding).compactMap { run in
      guard run.isDecided, run.ended - run.began >= Self.long else { return nil }
      if case .along(let id) = run.lead.way, id == place.id { return nil }
      let own = fixes.filter { run.began <= $0.fix.time && $0.fix.time <= run.ended }
      let distances = own.map { target.distance(from: $0.fix.position) }
      guard let least = distances.min(), let most = distances.max(),
        least <= (run.lead.way == .off ? Self.near : Self.nearWay)
      else { return nil }
      let line = run.rivals.first { $0.way == .along(place.id) }?.weight
      let against = line.map { ", against \(weight($0)) for \(name(place.id))" } ?? ""
      let span = "\(clock(run.began))–\(clock(run.ended))"
      switch run.lead.way {
      case .along(let id):
        return (
          run.began,
          "\(span) was on \(name(id)) instead, \(metres(run.lead.low))–\(metres(run.lead.high)) m along it, \(metres(least)) to \(metres(most)) m from the stretch (weight \(weight(run.lead.weight))\(against))"
        )
      case .off:
        return (
          run.began,
          "\(span) was off all lines, \(metres(least)) to \(metres(most)) m from the stretch (weight \(weight(run.lead.weight))\(against))"
        )
      }
    }
  }

  // MARK: points and areas

  /// A stay that set the date ended as the deciding time began, to what is made of its edges.
  private static let before = Milliseconds.minutes(2)

  private func atTarget(_ served: Served) -> [Told] {
    stays.filter {
      $0.handheld == served.handheld.id && $0.left >= deciding.lowerBound - Self.before
        && $0.arrived < deciding.upperBound
        && ($0.cell == 0 || target.cells.contains($0.cell))
    }.map { stay in
      let span = "\(clock(stay.arrived))–\(clock(stay.left))"
      let length = Texts(.english).duration(stay.length)
      switch stay.kind {
      case .stay where duty.stay.value == 0 || stay.length >= duty.stay:
        let due = stay.left + duty.every
        // Possible attendance reaches a little beyond what was proven, by what the receiver cannot resolve.
        let lingers = gap.verdict == .missed && gap.began > due && gap.began - due < Self.before
        return (
          stay.arrived,
          "\(span) stayed \(length): keeps it covered until \(clock(due)), when it falls due again"
            + (lingers
              ? "; it may have been there a little longer, so missed only from \(clock(gap.began))"
              : "")
        )
      case .stay, .shortStay:
        return (
          stay.arrived,
          "\(span) was there for \(length), where \(Texts(.english).duration(duty.stay)) are owed: attends nothing"
        )
      case .driveBy:
        return (stay.arrived, "\(span) went through without slowing down: attends nothing")
      }
    }
  }

  // MARK: what was not seen, and how near it came

  private func silences(_ served: Served) -> [Told] {
    served.trace.unobserved.compactMap { silence in
      guard silence.overlaps(deciding), let counts = served.counts, silence.overlaps(counts) else {
        return nil
      }
      let span = "\(clock(silence.lowerBound))–\(clock(silence.upperBound))"
      let reports = served.trace.observations.filter {
        silence.contains($0.observation.orderTime) && $0.gate != nil
      }
      let what =
        reports.isEmpty
        ? "silent" : "told nothing usable (\(Self.tally(reports.compactMap(\.gate))))"
      let pieces = [target.cells.first, target.cells[target.cells.count / 2], target.cells.last]
        .compactMap { $0 }
        .flatMap { served.trace.possible(at: place.id, cell: $0) }
        .filter { $0.upperBound >= silence.lowerBound && $0.lowerBound <= silence.upperBound }
      guard let began = pieces.map(\.lowerBound).min(), let ended = pieces.map(\.upperBound).max()
      else {
        return (
          silence.lowerBound, "\(span) \(what); too far away before and after to have been there"
        )
      }
      return (
        silence.lowerBound,
        "\(span) \(what); at \(Decimal.text(served.handheld.reach.value, 1)) m/s it can have been there from \(clock(began)) to \(clock(ended))"
      )
    }
  }

  private func nearest(_ served: Served) -> String? {
    let all = fixes(of: served).filter { $0.gate == nil }
    guard let first = all.first else { return "no usable position in this time" }
    // How near it came says nothing of who went along it.
    if isOnLine,
      GapPassage.gather(
        served.trace.legs, along: place.id, in: deciding, limit: passSpeedMaximum(served.handheld)
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
    case .stretches: what = "the stretch"
    case .point: what = "the circle"
    case .surface: what = "the area"
    }
    if best.distance == 0, !isOnLine { return "was inside \(what) itself, as told above" }
    let chainage = target.chainage(of: best.fix.position).map { ", beside \(metres($0)) m" } ?? ""
    return
      "nearest position: \(metres(best.distance)) m from \(what) at \(clock(best.fix.time))\(chainage)"
  }

  private func gates(_ served: Served) -> String? {
    let failed = fixes(of: served).compactMap(\.gate)
    return failed.isEmpty ? nil : "positions that prove nothing: \(Self.tally(failed))"
  }

  private static func tally(_ gates: [Gate]) -> String {
    Dictionary(grouping: gates, by: \.self).map { ($0.key.rawValue, $0.value.count) }
      .sorted { ($0.1, $1.0) > ($1.1, $0.0) }.map { "\($1) \($0)" }.joined(separator: ", ")
  }

  // MARK: words

  /// Local time of day, to the second.
  func clock(_ at: Instant) -> String {
    String(
      plan.zone.text(Instant(milliseconds: at.milliseconds / 1000 * 1000)).dropFirst(11).prefix(8))
  }

  /// `+08:00`, at the beginning of the deciding time.
  public var offsetText: String {
    let text = plan.zone.text(deciding.lowerBound)
    return text.hasSuffix("Z") ? "UTC" : String(text.suffix(6))
  }

  private func metres(_ x: Double) -> String { Decimal.text(x, 0) }
  private func weight(_ x: Double) -> String {
    // A weight that is all but 1 is not certainty.
    x > 0.995 && x < 1 - 1e-9 ? "> 0.99" : Decimal.text(x, 2)
  }
}
