import Coverage
import Geodesy
import Patrol
import Store

/// Fixes a second looked through for handhelds carried together: 10,000 handhelds that report each second, five to a line
/// of 1 km, half of them on the move; in memory, and from a store with all that reading takes.
enum PairingBench {
  private static let seconds = 20

  static func rows(_ meter: Meter, in folder: Scratch) throws -> [Row] {
    let precinct = try Precinct(groups: 2_000, handhelds: 10_000, layout: .block)
    let going = Going(precinct)
    let stored = try Stored(precinct, folder)
    let rates = try meter.rates(
      of: Contender(name: "in memory", prepare: going.prepare, step: going.step),
      Contender(name: "from a store", prepare: stored.open, step: stored.step))
    return [
      Row("pairings, 10,000 handhelds, in memory", "fixes", rates[0]),
      Row("pairings, 10,000 handhelds, from a store", "fixes", rates[1]),
    ]
  }

  /// A pass that goes on from step to step.
  private final class Going {
    private let precinct: Precinct
    private var walkers: Walkers
    private var pass: PairingPass
    /// By the pass's handhelds.
    private var fixes: [[Fix]] = []
    private var positions: [Handheld.ID: Int]

    init(_ precinct: Precinct) {
      self.precinct = precinct
      walkers = Walkers(precinct)
      pass = PairingPass(
        over: Precinct.opens..<Precinct.closes, handhelds: precinct.plan.handhelds)
      positions = Dictionary(
        uniqueKeysWithValues: pass.handhelds.enumerated().map { ($1, $0) })
    }

    func prepare() {
      if walkers.now + .seconds(seconds) > Precinct.closes {
        (walkers, pass) = (Walkers(precinct), pass.anew)
      }
      fixes = Array(repeating: [], count: pass.handhelds.count)
      for _ in 0..<seconds {
        for o in walkers.second() { fixes[positions[o.handheld]!].append(o.fix!) }
      }
    }

    func step() -> Contender.Step {
      var step = Contender.Step(done: 0, sum: 1)
      for (h, own) in fixes.enumerated() {
        for fix in own { pass.take(fix, of: h) }
        step.done += own.count
      }
      step.sum &+= UInt64(pass.advance(to: walkers.now).count)
      return step
    }
  }

  /// Minutes in a store, looked through from their beginning each time.
  private final class Stored {
    private let precinct: Precinct
    private let path: String
    private var pipeline: Pipeline?
    private var count = 0

    init(_ precinct: Precinct, _ folder: Scratch) throws {
      self.precinct = precinct
      path = folder.file()
      try open()
      var walkers = Walkers(precinct)
      for _ in 0..<6 {
        var batch: [Observation] = []
        for _ in 0..<seconds { batch += walkers.second() }
        count += try pipeline!.take(batch, until: walkers.now).stored
      }
    }

    func open() throws {
      pipeline = nil
      try forget()
      pipeline = try Pipeline(
        store: Store(at: path, for: .write),
        version: Pipeline.Version(plan: precinct.plan, digest: "bench", bundle: ""),
        scope: .windows(Precinct.opens..<Precinct.opens + .hours(12)), at: Precinct.opens,
        program: "patrolbench", load: { [precinct] _ in precinct.plan })
    }

    /// What was looked through so far, so that all of it is again.
    private func forget() throws {
      guard count > 0 else { return }
      try PlainSQLite(at: path).execute("UPDATE pairing_day SET until_ms = began_ms")
    }

    func step() throws -> Contender.Step {
      Contender.Step(done: count, sum: 1 + UInt64(try pipeline!.findPairings().count))
    }
  }
}
