internal import Patrol

/// Where each thing of a plan stands in its files, so that the faults of `Plan.init` can be told with file and line; and
/// which of its keys are unsound, so that no fault is told that only follows from another.
struct FaultMap {
  private struct Standing {
    var file: String
    var line: Int
    var feature: PlanProblem.Feature?
    /// As messages name it: `duty banks-after-hours`.
    var name: String
    var keyLines: [String: Int] = [:]
    var elementLines: [String: [Int]] = [:]
    var unsound: Set<String> = []
  }

  /// A whole list that could not be read: nothing that is not in it can be called unknown.
  enum Gap: Hashable {
    case groups, handhelds, places, shifts, roster, dayStarts
  }

  private var standings: [PlanFault.Subject: Standing] = [:]
  var gaps: Set<Gap> = []
  /// Places that stand in their file with faults of their own, whether or not they are in the draft.
  var unsoundPlaces: Set<Place.ID> = []
  /// A duty, or all of them, could not be read.
  var unsoundDuties = false

  mutating func enter(_ subject: PlanFault.Subject, _ section: Section) {
    standings[subject] = Standing(
      file: section.file, line: section.line, name: section.subject, keyLines: section.keyLines,
      elementLines: section.elementLines, unsound: section.unsound)
  }

  mutating func enter(
    _ subject: PlanFault.Subject, file: String, line: Int, feature: PlanProblem.Feature? = nil,
    name: String, unsound: Set<String> = []
  ) {
    standings[subject] = Standing(
      file: file, line: line, feature: feature, name: name, unsound: unsound)
  }

  /// The fault with its place in the files; nil where it may only follow from something already told.
  func problem(_ fault: PlanFault, of draft: PlanDraft) -> PlanProblem? {
    let standing = standings[fault.subject]
    if follows(fault, standing, draft) { return nil }
    var message = fault.message
    for prefix in [standing?.name ?? "", fault.key] where message.hasPrefix(prefix + " ") {
      message = String(message.dropFirst(prefix.count + 1))
    }
    message = "\(fault.key): \(message)\(hint(fault, draft))"
    // A feature's number and id say already what the place's name would.
    if let name = standing?.name, !name.isEmpty, standing?.feature == nil {
      message = "\(name): \(message)"
    }
    return PlanProblem(
      .error, file: standing?.file ?? draft.file, line: line(standing, fault.key, fault.element),
      feature: standing?.feature, message)
  }

  /// A limit with its place in the files.
  func problem(_ limit: EvidenceLimit, root: String) -> PlanProblem {
    let standing = standings[limit.subject]
    var message = limit.key == "id" ? limit.message : "\(limit.key): \(limit.message)"
    if let name = standing?.name, !name.isEmpty, standing?.feature == nil {
      message = "\(name): \(message)"
    }
    return PlanProblem(
      limit.severity, file: standing?.file ?? root, line: line(standing, limit.key, limit.element),
      feature: standing?.feature, message)
  }

  private func line(_ standing: Standing?, _ key: String, _ element: Int?) -> Int? {
    let elements = standing?.elementLines[key] ?? []
    let line = element.flatMap { elements.indices.contains($0) ? elements[$0] : nil }
    return line ?? standing?.keyLines[key] ?? standing?.line
  }

  private func follows(_ fault: PlanFault, _ standing: Standing?, _ draft: PlanDraft) -> Bool {
    let unsound = standing?.unsound ?? []
    switch fault.key {
    case "from", "to":
      return !unsound.isDisjoint(with: ["from", "to", "shift"]) || gaps.contains(.dayStarts)
        || gaps.contains(.shifts)
    case "every", "stay": return !unsound.isDisjoint(with: ["every", "stay"])
    case "group": return unsound.contains("group") || gaps.contains(.groups)
    case "handheld", "handhelds":
      return (unsound.contains("handheld") || gaps.contains(.handhelds))
        && fault.message.contains("not among")
    case "shift": return unsound.contains("shift") || gaps.contains(.shifts)
    case "at_once":
      return unsound.contains("at_once") || unsound.contains("group")
        || !gaps.isDisjoint(with: [.roster, .groups])
    case "places":
      guard let element = fault.element, case .duty(let i) = fault.subject else {
        return unsound.contains("places")
      }
      let id = draft.duties[i].places[element]
      if unsoundPlaces.contains(id) { return true }
      return gaps.contains(.places) && !draft.places.contains { $0.id == id }
    default: return unsound.contains(fault.key)
    }
  }

  private func hint(_ fault: PlanFault, _ draft: PlanDraft) -> String {
    switch (fault.subject, fault.key, fault.element) {
    case (.duty(let i), "places", let e?):
      let id = draft.duties[i].places[e]
      guard !draft.places.contains(where: { $0.id == id }) else { return "" }
      return Spelling.hint(id.text, among: draft.places.map(\.id.text))
    case (.duty(let i), "group", _):
      return Spelling.hint(draft.duties[i].group.text, among: draft.groups.map(\.id.text))
    case (.group(let s, let g), "handhelds", let e?):
      let id = draft.squadrons[s].groups[g].handhelds[e]
      guard !draft.handhelds.contains(where: { $0.id == id }) else { return "" }
      return Spelling.hint(id.text, among: draft.handhelds.map(\.id.text))
    case (.rosterRow(let r), "group", _):
      return Spelling.hint(draft.roster[r].group.text, among: draft.groups.map(\.id.text))
    case (.rosterRow(let r), "handheld", _):
      return Spelling.hint(draft.roster[r].handheld.text, among: draft.handhelds.map(\.id.text))
    case (.rosterRow(let r), "shift", _):
      return Spelling.hint(draft.roster[r].shift.text, among: draft.shifts.map(\.id.text))
    default: return ""
    }
  }
}
