public import Geodesy
public import Patrol

/// What the time on duty of a period's handhelds was worth: by handheld, model, member, group and squadron.
public struct EquipmentFigures: Hashable, Sendable {
  /// One handheld, as the plan had it last.
  public struct HandheldFigures: Hashable, Sendable {
    public var handheld: Handheld.ID
    public var model: DeviceModel.ID
    public var group: Group.ID?
    public var squadron: Squadron.ID?
    /// Operational days on which it was on duty.
    public var days: Int
    public var time: DutyTime
  }

  public struct ModelFigures: Hashable, Sendable {
    public var model: DeviceModel.ID
    /// Those that were on duty.
    public var handhelds: Int
    public var time: DutyTime
  }

  /// Who carried a handheld, or a handheld that nobody is rostered with.
  public struct MemberTime: Hashable, Sendable {
    /// The last served with; nil for a handheld that no group has.
    public var group: Group.ID?
    public var squadron: Squadron.ID?
    /// In the order of first use.
    public var handhelds: [Handheld.ID]
    public var days: Int
    /// Time that passed while on duty: with two handhelds at a time it counts once.
    public var onDuty: Milliseconds
    /// What the handhelds' time was worth: of two at a time it counts twice.
    public var time: DutyTime
  }

  /// By id: all that any plan of the period has, those that were never on duty included.
  public var handhelds: [HandheldFigures] = []
  /// By id, those that were on duty.
  public var models: [ModelFigures] = []
  public var groups: [Group.ID: DutyTime] = [:]
  public var squadrons: [Squadron.ID: DutyTime] = [:]
  public var members: [MemberFigures.Server: MemberTime] = [:]
  public var whole = DutyTime()

  public init() {}
}

/// Makes `EquipmentFigures` of spells taken one by one, each day's together.
public struct EquipmentTally: Sendable {
  private struct Sum {
    var model: DeviceModel.ID
    var group: Group.ID?
    var squadron: Squadron.ID?
    var lastDay: CivilDate?
    var days = 0
    var time = DutyTime()
  }

  private struct Day {
    var date: CivilDate
    var plan: Plan
    var postings: [Handheld.ID: [Posting]]
  }

  private struct Person {
    var time: EquipmentFigures.MemberTime
    var lastDay: CivilDate?
    /// The day's spells.
    var spans: [Range<Instant>] = []
  }

  private var handhelds: [Handheld.ID: Sum] = [:]
  private var models: [DeviceModel.ID: (handhelds: Set<Handheld.ID>, time: DutyTime)] = [:]
  private var people: [MemberFigures.Server: Person] = [:]
  private var figures = EquipmentFigures()
  private var day: Day?

  public init() {}

  /// Begins a day: its spells follow. Days are taken in order.
  public mutating func begin(_ date: CivilDate, by plan: Plan) {
    day = Day(
      date: date, plan: plan,
      postings: Dictionary(grouping: plan.postings(on: date), by: \.handheld))
    for handheld in plan.handhelds {
      let group = plan.group(of: handheld.id)?.id
      var sum = handhelds[handheld.id] ?? Sum(model: handheld.model.id)
      sum.model = handheld.model.id
      (sum.group, sum.squadron) = (group, group.flatMap { plan.squadron(of: $0)?.id })
      handhelds[handheld.id] = sum
    }
  }

  /// Takes one of the day's spells: one that is empty lies off duty, and is the handheld's own.
  public mutating func take(_ handheld: Handheld.ID, _ spell: DutySpell) {
    guard let day else { return }
    figures.whole.add(spell.time)
    let known = day.plan.handheld(handheld)?.model.id
    var sum = handhelds[handheld] ?? Sum(model: known ?? "")
    sum.time.add(spell.time)
    if !spell.span.isEmpty, sum.lastDay != day.date {
      sum.lastDay = day.date
      sum.days += 1
    }
    if !spell.span.isEmpty {
      models[sum.model, default: ([], DutyTime())].handhelds.insert(handheld)
    }
    models[sum.model, default: ([], DutyTime())].time.add(spell.time)
    handhelds[handheld] = sum

    let (served, servers) = service(of: handheld, in: spell.span, day)
    for group in served { figures.groups[group, default: DutyTime()].add(spell.time) }
    for squadron in Set(served.compactMap { day.plan.squadron(of: $0)?.id }) {
      figures.squadrons[squadron, default: DutyTime()].add(spell.time)
    }
    for (server, group) in servers { take(server, handheld, group, spell, day) }
  }

