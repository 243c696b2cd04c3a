internal import Geodesy
internal import Patrol

/// Duties of plan.yaml.
extension PlanReading {
  mutating func readDuties(_ top: inout Section) {
    guard let nodes = top.list("duties", .required, of: "duties") else {
      map.unsoundDuties = true
      return
    }
    let keys = [
      "id", "group", "places", "days", "from", "to", "every", "stay", "pass_speed_max_mps",
      "at_once", "weight",
    ]
    for (i, node) in nodes.enumerated() {
      let name = name("duty", node, i)
      guard
        var section = Section(node, file: top.file, subject: name.subject, known: keys, log: log)
      else {
        map.unsoundDuties = true
        continue
      }
      let id = section.value("id", .required, .id)
      if id == nil { map.unsoundDuties = true }
      let group = section.value("group", .required, .id)
      let places = section.values("places", .required, of: "places", .id) ?? []
      let days = readDays(&section)
      let from = section.value("from", .required, .timeOfDay)
      let to = section.value("to", .required, .timeOfDay)
      let every = section.value("every", .required, .duration)
      var duty = Duty(
        id: Duty.ID(id ?? name.standIn), group: Group.ID(group ?? ""),
        places: places.map { Place.ID($0) },
        days: days, from: from ?? draft.dayStarts, to: to ?? draft.dayStarts,
        every: every ?? .seconds(60))
      duty.stay = section.value("stay", .optional, .duration) ?? .zero
      duty.passSpeedMaximum =
        section.value("pass_speed_max_mps", .optional, .positive(atMost: 200)).map {
          MetresPerSecond($0)
        }
      duty.atOnce = section.value("at_once", .optional, .integer(1...1000)) ?? 1
      duty.weight = section.value("weight", .optional, .positive(atMost: 1e6)) ?? 1
      map.enter(.duty(draft.duties.count), section)
      draft.duties.append(duty)
    }
  }

  private mutating func readDays(_ section: inout Section) -> DutyDays {
    let expected = "daily, a list of weekdays (mon to sun) or a list of dates"
    guard let node = section.node("days") else {
      section.error("days", "missing; expected \(expected)")
      return .daily
    }
    guard case .list(let nodes) = node.content, !nodes.isEmpty else {
      if case .scalar("daily") = node.content { return .daily }
      let found = if case .list = node.content { "an empty list" } else { node.described }
      section.error("days", "found \(found); expected \(expected)")
      return .daily
    }
    var weekdays: Set<Int> = []
    var dates: Set<CivilDate> = []
    var isSound = true
    for (i, node) in nodes.enumerated() {
      if case .scalar(let text) = node.content {
        if let day = Self.weekdays.firstIndex(of: text.lowercased().prefix(3).description),
          text.count == 3 || Self.longWeekdays[day] == text.lowercased()
        {
          weekdays.insert(day)
          continue
        }
        if let date = CivilDate(text) {
          dates.insert(date)
          continue
        }
      }
      isSound = false
      section.error(
        at: node.line, "days",
        "found \(node.described) at position \(i + 1); expected a weekday (mon to sun) or a date "
          + "such as 2026-11-23")
    }
    if isSound, !weekdays.isEmpty, !dates.isEmpty {
      section.error(
        "days", "found weekdays and dates; expected a list of one sort (two duties for both)")
    }
    return dates.isEmpty ? .weekdays(weekdays) : .dates(dates)
  }

  private static var weekdays: [String] { ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] }

  private static var longWeekdays: [String] {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
  }
}
