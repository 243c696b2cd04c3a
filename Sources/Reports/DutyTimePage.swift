internal import Assessment
internal import Geodesy
internal import Patrol

/// The part of a period's page that tells of time on duty: of units, of models, and of handhelds.
struct DutyTimePage {
  let report: PeriodReport
  let texts: Texts

  private var plan: Plan { report.plan }

  var values: [String: Any] {
    [
      "hasTime": report.equipment.whole.onDuty > .zero,
      "models": report.equipment.models.map(model),
      "handhelds": handhelds, "timeOfUnits": report.figures.squadrons.flatMap(timeOfUnits),
    ]
  }

  private func model(_ m: EquipmentFigures.ModelFigures) -> [String: Any] {
    var row = texts.cells(m.time)
    row["model"] = m.model.text
    row["count"] = m.handhelds
    return row
  }

  /// The least available first: those are to be seen to. Those that were never on duty are last.
  private var handhelds: [[String: Any]] {
    report.equipment.handhelds.sorted {
      ($0.time.availability ?? 2, $0.handheld.text) < ($1.time.availability ?? 2, $1.handheld.text)
    }.map { h in
      var row = texts.cells(h.time)
      row["handheld"] = h.handheld.text
      row["model"] = h.model.text
      row["group"] = h.group.map { plan.group($0)?.name ?? $0.text } ?? ""
      row["days"] = h.days
      return row
    }
  }

  /// A squadron, and its groups below it.
  private func timeOfUnits(_ s: PeriodFigures.SquadronFigures) -> [[String: Any]] {
    let equipment = report.equipment
    guard let time = equipment.squadrons[s.squadron.id], time.onDuty > .zero else { return [] }
    var row = texts.cells(time)
    (row["squadron"], row["group"], row["class"]) = (s.squadron.name, "", "unit")
    return [row]
      + s.groups.compactMap { g in
        guard let time = equipment.groups[g.group.id], time.onDuty > .zero else { return nil }
        var row = texts.cells(time)
        (row["squadron"], row["group"], row["class"]) = ("", g.group.name, "")
        return row
      }
  }
}
