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
    let rows = page.gaps(by: try MustacheTemplate(string: ShiftTemplate.gap))
    let values = page.values.merging(["gaps": rows]) { $1 }
    return try MustacheTemplate(string: ShiftTemplate.text).render(values)
  }
}

/// What the template of a shift report is filled with.
private struct ShiftPage: Sendable {
  let report: ShiftReport
  let texts: Texts
  /// Windows of each duty's opening, in the report's order.
  private let places: [Opening: [WindowRecord]]
  /// Pictures of places' windows.
  private let courses: [Owed: String]

  private struct Opening: Hashable {
    var duty: Duty.ID
    var began: Instant

    init(_ owed: Owed) { (duty, began) = (owed.duty, owed.windowBegan) }
  }

  init(report: ShiftReport, texts: Texts) {
    (self.report, self.texts) = (report, texts)
    places = Dictionary(grouping: report.windows) { Opening($0.owed) }
    let gaps = Dictionary(grouping: report.gaps.map(\.gap), by: \.owed)
    let excused = Dictionary(
      grouping: report.excuses.filter { $0.state == .approved }, by: \.owed)
    let (plan, zone) = (report.plan, report.zone)
    let drawn = besideEachOther(report.windows) { window in
      Timeline.svg(
        window, gaps[window.owed] ?? [], excused: (excused[window.owed] ?? []).map(\.region),
        place: plan.place(window.owed.place), zone: zone,
        texts: texts)
    }
    courses = Dictionary(
      zip(report.windows.map(\.owed), drawn), uniquingKeysWith: { a, _ in a })
  }

  private var plan: Plan { report.plan }

  var values: [String: Any] {
    let (gaps, windows, outages) = (report.gaps, report.windows, report.outages)
    let day = texts.weekdayAndDate(report.day)
    let days = Dictionary(uniqueKeysWithValues: report.handheldDays.map { ($0.handheld.text, $0) })
    var page: [String: Any] = [
      "text": texts.byName, "language": texts.language.rawValue,
      "title": texts(.title, plan.brigade.name, texts.date(report.day)),
      "brigade": plan.brigade.name, "heading": texts(.shiftReportOf, day),
      "operationalDay": texts(
        .operationalDayFrom, clock(report.span.lowerBound), plan.zone.identifier),
      "duties": report.totals.map(duty), "squadrons": squadrons,
      "hasGaps": !gaps.isEmpty, "noGaps": gaps.isEmpty && !windows.isEmpty,
      "noWindows": windows.isEmpty, "hasWindows": !windows.isEmpty,
      "patterns": ShareBar.patterns(), "key": key, "hasWithdrawn": !report.withdrawn.isEmpty,
      "withdrawn": report.withdrawn.map(withdrawnRow), "outages": outages.rows.map(outage),
      "hasOutages": !outages.rows.isEmpty,
      "changes": report.changes.map(change), "hasChanges": !report.changes.isEmpty,
      "pairings": report.pairings.map(cells.pairing), "hasPairings": !report.pairings.isEmpty,
      "handhelds": (report.handhelds.rows.map(handheld) + silentHandhelds).map { row in
        row.merging(service(days[row["id"] as? String ?? ""])) { $1 }
      },
      "map": ShiftMap(report, texts: texts)?.svg() ?? "", "digest": report.planDigest,
      "drawnUp": texts(.drawnUp, plan.zone.minuteText(report.drawnUp), ProgramIdentity.version),
      "isOpen": !report.isFinal && !windows.isEmpty,
      "isFinal": report.isFinal && !windows.isEmpty,
      "state": texts(
        report.isFinal ? .periodFinal : .periodProvisional,
        plan.zone.minuteText(report.judgedUntil)),
    ]
    let (charts, labels) = (ShiftCharts(report), ChartLabels(texts))
    func drawings(_ all: [ShiftCharts.Drawing]) -> [[String: Any]] {
      all.map { ["title": $0.title, "svg": $0.svg] }
    }
    let (lines, places) = (drawings(charts.lines(labels)), drawings(charts.places(labels)))
    (page["lines"], page["hasLines"]) = (lines, !lines.isEmpty)
    (page["timelines"], page["hasTimelines"]) = (places, !places.isEmpty)
    page["handheldTimelines"] = drawings(charts.handhelds(labels))
    let idle = self.idle
    (page["idle"], page["hasIdle"]) = (idle, !idle.isEmpty)
    if let shares = report.overall { page["overall"] = self.shares(shares) }
    return page
  }

