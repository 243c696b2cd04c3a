import Coverage
import Geodesy
import Patrol
import Rig
import Testing

@Suite struct `West Lake through the engine` {
  static let scenario = try! WestLake.scenario()
  static let truth = Truth(of: scenario)

  @Test(arguments: [20_261_110, 1, 2, 3] as [UInt64])
  func `has its planted faults, and no other gap`(seed: UInt64) throws {
    let drive = Drive(Self.scenario, seed: seed)
    let score = Score(
      Self.scenario, truth: Self.truth, found: Array(drive.gaps.values).sorted { $0.id < $1.id },
      withdrawn: drive.withdrawn)
    print("seed \(seed)\n" + score.text())
    #expect(score.passes)
    #expect(score.rows.count == 5)
  }
}
