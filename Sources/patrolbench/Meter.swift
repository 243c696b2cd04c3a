import Dispatch

/// Something whose speed is taken: a step of work, done again and again.
struct Contender {
  /// What one step did: how much, and a sum over its results. The sum keeps the optimiser from leaving the work out.
  struct Step {
    var done: Int
    var sum: UInt64
  }

  var name: String
  /// Makes the next step's input ready; not timed.
  var prepare: () throws -> Void = {}
  /// Timed. Should take at least 50 µs, so that reading the clock costs nothing.
  var step: () throws -> Step
}

/// A speed, each a second: the median of some runs, the slowest and the fastest of them.
struct Rate: Codable {
  var median: Double
  var slowest: Double
  var fastest: Double

  init(runs: [Double]) {
    let sorted = runs.sorted()
    median = sorted[sorted.count / 2]
    slowest = sorted[0]
    fastest = sorted[sorted.count - 1]
  }
}

/// Times contenders by the monotonic clock.
final class Meter {
  static let runs = 5
  /// Steps are added to a run until it has taken this long.
  static let runMinimum: UInt64 = 300_000_000  // ns

  /// Over every result so far.
  private var sum: UInt64 = 0

  /// A run of each to warm up, then the median of five each. Contenders take turns, so that whatever else the
  /// machine does in the meantime slows all of them.
  func rates(of contenders: Contender...) throws -> [Rate] {
    for contender in contenders { _ = try run(contender) }
    var runs = contenders.map { _ in [Double]() }
    for _ in 0..<Self.runs {
      for (c, contender) in contenders.enumerated() { runs[c].append(try run(contender)) }
    }
    return runs.map(Rate.init)
  }

  /// Of one run, each a second.
  private func run(_ contender: Contender) throws -> Double {
    var done = 0
    var spent: UInt64 = 0
    while spent < Self.runMinimum {
      try contender.prepare()
      let began = Self.now()
      let step = try contender.step()
      spent += Self.now() - began
      done += step.done
      sum = sum &* 31 &+ step.sum
    }
    // Also what keeps the sum, and so the work behind it, from being left out.
    precondition(done > 0 && sum != 0, "\(contender.name): a run did nothing")
    return Double(done) / Double(spent) * 1e9
  }

  /// Nanoseconds of CLOCK_MONOTONIC.
  private static func now() -> UInt64 {
    DispatchTime.now().uptimeNanoseconds
  }
}
