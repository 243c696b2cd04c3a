internal import Assessment
internal import Coverage
internal import Geodesy
internal import Mustache
public import Patrol
internal import Store

extension MemberReport {
  /// One self-contained page that prints well, in black and white too: no scripts, no links to fetch. Without a language, in
  /// the plan's own.
  public func html(in language: Language? = nil) throws -> String {
    let page = MemberPage(report: self, texts: Texts(language ?? plan.language))
    return try MustacheTemplate(string: MemberTemplate.text).render(page.values)
  }
}

/// What the template of a member's record is filled with.
private struct MemberPage {
  let report: MemberReport
  let texts: Texts

  private var plan: Plan { report.plan }
  private var cells: TallyCells { TallyCells(texts: texts) }
  private var name: String { report.server.text }

  var values: [String: Any] {
    let last = report.days.upperBound.adding(days: -1)
    let f = report.figures
    var page: [String: Any] = [
      "text": texts.byName, "language": texts.language.rawValue,
      "title": texts(.title, plan.brigade.name, texts(.memberRecordOf, name)),
      "brigade": plan.brigade.name, "heading": texts(.memberRecordOf, name),
      "daysOf": texts(.daysOf, "\(report.days.lowerBound) – \(last)", plan.zone.identifier),
      "state": texts(
        report.isFinal ? .periodFinal : .periodProvisional,
        plan.zone.minuteText(report.judgedUntil)),
      "stateClass": report.isFinal ? "final" : "open",
      "patterns": ShareBar.patterns(), "facts": facts,
      "vetoes": f.assessed.vetoes.map {
        texts(.vetoedBy, $0.duty.text, cells.percent($0.score), cells.percent($0.mark))
      },
      "hasWindows": !report.services.isEmpty, "windows": report.services.map(window),
      "hasGaps": !report.gaps.isEmpty, "gaps": report.gaps.map(gap),
      "hasTime": !report.spells.isEmpty, "handhelds": handhelds, "spells": report.spells.map(spell),
      "hasPairings": !report.pairings.isEmpty,
      "pairings": report.pairings.map {
        RecordCells(texts: texts, plan: plan, clock: { self.clock($0) }).pairing($0)
      },
      "hasOutages": !report.outages.isEmpty, "outages": report.outages.map(outage),
      "hasLooks": !report.looks.isEmpty, "looks": report.looks.map(look),
      "untold": report.untold.isEmpty
        ? [] : [texts(.daysUntold, texts.names(report.untold.map { "\($0)" }))],
      "digest": report.planDigest,
      "drawnUp": texts(.drawnUp, plan.zone.minuteText(report.drawnUp), ProgramIdentity.version),
    ]
    if let shares = f.tally.shares {
      page["whole"] = cells.verdict(shares, score: cells.score(f.assessed.score))
    }
    return page
  }

  // MARK: in one look

  /// Names and values, in the order in which they are read.
  private var facts: [[String: Any]] {
    let f = report.figures
    let (assessed, tally) = (cells.assessed(f.assessed), cells.shares(f.tally))
    let time = texts.cells(f.time, onDuty: f.onDuty)
    let group = plan.group(f.group)?.name ?? f.group.text
    let squadron = plan.brigade.squadrons.first { $0.id == f.squadron }?.name ?? f.squadron.text
    let rank = f.assessed.rank.map { texts(.rankOf, "\($0)", "\(report.ranked)") } ?? "–"
    let told: [(Texts.Key, Any?)] = [
      (.squadron, squadron), (.group, group),
      (.handhelds, texts.names(f.handhelds.map(\.text))), (.rating, assessed["rating"]),
      (.rank, rank), (.wages, assessed["band"]), (.days, f.days),
      (.served, texts.duration(f.served)), (.onDutyTime, time["onDuty"]),
      (.observed, time["observed"]), (.silent, time["silent"]),
      (.availability, time["availability"]), (.kilometresOnLines, time["kilometres"]),
      (.madeOfRequired, tally["made"]), (.longestInterval, tally["longest"]),
      (.excessWait, tally["wait"]), (.gaps, f.tally.gaps),
      (.ownAttendances, report.services.reduce(0) { $0 + $1.attendances }),
    ]
    return told.map { ["name": texts[$0], "value": $1.map { "\($0)" } ?? "–"] }
  }

