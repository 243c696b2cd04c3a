internal import Coverage
internal import Geodesy
internal import Mustache
internal import Patrol
internal import Store

extension ShiftReport {
  /// One self-contained page that prints well: no scripts, no links to fetch.
  public func html() throws -> String {
    try MustacheTemplate(string: ShiftTemplate.text).render(page)
  }

  private var page: [String: Any] {
    var page: [String: Any] = [
      "title": "\(plan.brigade.name), \(day)",
      "brigade": plan.brigade.name, "day": "\(day)", "weekday": Self.weekdays[day.weekday],
      "from": clock(span.lowerBound), "zone": plan.zone.identifier,
      "duties": totals.map(duty), "squadrons": squadrons, "gaps": gaps.map(row),
      "gapCount": gaps.count, "hasGaps": !gaps.isEmpty, "noGaps": gaps.isEmpty && !windows.isEmpty,
      "noWindows": windows.isEmpty, "hasWithdrawn": !withdrawn.isEmpty,
      "withdrawn": withdrawn.map(withdrawnRow), "outages": outages.rows.map(outage),
      "hasOutages": !outages.rows.isEmpty,
      "pairings": pairings.map(pairing), "hasPairings": !pairings.isEmpty,
      "handhelds": handhelds.rows.map(handheld) + silentHandhelds,
      "map": ShiftMap(self)?.svg() ?? "", "digest": planDigest, "drawnUp": zone(drawnUp),
      "version": ProgramIdentity.version, "isOpen": !isFinal && !windows.isEmpty,
      "judged": clock(judgedUntil),
    ]
    if let shares = overall { page["overall"] = self.shares(shares) }
    return page
  }

  private static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  /// Local time of day; the date is the report's own unless it is said.
  private func clock(_ instant: Instant) -> String {
    let time = plan.zone.timeOfDay(of: instant).description
    let date = plan.zone.date(of: instant)
    return date == day ? time : "\(time) (\(date))"
  }

  private func shares(_ s: Shares) -> [String: Any] {
    [
      "covered": Words.percent(s.covered), "missed": Words.percent(s.missed),
      "unproven": Words.percent(s.unproven), "excused": Words.percent(s.excused),
      "hasMissed": s.missed > 0, "hasUnproven": s.unproven > 0, "hasExcused": s.excused > 0,
    ]
  }

  private var squadrons: [[String: Any]] {
    plan.brigade.squadrons.compactMap { squadron in
      let own = totals.filter { $0.squadron == squadron.id }
      guard !own.isEmpty else { return nil }
      let judged = own.compactMap { t in t.shares.map { ($0, plan.duty(t.owed.duty)?.weight ?? 1) }
      }
      let weight = judged.reduce(0) { $0 + $1.1 }
      func mean(_ key: KeyPath<Shares, Double>) -> Double {
        weight > 0 ? judged.reduce(0) { $0 + $1.0[keyPath: key] * $1.1 } / weight : 0
      }
      var row = shares(
        Shares(
          covered: mean(\.covered), missed: mean(\.missed), unproven: mean(\.unproven),
          excused: mean(\.excused)))
      row["name"] = squadron.name
      row["leader"] = squadron.leader ?? ""
      row["duties"] = own.count
      row["gaps"] = own.reduce(0) { $0 + $1.gaps }
      return row
    }
  }

  private func duty(_ total: WindowRecord) -> [String: Any] {
    let own = windows.filter {
      $0.owed.duty == total.owed.duty && $0.owed.windowBegan == total.owed.windowBegan
    }
    var row = total.shares.map(shares) ?? [:]
    let duty = plan.duty(total.owed.duty)
    row["id"] = total.owed.duty.text
    row["group"] = plan.group(total.group)?.name ?? total.group.text
    row["squadron"] = plan.squadron(of: total.group)?.name ?? total.squadron.text
    row["window"] = "\(clock(total.owed.windowBegan)) – \(clock(total.ended))"
    row["asked"] = duty.map(asked) ?? ""
    row["places"] = own.map(place)
    row["span"] = own.count
    return row
  }

  private func asked(_ duty: Duty) -> String {
    var text = "every \(Words.duration(duty.every))"
    if duty.stay > .zero { text += ", for \(Words.duration(duty.stay))" }
    if duty.atOnce > 1 { text += ", \(duty.atOnce) at once" }
    return text
  }

