internal import Patrol

/// The rules of assessment in plan.yaml.
extension PlanReading {
  mutating func readAssessment(_ top: inout Section) {
    guard top.has("assessment"),
      var section = top.section(
        "assessment", .optional, subject: "assessment",
        known: ["pass_mark", "advanced_mark", "veto", "bands"])
    else { return }
    let mark = Form<Double>.number(0, through: 1)
    var rules = AssessmentRules()
    if let x = section.value("pass_mark", .optional, mark) { rules.passMark = x }
    if let x = section.value("advanced_mark", .optional, mark) { rules.advancedMark = x }
    if rules.advancedMark < rules.passMark, section.unsound.isEmpty {
      section.error(
        "advanced_mark",
        "found \(plain(rules.advancedMark)), below the pass_mark of \(plain(rules.passMark)); expected at least that"
      )
    }
    readVetoes(&section, into: &rules, mark)
    readBands(&section, into: &rules, mark)
    draft.assessment = rules
  }

  private mutating func readVetoes(
    _ section: inout Section, into rules: inout AssessmentRules, _ mark: Form<Double>
  ) {
    guard let node = section.node("veto") else { return }
    guard case .mapping(let entries) = node.content else {
      section.error("veto", "found \(node.described); expected a mapping of duties to marks")
      return
    }
    let ids = draft.duties.map(\.id.text)
    for entry in entries {
      if !ids.contains(entry.key), !map.unsoundDuties {
        section.error(
          at: entry.line, "veto",
          "found \(quoted(entry.key)), which is not among the duties\(Spelling.hint(entry.key, among: ids))"
        )
      }
      guard case .scalar(let text) = entry.value.content, let value = mark.read(text) else {
        section.error(
          at: entry.line, "veto",
          "\(entry.key): found \(entry.value.described); expected \(mark.expected)")
        continue
      }
      if ids.contains(entry.key) { rules.vetoes[Duty.ID(entry.key)] = value }
    }
  }

  private mutating func readBands(
    _ section: inout Section, into rules: inout AssessmentRules, _ mark: Form<Double>
  ) {
    guard let nodes = section.list("bands", .optional, of: "bands") else { return }
    var lines: [Double: Int] = [:]
    for (i, node) in nodes.enumerated() {
      guard
        var band = Section(
          node, file: section.file, subject: "assessment: band \(i + 1)",
          known: ["from", "name", "factor"],
          log: log)
      else { continue }
      let from = band.value("from", .required, mark)
      let name = band.value("name", .required, .text)
      let factor = band.value("factor", .required, .number(0, through: 100))
      guard let from, let name, let factor else { continue }
      if let line = lines.updateValue(band.line, forKey: from) {
        band.error(
          "from",
          "found \(plain(from)) again (first on line \(line)); expected each band to begin elsewhere"
        )
      }
      rules.bands.append(AssessmentRules.Band(from: from, name: name, factor: factor))
    }
    rules.bands.sort { $0.from > $1.from }
  }
}
