internal import Assessment
internal import Coverage
internal import Geodesy
internal import Mustache
public import Patrol
internal import Store

extension PeriodReport {
  /// One self-contained page that prints well: no scripts, no links to fetch. Without a language, in the plan's own.
  public func html(in language: Language? = nil) throws -> String {
    let page = PeriodPage(report: self, texts: Texts(language ?? plan.language))
    return try MustacheTemplate(string: PeriodTemplate.text).render(page.values())
  }
}

/// What the template of a period's report is filled with.
private struct PeriodPage {
  let report: PeriodReport
  let texts: Texts

  private var plan: Plan { report.plan }
  private var cells: TallyCells { TallyCells(texts: texts) }
  private var rules: AssessmentRules { report.supposition.rules ?? plan.assessment }

  func values() throws -> [String: Any] {
    let last = report.period.days.upperBound.adding(days: -1)
    let days = "\(report.period.days.lowerBound) – \(last)"
    let (figures, members) = (report.figures, report.members)
    let squadrons = figures.squadrons.map(squadron)
    var page: [String: Any] = [
      "text": texts.byName, "language": texts.language.rawValue,
      "title": texts(.title, plan.brigade.name, "\(report.period)"),
      "brigade": plan.brigade.name, "heading": texts(heading, "\(report.period)"),
      "daysOf": texts(.daysOf, days, plan.zone.identifier),
      "state": state, "isAnything": !figures.days.isEmpty,
      "stateClass": isSettled ? "final" : "open",
      "patterns": ShareBar.patterns(),
      "squadrons": squadrons, "marks": marks,
      "hasTrend": squadrons.contains { $0["trend"] as? String != "" },
      "hasDays": figures.days.count > 1, "days": course(),
      "units": figures.squadrons.filter { !$0.duties.isEmpty }.map(unit),
      "hasCauses": !report.causes.isEmpty, "causes": report.causes.map(cause),
      "hasEstablishment": figures.squadrons.contains { $0.establishment != nil },
      "establishment": figures.squadrons.compactMap(establishment),
      "hasMembers": !members.isEmpty, "members": members.map(member),
      "hasExcuses": !report.excuses.isEmpty, "excuses": report.excuses.map(excuse),
      "seals": try SealPage(report: report, texts: texts).html(), "besides": besides,
      "digest": report.planDigest,
      "drawnUp": texts(.drawnUp, local(report.drawnUp), ProgramIdentity.version),
    ]
    page.merge(DutyTimePage(report: report, texts: texts).values) { $1 }
    if !report.supposition.isNone { page["hypothetical"] = supposed }
    let sealed = SealPage(report: report, texts: texts).summary
    (page["sealed"], page["isSealable"]) = (sealed, !sealed.isEmpty && !figures.days.isEmpty)
    if let shares = figures.brigade.shares {
      page["whole"] = cells.verdict(shares, score: cells.score(figures.brigade.score))
    }
    return page
  }

  // MARK: head

  private var heading: Texts.Key {
    switch report.period.kind {
    case .week: .weekSummaryOf
    case .month: .monthAssessmentOf
    case .quarter: .quarterAssessmentOf
    }
  }

  private var state: String {
    let judged = local(report.judgedUntil)
    return isSettled ? texts(.periodFinal, judged) : texts(.periodProvisional, judged)
  }

  /// What is sealed was judged to its end, and its time is over; recordings that were replayed are judged no further.
  private var isSettled: Bool {
    report.isFinal || (!report.seals.isEmpty && report.figures.isFinal)
  }

  private var supposed: String {
    let weights = report.supposition.weights.sorted { $0.key.text < $1.key.text }.map {
      texts(.supposedWeight, $0.key.text, Decimal.text($0.value, 2))
    }
    return texts(
      .supposed, texts.clauses(weights + (report.supposition.rules == nil ? [] : [marks])))
  }

  private var marks: String {
    let vetoes = rules.vetoes.sorted { $0.key.text < $1.key.text }.map {
      texts(.vetoMark, $0.key.text, cells.percent($0.value))
    }
    return texts.clauses(
      [
        texts(.passMarkIs, cells.percent(rules.passMark)),
        texts(.advancedMarkIs, cells.percent(rules.advancedMark)),
      ]
        + vetoes)
  }

  // MARK: units

  private func squadron(_ s: PeriodFigures.SquadronFigures) -> [String: Any] {
    var row = cells.shares(s.tally)
    row["rank"] = s.assessed.rank.map { "\($0)" } ?? "–"
    row["name"] = s.squadron.name
    row["leader"] = s.squadron.leader ?? ""
    row.merge(cells.assessed(s.assessed)) { $1 }
    row["vetoes"] = s.assessed.vetoes.map {
      texts(.vetoedBy, $0.duty.text, cells.percent($0.score), cells.percent($0.mark))
    }
    let scores =
      report.earlier.map { earlier in
        earlier.figures.squadrons.first { $0.squadron.id == s.squadron.id }?.assessed.score
      } + [s.assessed.score]
    row["trend"] =
      scores.compactMap { $0 }.count > 1
      ? ScoreTrend.svg(
        scores, marks: [rules.passMark, rules.advancedMark],
        label: scores.map { cells.score($0) }.joined(separator: ", ")) : ""
    return row
  }

