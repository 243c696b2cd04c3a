internal import Coverage
internal import Patrol
internal import Store

extension ShiftReport {
  /// The handhelds of each duty, as the roster has it in its window of the day.
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
