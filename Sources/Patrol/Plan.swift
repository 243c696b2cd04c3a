public import Geodesy

/// What a brigade has ordered: its organisation, places, handhelds and duties. A value of this type holds no
/// dangling or repeated id and no duty that makes no sense.
public struct Plan: Hashable, Sendable {
  public let brigade: Brigade
  public let zone: Zone
  /// When an operational day begins; an earlier time of day belongs to the day before.
  public let dayStarts: TimeOfDay
  public let places: [Place]
  /// Empty: a handheld is on duty in the windows of its group's duties.
  public let shifts: [Shift]
  public let handhelds: [Handheld]
  /// Those of the plan's files, then those posted by changes.
  public private(set) var duties: [Duty]
  public let roster: Roster
  public let assessment: AssessmentRules
  /// Simulated fixes (status 8) count: the plan of a rig.
  public let isRig: Bool
  /// Of its reports, unless another is asked for.
  public let language: Language
  /// What was ordered beside the plan's files, in its order. See `changed(by:)`.
  public private(set) var changes: [PlanChange] = []

  private let placeIndex: [Place.ID: Int]
  private let handheldIndex: [Handheld.ID: Int]
  private var dutyIndex: [Duty.ID: Int]
  private let groupIndex: [Group.ID: (squadron: Int, group: Int)]
  private let handheldGroups: [Handheld.ID: Group.ID]
  private let rosterIndex: [CivilDate: [Int]]
  private(set) var changesOfDay: [CivilDate: [PlanChange]] = [:]

  /// Checks every reference once. Throws all faults together.
  public init(
    brigade: Brigade, zone: Zone, dayStarts: TimeOfDay, places: [Place], shifts: [Shift] = [],
    handhelds: [Handheld], duties: [Duty], roster: Roster = Roster(),
    assessment: AssessmentRules = AssessmentRules(), isRig: Bool = false,
    language: Language = .english
  ) throws(PlanFaults) {
    self.brigade = brigade
    self.zone = zone
    self.dayStarts = dayStarts
    self.places = places
    self.shifts = shifts
    self.handhelds = handhelds
    self.duties = duties
    self.roster = roster
    self.assessment = assessment
    self.isRig = isRig
    self.language = language
    placeIndex = Self.index(places.map(\.id))
    handheldIndex = Self.index(handhelds.map(\.id))
    dutyIndex = Self.index(duties.map(\.id))
    var groups: [Group.ID: (squadron: Int, group: Int)] = [:]
    for (s, squadron) in brigade.squadrons.enumerated() {
      for (g, group) in squadron.groups.enumerated() where groups[group.id] == nil {
        groups[group.id] = (s, g)
      }
    }
    groupIndex = groups
    handheldGroups = Dictionary(
      brigade.squadrons.flatMap(\.groups).flatMap { group in
        group.handhelds.map { ($0, group.id) }
      }, uniquingKeysWith: { first, _ in first })
    rosterIndex = Dictionary(grouping: roster.rows.indices) { roster.rows[$0].day }
    let faults = self.faults()
    if !faults.isEmpty { throw PlanFaults(faults) }
  }

  /// As the plan's files have it.
  mutating func dropChanges() {
    duties.removeLast(posted.count)
    for id in posted { dutyIndex[id] = nil }
    (changes, changesOfDay) = ([], [:])
  }

  /// Puts a change that fits on top.
  mutating func take(_ change: PlanChange) {
    changes.append(change)
    changesOfDay[change.day, default: []].append(change)
    guard case .post(var duty) = change.what else { return }
    duty.days = .dates([change.day])
    dutyIndex[duty.id] = duties.count
    duties.append(duty)
  }

  /// The first of each id; repeats are faults.
  private static func index<T>(_ ids: [Identifier<T>]) -> [Identifier<T>: Int] {
    Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
  }

  public func place(_ id: Place.ID) -> Place? { placeIndex[id].map { places[$0] } }
  public func handheld(_ id: Handheld.ID) -> Handheld? { handheldIndex[id].map { handhelds[$0] } }
  public func duty(_ id: Duty.ID) -> Duty? { dutyIndex[id].map { duties[$0] } }
  public func shift(_ id: Shift.ID) -> Shift? { shifts.first { $0.id == id } }

  public func group(_ id: Group.ID) -> Group? {
    groupIndex[id].map { brigade.squadrons[$0.squadron].groups[$0.group] }
  }

  public func squadron(of group: Group.ID) -> Squadron? {
    groupIndex[group].map { brigade.squadrons[$0.squadron] }
  }

  /// The roster's rows for a day, in its order.
  public func rosterRows(on day: CivilDate) -> [Roster.Row] {
    (rosterIndex[day] ?? []).map { roster.rows[$0] }
  }

  /// The group that lists a handheld; nil for one that no group has.
  public func group(of handheld: Handheld.ID) -> Group? {
    handheldGroups[handheld].flatMap { group($0) }
  }

  public static func == (a: Plan, b: Plan) -> Bool {
    a.brigade == b.brigade && a.zone == b.zone && a.dayStarts == b.dayStarts
      && a.places == b.places && a.shifts == b.shifts && a.handhelds == b.handhelds
      && a.duties == b.duties && a.roster == b.roster && a.assessment == b.assessment
      && a.isRig == b.isRig && a.language == b.language && a.changes == b.changes
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(brigade)
    hasher.combine(duties)
  }
}
