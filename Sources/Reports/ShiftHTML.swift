internal import Assessment
internal import Coverage
internal import Geodesy
internal import Mustache
public import Patrol
internal import Store

extension ShiftReport {
  /// One self-contained page that prints well: no scripts, no links to fetch. Without a language, in the plan's own.
  public func html(in language: Language? = nil) throws -> String {
    let page = ShiftPage(report: self, texts: Texts(language ?? plan.language))
    let duty = try MustacheTemplate(string: ShiftTemplate.duty)
    // Of a large brigade these are nearly all of it: they are written on all processors.
    var pieces = PagePieces()
    let charts = ShiftCharts(self)
    pieces.add("lines", page.drawn(charts.lines))
    pieces.add("timelines", page.drawn(charts.places))
    pieces.add("handheldTimelines", page.drawn(charts.handhelds))
    pieces.add("map", [page.map])
    pieces.add("duties", page.duties(by: duty))
    pieces.add("gaps", page.gaps)
    pieces.add("handhelds", page.handhelds)
    let written = pieces.written()
    var values = page.values.merging(written) { $1 }
    values["hasLines"] = written["lines"] != ""
    values["hasTimelines"] = written["timelines"] != ""
    return try MustacheTemplate(string: ShiftTemplate.text).render(values)
  }
}

/// What the template of a shift report is filled with.
private struct ShiftPage: Sendable {
  let report: ShiftReport
  let texts: Texts
  /// Windows of each duty's opening, in the report's order.
  private let places: [Opening: [WindowRecord]]
  private let gapsOf: [Owed: [Gap]]
  private let excusedOf: [Owed: [Excuse]]

  private struct Opening: Hashable {
    var duty: Duty.ID
    var began: Instant

    init(_ owed: Owed) { (duty, began) = (owed.duty, owed.windowBegan) }
  }

  init(report: ShiftReport, texts: Texts) {
    (self.report, self.texts) = (report, texts)
    places = Dictionary(grouping: report.windows) { Opening($0.owed) }
    gapsOf = Dictionary(grouping: report.gaps.map(\.gap)) { $0.owed }
    excusedOf = Dictionary(grouping: report.excuses.filter { $0.state == .approved }) { $0.owed }
  }

  private var plan: Plan { report.plan }

  var values: [String: Any] {
    let (gaps, windows, outages) = (report.gaps, report.windows, report.outages)
    let day = texts.weekdayAndDate(report.day)
    var page: [String: Any] = [
      "text": texts.byName, "language": texts.language.rawValue,
      "title": texts(.title, plan.brigade.name, texts.date(report.day)),
      "brigade": plan.brigade.name, "heading": texts(.shiftReportOf, day),
      "operationalDay": texts(
        .operationalDayFrom, clock(report.span.lowerBound), plan.zone.identifier),
      "squadrons": squadrons, "hasGaps": !gaps.isEmpty, "noGaps": gaps.isEmpty && !windows.isEmpty,
      "noWindows": windows.isEmpty, "hasWindows": !windows.isEmpty,
      "patterns": ShareBar.patterns(), "key": key, "hasWithdrawn": !report.withdrawn.isEmpty,
      "withdrawn": report.withdrawn.map(withdrawnRow), "outages": outages.rows.map(outage),
      "hasOutages": !outages.rows.isEmpty,
      "changes": report.changes.map(change), "hasChanges": !report.changes.isEmpty,
      "pairings": report.pairings.map(cells.pairing), "hasPairings": !report.pairings.isEmpty,
      "digest": report.planDigest,
      "drawnUp": texts(.drawnUp, plan.zone.minuteText(report.drawnUp), ProgramIdentity.version),
      "isOpen": !report.isFinal && !windows.isEmpty,
      "isFinal": report.isFinal && !windows.isEmpty,
      "state": texts(
        report.isFinal ? .periodFinal : .periodProvisional,
        plan.zone.minuteText(report.judgedUntil)),
    ]
    let idle = self.idle
    (page["idle"], page["hasIdle"]) = (idle, !idle.isEmpty)
    if let shares = report.overall {
      let covered = tallies.percent(shares.rounded(decimals: 4).covered)
      page["overall"] = tallies.verdict(shares, score: covered)
    }
    return page
  }

  // MARK: what there is much of, in pieces

  func drawn(_ charts: [ShiftCharts.Chart]) -> [PagePieces.Piece] {
    let labels = ChartLabels(texts)
    return charts.map { chart in { chart.draw(labels) + "\n" } }
  }

  func map() -> String { ShiftMap(report, texts: texts)?.svg() ?? "" }

  func duties(by template: MustacheTemplate) -> [PagePieces.Piece] {
    PagePieces.some(16, of: report.totals) { template.render(duty($0)) }
  }

  var gaps: [PagePieces.Piece] {
    let cells = cells
    return PagePieces.some(64, of: report.gaps) { cells.gap($0, report.excuses).row(texts).text }
  }

