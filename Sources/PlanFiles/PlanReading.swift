internal import Geodesy
internal import Patrol

/// One reading of a plan's files: it goes on after every fault, so that all are told at once.
struct PlanReading {
  static let keys = [
    "brigade", "timezone", "day_starts", "places", "roster", "squadrons", "shifts", "handhelds",
    "duties", "assessment", "rig", "language",
  ]

  let origin: FileOrigin
  let log = ProblemLog()
  var draft: PlanDraft
  var map = FaultMap()
  /// What was read, as text.
  var bundle: PlanBundle
  var models: [String: DeviceModel?] = [:]

  private init(_ origin: FileOrigin, root: String) {
    self.origin = origin
    let midnight = TimeOfDay("00:00")
    guard let midnight else { preconditionFailure("00:00 is a time of day") }
    draft = PlanDraft(file: root, dayStarts: midnight)
    bundle = PlanBundle(root: root, files: [:])
  }

  /// The plan, the reading's warnings among the problems, and the texts it was read from.
  static func read(_ origin: FileOrigin, root: String) throws(PlanProblems) -> (
    plan: Plan, map: FaultMap, log: ProblemLog, bundle: PlanBundle
  ) {
    var reading = PlanReading(origin, root: root)
    reading.log.opens(root)
    reading.readAll()
    let plan: Plan
    do {
      plan = try reading.draft.plan()
    } catch {
      for problem in error.all.compactMap({ reading.map.problem($0, of: reading.draft) }) {
        reading.log.add(problem)
      }
      if !reading.log.hasErrors {
        // Every fault was taken for the consequence of another, but there is none: better all than silence.
        for fault in error.all { reading.log.error(root, nil, "\(fault.key): \(fault.message)") }
      }
      throw PlanProblems(reading.log.all)
    }
    guard !reading.log.hasErrors else { throw PlanProblems(reading.log.all) }
    return (plan, reading.map, reading.log, reading.bundle)
  }

  private mutating func readAll() {
    let root = bundle.root
    guard let text = text(of: root, need: .required, key: nil, from: nil),
      let node = YAMLReading.read(text, file: root, log: log),
      var top = Section(node, file: root, subject: "", known: Self.keys, log: log)
    else {
      // Its own faults hide none in the files that stand beside it.
      map.gaps = [.groups, .handhelds, .shifts, .dayStarts]
      readPlaces("places.geojson", from: nil)
      readRoster("roster.csv", from: nil)
      return
    }
    readHead(&top)
    readSquadrons(&top)
    readShifts(&top)
    readHandhelds(&top)
    let places = top.value("places", .required, .text)
    readPlaces(places, from: top)
    readDuties(&top)
    let roster = top.value("roster", .optional, .text)
    if top.unsound.contains("roster") { map.gaps.insert(.roster) }
    readRoster(roster, from: top)
    readAssessment(&top)
  }

  private mutating func readHead(_ top: inout Section) {
    if var brigade = top.section("brigade", .required, subject: "brigade", known: ["id", "name"]) {
      let id = brigade.value("id", .required, .id)
      let name = brigade.value("name", .required, .text)
      draft.brigade = Brigade(id: Brigade.ID(id ?? ""), name: name ?? "", squadrons: [])
    }
    if let name = top.value("timezone", .required, .text) {
      if let zone = zone(name) {
        draft.zone = zone
        bundle.files[PlanBundle.zoneName(name)] = ZoneTable.text(zone)
      } else {
        top.error(
          "timezone",
          "found \(quoted(name)); expected an IANA zone such as Asia/Shanghai\(SystemZone.hint(name))"
        )
      }
    }
    if let dayStarts = top.value("day_starts", .required, .timeOfDay) {
      draft.dayStarts = dayStarts
    } else {
      map.gaps.insert(.dayStarts)
    }
    draft.isRig = top.value("rig", .optional, .truth) ?? false
    if let language = top.value("language", .optional, .language) { draft.language = language }
  }

  private func zone(_ name: String) -> Zone? {
    if case .bundle(let kept) = origin, let table = kept.files[PlanBundle.zoneName(name)] {
      return ZoneTable.zone(table, identifier: name)
    }
    return SystemZone.named(name)
  }

  private mutating func readPlaces(_ name: String?, from top: Section?) {
    guard let name,
      let text = text(of: name, need: top == nil ? .optional : .required, key: "places", from: top),
      let places = PlacesReading.read(text, file: name, log: log)
    else {
      map.gaps.insert(.places)
      return
    }
    map.unsoundPlaces = places.lost
    for (i, one) in places.found.enumerated() {
      draft.places.append(one.place)
      map.enter(
        .place(i), file: name, line: one.line, feature: one.feature, name: "place \(one.place.id)")
      if !one.isSound { map.unsoundPlaces.insert(one.place.id) }
    }
  }

  private mutating func readRoster(_ name: String?, from top: Section?) {
    guard let name else { return }
    guard
      let text = text(
        of: name, need: top == nil ? .optional : .required, key: "roster", from: top, fallback: .gbk
      ),
      let found = RosterReading.read(text, file: name, log: log)
    else {
      map.gaps.insert(.roster)
      return
    }
    for (i, one) in found.enumerated() {
      draft.roster.append(one.row)
      map.enter(.rosterRow(i), file: name, line: one.line, name: "")
    }
  }

  /// The text of a file that the plan names, which goes into the bundle, too.
  private mutating func text(
    of name: String, need: Section.Need, key: String?, from top: Section?,
    fallback: TextDecoding.Fallback = .refuse
  ) -> String? {
    do {
      let bytes = try origin.bytes(of: name)
      log.opens(name)
      guard let text = TextDecoding.text(bytes, file: name, fallback: fallback, log: log) else {
        return nil
      }
      bundle.files[name] = text
      return text
    } catch {
      switch error {
      case .absent:
        guard need == .required else { return nil }
        if let top, let key {
          log.error(
            top.file, top.line(of: key), "\(key): found no file \(quoted(name)) beside the plan")
        } else {
          log.error(name, nil, "found no such file; expected a plan")
        }
      case .unreadable(let reason): log.error(name, nil, reason)
      }
      return nil
    }
  }
}
