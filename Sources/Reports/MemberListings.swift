internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol
public import Store

/// The tables of a member's record: for CSV, JSON, and a page.
extension MemberReport {
  /// By name, in the order in which they are read.
  public var tables: [(name: String, listing: Listing)] {
    [
      ("summary", summaryListing), ("windows", windowListing), ("gaps", gapListing),
      ("time", timeListing), ("attendances", attendanceListing), ("excuses", excuseListing),
      ("pairings", Queries.listing(pairings)), ("outages", outageListing),
    ]
  }

  /// One row: what is assessed, and paid by.
  public var summaryListing: Listing {
    Listing(
      columns: ["member", "squadron", "group", "handhelds", "days", "served_s"]
        + TallyColumns.assessed + TallyColumns.tally + DutyTimeColumns.times,
      rows: [
        [
          .text(server.text), .text(figures.squadron.text), .text(figures.group.text),
          .list(figures.handhelds.map(\.text)), .integer(Int64(figures.days)),
          .real(figures.served.seconds, decimals: 0),
        ] + TallyColumns.values(figures.assessed) + TallyColumns.values(figures.tally)
          + DutyTimeColumns.values(figures.time, onDuty: figures.onDuty)
      ])
  }

  /// A row per duty's window served in.
  public var windowListing: Listing {
    Listing(
      columns: [
        "day", "duty", "group", "squadron", "began_at", "ended_at", "weight", "final",
        "handhelds", "served_s", "own_attendances", "own_in_vain",
      ] + TallyColumns.tally,
      rows: services.map { s in
        let w = s.window
        let served = s.spans.reduce(Milliseconds.zero) {
          $0 + ($1.span.upperBound - $1.span.lowerBound)
        }
        return [
          .text("\(w.day)"), .text(w.duty.text), .text(w.group.text), .text(w.squadron.text),
          .time(w.began), .time(w.ended), .real(w.weight, decimals: 2), .flag(w.isFinal),
          .list(s.spans.map(\.handheld.text)), .real(served.seconds, decimals: 0),
          .integer(Int64(s.attendances)), .integer(Int64(s.inVain)),
        ] + TallyColumns.values(w.tally)
      })
  }

  /// As gaps are listed everywhere, with how much of each lies in the member's own time.
  public var gapListing: Listing {
    var listing = Queries.listing(gaps.map(\.record))
    listing.columns.append("own_s")
    for i in gaps.indices { listing.rows[i].append(.real(gaps[i].own.seconds, decimals: 1)) }
    return listing
  }

  /// A row per spell of duty with one handheld.
  public var timeListing: Listing {
    Listing(
      columns: ["day", "handheld", "model", "began_at", "ended_at"] + DutyTimeColumns.times
        + DutyTimeColumns.reports,
      rows: spells.map { s in
        [
          .text("\(s.day)"), .text(s.handheld.text), .text(s.model.text),
          .time(s.spell.span.lowerBound), .time(s.spell.span.upperBound),
        ] + DutyTimeColumns.values(s.spell.time) + DutyTimeColumns.counts(s.spell.time)
      })
  }

  public var attendanceListing: Listing {
    Listing(
      columns: [
        "handheld", "place", "began_at", "ended_at", "kind", "stay_s", "from_m", "to_m",
        "speed_mps",
      ],
      rows: attendances.map { a in
        let common: [Listing.Value] = [
          .text(a.handheld.text), .text(a.place.text), .time(a.span.lowerBound),
          .time(a.span.upperBound),
        ]
        switch a.kind {
        case .stay(let stay):
          return common + [
            .text(stay.kind.rawValue), .real(stay.length.seconds, decimals: 0), .none, .none,
            .none,
          ]
        case .pass(let pass):
          return common + [
            .text(pass.kind.rawValue), .none, .real(pass.from.value, decimals: 1),
            .real(pass.to.value, decimals: 1), .real(pass.speed.value, decimals: 2),
          ]
        }
      })
  }

  public var excuseListing: Listing { Listing(excuses) }

  public var outageListing: Listing {
    Listing(
      columns: ["kind", "handheld", "began_at", "ended_at"],
      rows: outages.map { o in
        [
          .text(o.kind.rawValue), o.handheld.map { .text($0.text) } ?? .none, .time(o.began),
          o.ended.map { .time($0) } ?? .none,
        ]
      })
  }

  /// A row per window served in: what an appeal is about.
  public var csv: String { windowListing.csv(zone: zone) }

  public var json: String {
    let head: [(String, String)] = [
      ("brigade", JSONText.quoted(plan.brigade.id.text)), ("member", JSONText.quoted(server.text)),
      ("from", JSONText.quoted("\(days.lowerBound)")),
      ("to", JSONText.quoted("\(days.upperBound.adding(days: -1))")),
      ("plan", JSONText.quoted(planDigest)), ("final", "\(isFinal)"),
      ("drawn_up_at", JSONText.quoted(zone(drawnUp))), ("ranked", "\(ranked)"),
      ("time_untold_on", JSONText.list(untold.map { "\($0)" })),
    ]
    return JSONText.object(head + tables.map { ($0.name, $0.listing.json(zone: zone)) })
  }
}
