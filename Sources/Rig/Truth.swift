internal import Coverage
internal import Geodesy
internal import Patrol

/// What truly happened on a rig: computed from the walkers' positions without noise, second by second, and with no
/// part of the engine that is to be judged by it. Times are right to a second.
public struct Truth: Sendable {
  /// By window, then beginning.
  public var gaps: [TrueGap]
  public var shares: [TrueShare]

  public init(gaps: [TrueGap], shares: [TrueShare]) {
    self.gaps = gaps
    self.shares = shares
  }

  public var finalGaps: [TrueGap] { gaps.filter { !$0.isLiveOnly } }
  public var liveOnly: [TrueGap] { gaps.filter(\.isLiveOnly) }

  /// As every handheld that is switched on is heard sooner or later, but for time that a fault hides for good, whatever is
  /// not covered is missed. Hidden time is taken for possible attendance: that its bearer could not have reached the place
  /// in it is not told apart, nor what is not known while a handheld is silent is taken for unproven, `silent`.
  public init(of scenario: Scenario) {
    gaps = []
    shares = []
    let steps = scenario.walkers.map { Footprints($0, of: scenario) }
    for window in scenario.windows {
      guard let duty = scenario.plan.duty(window.duty) else { continue }
      let serving = scenario.plan.assignments(in: window)
      for id in duty.places {
        guard let place = scenario.plan.place(id) else { continue }
        let owed = Owed(duty: duty.id, windowBegan: window.began, place: id)
        let ground = TrueGround(place)
        func attended(before moment: Instant) -> TrueAttendance {
          TrueAttendance(
            ground, duty, serving, steps, over: scenario.span, knownBefore: moment)
        }
        let all = attended(before: .distantFuture)
        let final = TrueFreshness(
          all, ground, duty, window, over: scenario.span, hidden: Self.hidden(steps, serving, duty))
        shares.append(TrueShare(owed: owed, covered: final.coveredShare))
        gaps += final.gaps(owed: owed)
        for moment in Self.deliveries(scenario.walkers, serving.map(\.handheld), in: window) {
          let live = TrueFreshness(
            attended(before: moment), ground, duty, window, over: scenario.span)
          gaps += live.gaps(owed: owed, until: moment, butNotIn: final)
        }
      }
    }
    for i in gaps.indices {
      gaps[i].fault =
        scenario.faults.first { fault in
          fault.duty == gaps[i].owed.duty && fault.place == gaps[i].owed.place
            && fault.verdict == gaps[i].verdict && fault.cause == gaps[i].cause
            && fault.isLiveOnly == gaps[i].isLiveOnly
        }?.name
    }
    gaps.sort { ($0.owed, $0.began) < ($1.owed, $1.began) }
  }

  /// Shorter than a stay, or than an excursion that breaks none, it hides nothing.
  private static func hidden(
    _ steps: [Footprints], _ serving: [Assignment], _ duty: Duty
  ) -> [HiddenTime] {
    let least = max(Milliseconds.seconds(60), duty.stay)
    return steps.filter { step in
      serving.contains { $0.handheld == step.walker.handheld.id }
    }.flatMap(\.hidden).filter { $0.span.upperBound - $0.span.lowerBound > least }
  }

  private static func deliveries(
    _ walkers: [Walker], _ serving: [Handheld.ID], in window: Window
  ) -> [Instant] {
    let all = walkers.filter { serving.contains($0.handheld.id) }.flatMap(\.backlogs)
    return Set(all.map(\.delivered)).filter { $0 > window.began }.sorted()
  }
}