  /// Rows of gaps, some at a time on each processor.
  func gaps(by template: MustacheTemplate) -> String {
    let (gaps, excuses, cells) = (report.gaps, report.excuses, cells)
    let words = ["excuse": texts[.excuse], "colon": texts[.colon]]
    let parts = stride(from: 0, to: gaps.count, by: 64).map { $0..<min($0 + 64, gaps.count) }
    return besideEachOther(parts) { part in
      gaps[part].map { gap in
        template.render(cells.gap(gap, excuses).merging(["text": words]) { $1 })
      }.joined()
    }.joined()
  }

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
    [
      "covered": texts.percent(s.covered), "missed": texts.percent(s.missed),
      "unproven": texts.percent(s.unproven), "excused": texts.percent(s.excused),
      "hasMissed": s.missed > 0, "hasUnproven": s.unproven > 0, "hasExcused": s.excused > 0,
    ]
  }

  /// What the fills of a window's course mean.
  private var key: [[String: Any]] {
    ShareBar.Part.allCases.map {
      ["name": texts.share($0), "swatch": ShareBar.swatch($0, name: texts.share)]
    }
  }

  /// Who came and attended nothing, in order of time: stays too short, passes too fast.
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
    return (stays + passes).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Time on duty and what of it was seen, of one handheld.
  private func service(_ day: HandheldDay?) -> [String: Any] {
    guard let day, day.timeOnDuty > .zero else {
      return ["onDuty": "–", "observed": "–", "silent": "–", "walked": "–"]
    }
    return [
      "onDuty": texts.duration(day.timeOnDuty), "observed": texts.duration(day.time(.observed)),
      "silent": texts.duration(day.time(.silent)),
      "walked": Decimal.text(day.walked.value / 1000, 2),
    ]
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
    row["attendances"] = texts(.times, "\(window.attendances)")
    row["longest"] = texts.duration(window.longestInterval)
    row["gaps"] = window.gaps
    row["course"] = courses[window.owed] ?? ""
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
  private var silentHandhelds: [[String: Any]] {
    let heard = Set(report.handhelds.rows.map { $0[0].plain(report.zone) })
    return plan.handhelds.filter { !heard.contains($0.id.text) }.map { handheld in
      [
        "id": handheld.id.text, "group": plan.group(of: handheld.id)?.name ?? "", "reports": "0",
        "usable": "0", "noFix": "0", "gated": "0", "first": texts[.never], "last": "",
      ]
    }
  }

  private func handheld(_ row: [Listing.Value]) -> [String: Any] {
    let values = Dictionary(zip(report.handhelds.columns, row), uniquingKeysWith: { a, _ in a })
    func count(_ column: String) -> Int64 {
      if case .integer(let n)? = values[column] { n } else { 0 }
    }
    func time(_ column: String) -> String? {
      if case .time(let instant)? = values[column] { clock(instant) } else { nil }
    }
    let id = values["handheld"]?.plain(report.zone) ?? ""
    let (reports, usable, noFix) = (count("reports"), count("usable"), count(Gate.noFix.rawValue))
    return [
      "id": id, "group": plan.group(of: Handheld.ID(id))?.name ?? "", "reports": "\(reports)",
      "usable": "\(usable)", "noFix": "\(noFix)", "gated": "\(reports - usable - noFix)",
      "first": time("first_at") ?? texts[.never], "last": time("last_at") ?? "",
    ]
  }
}
