public import Geodesy
public import Patrol

/// What a plan amounts to: what `patrolctl check` prints.
public struct PlanSummary: Hashable, Sendable {
  public struct GroupLine: Hashable, Sendable {
    public var id: Group.ID
    public var name: String
    public var handhelds: Int
    public var duties: Int
  }

  public struct SquadronLine: Hashable, Sendable {
    public var id: Squadron.ID
    public var name: String
    public var groups: [GroupLine]
  }

  public struct KindLine: Hashable, Sendable {
    public var kind: Place.Kind
    public var count: Int
    /// Of lines and streets, together; nil for what has no length.
    public var length: Metres?
  }

  public var brigade: String
  public var zone: Zone
  public var dayStarts: TimeOfDay
  public var squadrons: [SquadronLine]
  /// Kinds that occur, in the order of `Place.Kind`.
  public var places: [KindLine]
  public var shifts: Int
  public var handhelds: Int
  public var duties: Int
  public var rosterRows: Int
  public var isRig: Bool
  /// From this instant on.
  public var from: Instant
  /// Windows open then or opening within 24 hours, by opening.
  public var windows: [Window]
  public var warnings: [PlanProblem]

  /// - Parameter instant: the beginning of the 24 hours of windows.
  public init(_ loaded: LoadedPlan, from instant: Instant) {
    let plan = loaded.plan
    brigade = plan.brigade.name
    zone = plan.zone
    dayStarts = plan.dayStarts
    squadrons = plan.brigade.squadrons.map { squadron in
      SquadronLine(
        id: squadron.id, name: squadron.name,
        groups: squadron.groups.map { group in
          GroupLine(
            id: group.id, name: group.name, handhelds: group.handhelds.count,
            duties: plan.duties.count { $0.group == group.id })
        })
    }
    places = Place.Kind.allCases.compactMap { kind in
      let all = plan.places.filter { $0.kind == kind }
      guard !all.isEmpty else { return nil }
      let lengths = all.compactMap(\.length)
      return KindLine(
        kind: kind, count: all.count,
        length: lengths.isEmpty ? nil : lengths.reduce(Metres.zero, +))
    }
    shifts = plan.shifts.count
    handhelds = plan.handhelds.count
    duties = plan.duties.count
    rosterRows = plan.roster.rows.count
    isRig = plan.isRig
    from = instant
    // A window lasts a day at most, and an hour or so more where clocks are put back.
    windows = plan.windows(opening: instant - Window.longest..<instant + .hours(24))
      .filter { $0.ended > instant }
    warnings = loaded.warnings
  }
}

extension Place {
  /// Nil for points and areas.
  fileprivate var length: Metres? {
    switch geometry {
    case .line(let line, _), .street(let line): line.length
    case .point, .area: nil
    }
  }
}
