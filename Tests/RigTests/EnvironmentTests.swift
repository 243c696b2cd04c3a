import Foundation
import Geodesy
import Patrol
import Testing

@testable import Rig

@Suite struct `A receiver in a street` {
  static func errors(
    _ environment: Environment, hours: Int, standing: Bool = false, seed: UInt64 = 3
  ) -> ReceiverErrors {
    ReceiverErrors(
      environment, seed: seed, stream: "a",
      isStanding: Array(repeating: standing, count: hours * 3600))
  }

  /// Without what befalls it.
  static func calm(_ environment: Environment) -> Environment {
    var environment = environment
    environment.jumps.perHour = 0
    environment.outages.perHour = 0
    return environment
  }

  static func variance(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
  }

  @Test(arguments: Environment.all)
  func `errs by its σ, and for its τ`(environment: Environment) {
    let seconds = Self.errors(Self.calm(environment), hours: 60).seconds
    let (sigma, white) = (environment.sigma.value, environment.white.value)
    let lag = Int(environment.tau.seconds)
    for axis in [\PlanePoint.x, \PlanePoint.y] {
      let values = seconds.map { $0.position[keyPath: axis] }
      let variance = Self.variance(values)
      #expect(abs(variance / (sigma * sigma + white * white) - 1) < 0.12)
      let covariance =
        zip(values, values.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
        / Double(values.count - lag)
      #expect(abs(covariance / (sigma * sigma) - exp(-1)) < 0.08)
      let doppler = Self.variance(seconds.map { $0.velocity[keyPath: axis] }).squareRoot()
      #expect(abs(doppler / environment.velocity.value - 1) < 0.02)
    }
    #expect(seconds.allSatisfy { $0.reception == .position })
  }

  @Test(arguments: [Environment.urban, .canyon])
  func `jumps and falls silent as often as it says`(environment: Environment) {
    let hours = 200
    let errors = Self.errors(environment, hours: hours)
    func isNear(_ count: Int, _ perHour: Double) -> Bool {
      let expected = perHour * Double(hours)
      return abs(Double(count) - expected) < 4 * expected.squareRoot()
    }
    #expect(isNear(errors.jumpCount, environment.jumps.perHour))
    #expect(isNear(errors.outageCount, environment.outages.perHour))
    let lasting = environment.outages.lasting
    let dark = errors.seconds.count { $0.reception != .position }
    let expected =
      environment.outages.perHour * Double(hours) * (lasting.lowerBound + lasting.upperBound) / 2
    #expect(abs(Double(dark) / expected - 1) < 0.25)
    let silent = errors.seconds.count { $0.reception == .silent }
    #expect((0.35...0.65).contains(Double(silent) / Double(dark)))
  }

  @Test func `does not know how wrong it is`() {
    func claimed(_ environment: Environment) -> Double {
      let seconds = Self.errors(environment, hours: 20).seconds
      return seconds.reduce(0) { $0 + $1.accuracy.value } / Double(seconds.count)
    }
    #expect(abs(claimed(.open) - claimed(.canyon)) < 0.01)
    #expect((4.5...6).contains(claimed(.canyon)))
  }

  @Test func `wanders up to twice its variance while its bearer stands`() {
    let environment = Self.calm(.urban)
    let moving = Self.errors(environment, hours: 60).seconds
    let standing = Self.errors(environment, hours: 60, standing: true).seconds
    let ratio =
      Self.variance(standing.dropFirst(900).map(\.position.x))
      / Self.variance(moving.dropFirst(900).map(\.position.x))
    #expect((1.8...2.1).contains(ratio))
  }

  @Test func `is worse for ten seconds after an outage`() {
    var environment = Self.calm(.urban)
    environment.outages = Environment.Incidents(perHour: 30, lasting: 5...10)
    let seconds = Self.errors(environment, hours: 200).seconds
    func after(_ lag: Int) -> Double {
      let ends = (1..<seconds.count - 60).filter { k in
        seconds[k].reception == .position && seconds[k - 1].reception != .position
          && (0...40).allSatisfy { seconds[k + $0].reception == .position }
      }
      return Self.variance(ends.map { seconds[$0 + lag].position.x })
    }
    let white = 1.0
    #expect(abs((after(0) - white) / 25 - (1 + 3 * exp(-0.1))) < 0.4)
    #expect(abs((after(40) - white) / 25 - 1) < 0.2)
  }

  @Test(arguments: [5, 30])
  func `errs the same way whatever its interval`(interval: Int) {
    let conditions = Conditions(environment: .canyon, delivery: .none, seed: 4)
    func fixes(_ interval: Int) -> [Instant: Fix] {
      let course = Course(.winding, seed: 4, interval: interval)
      let fixes = course.observations(conditions).compactMap(\.fix)
      return Dictionary(fixes.map { ($0.time, $0) }, uniquingKeysWith: { a, _ in a })
    }
    let (every, some) = (fixes(1), fixes(interval))
    #expect(some.count > 100)
    #expect(some.allSatisfy { every[$0.key] == $0.value })
  }

  @Test func `is heard late, in spells, twice and out of order, as a mobile network has it`() {
    let start = Instant(rfc3339: "2026-11-20T10:00:00Z")!
    let reports = (0..<200 * 3600).map { k in
      let at = start + .seconds(k)
      return (
        at: at,
        report: Observation(handheld: "a", receivedAt: at, report: .noFix(mode: k % 1000))
      )
    }
    func received(_ delivery: Delivery) -> [Observation] {
      delivery.deliver(reports, from: start, seed: 9, stream: "a")
    }
    let plain = received(.none)
    #expect(zip(plain, reports).allSatisfy { $0.receivedAt - $1.at == Milliseconds(400) })
    let mobile = received(.mobile)
    let share = 1 / Double(reports.count)
    #expect(abs(Double(mobile.count - reports.count) * share - 0.005) < 0.0005)
    #expect(zip(mobile, mobile.dropFirst()).allSatisfy { $0.receivedAt <= $1.receivedAt })
    let direct = Set(plain.map(\.receivedAt))
    let late = mobile.count { !direct.contains($0.receivedAt) }
    // Spells, and what was reordered outside them.
    #expect(abs(Double(late) * share - (0.08 + 0.92 * 0.01)) < 0.025)
  }
}
