import Coverage
import Geodesy
import Patrol
import Rig
import Testing

@Suite struct `The West Lake scenario` {
  @Test func `is sound`() throws {
    let scenario = try WestLake.scenario()
    #expect(scenario.walkers.count == 6)
    for w in scenario.warnings { print(w) }
  }
}

@Suite struct `The truth` {
  @Test func `of West Lake is its planted faults`() throws {
    let scenario = try WestLake.scenario()
    let truth = Truth(of: scenario)
    for gap in truth.gaps {
      print(
        gap.owed.duty, gap.owed.place, gap.verdict, gap.cause, scenario.plan.zone.text(gap.began),
        scenario.plan.zone.text(gap.ended), gap.stretch as Any, gap.isLiveOnly, gap.fault as Any)
    }
    for s in truth.shares { print(s.owed.place, s.covered) }
  }
}