  // MARK: rows

  private func window(_ s: MemberReport.Service) -> [String: Any] {
    let w = s.window
    var row = cells.shares(w.tally)
    let clock = clock(on: w.day)
    row["day"] = "\(w.day)"
    row["duty"] = w.duty.text
    row["group"] = plan.group(w.group)?.name ?? w.group.text
    row["window"] = "\(clock(w.began)) – \(clock(w.ended))"
    // What fills the window is not told twice.
    row["spans"] = s.spans.map { carried in
      carried.span == w.began..<w.ended
        ? carried.handheld.text
        : "\(clock(carried.span.lowerBound)) – \(clock(carried.span.upperBound)) \(carried.handheld)"
    }
    row["score"] = cells.score(w.tally.score)
    row["weight"] = Decimal.text(w.weight, w.weight == w.weight.rounded() ? 0 : 2)
    row["own"] =
      s.inVain == 0 ? "\(s.attendances)" : texts(.ownAndInVain, "\(s.attendances)", "\(s.inVain)")
    row["gaps"] = w.tally.gaps
    return row
  }

  private func gap(_ g: MemberReport.ServedGap) -> [String: Any] {
    let day = plan.operationalDay(of: g.record.gap.owed.windowBegan)
    var row = RecordCells(texts: texts, plan: plan, clock: clock(on: day))
      .gap(g.record, report.excuses).values
    row["day"] = "\(day)"
    row["own"] = g.own == .zero ? "–" : texts.duration(g.own)
    return row
  }

  private var handhelds: [[String: Any]] {
    var sums: [Handheld.ID: DutyTime] = [:]
    for spell in report.spells { sums[spell.handheld, default: DutyTime()].add(spell.spell.time) }
    return sums.sorted { $0.key < $1.key }.map { id, time in
      var row = texts.cells(time)
      row["handheld"] = id.text
      row["model"] = report.spells.last { $0.handheld == id }?.model.text ?? ""
      return row
    }
  }

  private func look(_ l: LookRecord) -> [String: Any] {
    [
      "who": l.who, "handheld": l.handheld, "at": plan.zone.minuteText(l.looked.lowerBound),
      "from": plan.zone.minuteText(l.shown.lowerBound),
      "to": plan.zone.minuteText(l.shown.upperBound), "count": l.looks,
    ]
  }

  private func spell(_ s: MemberReport.Spell) -> [String: Any] {
    var row = texts.cells(s.spell.time)
    let clock = clock(on: s.day)
    row["day"] = "\(s.day)"
    row["handheld"] = s.handheld.text
    row["span"] = "\(clock(s.spell.span.lowerBound)) – \(clock(s.spell.span.upperBound))"
    return row
  }

  private func outage(_ o: Outage) -> [String: Any] {
    [
      "what": texts[o.kind == .daemonDown ? .daemonNotRunning : .gpsdUnreachable],
      "handheld": o.handheld?.text ?? "", "began": report.zone(o.began),
      "ended": o.ended.map { report.zone($0) } ?? texts[.stillSo],
    ]
  }

  // MARK: times

  /// A time of day, with its date where it does not lie in the operational day.
  private func clock(on day: CivilDate) -> @Sendable (Instant) -> String {
    { instant in
      let time = plan.zone.timeOfDay(of: instant).description
      guard plan.operationalDay(of: instant) != day else { return time }
      return texts(.timeOnDate, time, "\(plan.zone.date(of: instant))")
    }
  }

  private func clock(_ instant: Instant) -> String { report.zone(instant) }
}
