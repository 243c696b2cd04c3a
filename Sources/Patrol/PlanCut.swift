public import Geodesy

extension Plan {
  /// What of it is one squadron's on a day: its groups and their duties, the places of those, and the handhelds that its
  /// groups have or that the roster or a change gives to them that day; streets besides. It bears both their names. Nil where there is
  /// no such squadron.
  public func cut(to id: Squadron.ID, on day: CivilDate) throws(PlanFaults) -> Plan? {
    guard let squadron = brigade.squadrons.first(where: { $0.id == id }) else { return nil }
    let groups = Set(squadron.groups.map(\.id))
    let posted = posted
    let duties = duties.filter { groups.contains($0.group) }
    let rows = rosterRows(on: day).filter { groups.contains($0.group) }
    let owed = Set(duties.flatMap(\.places))
    var carried = Set(squadron.groups.flatMap(\.handhelds) + rows.map(\.handheld))
    for change in changesOfDay[day] ?? [] {
      switch change.what {
      case .swap(let id, insteadOf: let other, _) where carried.contains(other): carried.insert(id)
      case .lend(let id, to: let duty, _, _) where duties.contains { $0.id == duty }:
        carried.insert(id)
      default: break
      }
    }
    let ordered = Set(duties.map(\.id))
    var rules = assessment
    rules.vetoes = rules.vetoes.filter { ordered.contains($0.key) }
    return try Plan(
      brigade: Brigade(
        id: brigade.id, name: "\(brigade.name) · \(squadron.name)", squadrons: [squadron]),
      zone: zone, dayStarts: dayStarts,
      places: places.filter { $0.kind == .street || owed.contains($0.id) }, shifts: shifts,
      handhelds: handhelds.filter { carried.contains($0.id) },
      duties: duties.filter { !posted.contains($0.id) }, roster: Roster(rows: rows),
      assessment: rules, isRig: isRig, language: language
    ).changed(by: changes)
  }
}
