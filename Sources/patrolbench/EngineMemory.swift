import Coverage
import Foundation
import Geodesy
import Patrol

/// Whether an engine grows: the memory of the process after each day of a simulated week of evening rounds.
enum EngineMemory {
  /// 200 handhelds, a fix every five seconds in batches of ten.
  static func week() throws -> Figure {
    try week(of: Precinct(groups: 40, handheldsPerGroup: 5), every: 5, secondsPerBatch: 10)
  }

  /// 10,000 handhelds, a fix every minute in batches of two: some minutes' work.
  static func cityWeek() throws -> Figure {
    try week(
      of: Precinct(groups: 2_000, handheldsPerGroup: 5, layout: .block), every: 60,
      secondsPerBatch: 120)
  }

  private static func week(
    of precinct: Precinct, every interval: Int, secondsPerBatch: Int
  ) throws -> Figure {
    var engine = Engine(
      plan: precinct.plan, windows: Precinct.opens..<Precinct.opens + .hours(8 * 24))
    var megabytes: [Double] = []
    for day in 0..<7 {
      var walkers = Walkers(precinct, from: Precinct.opens + .hours(24 * day))
      let closes = Precinct.closes + .hours(24 * day)
      while walkers.now < closes {
        var batch: [Observation] = []
        for second in 1...secondsPerBatch {
          if second % interval == 0 {
            batch += walkers.second()
          } else {
            walkers.walkOn()
          }
        }
        _ = engine.ingest(batch)
        engine.advance(to: walkers.now)
        _ = engine.takeEvents()
      }
      engine.advance(to: closes + .hours(12))
      _ = engine.takeEvents()
      megabytes.append(try resident())
      if isatty(STDERR_FILENO) == 1 {
        FileHandle.standardError.write(
          Data("patrolbench: day \(day + 1): \(megabytes.last!) MB …\n".utf8))
      }
    }
    let handhelds = precinct.plan.handhelds.count.formatted(
      .number.locale(Locale(identifier: "en")))
    return Figure(
      what: "engine, resident memory after each day of a week, \(handhelds) handhelds", unit: "MB",
      values: megabytes)
  }

  /// Of this process, in megabytes.
  private static func resident() throws -> Double {
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      .split(separator: " ")[1]
    return (Double(pages) ?? .nan) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
  }
}
