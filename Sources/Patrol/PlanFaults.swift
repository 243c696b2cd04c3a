internal import Geodesy

/// Something in a plan that cannot be so.
public struct PlanFault: Hashable, Sendable {
  /// Where, by position in the plan's lists, so that a reader of files can name the line.
  public enum Subject: Hashable, Sendable {
    case plan
    case squadron(Int)
    case group(squadron: Int, group: Int)
    case shift(Int)
    case handheld(Int)
    case place(Int)
    case duty(Int)
    case rosterRow(Int)
    case assessment
  }

  public var subject: Subject
  /// The key as written in the plan file (`id`, `places`, `stay`), with a position where it is a list.
  public var key: String
  public var element: Int?
  /// What is wrong and what was expected: one sentence, no full stop.
  public var message: String

  public init(_ subject: Subject, _ key: String, element: Int? = nil, _ message: String) {
    self.subject = subject
    self.key = key
    self.element = element
    self.message = message
  }
}

/// All faults of a plan; at least one.
public struct PlanFaults: Error, Hashable, Sendable {
  public let all: [PlanFault]
  public init(_ all: [PlanFault]) { self.all = all }
}

extension Plan {
  /// Every fault, in the order of the plan file.
  func faults() -> [PlanFault] {
    var faults: [PlanFault] = []

    func unique<T>(_ ids: [Identifier<T>], _ noun: String, _ subject: (Int) -> PlanFault.Subject) {
      var seen: Set<Identifier<T>> = []
      for (i, id) in ids.enumerated() {
        if id.text.isEmpty {
          faults.append(PlanFault(subject(i), "id", "a \(noun) needs an id that is not empty"))
        } else if !seen.insert(id).inserted {
          faults.append(
            PlanFault(subject(i), "id", "\(noun) \(id) is listed twice; ids must be unique"))
        }
      }
    }

    unique(brigade.squadrons.map(\.id), "squadron", { .squadron($0) })
    var seenGroups: Set<Group.ID> = []
    var bearer: [Handheld.ID: Group.ID] = [:]
    for (s, squadron) in brigade.squadrons.enumerated() {
      for (g, group) in squadron.groups.enumerated() {
        let subject = PlanFault.Subject.group(squadron: s, group: g)
        if group.id.text.isEmpty {
          faults.append(PlanFault(subject, "id", "a group needs an id that is not empty"))
        } else if !seenGroups.insert(group.id).inserted {
          faults.append(
            PlanFault(subject, "id", "group \(group.id) is listed twice; ids must be unique"))
        }
        for (h, id) in group.handhelds.enumerated() {
          if handheld(id) == nil {
            faults.append(
              PlanFault(
                subject, "handhelds", element: h,
                "group \(group.id) has handheld \(id), which is not among the handhelds"))
          } else if let other = bearer[id] {
            faults.append(
              PlanFault(
                subject, "handhelds", element: h,
                "handheld \(id) already belongs to group \(other); it can belong to one group"))
          } else {
            bearer[id] = group.id
          }
        }
      }
    }

    unique(shifts.map(\.id), "shift", { .shift($0) })
    for (i, shift) in shifts.enumerated() {
      if let text = orderFault(shift.from, shift.to) {
        faults.append(PlanFault(.shift(i), "to", text))
      }
    }

    unique(handhelds.map(\.id), "handheld", { .handheld($0) })
    var sources: [Source: Handheld.ID] = [:]
    for (i, handheld) in handhelds.enumerated() {
      if let other = sources[handheld.source] {
        faults.append(
          PlanFault(
            .handheld(i), "source",
            "handhelds \(other) and \(handheld.id) have the same source \(handheld.source)"))
      } else if let other = handhelds[..<i].first(where: {
        $0.source.host == handheld.source.host && $0.source.port == handheld.source.port
          && ($0.source.device == nil) != (handheld.source.device == nil)
      }) {
        faults.append(
          PlanFault(
            .handheld(i), "source",
            "handhelds \(other.id) and \(handheld.id) share the gpsd "
              + "\(handheld.source.host):\(handheld.source.port), but one of them claims every device of it; "
              + "name a device for each"))
      }
      sources[handheld.source] = handheld.id
    }

    unique(places.map(\.id), "place", { .place($0) })
    unique(duties.map(\.id), "duty", { .duty($0) })
    for (i, duty) in duties.enumerated() { faults += self.faults(of: duty, at: i) }

    faults += rosterFaults()

    for id in assessment.vetoes.keys.sorted() where duty(id) == nil {
      faults.append(
        PlanFault(.assessment, "veto", "veto names duty \(id), which is not among the duties"))
    }
    return faults
  }

