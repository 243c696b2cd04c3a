internal import Geodesy
internal import Patrol

/// A plan as far as it could be read, with stand-ins for what could not.
struct PlanDraft {
  /// The plan's own file.
  var file: String
  var brigade = Brigade(id: "", name: "", squadrons: [])
  var zone = Zone(identifier: "UTC", firstOffset: 0)
  var dayStarts: TimeOfDay
  var squadrons: [Squadron] = []
  var shifts: [Shift] = []
  var handhelds: [Handheld] = []
  var places: [Place] = []
  var duties: [Duty] = []
  var roster: [Roster.Row] = []
  var assessment = AssessmentRules()
  var isRig = false
  var language = Language.english

  var groups: [Group] { squadrons.flatMap(\.groups) }

  func plan() throws(PlanFaults) -> Plan {
    var brigade = brigade
    brigade.squadrons = squadrons
    return try Plan(
      brigade: brigade, zone: zone, dayStarts: dayStarts, places: places, shifts: shifts,
      handhelds: handhelds, duties: duties, roster: Roster(rows: roster), assessment: assessment,
      isRig: isRig, language: language)
  }
}
