public import Geodesy
public import Patrol

/// What a period's duty windows amount to: for the brigade, its squadrons, their groups and duties, and day by day.
public struct PeriodFigures: Hashable, Sendable {
  /// A squadron, with the duties its groups owed.
  public struct SquadronFigures: Hashable, Sendable {
    public var squadron: Squadron
    /// Of its duties, each times its weight.
    public var tally: Tally
    public var assessed: Assessed
    /// By id.
    public var duties: [DutyFigures]
    /// In the plan's order, then those it no longer has.
    public var groups: [GroupFigures]
    public var establishment: Establishment?
  }

  public struct DutyFigures: Hashable, Sendable {
    public var duty: Duty.ID
    public var group: Group.ID
    /// As it was last.
    public var weight: Double
    /// Unweighted.
    public var tally: Tally
    /// Its own mark, below which it vetoes.
    public var veto: Double?
  }

  public struct GroupFigures: Hashable, Sendable {
    public var group: Group
    public var tally: Tally
    public var assessed: Assessed
  }

  public struct DayFigures: Hashable, Sendable {
    public var day: CivilDate
    public var tally: Tally
  }

  /// Of all, each times its weight.
  public var brigade: Tally
  /// In the plan's order, those that owe nothing included; then those that the plan no longer has.
  public var squadrons: [SquadronFigures]
  /// In rising order, those with windows.
  public var days: [DayFigures]
  /// Every window was judged to its end.
  public var isFinal: Bool

  /// - Parameters:
  ///   - windows: of the period, in any order.
  ///   - plan: names the units: the one in force at the period's end.
  ///   - rules: marks, vetoes and bands; others than the plan's ask what would be.
  ///   - weights: instead of those of the plan versions, where given.
  public init(
    _ windows: [DutyWindow], plan: Plan, rules: AssessmentRules, weights: [Duty.ID: Double] = [:]
  ) {
    var brigade = Tally()
    var days: [CivilDate: Tally] = [:]
    var bySquadron: [Squadron.ID: [DutyWindow]] = [:]
    for var window in windows {
      if let weight = weights[window.duty] { window.weight = weight }
      brigade.add(window.tally, times: window.weight)
      days[window.day, default: Tally()].add(window.tally, times: window.weight)
      bySquadron[window.squadron, default: []].append(window)
    }
    self.brigade = brigade
    self.days = days.sorted { $0.key < $1.key }.map { DayFigures(day: $0.key, tally: $0.value) }
    isFinal = windows.allSatisfy(\.isFinal)
    let known = Set(plan.brigade.squadrons.map(\.id))
    let gone = bySquadron.keys.filter { !known.contains($0) }.sorted { $0.text < $1.text }
      .map { Squadron(id: $0, name: $0.text, groups: []) }
    squadrons = (plan.brigade.squadrons + gone).map {
      SquadronFigures($0, bySquadron[$0.id] ?? [], rules)
    }
    var ranked = squadrons.map(\.assessed)
    Assessed.rank(&ranked)
    for i in squadrons.indices { squadrons[i].assessed.rank = ranked[i].rank }
  }
}

extension PeriodFigures.SquadronFigures {
  fileprivate init(_ squadron: Squadron, _ windows: [DutyWindow], _ rules: AssessmentRules) {
    self.squadron = squadron
    tally = Tally()
    var byDuty: [Duty.ID: PeriodFigures.DutyFigures] = [:]
    var byGroup: [Group.ID: (tally: Tally, duties: [Duty.ID: Tally])] = [:]
    for window in windows.sorted(by: { ($0.began, $0.duty.text) < ($1.began, $1.duty.text) }) {
      tally.add(window.tally, times: window.weight)
      var figures =
        byDuty[window.duty]
        ?? PeriodFigures.DutyFigures(
          duty: window.duty, group: window.group, weight: window.weight, tally: Tally(),
          veto: rules.vetoes[window.duty])
      (figures.weight, figures.group) = (window.weight, window.group)
      figures.tally.add(window.tally)
      byDuty[window.duty] = figures
      var group = byGroup[window.group] ?? (Tally(), [:])
      group.tally.add(window.tally, times: window.weight)
      group.duties[window.duty, default: Tally()].add(window.tally)
      byGroup[window.group] = group
    }
    duties = byDuty.values.sorted { $0.duty.text < $1.duty.text }
    assessed = Assessed(tally, duties: byDuty.mapValues(\.tally), by: rules)
    let known = Set(squadron.groups.map(\.id))
    let gone = byGroup.keys.filter { !known.contains($0) }.sorted { $0.text < $1.text }
      .map { Group(id: $0, name: $0.text, handhelds: []) }
    groups = (squadron.groups + gone).map { group in
      let own = byGroup[group.id] ?? (Tally(), [:])
      return PeriodFigures.GroupFigures(
        group: group, tally: own.tally,
        assessed: Assessed(own.tally, duties: own.duties, by: rules))
    }
    var ranked = groups.map(\.assessed)
    Assessed.rank(&ranked)
    for i in groups.indices { groups[i].assessed.rank = ranked[i].rank }
    establishment = Establishment(of: squadron)
  }
}
