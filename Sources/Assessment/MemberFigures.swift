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

  /// All who served in windows, by squadron, group and name.
  ///
  /// - Parameters:
  ///   - heard: handhelds of which anything was received: one that nobody is rostered with, and that lay in a drawer, served nobody.
  ///   - plan: the version in force at a moment.
  public static func all(
    in windows: [DutyWindow], heard: Set<Handheld.ID>, rules: AssessmentRules,
    plan: (Instant) -> Plan
  ) -> [MemberFigures] {
    struct Sum {
      var figures: MemberFigures
      var duties: [Duty.ID: Tally] = [:]
      var days: Set<CivilDate> = []
    }
    var sums: [Server: Sum] = [:]
    for window in windows {
      let asked = Window(
        duty: window.duty, day: window.day, began: window.began, ended: window.ended)
      var counted: Set<Server> = []
      for assignment in plan(window.began).assignments(in: asked) {
        guard assignment.span.overlaps(asked.span) else { continue }
        if case .firstReport = assignment.basis, !heard.contains(assignment.handheld) { continue }
        let served = assignment.span.clamped(to: asked.span)
        var server = Server.handheld(assignment.handheld)
        if case .roster(let member) = assignment.basis, !member.isEmpty { server = .member(member) }
        var sum =
          sums[server]
          ?? Sum(
            figures: MemberFigures(
              server: server, group: window.group, squadron: window.squadron, handhelds: [],
              tally: Tally(), assessed: Assessed(Tally(), duties: [:], by: rules), served: .zero,
              days: 0))
        (sum.figures.group, sum.figures.squadron) = (window.group, window.squadron)
        sum.figures.served = sum.figures.served + (served.upperBound - served.lowerBound)
        if !sum.figures.handhelds.contains(assignment.handheld) {
          sum.figures.handhelds.append(assignment.handheld)
        }
        // Two handhelds, or two spells, in one window are one service.
        if counted.insert(server).inserted {
          sum.figures.tally.add(window.tally, times: window.weight)
          sum.duties[window.duty, default: Tally()].add(window.tally)
          sum.days.insert(window.day)
        }
        sums[server] = sum
      }
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