  private func place(_ window: WindowRecord) -> [String: Any] {
    var row = window.shares.map(shares) ?? ["covered": "–", "missed": "–", "unproven": "–"]
    let place = plan.place(window.owed.place)
    row["name"] = place?.name ?? window.owed.place.text
    row["attendances"] = window.attendances
    row["longest"] = Words.duration(window.longestInterval)
    row["gaps"] = window.gaps
    let own = gaps.map(\.gap).filter { $0.owed == window.owed }
    row["course"] = Timeline.svg(window, own, place: place, zone: zone)
    return row
  }

  private func row(_ record: GapRecord) -> [String: Any] {
    let gap = record.gap
    let evidence = gap.evidence.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }
    let whole = evidence.reduce(0) { $0 + $1.value }
    return [
      "id": gap.id.text, "place": plan.place(gap.owed.place)?.name ?? gap.owed.place.text,
      "duty": gap.owed.duty.text,
      "stretch": gap.stretch.map {
        "\(Decimal.text($0.from.value, 0))–\(Decimal.text($0.to.value, 0)) m"
      } ?? (gap.cells.isEmpty ? "" : "\(gap.cells.count) squares"),
      "began": clock(gap.began), "ended": gap.isOpen ? "still open" : clock(gap.ended),
      "length": Words.duration(gap.ended - gap.began), "verdict": Words.verdict(gap.verdict),
      "cause": gap.cause.rawValue, "causeText": Words.cause(gap.cause),
      "hasEvidence": evidence.count > 1 && whole > 0,
      "evidence": evidence.map {
        "\($0.key.rawValue) \(Words.percent($0.value / max(whole, 1e-9)))"
      }.joined(separator: ", "),
      "handhelds": gap.handhelds.map(\.text).joined(separator: ", "),
      "excuses": excuses.filter { $0.gap == gap.id }.map { excuse in
        [
          "text":
            "\(excuse.state.rawValue): \(excuse.reason) (asked by \(excuse.askedBy)"
            + (excuse.decidedBy.map { ", decided by \($0)" } ?? "") + ")"
        ]
      },
    ]
  }

  private func withdrawnRow(_ gap: Gap) -> [String: Any] {
    [
      "id": gap.id.text, "place": plan.place(gap.owed.place)?.name ?? gap.owed.place.text,
      "duty": gap.owed.duty.text, "began": clock(gap.began), "ended": clock(gap.ended),
      "was": "\(gap.verdict.rawValue), \(gap.cause.rawValue)",
    ]
  }

  private func outage(_ row: [Listing.Value]) -> [String: Any] {
    func time(_ value: Listing.Value) -> String {
      if case .time(let instant) = value { clock(instant) } else { "still so" }
    }
    let kind = row[0].plain(zone)
    return [
      "what": kind == Outage.Kind.daemonDown.rawValue ? "daemon not running" : "gpsd unreachable",
      "handheld": row[1].plain(zone), "began": time(row[2]), "ended": time(row[3]),
    ]
  }

  private func pairing(_ record: PairingRecord) -> [String: Any] {
    let p = record.pairing
    func group(_ id: Handheld.ID) -> String { plan.group(of: id)?.name ?? "" }
    return [
      "first": p.first.text, "second": p.second.text, "firstGroup": group(p.first),
      "secondGroup": group(p.second), "began": clock(p.began), "ended": clock(p.ended),
      "moving": Words.duration(p.moving), "way": Decimal.text(p.way.value, 0),
      "median": Decimal.text(p.medianDistance.value, 1),
      "maximum": Decimal.text(p.maximumDistance.value, 1),
      "joint": Decimal.text(p.jointAccuracy.value, 1),
      "places": record.places.map { plan.place($0)?.name ?? $0.text }.joined(separator: ", "),
    ]
  }

  /// Those of the plan that nothing is stored of in this day.
  private var silentHandhelds: [[String: Any]] {
    let heard = Set(handhelds.rows.map { $0[0].plain(zone) })
    return plan.handhelds.filter { !heard.contains($0.id.text) }.map { handheld in
      [
        "id": handheld.id.text, "group": plan.group(of: handheld.id)?.name ?? "", "reports": "0",
        "usable": "0", "noFix": "0", "gated": "0", "first": "never", "last": "",
      ]
    }
  }

  private func handheld(_ row: [Listing.Value]) -> [String: Any] {
    let values = row.map { $0.plain(zone) }
    var times: [String] = []
    for value in [row[5], row[6]] {
      if case .time(let instant) = value { times.append(clock(instant)) } else { times.append("") }
    }
    return [
      "id": values[0], "group": plan.group(of: Handheld.ID(values[0]))?.name ?? "",
      "reports": values[1], "usable": values[2], "noFix": values[3], "gated": values[4],
      "first": times[0], "last": times[1],
    ]
  }
}
