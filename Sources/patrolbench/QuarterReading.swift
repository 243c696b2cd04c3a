import Foundation
import Geodesy
import Glibc
import Patrol
import Reports
import Store

/// One report of a made-up brigade, drawn up as a page.
struct QuarterReading {
  enum Kind: String, CaseIterable {
    case shift, week, month, quarter
  }

  /// What a report took, all of its process.
  struct Took: Codable, CustomStringConvertible {
    var seconds: Double
    /// Resident at most.
    var megabytes: Int
    /// Of the page.
    var kilobytes: Int

    var description: String {
      "\(seconds) s, \(megabytes) MB at most, \(kilobytes) kB of HTML"
    }

    var json: String {
      get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }
  }

  var path: String
  var kind: Kind
  var day: CivilDate
  /// From the disk: nothing of the store is in memory before.
  var isCold: Bool

  /// Leaves the page beside the store, and of a shift its figures.
  func read() throws -> Took {
    if isCold { try Self.forget(path) }
    var page = ""
    var shift: ShiftReport?
    let time = try ContinuousClock().measure {
      let queries = Queries(try Store(at: path, for: .read))
      let now = try queries.clock() ?? .distantPast
      let bundle = try queries.planVersions().last?.bundle ?? ""
      let plan = try QuarterMaking.Force.plan(of: bundle)
      if let kind = Period.Kind(rawValue: kind.rawValue) {
        let report = try PeriodReport(
          of: Period(kind, containing: day), plans: [(.distantPast, "bench", plan)],
          queries: queries, at: now)
        page = try report.html()
      } else {
        let report = try ShiftReport(
          of: day, plan: plan, planDigest: "bench", queries: queries, at: now)
        page = try report.html()
        shift = report
      }
    }
    try page.write(toFile: "\(path).\(kind).html", atomically: true, encoding: .utf8)
    if let shift {
      let figures = shift.csv + shift.json
      try figures.write(toFile: "\(path).\(kind).figures", atomically: true, encoding: .utf8)
    }
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Took(
      seconds: (time / .seconds(1) * 100).rounded() / 100, megabytes: usage.ru_maxrss / 1000,
      kilobytes: page.utf8.count / 1000)
  }

  struct NotForgotten: Error, CustomStringConvertible {
    var path: String
    var description: String { "\(path): its pages cannot be dropped from memory" }
  }

  /// Drops a file's pages from memory: what is on the disk already, which is all of a store that nobody writes.
  private static func forget(_ path: String) throws {
    for file in [path, path + "-wal"] where FileManager.default.fileExists(atPath: file) {
      let descriptor = open(file, O_RDONLY)
      defer { close(descriptor) }
      guard descriptor >= 0, fsync(descriptor) == 0,
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0
      else { throw NotForgotten(path: file) }
    }
  }
}
