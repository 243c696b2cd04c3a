import Coverage
import Foundation
import Geodesy
import Patrol

/// Whether an engine grows: the memory of the process after each day of a simulated week.
enum EngineMemory {
  /// 200 handhelds on an evening's rounds every day, a fix every five seconds in batches of ten.
  static func week() throws -> Figure {
    let precinct = try Precinct(groups: 40, handheldsPerGroup: 5)
    var engine = Engine(
      plan: precinct.plan, windows: Precinct.opens..<Precinct.opens + .hours(8 * 24))
    var megabytes: [Double] = []
    for day in 0..<7 {
      var walkers = Walkers(precinct, from: Precinct.opens + .hours(24 * day))
      let closes = Precinct.closes + .hours(24 * day)
      while walkers.now < closes {
        var batch: [Observation] = []
        for second in 0..<10 {
          let told = walkers.second()
          if second % 5 == 4 { batch += told }
        }
        _ = engine.ingest(batch)
        engine.advance(to: walkers.now)
        _ = engine.takeEvents()
      }
      engine.advance(to: closes + .hours(12))
      _ = engine.takeEvents()
      megabytes.append(try resident())
    }
    return Figure(
      what: "engine, resident memory after each day of a week, 200 handhelds", unit: "MB",
      values: megabytes)
  }

  /// Of this process, in megabytes.
  private static func resident() throws -> Double {
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      .split(separator: " ")[1]
    return (Double(pages) ?? .nan) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
  }
}
