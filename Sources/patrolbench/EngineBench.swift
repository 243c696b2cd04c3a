import Coverage
import Geodesy
import Patrol

/// Fixes a second through an engine in memory: each simulated second's batch, then that second's passage.
///
/// From the second hour of an evening on: what the engine does for a fix grows with what it knows of the window.
enum EngineBench {
  static func rows(_ meter: Meter) throws -> [Row] {
    let one = Evening(try Precinct(groups: 1, handheldsPerGroup: 1), secondsPerStep: 300)
    let many = Evening(try Precinct(groups: 40, handheldsPerGroup: 5), secondsPerStep: 5)
    let rates = try meter.rates(
      of: Contender(name: "1 handheld", prepare: one.prepare, step: one.step),
      Contender(name: "200 handhelds", prepare: many.prepare, step: many.step))
    let city = try Precinct(groups: 2_000, handheldsPerGroup: 5, layout: .block)
    let bySecond = Evening(city, secondsPerStep: 20)
    let byTen = Evening(city, secondsPerStep: 20, secondsPerBatch: 10)
    let large = try meter.rates(
      of: Contender(name: "batches of 1 s", prepare: bySecond.prepare, step: bySecond.step),
      Contender(name: "batches of 10 s", prepare: byTen.prepare, step: byTen.step))
    return [
      Row("engine, 1 handheld, 3 points, 1 line", "fixes", rates[0]),
      Row("engine, 200 handhelds, 100 points, 40 lines", "fixes", rates[1]),
      Row("engine, 10,000 handhelds, 10,000 segments, 1 s batches", "fixes", large[0]),
      Row("engine, the same, 10 s batches", "fixes", large[1]),
    ]
  }

  /// An evening that goes on from step to step. When it is over, the next step is of its second hour again.
  private final class Evening {
    private let precinct: Precinct
    private let secondsPerStep: Int
    private let secondsPerBatch: Int
    private let fresh: Engine
    private var engine: Engine
    private var walkers: Walkers
    private var seconds: [(batch: [Observation], now: Instant)] = []

    init(_ precinct: Precinct, secondsPerStep: Int, secondsPerBatch: Int = 1) {
      self.secondsPerBatch = secondsPerBatch
      self.precinct = precinct
      self.secondsPerStep = secondsPerStep
      fresh = Engine(
        plan: precinct.plan, windows: Precinct.opens..<Precinct.opens + .hours(12))
      engine = fresh
      walkers = Walkers(precinct)
      begin()
    }

    private func begin() {
      engine = fresh
      walkers = Walkers(precinct)
      walkers.firstHour { block, now in _ = pass(block, now) }
    }

    func prepare() {
      if walkers.now + .seconds(secondsPerStep) > Precinct.closes { begin() }
      seconds = (0..<secondsPerStep / secondsPerBatch).map { _ in
        var batch: [Observation] = []
        for _ in 0..<secondsPerBatch { batch += walkers.second() }
        return (batch, walkers.now)
      }
    }

    func step() -> Contender.Step {
      var step = Contender.Step(done: 0, sum: 0)
      for (batch, now) in seconds {
        step.sum &+= pass(batch, now)
        step.done += batch.count
      }
      return step
    }

    /// The events concluded and the fixes found usable.
    private func pass(_ batch: [Observation], _ now: Instant) -> UInt64 {
      let outcome = engine.ingest(batch)
      engine.advance(to: now)
      let usable = outcome.gates.count { $0 == nil }
      return UInt64(engine.takeEvents().count + usable)
    }
  }
}
