import Coverage
import Foundation
import Geodesy
import Patrol
import Store

/// A store of a brigade's evenings, made as fast as they can be judged and stored.
struct QuarterMaking {
  /// A made-up brigade, by its size: a store's plan is known by it.
  struct Force {
    var groups = 200
    var handhelds = 600

    init() {}

    init?(_ text: String) {
      let parts = text.split(separator: " ").compactMap { Int($0) }
      guard parts.count == 2 else { return nil }
      (groups, handhelds) = (parts[0], parts[1])
    }

    var text: String { "\(groups) \(handhelds)" }

    /// The plan of a store by its version's bundle; of one that tells no size, the usual one's.
    static func plan(of bundle: String) throws -> Plan {
      try (Force(bundle) ?? Force()).precinct().plan
    }

    func precinct() throws -> Precinct {
      try Precinct(groups: groups, handhelds: handhelds, squadrons: min(10, groups))
    }
  }

  var force = Force()
  var days = 92
  /// Seconds between two fixes of a handheld.
  var every = 9

  static let first = CivilDate("2026-10-01")!
  private static let evening = Milliseconds.hours(5)
  /// Seconds of the evening taken at once: each handheld's fixes of that time fill pages of the store, not rows of many.
  private static let batch = 600

  struct Taken: Error, CustomStringConvertible {
    var path: String
    var description: String { "\(path): is there already" }
  }

  /// Tells after each week how far it came. What is killed is whole, but for its last batch.
  func fill(_ path: String) throws {
    guard !FileManager.default.fileExists(atPath: path) else { throw Taken(path: path) }
    let precinct = try force.precinct()
    let plan = precinct.plan
    let opens = (0..<days).map {
      plan.instant(of: TimeOfDay("18:00")!, in: Self.first.adding(days: $0))
    }
    let end = plan.span(of: Self.first.adding(days: days)).lowerBound
    var pipeline = try Pipeline(
      store: Store(at: path, for: .write, durability: .whole),
      version: Pipeline.Version(plan: plan, digest: "bench", bundle: force.text),
      scope: .windows(opens[0]..<end), at: opens[0], program: "patrolbench", load: { _ in plan })
    var stored = 0
    let clock = ContinuousClock()
    let began = clock.now
    let drift = ErrorDrift(seconds: every)
    for (n, open) in opens.enumerated() {
      var walkers = Walkers(precinct, from: open)
      while walkers.now < open + Self.evening {
        var batch: [Observation] = []
        for _ in 0..<max(1, Self.batch / every) { batch += walkers.next(after: drift) }
        stored += try pipeline.takeAhead(Pipeline.Batch(batch, until: walkers.now)).stored
      }
      if n % 7 == 6 { tell(n + 1, stored, clock.now - began) }
    }
    stored += try pipeline.take([], until: end + .hours(3)).stored
    tell(days, stored, clock.now - began)
    let sums = try clock.measure { try pipeline.sumDays() }
    print("handhelds' days summed up in \(Int(sums / .seconds(1))) s")
  }

  private func tell(_ days: Int, _ stored: Int, _ time: Duration) {
    let seconds = time / .seconds(1)
    print(
      "\(days) days: \(stored) fixes in \(Int(seconds)) s, \(Int(Double(stored) / seconds)) fixes/s"
    )
    fflush(nil)
  }
}
