internal import Geodesy
internal import Patrol

/// Squadrons, groups and shifts of plan.yaml.
extension PlanReading {
  mutating func readSquadrons(_ top: inout Section) {
    guard let nodes = top.list("squadrons", .required, of: "squadrons") else {
      map.gaps.insert(.groups)
      return
    }
    let count = Form<Int>.integer(0...1_000_000_000)
    let keys = ["id", "name", "leader", "strength", "residents", "cases_per_year", "groups"]
    for (i, node) in nodes.enumerated() {
      let name = name("squadron", node, i)
      guard
        var section = Section(node, file: top.file, subject: name.subject, known: keys, log: log)
      else {
        map.gaps.insert(.groups)
        continue
      }
      let id = section.value("id", .required, .id)
      var squadron = Squadron(id: Squadron.ID(id ?? name.standIn), name: "", groups: [])
      squadron.name = section.value("name", .required, .text) ?? ""
      squadron.leader = section.value("leader", .optional, .text)
      squadron.strength = section.value("strength", .optional, count)
      squadron.residents = section.value("residents", .optional, count)
      squadron.casesPerYear = section.value("cases_per_year", .optional, count)
      squadron.groups = readGroups(&section, squadron: draft.squadrons.count)
      map.enter(.squadron(draft.squadrons.count), section)
      draft.squadrons.append(squadron)
    }
  }

  private mutating func readGroups(_ squadron: inout Section, squadron s: Int) -> [Group] {
    guard let nodes = squadron.list("groups", .required, of: "groups") else {
      map.gaps.insert(.groups)
      return []
    }
    var groups: [Group] = []
    for (i, node) in nodes.enumerated() {
      let name = name("group", node, i)
      guard
        var section = Section(
          node, file: squadron.file, subject: name.subject, known: ["id", "name", "handhelds"],
          log: log)
      else {
        map.gaps.insert(.groups)
        continue
      }
      let id = section.value("id", .required, .id)
      if id == nil { map.gaps.insert(.groups) }
      let text = section.value("name", .required, .text)
      let handhelds = section.values("handhelds", .optional, of: "handhelds", .id) ?? []
      map.enter(.group(squadron: s, group: groups.count), section)
      groups.append(
        Group(
          id: Group.ID(id ?? name.standIn), name: text ?? "",
          handhelds: handhelds.map { Handheld.ID($0) }))
    }
    return groups
  }

  mutating func readShifts(_ top: inout Section) {
    guard let nodes = top.list("shifts", .optional, of: "shifts") else {
      if top.unsound.contains("shifts") { map.gaps.insert(.shifts) }
      return
    }
    for (i, node) in nodes.enumerated() {
      let name = name("shift", node, i)
      guard
        var section = Section(
          node, file: top.file, subject: name.subject, known: ["id", "from", "to"], log: log)
      else {
        map.gaps.insert(.shifts)
        continue
      }
      let id = section.value("id", .required, .id)
      let from = section.value("from", .required, .timeOfDay)
      let to = section.value("to", .required, .timeOfDay)
      if !section.unsound.isEmpty { map.gaps.insert(.shifts) }
      map.enter(.shift(draft.shifts.count), section)
      draft.shifts.append(
        Shift(
          id: Shift.ID(id ?? name.standIn), from: from ?? draft.dayStarts, to: to ?? draft.dayStarts
        ))
    }
  }

  /// What an element of a list is called in messages: by its id, or where it has none that can be read, its number.
  func name(_ noun: String, _ node: YAMLNode, _ index: Int) -> (subject: String, standIn: String) {
    if case .mapping(let entries) = node.content,
      case .scalar(let text)? = entries.first(where: { $0.key == "id" })?.value.content,
      let id = Form<String>.id.read(text)
    {
      return ("\(noun) \(id)", id)
    }
    // Cannot be an id: a control character.
    return ("\(noun) number \(index + 1)", "\u{1}\(noun) \(index + 1)")
  }
}
