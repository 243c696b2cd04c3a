internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

extension ShiftReport {
  /// The day's rows, a sheet for each kind.
  public var workbook: Workbook {
    let state = isFinal ? "Final." : "Not final: judged up to \(zone(judgedUntil))."
    return Workbook(
      title: "\(plan.brigade.name), \(day)",
      comment: "\(state) Drawn up \(zone(drawnUp)) by patrold \(ProgramIdentity.version) "
        + "under plan \(planDigest). Times are local, \(plan.zone.identifier).",
      zone: plan.zone, drawnUp: drawnUp,
      sheets: [
        Workbook.Sheet("windows", windowListing), Workbook.Sheet("gaps", gapListing),
        Workbook.Sheet("handhelds", handhelds), Workbook.Sheet("outages", outages),
        Workbook.Sheet("carried_together", Queries.listing(pairings)),
        Workbook.Sheet("excuses", excuseListing),
        Workbook.Sheet("changes", Queries.listing(changes, zone: plan.zone)),
      ])
  }

  private var excuseListing: Listing {
    func text(_ text: String?) -> Listing.Value { text.map { .text($0) } ?? .none }
    return Listing(
      columns: [
        "id", "gap", "duty", "window_began_at", "place", "state", "reason", "asked_by", "asked_at",
        "decided_by", "decided_at",
      ],
      rows: excuses.map { e in
        [
          .integer(e.id), .text(e.gap.text), .text(e.owed.duty.text), .time(e.owed.windowBegan),
          .text(e.owed.place.text), .text(e.state.rawValue), .text(e.reason), .text(e.askedBy),
          .time(e.asked), text(e.decidedBy), e.decided.map { .time($0) } ?? .none,
        ]
      })
  }
}