  var handhelds: [PagePieces.Piece] {
    let days = Dictionary(uniqueKeysWithValues: report.handheldDays.map { ($0.handheld, $0) })
    return PagePieces.some(64, of: report.handhelds.rows) { handheld($0, days).text }
      + PagePieces.some(64, of: silentHandhelds) { silent($0, days[$0]).text }
  }

  private var tallies: TallyCells { TallyCells(texts: texts) }

  /// Local time of day; the date is the report's own unless it is said.
  private var cells: RecordCells {
    RecordCells(texts: texts, plan: plan) { self.clock($0) }
  }

  private func clock(_ instant: Instant) -> String {
    let time = plan.zone.timeOfDay(of: instant).description
    let date = plan.zone.date(of: instant)
    return date == report.day ? time : texts(.timeOnDate, time, "\(date)")
  }

  private func shares(_ s: Shares) -> [String: Any] {
    let parts = s.rounded(decimals: 3)
    return [
      "covered": texts.percent(s.covered, rounded: parts.covered),
      "missed": texts.percent(s.missed, rounded: parts.missed),
      "unproven": texts.percent(s.unproven, rounded: parts.unproven),
      "excused": texts.percent(s.excused, rounded: parts.excused),
    ]
  }

  /// What the fills of a window's course mean.
  private var key: [[String: Any]] {
    ShareBar.Part.allCases.map {
      ["name": texts.share($0), "swatch": ShareBar.swatch($0, name: texts.share)]
    }
  }

  /// Who came and attended nothing, in order of time: stays too short, passes too fast, and who was not on the duty then.
  private var idle: [[String: Any]] {
    func row(
      _ place: Place.ID, _ handheld: Handheld.ID, _ began: Instant, _ ended: Instant, _ why: String
    )
      -> (Instant, [String: Any])
    {
      (
        began,
        [
          "place": plan.place(place)?.name ?? place.text, "handheld": handheld.text,
          "began": clock(began), "ended": clock(ended), "why": why,
        ]
      )
    }
    let stays = report.stays.values.joined().filter { $0.kind != .stay }.map {
      row($0.place, $0.handheld, $0.arrived, $0.left, texts(.tooShort, texts.duration($0.length)))
    }
    let passes = report.passes.values.joined().filter { $0.kind != .pass }.map {
      row(
        $0.place, $0.handheld, $0.began, $0.ended, texts(.tooFast, Decimal.text($0.speed.value, 1)))
    }
    let besides = report.staysBesides.map {
      row($0.place, $0.handheld, $0.arrived, $0.left, texts[.notOnDutyThen])
    }
    return (stays + passes + besides).sorted { $0.0 < $1.0 }.map(\.1)
  }

  private var squadrons: [[String: Any]] {
    plan.brigade.squadrons.compactMap { squadron in
      let own = report.totals.filter { $0.squadron == squadron.id }
      guard !own.isEmpty else { return nil }
      var row = shares(
        report.shares(of: own) ?? Shares(covered: 0, missed: 0, unproven: 0, excused: 0))
      row["name"] = squadron.name
      row["leader"] = squadron.leader ?? ""
      row["duties"] = own.count
      row["gaps"] = own.reduce(0) { $0 + $1.gaps }
      return row
    }
  }

  private func duty(_ total: WindowRecord) -> [String: Any] {
    let own = places[Opening(total.owed)] ?? []
    var row = total.shares.map(shares) ?? [:]
    let duty = plan.duty(total.owed.duty)
    row["id"] = total.owed.duty.text
    row["group"] = plan.group(total.group)?.name ?? total.group.text
    row["squadron"] = plan.squadron(of: total.group)?.name ?? total.squadron.text
    row["window"] = "\(clock(total.owed.windowBegan)) – \(clock(total.ended))"
    row["asked"] = duty.map(texts.asked) ?? ""
    row["places"] = own.map(place)
    return row
  }

  private func place(_ window: WindowRecord) -> [String: Any] {
    var row = window.shares.map(shares) ?? ["covered": "–", "missed": "–", "unproven": "–"]
    let place = plan.place(window.owed.place)
    row["name"] = place?.name ?? window.owed.place.text
    let length = window.ended - window.owed.windowBegan
    let every = plan.duty(window.owed.duty)?.every ?? length
    let required = Waits.required(every: every, window: length)
    row["attendances"] = texts(.ofRequired, "\(window.attendances)", "\(required)")
    row["wait"] = "–"
    if let time = window.headways, let squares = window.squaredHeadways {
      let waits = Waits(time: time, squares: squares, every: every, window: length)
      row["wait"] = waits.meanExcess.map(tallies.wait) ?? "–"
    }
    row["longest"] = texts.duration(window.longestInterval)
    row["gaps"] = window.gaps
    row["course"] = Timeline.svg(
      window, gapsOf[window.owed] ?? [], excused: (excusedOf[window.owed] ?? []).map(\.region),
      place: place, zone: report.zone, texts: texts)
    return row
  }

