public import Geodesy
public import Patrol

/// What a member's groups did while the member served: a sheet of the appraisal. Where the roster names nobody, each handheld
/// stands for whoever carried it.
public struct MemberFigures: Hashable, Sendable {
  public enum Server: Hashable, Sendable {
    case member(String)
    case handheld(Handheld.ID)

    public var text: String {
      switch self {
      case .member(let name): name
      case .handheld(let id): id.text
      }
    }
  }

  public var server: Server
  /// The last served with.
  public var group: Group.ID
  public var squadron: Squadron.ID
  /// In the order of first use.
  public var handhelds: [Handheld.ID]
  /// Of the duty windows served in, each times its weight.
  public var tally: Tally
  public var assessed: Assessed
  /// Time allotted within those windows.
  public var served: Milliseconds
  /// Operational days served on.
  public var days: Int
  /// In windows or not: time that passed on duty, as far as it was judged.
  public var onDuty = Milliseconds.zero
  /// What the handhelds' time was worth meanwhile, and how far they were carried.
  public var time = DutyTime()

  /// All who served in windows or were on duty, by squadron, group and name.
  ///
  /// - Parameters:
  ///   - heard: handhelds of which anything was received: one that nobody is rostered with, and that lay in a drawer, served nobody.
  ///   - times: on duty; of those who are not in it nothing is known.
  ///   - plan: the version in force at a moment.
  public static func all(
    in windows: [DutyWindow], heard: Set<Handheld.ID>,
    times: [Server: EquipmentFigures.MemberTime] = [:], rules: AssessmentRules,
    plan: (Instant) -> Plan
  ) -> [MemberFigures] {
    struct Sum {
      var figures: MemberFigures
      var duties: [Duty.ID: Tally] = [:]
      var days: Set<CivilDate> = []
    }
    func nothing(_ server: Server, _ group: Group.ID, _ squadron: Squadron.ID) -> Sum {
      Sum(
        figures: MemberFigures(
          server: server, group: group, squadron: squadron, handhelds: [], tally: Tally(),
          assessed: Assessed(Tally(), duties: [:], by: rules), served: .zero, days: 0))
    }
    var sums: [Server: Sum] = [:]
    for window in windows {
      for (server, services) in services(in: window, heard: heard, by: plan(window.began)) {
        var sum = sums[server] ?? nothing(server, window.group, window.squadron)
        (sum.figures.group, sum.figures.squadron) = (window.group, window.squadron)
        for service in services {
          sum.figures.served += service.span.upperBound - service.span.lowerBound
          if !sum.figures.handhelds.contains(service.handheld) {
            sum.figures.handhelds.append(service.handheld)
          }
        }
        // Two handhelds, or two spells, in one window are one service.
        sum.figures.tally.add(window.tally, times: window.weight)
        sum.duties[window.duty, default: Tally()].add(window.tally)
        sum.days.insert(window.day)
        sums[server] = sum
      }
    }
    for (server, time) in times {
      guard let group = time.group, let squadron = time.squadron else { continue }
      var sum = sums[server] ?? nothing(server, group, squadron)
      (sum.figures.onDuty, sum.figures.time) = (time.onDuty, time.time)
      for handheld in time.handhelds where !sum.figures.handhelds.contains(handheld) {
        sum.figures.handhelds.append(handheld)
      }
      sums[server] = sum
    }
    var all = sums.values.map { sum in
      var figures = sum.figures
      figures.assessed = Assessed(figures.tally, duties: sum.duties, by: rules)
      figures.days = sum.days.count
      return figures
    }.sorted {
      ($0.squadron.text, $0.group.text, $0.server.text)
        < ($1.squadron.text, $1.group.text, $1.server.text)
    }
    var ranked = all.map(\.assessed)
    Assessed.rank(&ranked)
    for i in all.indices { all[i].assessed.rank = ranked[i].rank }
    return all
  }
}

extension MemberFigures {
  /// Who served in a window, with what, and when: spans are cut to the window.
  public static func services(
    in window: DutyWindow, heard: Set<Handheld.ID>, by plan: Plan
  ) -> [Server: [(handheld: Handheld.ID, span: Range<Instant>)]] {
    let asked = Window(
      duty: window.duty, day: window.day, began: window.began, ended: window.ended)
    var services: [Server: [(handheld: Handheld.ID, span: Range<Instant>)]] = [:]
    for assignment in plan.assignments(in: asked) {
      guard assignment.span.overlaps(asked.span) else { continue }
      if case .firstReport = assignment.basis, !heard.contains(assignment.handheld) { continue }
      var server = Server.handheld(assignment.handheld)
      if case .roster(let member) = assignment.basis, !member.isEmpty { server = .member(member) }
      services[server, default: []].append(
        (assignment.handheld, assignment.span.clamped(to: asked.span)))
    }
    return services
  }
}
