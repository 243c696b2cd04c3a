internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What the store tells of a day's windows and of who was where, but for the fixes.
struct ShiftFindings {
  let windows: [WindowRecord]
  let gaps: [GapRecord]
  let withdrawn: [Gap]
  let excuses: [Excuse]
  let outages: Listing
  let outageSpans: [Outage]
  let pairings: [PairingRecord]
  let passes: [Pass]
  let stays: [Stay]
  let attended: [Owed: [ClosedRange<Instant>]]
  let shortStays: Listing
  let driveBys: Listing

  init(of span: Range<Instant>, _ plan: Plan, _ queries: Queries) throws(StoreError) {
    var filter = Filter()
    (filter.from, filter.to) = (span.lowerBound, span.upperBound)
    // A window belongs to the day in which it opens, however far it reaches into the next.
    let opened = try queries.windows(opening: span)
    (windows, gaps) = (opened.windows, opened.gaps)
    withdrawn = try queries.withdrawn(windowsOpening: span)
    let ids = Set(opened.gaps.map(\.gap.id))
    excuses = try queries.excuses().filter { ids.contains($0.gap) }
    outages = try queries.outages(filter)
    pairings = try queries.pairings(filter)
    let shown =
      span.lowerBound..<max(span.upperBound, opened.windows.map(\.ended).max() ?? span.upperBound)
    passes = try queries.passes(meeting: shown)
    stays = try queries.stays(meeting: shown)
    outageSpans = try queries.outages(meeting: shown)
    attended = try Self.attended(opened.windows, plan, queries)
    shortStays = try queries.stays(filter, but: .stay)
    driveBys = try queries.passes(filter, but: .pass)
  }

  /// Proven attendance of places of one cell: there it is the place's own.
  private static func attended(
    _ windows: [WindowRecord], _ plan: Plan, _ queries: Queries
  ) throws(StoreError) -> [Owed: [ClosedRange<Instant>]] {
    var attended: [Owed: [ClosedRange<Instant>]] = [:]
    for window in windows {
      guard let place = plan.place(window.owed.place) else { continue }
      switch place.geometry {
      case .line, .street, .area(_, .some): continue
      case .point, .area(_, nil):
        attended[window.owed] = try queries.attendance(of: window.owed).first?.proven ?? []
      }
    }
    return attended
  }
}
