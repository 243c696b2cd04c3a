internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// Gathers what a member's record rests on, window by window.
struct MemberEvidence {
  private let queries: Queries
  /// The plan in force at a moment.
  private let version: (Instant) -> Plan
  private(set) var services: [MemberReport.Service] = []
  private(set) var attendances: [MemberReport.Attendance] = []
  private var seen: Set<MemberReport.Attendance> = []
  /// Of the windows taken, when the member served in them.
  private var served: [Key: [Range<Instant>]] = [:]

  private struct Key: Hashable {
    var duty: Duty.ID
    var began: Instant
  }

  init(queries: Queries, version: @escaping (Instant) -> Plan) {
    (self.queries, self.version) = (queries, version)
  }

  /// Takes a window with the member's spans in it.
  mutating func take(_ window: DutyWindow, _ spans: [MemberReport.Carried]) throws(StoreError) {
    let places = Set(version(window.began).duty(window.duty)?.places ?? [])
    var own: [MemberReport.Attendance] = []
    for carried in spans {
      for stay in try queries.stays(of: carried.handheld, meeting: carried.span)
      where places.contains(stay.place) {
        own.append(
          MemberReport.Attendance(
            handheld: carried.handheld, place: stay.place, span: stay.arrived...stay.left,
            kind: .stay(stay), counts: stay.kind == .stay))
      }
      for pass in try queries.passes(of: carried.handheld, meeting: carried.span)
      where places.contains(pass.place) {
        own.append(
          MemberReport.Attendance(
            handheld: carried.handheld, place: pass.place, span: pass.began...pass.ended,
            kind: .pass(pass), counts: pass.kind == .pass))
      }
    }
    services.append(
      MemberReport.Service(
        window: window, spans: spans, attendances: own.count { $0.counts },
        inVain: own.count { !$0.counts }))
    served[Key(duty: window.duty, began: window.began)] = spans.map(\.span)
    // One that serves two duties is one all the same.
    attendances += own.filter { seen.insert($0).inserted }
  }

  /// Of the windows taken, by window, duty, place and beginning.
  func gaps(opening span: Range<Instant>) throws(StoreError) -> [MemberReport.ServedGap] {
    var filter = Filter()
    filter.duties = Set(served.keys.map(\.duty.text)).sorted()
    return try queries.gaps(filter, windowsOpening: span).compactMap { record in
      let gap = record.gap
      guard let spans = served[Key(duty: gap.owed.duty, began: gap.owed.windowBegan)] else {
        return nil
      }
      let own = IntervalSet(unsorted: spans).intersection(IntervalSet(gap.began..<gap.ended))
      return MemberReport.ServedGap(
        record: record,
        own: own.ranges.reduce(.zero) { $0 + ($1.upperBound - $1.lowerBound) })
    }
  }

  func pairings(
    in span: Range<Instant>, meeting times: [MemberReport.Carried]
  ) throws(StoreError) -> [PairingRecord] {
    guard !times.isEmpty else { return [] }
    var filter = Filter()
    (filter.from, filter.to) = (span.lowerBound, span.upperBound)
    filter.handhelds = Set(times.map(\.handheld.text)).sorted()
    return try queries.pairings(filter).filter { record in
      let pairing = record.pairing
      return times.contains {
        [pairing.first, pairing.second].contains($0.handheld)
          && $0.span.overlaps(pairing.began..<pairing.ended)
      }
    }
  }
}
