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
      ("members", memberListing), ("days", dayListing), ("causes", causeListing),
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
      columns: ["score"] + Self.tallyColumns,
      rows: [[Self.share(figures.brigade.score)] + Self.values(figures.brigade)])
  }

  /// A row per squadron, in the plan's order.
  public var squadronListing: Listing {
    Listing(
      columns: ["squadron", "name", "leader"] + Self.assessedColumns + ["vetoes"]
        + Self.tallyColumns + ["strength", "establishment", "short"],
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
        ] + Self.values(s.assessed) + [.list(vetoes)] + Self.values(s.tally) + people
      })
  }

  public var groupListing: Listing {
    Listing(
      columns: ["squadron", "group", "name"] + Self.assessedColumns + Self.tallyColumns,
      rows: figures.squadrons.flatMap { s in
        s.groups.map { g in
          [.text(s.squadron.id.text), .text(g.group.id.text), .text(g.group.name)]
            + Self.values(g.assessed) + Self.values(g.tally)
        }
      })
  }

  public var dutyListing: Listing {
    Listing(
      columns: ["squadron", "group", "duty", "weight", "score", "veto_mark", "vetoes"]
        + Self.tallyColumns,
      rows: figures.squadrons.flatMap { s in
        s.duties.map { d in
          let isVetoing = s.assessed.vetoes.contains { $0.duty == d.duty }
          return [
            .text(s.squadron.id.text), .text(d.group.text), .text(d.duty.text),
            .real(d.weight, decimals: 2), Self.share(d.tally.score), Self.share(d.veto),
            .flag(isVetoing),
          ] + Self.values(d.tally)
        }
      })
  }

  public var memberListing: Listing {
    Listing(
      columns: ["squadron", "group", "member", "handhelds", "days", "served_s"]
        + Self.assessedColumns + Self.tallyColumns,
      rows: members.map { m in
        [
          .text(m.squadron.text), .text(m.group.text), .text(m.server.text),
          .list(m.handhelds.map(\.text)), .integer(Int64(m.days)),
          .real(m.served.seconds, decimals: 0),
        ] + Self.values(m.assessed) + Self.values(m.tally)
      })
  }

  public var dayListing: Listing {
    Listing(
      columns: ["day", "score"] + Self.tallyColumns,
      rows: figures.days.map { d in
        [.text("\(d.day)"), Self.share(d.tally.score)] + Self.values(d.tally)
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

  public var excuseListing: Listing {
    Listing(
      columns: [
        "id", "gap", "duty", "place", "window_began_at", "state", "reason", "asked_by", "asked_at",
        "decided_by", "decided_at",
      ],
      rows: excuses.map { e in
        [
          .integer(e.id), .text(e.gap.text), .text(e.owed.duty.text), .text(e.owed.place.text),
          .time(e.owed.windowBegan), .text(e.state.rawValue), .text(e.reason), .text(e.askedBy),
          .time(e.asked), e.decidedBy.map { .text($0) } ?? .none,
          e.decided.map { .time($0) } ?? .none,
        ]
      })
  }

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
    return JSONText.object(head + more + listings)
  }

  // MARK: columns in common

  private static let assessedColumns = ["rank", "score", "rating", "band", "factor"]
  private static let tallyColumns = [
    "coverage", "missed", "unproven", "excused", "own_fault", "windows", "required", "attendances",
    "gaps", "longest_interval_s", "mean_excess_wait_s",
  ]

  private static func values(_ a: Assessed) -> [Listing.Value] {
    [
      a.rank.map { .integer(Int64($0)) } ?? .none, share(a.score),
      a.rating.map { .text($0.rawValue) } ?? .none, a.band.map { .text($0.name) } ?? .none,
      a.band.map { .real($0.factor, decimals: 2) } ?? .none,
    ]
  }

  private static func values(_ t: Tally) -> [Listing.Value] {
    let shares = t.shares.map { ShareParts($0, decimals: 4) }
    return [
      share(shares?.covered), share(shares?.missed), share(shares?.unproven),
      share(shares?.excused), share(t.weight > 0 ? t.ownFault / t.weight : nil),
      .integer(Int64(t.windows)), .integer(Int64(t.required)), .integer(Int64(t.made)),
      .integer(Int64(t.gaps)), .real(t.longestInterval.seconds, decimals: 0),
      t.waits.meanExcess.map { .real($0, decimals: 0) } ?? .none,
    ]
  }

  private static func share(_ x: Double?) -> Listing.Value {
    x.map { .real($0, decimals: 4) } ?? .none
  }
}
