import Coverage
import Geodesy
import Patrol

/// Fixes a second through an engine in memory: each batch, then the time it took to tell.
///
/// From the second hour of an evening on: what the engine does for a fix grows with what it knows of the window.
struct EngineBench {
  private(set) var rows: [Row] = []
  /// Heap allocations a fix: while batches are taken, and while time passes, where all that is concluded is told.
  private(set) var figures: [Figure] = []

  init(_ meter: Meter) throws {
    let one = Evening(try Precinct(groups: 1, handhelds: 1), secondsPerStep: 300)
    let many = Evening(try Precinct(groups: 40, handhelds: 200), secondsPerStep: 5)
    let rates = try meter.rates(
      of: Contender(name: "1 handheld", prepare: one.prepare, step: one.step),
      Contender(name: "200 handhelds", prepare: many.prepare, step: many.step))
    rows = [
      Row("engine, 1 handheld, 3 points, 1 line", "fixes", rates[0]),
      Row("engine, 200 handhelds, 100 points, 40 lines", "fixes", rates[1]),
    ]
    // Every tenth group leaves out a third of its line, so that there are gaps.
    let city = try Precinct(groups: 2_000, handhelds: 10_000, layout: .block)
    for seconds in [1, 10, 60] {
      let evening = Evening(
        city, secondsPerStep: max(10, seconds), secondsPerBatch: seconds, warmUp: .everyTenSeconds)
      let rate = try meter.rates(
        of: Contender(name: "city", prepare: evening.prepare, step: evening.step))
      let what = "engine, 10,000 handhelds, 10,000 segments, \(seconds) s batches"
      rows.append(Row(what, "fixes", rate[0]))
      figures += evening.allocations(what)
    }
  }

  /// An evening that goes on from step to step. When it is over, the next step is of its second hour again.
  private final class Evening {
    private let precinct: Precinct
    private let secondsPerStep: Int
    private let secondsPerBatch: Int
    private let warmUp: WarmUp

    /// How the first hour is told.
    enum WarmUp {
      case everySecond
      /// But for its last five minutes: legs all the same, and ten times as quick.
      case everyTenSeconds
    }

    private let fresh: Engine
    private var engine: Engine
    private var walkers: Walkers
    private var seconds: [(batch: [Observation], now: Instant)] = []

    init(
      _ precinct: Precinct, secondsPerStep: Int, secondsPerBatch: Int = 1,
      warmUp: WarmUp = .everySecond
    ) {
      self.warmUp = warmUp
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
      switch warmUp {
      case .everySecond: walkers.firstHour { block, now in _ = pass(block, now) }
      case .everyTenSeconds:
        while walkers.now < Precinct.opens + .minutes(60) {
          var block: [Observation] = []
          let isThin = walkers.now < Precinct.opens + .minutes(55)
          for second in 0..<10 {
            let told = walkers.second()
            if !isThin || second == 9 { block += told }
          }
          _ = pass(block, walkers.now)
        }
      }
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

    /// Over two minutes of the evening.
    func allocations(_ what: String) -> [Figure] {
      var (fixes, taking, passing) = (0, 0, 0)
      for _ in 0..<120 / secondsPerStep {
        prepare()
        for (batch, now) in seconds {
          fixes += batch.count
          taking += Allocations.count { _ = engine.ingest(batch) }
          passing += Allocations.count { engine.advance(to: now) }
          _ = engine.takeEvents()
        }
      }
      let each = [taking, passing].map { Double($0) / Double(fixes) }
      return [
        Figure(what: what + ", taking batches", unit: "heap allocations a fix", values: [each[0]]),
        Figure(what: what + ", time passing", unit: "heap allocations a fix", values: [each[1]]),
      ]
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
