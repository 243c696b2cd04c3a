import Coverage
import Foundation
import GRDBSQLite
import Geodesy
import Patrol
import PlanFiles
import Recordings
import Store

/// What `patrolctl replay` does with recordings, each stage of it alone, on one thread: what the whole is measured against.
struct ReplayStages {
  static let usage = "usage: patrolbench stages PLAN HANDHELD=FILE…"

  private let plan: Plan
  private let recordings: [(Handheld.ID, String)]
  /// Of the simulated clock, as in `replay`.
  private static let step = Milliseconds.seconds(60)

  struct WrongArgument: Error, CustomStringConvertible {
    var argument: String
    var description: String { "\(argument): expected HANDHELD=FILE" }
  }

  init(_ arguments: [String]) throws {
    guard let path = arguments.first, arguments.count > 1 else {
      throw WrongArgument(argument: arguments.first ?? "nothing")
    }
    plan = try LoadedPlan(at: path, devices: DeviceFolders.searchPath([])).plan
    recordings = try arguments.dropFirst().map { argument in
      let parts = argument.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { throw WrongArgument(argument: argument) }
      return (Handheld.ID(String(parts[0])), String(parts[1]))
    }
  }

  /// Prints fixes a second of each stage: text to observations; observations to events; rows to a file through SQLite's C
  /// interface.
  func run() throws {
    let parsing = try parse()
    var (engine, count, taking) = (try engine(), 0, Duration.zero)
    let scratch = try Scratch()
    let store = try plainStore(scratch)
    var (inserting, handhelds) = (Duration.zero, [Handheld.ID: Int64]())
    try forEachBatch { batch, until in
      let clock = ContinuousClock()
      taking += clock.measure {
        _ = engine.ingest(batch)
        engine.advance(to: until)
        _ = engine.takeEvents()
      }
      let columns = batch.map { observation in
        let n = handhelds[observation.handheld, default: Int64(handhelds.count + 1)]
        handhelds[observation.handheld] = n
        return PlainSQLite.FixRow(observation, handheld: n)
      }
      inserting += try clock.measure { try store.append(columns[...], from: Int64(count + 1)) }
      count += batch.count
    }
    for (what, rate) in [
      ("parse", Double(parsing.count) / (parsing.time / .seconds(1))),
      ("engine", Double(count) / (taking / .seconds(1))),
      ("sqlite", Double(count) / (inserting / .seconds(1))),
    ] {
      print("\(what) \(Int(rate))")
    }
  }

  private func parse() throws -> (count: Int, time: Duration) {
    var count = 0
    let time = try ContinuousClock().measure {
      for (handheld, path) in recordings {
        var reader = try RecordingReader(path: path, as: handheld)
        while reader.next() != nil { count += 1 }
      }
    }
    return (count, time)
  }

  private func engine() throws -> Engine {
    var first = Instant.distantFuture
    for (handheld, path) in recordings {
      var reader = try RecordingReader(path: path, as: handheld)
      if let observation = reader.next() { first = min(first, observation.orderTime) }
    }
    var engine = Engine(plan: plan, windows: first - .hours(1)..<first + .hours(24))
    engine.tellsAsItGoes = false
    return engine
  }

  /// With a store's tables and pragmas, a commit a batch as in `replay`: only the last is waited for.
  private func plainStore(_ scratch: Scratch) throws -> PlainSQLite {
    let store = try PlainSQLite(
      at: scratch.file(), schema: PlainSQLite.schemaOfFixes(in: scratch))
    try store.execute("PRAGMA synchronous = NORMAL")
    return store
  }

  /// All recordings at once, ten seconds at a time.
  private func forEachBatch(_ take: ([Observation], Instant) throws -> Void) throws {
    var readers = try recordings.map { try RecordingReader(path: $0.1, as: $0.0) }
    while true {
      var first: Instant?
      for i in readers.indices {
        guard let next = readers[i].peek else { continue }
        first = min(first ?? next.receivedAt, next.receivedAt)
      }
      guard let first else { return }
      var batch: [Observation] = []
      for i in readers.indices {
        while let next = readers[i].peek, next.receivedAt < first + Self.step {
          batch.append(next)
          _ = readers[i].next()
        }
      }
      try take(batch, first + Self.step - Milliseconds(1))
    }
  }
}
