internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// Who was where on a day, whatever it was worth: by passing along lines, or by staying at places.
struct ShiftMovements<Movement> {
  let all: [Movement]
  /// Those that attended nothing.
  let idle: Listing
}

extension ShiftMovements<Pass> {
  /// - Parameter own: of these handhelds alone; nil: of all.
  init(passing span: Range<Instant>, of own: [String]?, _ queries: Queries) throws(StoreError) {
    let known = own.map(Set.init)
    all = try queries.passes(meeting: span).filter { known?.contains($0.handheld.text) ?? true }
    idle = try queries.passes(Filter(span, of: own), but: .pass)
  }
}

extension ShiftMovements<Stay> {
  /// - Parameter own: of these handhelds alone; nil: of all.
  init(staying span: Range<Instant>, of own: [String]?, _ queries: Queries) throws(StoreError) {
    let known = own.map(Set.init)
    all = try queries.stays(meeting: span).filter { known?.contains($0.handheld.text) ?? true }
    idle = try queries.stays(Filter(span, of: own), but: .stay)
  }
}

extension Filter {
  /// What concerns a span, and some handhelds; nil: all.
  fileprivate init(_ span: Range<Instant>, of handhelds: [String]?) {
    self.init()
    (from, to, self.handhelds) = (span.lowerBound, span.upperBound, handhelds)
  }
}

/// What the store tells of a day's windows.
struct ShiftFindings {
  let windows: [WindowRecord]
  let gaps: [GapRecord]
  let withdrawn: [Gap]
  let excuses: [Excuse]
  let outages: Listing
  let outageSpans: [Outage]
  let pairings: [PairingRecord]
  let attended: [Owed: [ClosedRange<Instant>]]
  let changes: [OrderedChange]

  /// - Parameter own: of these handhelds, and of the plan's duties, alone; nil: of all.
  init(of span: Range<Instant>, _ plan: Plan, of own: [String]?, _ queries: Queries)
    throws(StoreError)
  {
    let filter = Filter(span, of: own)
    let known = own.map(Set.init)
    func isOwn(_ handheld: Handheld.ID) -> Bool { known?.contains(handheld.text) ?? true }
    func isOwn(_ owed: Owed) -> Bool { known == nil || plan.duty(owed.duty) != nil }
    // A window belongs to the day in which it opens, however far it reaches into the next.
    let opened = try queries.windows(opening: span)
    windows = opened.windows.filter { isOwn($0.owed) }
    gaps = opened.gaps.filter { isOwn($0.gap.owed) }
    withdrawn = opened.withdrawn.filter { isOwn($0.owed) }
    let ids = Set(gaps.map(\.gap.id))
    excuses = try queries.excuses().filter { ids.contains($0.gap) }
    outages = try queries.outages(filter)
    // With whom else somebody was carried together is the brigade's to know.
    pairings = try queries.pairings(filter).filter {
      isOwn($0.pairing.first) && isOwn($0.pairing.second)
    }
    outageSpans = try queries.outages(meeting: span).filter { $0.handheld.map(isOwn) ?? true }
    attended = try Self.attended(windows, plan, queries)
    changes = try queries.changes(in: span).filter {
      own == nil || plan.changes.contains($0.change)
    }
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
