internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol
public import Store

/// The tables of a period's report: for CSV, JSON, a workbook, and a page.
extension PeriodReport {
  /// By name, in the order in which they are read.
  public var tables: [(name: String, listing: Listing)] {
    [
      ("squadrons", squadronListing), ("groups", groupListing), ("duties", dutyListing),
      ("members", memberListing), ("handhelds", handheldListing), ("models", modelListing),
      ("days", dayListing), ("causes", causeListing),
      ("excuses", excuseListing), ("outages", outages),
    ]
  }

  /// Those and its seals: all that can be asked for. What is sealed of a period cannot hold its seal.
  public var allTables: [(name: String, listing: Listing)] { tables + [("seals", sealListing)] }

  /// The seal, and what was stated of it again.
  public var sealListing: Listing {
    Listing(
      columns: ["n", "act", "of", "by", "made_at", "reason", "key", "hash"],
      rows: seals.map { record in
        var (act, of, reason) = ("seal", Listing.Value.none, Listing.Value.none)
        if case .restatement(let seal, let why, _) = record.act {
          (act, of, reason) = ("restatement", .integer(seal), .text(why))
        }
        return [
          .integer(record.n), .text(act), of, .text(record.who), .time(record.made), reason,
          record.publicKey.map { .text("\($0)") } ?? .none, .text("\(record.hash)"),
        ]
      })
  }

  /// The brigade as a whole.
  public var wholeListing: Listing {
    Listing(
      columns: ["score"] + TallyColumns.tally + DutyTimeColumns.times,
      rows: [
        [TallyColumns.share(figures.brigade.score)] + TallyColumns.values(figures.brigade)
          + DutyTimeColumns.values(equipment.whole)
      ])
  }

  /// A row per squadron, in the plan's order.
  public var squadronListing: Listing {
    Listing(
      columns: ["squadron", "name", "leader"] + TallyColumns.assessed + ["vetoes"]
        + TallyColumns.tally + ["strength", "establishment", "short"] + DutyTimeColumns.times,
      rows: figures.squadrons.map { s in
        let vetoes = s.assessed.vetoes.map(\.duty.text)
        let people: [Listing.Value] = [
          s.squadron.strength.map { .integer(Int64($0)) } ?? .none,
          s.establishment.map { .integer(Int64($0.norm)) } ?? .none,
          s.establishment.map { .integer(Int64($0.short)) } ?? .none,
        ]
        return [
          .text(s.squadron.id.text), .text(s.squadron.name),
          s.squadron.leader.map { .text($0) } ?? .none,
        ] + TallyColumns.values(s.assessed) + [.list(vetoes)] + TallyColumns.values(s.tally)
          + people
          + DutyTimeColumns.values(equipment.squadrons[s.squadron.id] ?? DutyTime())
      })
  }

  public var groupListing: Listing {
    Listing(
      columns: ["squadron", "group", "name"] + TallyColumns.assessed + TallyColumns.tally
        + DutyTimeColumns.times,
      rows: figures.squadrons.flatMap { s in
        s.groups.map { g in
          [.text(s.squadron.id.text), .text(g.group.id.text), .text(g.group.name)]
            + TallyColumns.values(g.assessed) + TallyColumns.values(g.tally)
            + DutyTimeColumns.values(equipment.groups[g.group.id] ?? DutyTime())
        }
      })
  }

  public var dutyListing: Listing {
    Listing(
      columns: ["squadron", "group", "duty", "weight", "score", "veto_mark", "vetoes"]
        + TallyColumns.tally,
      rows: figures.squadrons.flatMap { s in
        s.duties.map { d in
          let isVetoing = s.assessed.vetoes.contains { $0.duty == d.duty }
          return [
            .text(s.squadron.id.text), .text(d.group.text), .text(d.duty.text),
            .real(d.weight, decimals: 2), TallyColumns.share(d.tally.score),
            TallyColumns.share(d.veto),
            .flag(isVetoing),
          ] + TallyColumns.values(d.tally)
        }
      })
  }

  public var memberListing: Listing {
    Listing(
      columns: ["squadron", "group", "member", "handhelds", "days", "served_s"]
        + TallyColumns.assessed + TallyColumns.tally + DutyTimeColumns.times,
      rows: members.map { m in
        [
          .text(m.squadron.text), .text(m.group.text), .text(m.server.text),
          .list(m.handhelds.map(\.text)), .integer(Int64(m.days)),
          .real(m.served.seconds, decimals: 0),
        ] + TallyColumns.values(m.assessed) + TallyColumns.values(m.tally)
          + DutyTimeColumns.values(m.time, onDuty: m.onDuty)
      })
  }

  /// A row per handheld that any plan of the period has, by id.
  public var handheldListing: Listing {
    Listing(
      columns: ["handheld", "model", "squadron", "group", "days"] + DutyTimeColumns.times
        + DutyTimeColumns.reports,
      rows: equipment.handhelds.map { h in
        [
          .text(h.handheld.text), .text(h.model.text), h.squadron.map { .text($0.text) } ?? .none,
          h.group.map { .text($0.text) } ?? .none, .integer(Int64(h.days)),
        ] + DutyTimeColumns.values(h.time) + DutyTimeColumns.counts(h.time)
      })
  }

  /// A row per model of which any handheld was on duty, by id.
  public var modelListing: Listing {
    Listing(
      columns: ["model", "handhelds"] + DutyTimeColumns.times + DutyTimeColumns.reports,
      rows: equipment.models.map { m in
        [.text(m.model.text), .integer(Int64(m.handhelds))] + DutyTimeColumns.values(m.time)
          + DutyTimeColumns.counts(m.time)
      })
  }

  public var dayListing: Listing {
    Listing(
      columns: ["day", "score"] + TallyColumns.tally,
      rows: figures.days.map { d in
        [.text("\(d.day)"), TallyColumns.share(d.tally.score)] + TallyColumns.values(d.tally)
      })
  }

  public var causeListing: Listing {
    Listing(
      columns: ["squadron", "verdict", "cause", "gaps", "windows"],
      rows: causes.map { c in
        [
          .text(c.squadron.text), .text(c.verdict.rawValue), .text(c.cause.rawValue),
          .integer(Int64(c.gaps)), .real(c.windows, decimals: 4),
        ]
      })
  }

  public var excuseListing: Listing { Listing(excuses) }

  /// A row per squadron: the table that an assessment is about.
  public var csv: String { squadronListing.csv(zone: zone) }

  public var json: String {
    text([
      ("drawn_up_at", JSONText.quoted(zone(drawnUp))), ("seals", sealListing.json(zone: zone)),
    ])
  }

  /// What is sealed of it: the same without the moment of drawing it up, so that equal figures are equal texts.
  public var sealed: String { text([]) }

  private func text(_ more: [(String, String)]) -> String {
    let head: [(String, String)] = [
      ("brigade", JSONText.quoted(plan.brigade.id.text)),
      ("kind", JSONText.quoted(period.kind.rawValue)), ("period", JSONText.quoted("\(period)")),
      ("from", JSONText.quoted("\(period.days.lowerBound)")),
      ("to", JSONText.quoted("\(period.days.upperBound.adding(days: -1))")),
      ("plan", JSONText.quoted(planDigest)), ("final", "\(isFinal)"),
      ("hypothetical", "\(!supposition.isNone)"),
    ]
    let listings = ([("whole", wholeListing)] + tables).map { ($0, $1.json(zone: zone)) }
    let untold: [(String, String)] =
      untold.isEmpty ? [] : [("time_untold_on", JSONText.list(untold.map { "\($0)" }))]
    return JSONText.object(head + more + untold + listings)
  }
}