  private func withdrawnRow(_ gap: Gap) -> [String: Any] {
    [
      "id": gap.id.text, "place": plan.place(gap.owed.place)?.name ?? gap.owed.place.text,
      "duty": gap.owed.duty.text, "began": clock(gap.began), "ended": clock(gap.ended),
      "was": texts.clauses([texts.verdict(gap.verdict), texts.cause(gap.cause)]),
    ]
  }

  private func change(_ ordered: OrderedChange) -> [String: Any] {
    func times(_ span: Range<Instant>) -> String {
      texts(.fromUntil, clock(span.lowerBound), clock(span.upperBound))
    }
    func named(_ places: [Place.ID]) -> String {
      texts.names(places.map { plan.place($0)?.name ?? $0.text })
    }
    let what =
      switch ordered.change.what {
      case .swap(let id, insteadOf: let other, let span):
        texts(.swapped, id.text, other.text, times(span))
      case .lend(let id, to: let duty, let span, let member):
        member.isEmpty
          ? texts(.lent, id.text, duty.text, times(span))
          : texts(.lentWith, id.text, member, duty.text, times(span))
      case .post(let duty):
        texts(
          .posted, duty.id.text, plan.group(duty.group)?.name ?? duty.group.text,
          named(duty.places), texts(.fromUntil, "\(duty.from)", "\(duty.to)"), texts.asked(duty))
      case .move(let duty, let from, let to):
        texts(.moved, duty.text, texts(.fromUntil, "\(from)", "\(to)"))
      case .callOff(let duty): texts(.calledOff, duty.text)
      case .note(let note, let squadron):
        squadron.map { id in
          let name = plan.brigade.squadrons.first { $0.id == id }?.name ?? id.text
          return texts(.noteFor, name, note)
        } ?? note
      }
    return [
      "what": what, "reason": ordered.reason, "by": ordered.by, "at": clock(ordered.at),
      "withdrawn": ordered.withdrawal.map { texts(.withdrawnBy, $0.by, clock($0.at)) } ?? "",
      "isWithdrawn": ordered.withdrawal != nil,
    ]
  }

  private func outage(_ row: [Listing.Value]) -> [String: Any] {
    func time(_ value: Listing.Value) -> String {
      if case .time(let instant) = value { clock(instant) } else { texts[.stillSo] }
    }
    let kind = row[0].plain(report.zone)
    return [
      "what": texts[
        kind == Outage.Kind.daemonDown.rawValue ? .daemonNotRunning : .gpsdUnreachable],
      "handheld": row[1].plain(report.zone), "began": time(row[2]), "ended": time(row[3]),
    ]
  }

  /// Those of the plan that nothing is stored of in this day.
  private var silentHandhelds: [Handheld.ID] {
    let heard = Set(report.handhelds.rows.map { $0[0].plain(report.zone) })
    return plan.handhelds.map(\.id).filter { !heard.contains($0.text) }
  }

  private func silent(_ id: Handheld.ID, _ day: HandheldDay?) -> Markup {
    let none: Markup = #"<td class="n">0</td>"#
    return """
      \(served(id, day))\(none)\(none)
        \(none)\(none)<td>\(texts[.never])</td><td></td></tr>

      """
  }

  private func handheld(_ row: [Listing.Value], _ days: [Handheld.ID: HandheldDay]) -> Markup {
    let values = Dictionary(zip(report.handhelds.columns, row), uniquingKeysWith: { a, _ in a })
    func count(_ column: String) -> Int64 {
      if case .integer(let n)? = values[column] { n } else { 0 }
    }
    func time(_ column: String) -> String? {
      if case .time(let instant)? = values[column] { clock(instant) } else { nil }
    }
    let id = Handheld.ID(values["handheld"]?.plain(report.zone) ?? "")
    let (reports, usable, noFix) = (count("reports"), count("usable"), count(Gate.noFix.rawValue))
    return """
      \(served(id, days[id]))<td class="n">\("\(reports)")</td><td class="n">\("\(usable)")</td>
        <td class="n">\("\(noFix)")</td><td class="n">\("\(reports - usable - noFix)")</td><td>\(time("first_at") ?? texts[.never])</td><td>\(time("last_at") ?? "")</td></tr>

      """
  }

  /// How a handheld's row begins: its time on duty and what of it was seen.
  private func served(_ id: Handheld.ID, _ day: HandheldDay?) -> Markup {
    let day = day.flatMap { $0.timeOnDuty > .zero ? $0 : nil }
    func cell(_ text: (HandheldDay) -> String) -> Markup {
      #"<td class="n">\#(day.map(text) ?? "–")</td>"#
    }
    return """
      <tr><td>\(id.text)</td><td>\(plan.group(of: id)?.name ?? "")</td>\(cell { texts.duration($0.timeOnDuty) })\
      \(cell { texts.duration($0.time(.observed)) })\(cell { texts.duration($0.time(.silent)) })\
      \(cell { Decimal.text($0.walked.value / 1000, 2) })
      """
  }
}