  private func unit(_ s: PeriodFigures.SquadronFigures) -> [String: Any] {
    [
      "name": s.squadron.name,
      "duties": s.duties.map { d -> [String: Any] in
        var row = cells.shares(d.tally)
        row["name"] = d.duty.text
        if let veto = d.veto { row["veto"] = texts(.vetoesBelow, cells.percent(veto)) }
        row["group"] = plan.group(d.group)?.name ?? d.group.text
        row["weight"] = Decimal.text(d.weight, d.weight == d.weight.rounded() ? 0 : 2)
        row["score"] = cells.score(d.tally.score)
        row["gaps"] = d.tally.gaps
        return row
      },
    ]
  }

  private func member(_ m: MemberFigures) -> [String: Any] {
    var row = cells.shares(m.tally)
    row["rank"] = m.assessed.rank.map { "\($0)" } ?? "–"
    row["name"] = m.server.text
    row["group"] = plan.group(m.group)?.name ?? m.group.text
    row["handhelds"] = texts.names(m.handhelds.map(\.text))
    row["days"] = m.days
    row["served"] = texts.duration(m.served)
    row.merge(cells.assessed(m.assessed)) { $1 }
    row.merge(texts.cells(m.time, onDuty: m.onDuty)) { $1 }
    return row
  }

  private func cause(_ c: CauseFigures) -> [String: Any] {
    [
      "squadron": plan.brigade.squadrons.first { $0.id == c.squadron }?.name ?? c.squadron.text,
      "verdict": texts.verdict(c.verdict), "cause": texts.explained(c.cause), "gaps": c.gaps,
      "windows": Decimal.text(c.windows, 2),
    ]
  }

  private func establishment(_ s: PeriodFigures.SquadronFigures) -> [String: Any]? {
    s.establishment.map {
      ["name": s.squadron.name, "strength": $0.strength, "norm": $0.norm, "short": $0.short]
    }
  }

  private func excuse(_ e: Excuse) -> [String: Any] {
    var row = texts.row(e, local)
    row["place"] = plan.place(e.owed.place)?.name ?? e.owed.place.text
    row["duty"] = e.owed.duty.text
    row["window"] = local(e.owed.windowBegan)
    return row
  }

  // MARK: pictures

  private func course() -> String {
    let known = Dictionary(uniqueKeysWithValues: report.figures.days.map { ($0.day, $0.tally) })
    let dates = Array(report.period.dates)
    let everyDay = dates.count <= 31
    let days = dates.map { day in
      // Mondays, but where the first of a month stands beside.
      let soon = day.adding(days: 4)
      let isNearFirst = day.day < 5 || (soon.day < 5 && soon < report.period.days.upperBound)
      let isTold = everyDay || day.day == 1 || (day.weekday == 0 && !isNearFirst)
      return (
        text: isTold ? (everyDay ? "\(day.day)" : String("\(day)".dropFirst(5))) : nil,
        title: "\(day)", shares: known[day]?.shares
      )
    }
    return ShareBar.course(days, label: texts[.daysHeading], name: texts.share)
  }

  // MARK: in words

  /// Of outages, so many are told with their times.
  private static let timesShown = 6

  /// To the minute, with its offset; to be read.
  private func local(_ at: Instant) -> String { plan.zone.minuteText(at) }

  /// What a reader has to know beside the figures.
  private var besides: [String] {
    var told: [String] = []
    if !report.planChanges.isEmpty {
      let moments = report.planChanges.suffix(8).map(local)
      told.append(
        texts(.planChanged, "\(report.planChanges.count)", texts.names(moments)))
    }
    let late = report.lateness
    if !late.isNone {
      told.append(
        texts(
          .lateEvidence, "\(late.withdrawn)", "\(late.shortened)", "\(late.changed)",
          "\(late.opened)"))
    }
    for (kind, key) in [
      (Outage.Kind.daemonDown, Texts.Key.ourDaemonWasDown), (.unreachable, .gpsdsWereUnreachable),
    ] {
      let spans = report.outages.rows.filter { $0[0].plain(report.zone) == kind.rawValue }
      guard !spans.isEmpty else { continue }
      var whole = Milliseconds.zero
      let times = spans.compactMap { row -> String? in
        guard case .time(let began) = row[2] else { return nil }
        var ended: Instant?
        if case .time(let end) = row[3] { ended = end }
        let (from, to) = (report.span.lowerBound, report.span.upperBound)
        whole = whole + max(.zero, min(ended ?? report.judgedUntil, to) - max(began, from))
        let handheld = row[1].plain(report.zone)
        let end = ended.map { end in
          plan.zone.date(of: end) == plan.zone.date(of: began)
            ? plan.zone.timeOfDay(of: end).description : local(end)
        }
        return (handheld.isEmpty ? "" : handheld + " ")
          + "\(local(began)) – \(end ?? texts[.stillSo])"
      }
      let shown = times.prefix(Self.timesShown) + (times.count > Self.timesShown ? ["…"] : [])
      told.append(
        texts(key, "\(spans.count)", texts.duration(whole), texts.names(shown)))
    }
    if !report.untold.isEmpty {
      told.append(texts(.daysUntold, texts.names(report.untold.map { "\($0)" })))
    }
    if report.figures.brigade.ownFault > 0 { told.append(texts[.ownFaultNotHeld]) }
    let open = report.excuses.count { $0.state == .asked }
    if open > 0 { told.append(texts(.excusesUndecided, "\(open)")) }
    return told.isEmpty ? [texts[.nothingBesides]] : told
  }
}
