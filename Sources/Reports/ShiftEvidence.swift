internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What was seen in a day, gathered for a report.
extension ShiftReport {
  /// Proven attendance of places of one cell: there it is the place's own.
  static func attended(
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

  static func serving(_ windows: [WindowRecord], _ plan: Plan) -> [Duty.ID: Set<Handheld.ID>] {
    var serving: [Duty.ID: Set<Handheld.ID>] = [:]
    for duty in Set(windows.map(\.owed.duty)).compactMap(plan.duty) {
      guard let window = windows.first(where: { $0.owed.duty == duty.id }) else { continue }
      let day = plan.operationalDay(of: window.owed.windowBegan)
      serving[duty.id] = Set(
        plan.assignments(in: plan.window(of: duty, on: day)).map(\.handheld))
    }
    return serving
  }
}
