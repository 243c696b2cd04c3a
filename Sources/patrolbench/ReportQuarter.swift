import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Store

/// How long reports of a brigade's quarter take, and how much memory, and how both grow with its days.
struct ReportQuarter {
  static let usage = """
    usage: patrolbench quarter make STORE [--groups N] [--days N] [--every SECONDS]
           patrolbench quarter read STORE [--groups N] shift|week|month|quarter DATE
    make fills a store with evenings of five hours from 2026-10-01 on: groups of three handhelds with two duties each, a fix of
    each handheld every so many seconds. read draws up one report from it, in a process of its own, and leaves the page beside it.
      --groups N       (200)
      --days N         (92)
      --every SECONDS  (9)
    """

  struct Misuse: Error, CustomStringConvertible {
    var description: String
  }

  private enum Act {
    case make
    case read(kind: String, day: CivilDate)
  }

  private let act: Act
  private let path: String
  private var groups = 200
  private var days = 92
  private var every = 9
  private static let first = CivilDate("2026-10-01")!

  init(_ arguments: [String]) throws {
    var words: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        words.append(word)
        continue
      }
      guard let n = rest.popFirst().flatMap({ Int($0) }), n > 0 else {
        throw Misuse(description: "\(word): expected a number from 1 on")
      }
      switch word {
      case "--groups": groups = n
      case "--days": days = n
      case "--every": every = n
      default: throw Misuse(description: "unknown: \(word)")
      }
    }
    switch words.first {
    case "make" where words.count == 2: act = .make
    case "read" where words.count == 4:
      guard let day = CivilDate(words[3]) else {
        throw Misuse(description: "\(words[3]): expected a date")
      }
      act = .read(kind: words[2], day: day)
    default: throw Misuse(description: "expected make STORE, or read STORE KIND DATE")
    }
    path = words[1]
  }

  func run() throws {
    let precinct = try Precinct(groups: groups, handheldsPerGroup: 3, squadrons: 10)
    switch act {
    case .make: try make(precinct)
    case .read(let kind, let day): try read(kind, day, precinct.plan)
    }
  }

  private func make(_ precinct: Precinct) throws {
    let plan = precinct.plan
    let opens = (0..<days).map {
      plan.instant(of: TimeOfDay("18:00")!, in: Self.first.adding(days: $0))
    }
    let end = plan.span(of: Self.first.adding(days: days)).lowerBound
    var pipeline = try Pipeline(
      store: Store(at: path, for: .write, durability: .whole),
      version: Pipeline.Version(plan: plan, digest: "bench", bundle: ""),
      scope: .windows(opens[0]..<end), at: opens[0], program: "patrolbench", load: { _ in plan })
    var stored = 0
    let clock = ContinuousClock()
    let began = clock.now
    for (n, open) in opens.enumerated() {
      var walkers = Walkers(precinct, from: open)
      while walkers.now < open + .hours(5) {
        var batch: [Observation] = []
        for _ in 0..<60 {
          let second = walkers.second()
          if Int((walkers.now - open).seconds) % every == 0 { batch += second }
        }
        stored += try pipeline.takeAhead(batch, until: walkers.now).stored
      }
      if n % 7 == 6 {
        print("\(n + 1) days: \(stored) fixes, \((clock.now - began) / .seconds(1)) s")
        fflush(nil)
      }
    }
    stored += try pipeline.take([], until: end + .hours(3)).stored
    let sums = try clock.measure { try pipeline.sumDays() }
    print("days summed up in \(sums / .seconds(1)) s")
    print("\(days) days: \(stored) fixes in \(Int((clock.now - began) / .seconds(1))) s")
  }

  private func read(_ kind: String, _ day: CivilDate, _ plan: Plan) throws {
    var page = ""
    let time = try ContinuousClock().measure {
      let queries = Queries(try Store(at: path, for: .read))
      let now = try queries.clock() ?? .distantPast
      if kind == "shift" {
        let report = try ShiftReport(
          of: day, plan: plan, planDigest: "bench", queries: queries, at: now)
        page = try report.html()
      } else {
        guard let kind = Period.Kind(rawValue: kind) else {
          throw Misuse(description: "\(kind): expected shift, week, month or quarter")
        }
        let report = try PeriodReport(
          of: Period(kind, containing: day), plans: [(.distantPast, "bench", plan)],
          queries: queries, at: now)
        page = try report.html()
      }
    }
    try page.write(toFile: "\(path).\(kind).html", atomically: true, encoding: .utf8)
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    let seconds = time / .seconds(1)
    print(
      "\(kind) \(day): \((seconds * 100).rounded() / 100) s, \(usage.ru_maxrss / 1000) MB at most, \(page.utf8.count / 1000) kB of HTML"
    )
  }
}
