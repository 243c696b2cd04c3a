import Coverage
import Foundation
import Geodesy
import Patrol

/// What an engine costs as its windows grow old, and whether it grows: a week of evenings, simulated.
struct EngineWeek {
  static let usage = """
    usage: patrolbench week [--handhelds N] [--days N] [--every SECONDS] [--batch SECONDS]
             [--told MINUTES]
    Evenings of five hours, a fix of each handheld every so many seconds: of the first its fixes a second as it goes on, of each
    the memory of the process once it is over.
      --handhelds N    in groups of five with a line of five segments each (10000)
      --days N         (7)
      --every SECONDS  between the fixes of a handheld (5)
      --batch SECONDS  the engine is told of at once (10)
      --told MINUTES   between the lines of the first evening (60)
    """

  struct Misuse: Error, CustomStringConvertible {
    var description: String
  }

  /// Of one stretch of an evening: how quick, and with how much memory at its end.
  struct Stretch {
    var fixesPerSecond: Double
    var megabytes: Double
  }

  var handhelds = 10_000
  var days = 7
  var every = 5
  var batch = 10
  var told = 60
  var layout = Precinct.Layout.block

  init(handhelds: Int, layout: Precinct.Layout) {
    self.handhelds = handhelds
    self.layout = layout
  }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      guard let n = rest.popFirst().flatMap({ Int($0) }), n > 0 else {
        throw Misuse(description: "\(option): expected a number from 1 on")
      }
      switch option {
      case "--handhelds": handhelds = n
      case "--days": days = n
      case "--every": every = n
      case "--batch": batch = n
      case "--told": told = n
      default: throw Misuse(description: "unknown: \(option)")
      }
    }
  }

  /// Prints as it goes.
  func run() throws {
    print("\(handhelds) handhelds, a fix every \(every) s, batches of \(batch) s")
    try evenings { minute, stretch in
      print(
        "minute \(minute): \(Int(stretch.fixesPerSecond)) fixes/s, \(Int(stretch.megabytes)) MB")
      fflush(nil)
    } over: {
      print("after the night: \(Int($0)) MB")
      fflush(nil)
    }
  }

  /// The memory of the process after each evening and the night that follows it.
  func megabytesByDay() throws -> [Double] {
    var all: [Double] = []
    try evenings(stretch: { _, _ in }, over: { all.append($0) })
    return all
  }

  /// - Parameters:
  ///   - stretch: told of each stretch of the first evening, and the minute with which it ended.
  ///   - over: told of the memory after each evening and the night that follows.
  private func evenings(stretch: (Int, Stretch) -> Void, over: (Double) -> Void) throws {
    let precinct = try Precinct(
      groups: max(1, handhelds / 5), handhelds: max(handhelds, handhelds / 5 * 5), layout: layout)
    var engine = Engine(
      plan: precinct.plan, windows: Precinct.opens..<Precinct.opens + .hours((days + 1) * 24))
    let minutes = Int((Precinct.closes - Precinct.opens).seconds / 60)
    for day in 0..<days {
      let opens = Precinct.opens + .hours(24 * day)
      var walkers = Walkers(precinct, from: opens)
      for minute in stride(from: told, through: max(told, minutes), by: told) {
        var (fixes, time) = (0, Duration.zero)
        while walkers.now < min(opens + .minutes(minute), opens + .minutes(minutes)) {
          var batch: [Observation] = []
          for _ in 0..<self.batch {
            let second = walkers.second()
            if Int((walkers.now - opens).seconds) % every == 0 { batch += second }
          }
          fixes += batch.count
          time += ContinuousClock().measure {
            _ = engine.ingest(batch)
            engine.advance(to: walkers.now)
            _ = engine.takeEvents()
          }
        }
        let rate = Double(fixes) / (time / .seconds(1))
        if day == 0 { stretch(minute, Stretch(fixesPerSecond: rate, megabytes: Self.resident)) }
      }
      engine.advance(to: opens + .minutes(minutes) + .hours(12))
      _ = engine.takeEvents()
      over(Self.resident)
    }
  }

  /// Of this process, in megabytes.
  private static var resident: Double {
    let statistics = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = statistics?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
    return (pages ?? .nan) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
  }
}
