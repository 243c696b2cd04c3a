import Coverage
import Geodesy
import Patrol
import Store

/// Fixes a second through engine and store together, as a daemon's are: a transaction each simulated second,
/// from the second hour of an evening on.
enum PipelineBench {
  static func rows(_ meter: Meter, in folder: Scratch) throws -> [Row] {
    let watch = try Watch(try Precinct(groups: 40, handhelds: 200), folder)
    let rates = try meter.rates(
      of: Contender(name: "pipeline", prepare: watch.prepare, step: watch.step))
    return [Row("pipeline, 200 handhelds, a second a transaction", "fixes", rates[0])]
  }

  struct Unexpected: Error, CustomStringConvertible {
    var taken: Pipeline.Taken
    var description: String {
      "not all stored: \(taken.stored) stored, \(taken.repeated) repeated, \(taken.offDuty) off duty"
    }
  }

  /// An evening into a store. When it is over, the next step is of the second hour of one in another store.
  private final class Watch {
    private let precinct: Precinct
    private let folder: Scratch
    private var walkers: Walkers
    private var pipeline: Pipeline
    private var batch: [Observation] = []

    init(_ precinct: Precinct, _ folder: Scratch) throws {
      self.precinct = precinct
      self.folder = folder
      (walkers, pipeline) = try Self.secondHour(of: precinct, in: folder)
    }

    private static func secondHour(
      of precinct: Precinct, in folder: Scratch
    ) throws -> (Walkers, Pipeline) {
      var pipeline = try Pipeline(
        store: Store(at: folder.file(), for: .write),
        version: Pipeline.Version(plan: precinct.plan, digest: "bench", bundle: ""),
        scope: .windows(Precinct.opens..<Precinct.opens + .hours(12)), at: Precinct.opens,
        program: "patrolbench", load: { _ in precinct.plan })
      var walkers = Walkers(precinct)
      try walkers.firstHour { block, now in _ = try pipeline.take(block, until: now) }
      return (walkers, pipeline)
    }

    func prepare() throws {
      if walkers.now >= Precinct.closes {
        (walkers, pipeline) = try Self.secondHour(of: precinct, in: folder)
      }
      batch = walkers.second()
    }

    func step() throws -> Contender.Step {
      let taken = try pipeline.take(batch, until: walkers.now)
      guard taken.stored == batch.count else { throw Unexpected(taken: taken) }
      return Contender.Step(done: batch.count, sum: UInt64(taken.events.count))
    }
  }
}
