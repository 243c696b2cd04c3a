import Coverage
import Foundation
import Geodesy
import Patrol
import Rig
import Testing

@Suite struct `West Lake through the engine` {
  static let scenario = try! WestLake.scenario()
  static let truth = Truth(of: scenario)

  /// RIG_SEEDS=20 tries as many more.
  static let seeds: [UInt64] = {
    let more = ProcessInfo.processInfo.environment["RIG_SEEDS"].flatMap { UInt64($0) } ?? 1
    return [scenario.seed] + (0..<more).map { $0 + 1 }
  }()

  @Test(arguments: seeds) func `has its planted faults, and no other gap`(seed: UInt64) throws {
    let drive = Drive(Self.scenario, seed: seed, tick: Int(seed % 10) + 1)
    let score = Score(
      Self.scenario, truth: Self.truth, found: drive.gaps.values.sorted { $0.id < $1.id },
      withdrawn: drive.withdrawn)
    print("seed \(seed)\n" + score.text())
    #expect(score.passes)
    #expect(score.rows.count == 5)
    for share in Self.truth.shares {
      let covered = try #require(drive.standings[share.owed]?.shares?.covered)
      #expect(abs(covered - share.covered) < 0.01, "\(share.owed.place)")
    }
  }

  @Test func `falls short where a gap is overlooked, invented or misjudged`() throws {
    let drive = Drive(Self.scenario, tick: 10)
    let gaps = drive.gaps.values.sorted { $0.id < $1.id }
    func score(_ found: [Gap], _ withdrawn: [Score.Withdrawn]?) -> Score {
      Score(Self.scenario, truth: Self.truth, found: found, withdrawn: withdrawn)
    }
    #expect(score(gaps, nil).passes)
    #expect(!score(gaps, []).passes)
    #expect(!score(Array(gaps.dropLast()), nil).passes)
    #expect(score(Array(gaps.dropLast()), nil).recall == 0.75)
    var wrong = gaps
    wrong[0].cause = .unmanned
    #expect(!score(wrong, nil).passes)
    var more = gaps[0]
    more.owed.place = "bank-xiangshan"
    more.owed.duty = "banks-after-hours"
    #expect(!score(gaps + [more], nil).passes)
    #expect(score(gaps + [more], nil).precision == 0.8)
    var later = gaps
    for i in later.indices { later[i].region.pieces.removeLast(later[i].region.pieces.count / 2) }
    #expect(later.allSatisfy { $0.region.pieces.count <= 1 } || !score(later, nil).passes)
  }
}
