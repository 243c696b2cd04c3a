internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// Who served which duty when, in a day's windows.
struct ShiftServing: Sendable {
  private var spans: [Duty.ID: [Handheld.ID: [Range<Instant>]]] = [:]

  init(_ windows: [WindowRecord], _ plan: Plan) {
    for duty in Set(windows.map(\.owed.duty)).compactMap(plan.duty) {
      guard let window = windows.first(where: { $0.owed.duty == duty.id }) else { continue }
      let day = plan.operationalDay(of: window.owed.windowBegan)
      spans[duty.id] = Dictionary(
        grouping: plan.assignments(in: plan.window(of: duty, on: day)), by: \.handheld
      ).mapValues { $0.map(\.span) }
    }
  }

  /// The handheld was to serve the duty at some time of the stay.
  func has(_ stay: Stay, under duty: Duty.ID) -> Bool {
    spans[duty]?[stay.handheld]?.contains {
      stay.arrived < $0.upperBound && stay.left >= $0.lowerBound
    } ?? false
  }
}

extension ShiftReport {
  /// Stays at places owed, by handhelds of the duty's group, while none of its duties was theirs: what they did there attended
  /// nothing, and they may ask why.
  var staysBesides: [Stay] {
    let owed = Dictionary(grouping: windows, by: \.owed.place)
    return stays.flatMap { place, stays in
      stays.filter { stay in
        guard stay.kind == .stay else { return false }
        let open = (owed[place] ?? []).filter {
          stay.arrived < $0.ended && stay.left >= $0.owed.windowBegan
        }
        return open.contains { $0.group == plan.group(of: stay.handheld)?.id }
          && !open.contains { serving.has(stay, under: $0.owed.duty) }
      }
    }
  }
}
