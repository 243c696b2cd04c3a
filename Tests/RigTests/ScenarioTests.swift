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