  /// - Parameter i: its position among the plan's duties.
  func faults(of duty: Duty, at i: Int) -> [PlanFault] {
    var faults: [PlanFault] = []
    func fault(_ key: String, element: Int? = nil, _ message: String) {
      faults.append(PlanFault(.duty(i), key, element: element, message))
    }
    if group(duty.group) == nil {
      fault("group", "duty \(duty.id) names group \(duty.group), which no squadron has")
    }
    if duty.places.isEmpty {
      fault("places", "duty \(duty.id) has no places; at least one is owed")
    }
    var kinds: [Place.Kind] = []
    var seen: Set<Place.ID> = []
    for (p, id) in duty.places.enumerated() {
      guard let place = place(id) else {
        fault(
          "places", element: p, "duty \(duty.id) names place \(id), which is not in the places file"
        )
        continue
      }
      if !seen.insert(id).inserted {
        fault("places", element: p, "duty \(duty.id) names place \(id) twice")
      }
      if place.kind == .street {
        fault(
          "places", element: p,
          "duty \(duty.id) names \(id), a street, which owes nothing; expected a point, line or area"
        )
      } else if let first = kinds.first, first != place.kind {
        fault(
          "places", element: p,
          "duty \(duty.id) mixes kinds: \(id) is a \(place.kind.rawValue), the places before it are "
            + "\(first.rawValue)s; give each kind its own duty")
      }
      if place.kind != .street { kinds.append(place.kind) }
    }
    if let text = orderFault(duty.from, duty.to) {
      fault("to", text)
    } else if !shifts.isEmpty {
      // Shifts that touch or overlap carry a window together.
      let window = (offset(duty.from), offset(duty.to, asEnd: true))
      var reached = window.0
      for shift in shifts.map({ (offset($0.from), offset($0.to, asEnd: true)) }).sorted(by: <)
      where shift.0 <= reached { reached = max(reached, shift.1) }
      if reached < window.1 {
        fault(
          "from",
          "duty \(duty.id) is owed from \(duty.from) to \(duty.to), which no shift covers; "
            + "nobody would be on duty")
      }
    }
    if duty.every.value <= 0 { fault("every", "every must be longer than 0") }
    if duty.stay.value < 0 { fault("stay", "stay must not be negative") }
    if duty.stay >= duty.every, duty.every.value > 0 {
      fault("stay", "stay must be shorter than every")
    }
    if kinds.first == .line {
      if duty.stay.value > 0 { fault("stay", "stay is for points and areas; a line is passed") }
      if duty.atOnce != 1 { fault("at_once", "at_once is for points and areas") }
    }
    if duty.atOnce < 1 { fault("at_once", "at_once must be 1 or more") }
    if shifts.isEmpty || roster.rows.isEmpty, let group = group(duty.group),
      duty.atOnce > max(1, group.handhelds.count)
    {
      fault(
        "at_once",
        "duty \(duty.id) asks for \(duty.atOnce) handhelds at once, group \(group.id) has "
          + "\(group.handhelds.count)")
    }
    if !(duty.weight > 0 && duty.weight.isFinite) { fault("weight", "weight must be above 0") }
    if let speed = duty.passSpeedMaximum, !(speed.value > 0 && speed.value.isFinite) {
      fault("pass_speed_max_mps", "pass_speed_max_mps must be above 0")
    }
    return faults
  }

  private func rosterFaults() -> [PlanFault] {
    var faults: [PlanFault] = []
    for (i, row) in roster.rows.enumerated() {
      func fault(_ key: String, _ message: String) {
        faults.append(PlanFault(.rosterRow(i), key, message))
      }
      if group(row.group) == nil { fault("group", "no squadron has a group \(row.group)") }
      if handheld(row.handheld) == nil {
        fault("handheld", "handheld \(row.handheld) is not among the handhelds")
      }
      guard let shift = shift(row.shift) else {
        fault(
          "shift",
          shifts.isEmpty
            ? "the plan has no shifts, so a roster cannot name \(row.shift)"
            : "the plan has no shift \(row.shift)")
        continue
      }
      let (from, to) = (row.from ?? shift.from, row.to ?? shift.to)
      if let text = orderFault(from, to) {
        fault(row.to == nil ? "from" : "to", text)
      } else if offset(from) < offset(shift.from)
        || offset(to, asEnd: true) > offset(shift.to, asEnd: true)
      {
        fault(
          row.from == nil ? "to" : "from",
          "\(from) to \(to) lies outside shift \(shift.id) (\(shift.from) to \(shift.to))")
      }
    }
    return faults
  }

  /// Nil where `from` comes before `to` within one operational day.
  private func orderFault(_ from: TimeOfDay, _ to: TimeOfDay) -> String? {
    if from == to { return "from and to are both \(from); expected a window longer than nothing" }
    guard offset(from) < offset(to, asEnd: true) else {
      return "\(from) to \(to) runs past \(dayStarts), where the next operational day starts"
    }
    return nil
  }
}