  /// Whom a handheld served in a spell, and who carried it: the roster's rows begin and end where spells do.
  private func service(
    of handheld: Handheld.ID, in span: Range<Instant>, _ day: Day
  ) -> (groups: Set<Group.ID>, servers: [(server: MemberFigures.Server, group: Group.ID?)]) {
    let postings =
      span.isEmpty ? [] : (day.postings[handheld] ?? []).filter { $0.span.overlaps(span) }
    var groups = Set(postings.map(\.group))
    if groups.isEmpty, let own = day.plan.group(of: handheld)?.id { groups = [own] }
    guard !span.isEmpty else { return (groups, []) }
    var servers: [(server: MemberFigures.Server, group: Group.ID?)] = []
    for posting in postings
    where !posting.member.isEmpty
      && !servers.contains(where: { $0.server == .member(posting.member) })
    {
      servers.append((.member(posting.member), posting.group))
    }
    if servers.isEmpty { servers = [(.handheld(handheld), groups.sorted().first)] }
    return (groups, servers)
  }

  /// Who carried a handheld in a spell of the day that was begun.
  public func servers(
    of handheld: Handheld.ID, in span: Range<Instant>
  ) -> [MemberFigures.Server] {
    day.map { service(of: handheld, in: span, $0).servers.map(\.server) } ?? []
  }

  private mutating func take(
    _ server: MemberFigures.Server, _ handheld: Handheld.ID, _ group: Group.ID?,
    _ spell: DutySpell, _ day: Day
  ) {
    let none = Person(
      time: EquipmentFigures.MemberTime(handhelds: [], days: 0, onDuty: .zero, time: DutyTime()))
    Self.add(spell, of: handheld, group, day, to: &people[server, default: none])
  }

  private static func add(
    _ spell: DutySpell, of handheld: Handheld.ID, _ group: Group.ID?, _ day: Day,
    to person: inout Person
  ) {
    if person.lastDay != day.date {
      close(&person)
      person.lastDay = day.date
      person.time.days += 1
    }
    person.spans.append(spell.span)
    person.time.time.add(spell.time)
    person.time.group = group
    person.time.squadron = group.flatMap { day.plan.squadron(of: $0)?.id }
    if !person.time.handhelds.contains(handheld) { person.time.handhelds.append(handheld) }
  }

  private static func close(_ person: inout Person) {
    var until = Instant.distantPast
    for span in person.spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      let began = max(until, span.lowerBound)
      if span.upperBound > began { person.time.onDuty += span.upperBound - began }
      until = max(until, span.upperBound)
    }
    person.spans.removeAll(keepingCapacity: true)
  }

  public func result() -> EquipmentFigures {
    var figures = figures
    figures.handhelds = handhelds.map { id, sum in
      EquipmentFigures.HandheldFigures(
        handheld: id, model: sum.model, group: sum.group, squadron: sum.squadron, days: sum.days,
        time: sum.time)
    }.sorted { $0.handheld.text < $1.handheld.text }
    figures.models = models.filter { !$0.value.handhelds.isEmpty }.map { id, sum in
      EquipmentFigures.ModelFigures(
        model: id, handhelds: sum.handhelds.count, time: sum.time)
    }.sorted { $0.model.text < $1.model.text }
    figures.members = people.mapValues { person in
      var person = person
      Self.close(&person)
      return person.time
    }
    return figures
  }
}
