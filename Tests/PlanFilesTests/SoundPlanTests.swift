import Geodesy
import Patrol
import PlanFiles
import Testing

@Test func `A sound plan is read without a word`() throws {
  let loaded = try LoadedPlan(bundle: WestGatePlan.bundle)
  #expect(loaded.warnings.map(\.description) == [])
}
