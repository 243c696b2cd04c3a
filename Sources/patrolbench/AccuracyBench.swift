import Foundation
import Patrol
import Rig

/// How right the engine is: proving courses with exact truth, walked under receiver errors.
struct AccuracyBench {
  static let usage = """
    usage: patrolbench accuracy [--kinds a,b] [--environments open,urban,canyon] [--intervals 1,5,15,30,60]
             [--seeds N] [--delivery mobile|none] [--tuning] [--per-kind] [--baselines] [--json]
    Walks courses whose truth is known move by move and compares what the engine said of them.
      --seeds N    courses of each kind (2)
      --tuning     seeds from 1000 on, to be looked at while settings are chosen; without it from 1 on, to be reported
      --per-kind   a row for each kind besides the sum
      --baselines  the same of a 25 m buffer and of the nearest line
    """

  struct Misuse: Error, CustomStringConvertible {
    var description: String
  }

  var kinds = Course.Kind.allCases
  var environments = Environment.all
  var intervals = [1, 5, 15, 30, 60]
  var seeds = 2
  var delivery = Delivery.mobile
  var isTuning = false
  var isPerKind = false
  var hasBaselines = false
  var isJSON = false

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func value(of option: String) throws -> String {
      guard let text = rest.popFirst() else { throw Misuse(description: "\(option): no value") }
      return text
    }
    func list<T>(_ option: String, _ expected: String, _ read: (String) -> T?) throws -> [T] {
      try value(of: option).split(separator: ",").map { part in
        guard let one = read(String(part)) else {
          throw Misuse(description: "\(option): found \(part); expected \(expected)")
        }
        return one
      }
    }
    while let option = rest.popFirst() {
      switch option {
      case "--kinds":
        kinds = try list(option, Course.Kind.allCases.map(\.rawValue).joined(separator: ", ")) {
          Course.Kind(rawValue: $0)
        }
      case "--environments":
        environments = try list(option, "open, urban, canyon") { Environment.named($0) }
      case "--intervals":
        intervals = try list(option, "whole seconds from 1 on") {
          Int($0).flatMap { $0 > 0 ? $0 : nil }
        }
      case "--seeds":
        seeds = try list(option, "a number from 1 on") { Int($0).flatMap { $0 > 0 ? $0 : nil } }[0]
      case "--delivery":
        delivery = try list(option, "mobile or none") { Delivery(rawValue: $0) }[0]
      case "--tuning": isTuning = true
      case "--per-kind": isPerKind = true
      case "--baselines": hasBaselines = true
      case "--json": isJSON = true
      default: throw Misuse(description: "unknown: \(option)")
      }
    }
  }

  private var firstSeed: UInt64 { isTuning ? 1000 : 1 }

  /// A row: who said it, and of what.
  struct Key: Hashable {
    var environment: String
    var interval: Int
    /// Nil for the sum.
    var kind: Course.Kind?
    /// Nil for the engine.
    var baseline: Baseline?
  }

  func run() throws {
    var rows: [(Key, Accuracy)] = []
    let clock = ContinuousClock()
    let began = clock.now
    for environment in environments {
      for interval in intervals {
        var sums: [Key: Accuracy] = [:]
        for kind in kinds {
          for seed in firstSeed..<firstSeed + UInt64(seeds) {
            let course = Course(kind, seed: seed, interval: interval)
            let observations = course.observations(
              Conditions(environment: environment, delivery: delivery, seed: seed))
            let sayers: [Baseline?] = [nil] + (hasBaselines ? Baseline.allCases : [])
            for baseline in sayers {
              let start = clock.now
              let said =
                baseline.map { course.said(by: $0, from: observations) }
                ?? course.said(by: observations)
              let spent = clock.now - start
              var one = course.accuracy(of: said, from: observations)
              one.seconds = spent / .seconds(1)
              for k in isPerKind ? [kind, nil] : [nil] {
                let key = Key(
                  environment: environment.name, interval: interval, kind: k, baseline: baseline)
                sums[key, default: Accuracy()] += one
              }
            }
          }
        }
        let kindRows: [Course.Kind?] = (isPerKind ? kinds : []) + [nil]
        for kind in kindRows {
          for baseline in [nil] + (hasBaselines ? Baseline.allCases : []) {
            let key = Key(
              environment: environment.name, interval: interval, kind: kind, baseline: baseline)
            if let sum = sums[key] { rows.append((key, sum)) }
          }
        }
        if isatty(STDERR_FILENO) == 1 {
          FileHandle.standardError.write(
            Data("patrolbench: \(environment.name) \(interval) s …\n".utf8))
        }
      }
    }
    if isJSON {
      print(try AccuracyTable(rows).json())
      return
    }
    print(AccuracyTable(rows).text)
    let spent = (clock.now - began) / .seconds(1)
    print(
      """

      \(kinds.count) kinds × \(seeds) seeds from \(firstSeed) on (\(isTuning ? "for tuning: not to be reported" : "for reporting: not to be tuned by")), delivery \(delivery.rawValue), \(String(format: "%.0f", spent)) s.
      \(AccuracyTable.legend)
      """)
  }
}
