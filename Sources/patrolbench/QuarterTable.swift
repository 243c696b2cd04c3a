import Foundation
import Geodesy
import Patrol
import Store

/// How reports grow with a brigade's handhelds and days: a line for each store and report.
struct QuarterTable {
  private struct Entry {
    var path: String
    var handhelds: Int
    var duties: Int
    var days: Int
    var fixes: Int
    var last: CivilDate
  }

  private let entries: [Entry]

  /// - Parameter paths: of stores that `make` made.
  init(_ paths: [String]) throws {
    entries = try paths.map(Self.entry).sorted { ($0.handhelds, $0.days) < ($1.handhelds, $1.days) }
  }

  struct Stranger: Error, CustomStringConvertible {
    var path: String
    var description: String { "\(path): not a store that `patrolbench quarter make` made" }
  }

  private static func entry(_ path: String) throws -> Entry {
    let queries = Queries(try Store(at: path, for: .read))
    guard let bundle = try queries.planVersions().last?.bundle,
      let force = QuarterMaking.Force(bundle), let clock = try queries.clock()
    else { throw Stranger(path: path) }
    let plan = try force.precinct().plan
    // Of a store that is not finished, the evening that runs is left out.
    let last = plan.operationalDay(of: clock).adding(days: -1)
    return Entry(
      path: path, handhelds: force.handhelds, duties: plan.duties.count,
      days: last.daysSince1970 - QuarterMaking.first.daysSince1970 + 1,
      fixes: Int(try queries.storedCount()), last: last)
  }

  func printAll() throws {
    print(
      "handhelds  duties  days      fixes     GB  report    cold s  warm s    MB  page kB")
    for entry in entries {
      let size =
        try FileManager.default.attributesOfItem(atPath: entry.path)[.size] as? Int ?? 0
      for kind in QuarterReading.Kind.allCases {
        let cold = try took(entry, kind, "--cold")
        let warm = try took(entry, kind)
        let cells: [(String, Int)] = [
          ("\(entry.handhelds)", 9), ("\(entry.duties)", 8), ("\(entry.days)", 6),
          ("\(entry.fixes)", 11), (Self.text(Double(size) / 1e9), 7),
          (kind.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0), 9),
          (Self.text(cold.seconds), 9), (Self.text(warm.seconds), 8),
          ("\(max(cold.megabytes, warm.megabytes))", 6), ("\(warm.kilobytes)", 9),
        ]
        print(cells.map { Self.right($0, $1) }.joined())
        fflush(nil)
      }
    }
  }

  private func took(
    _ entry: Entry, _ kind: QuarterReading.Kind, _ options: String...
  ) throws -> QuarterReading.Took {
    let (process, out) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments =
      ["quarter", "read", entry.path, kind.rawValue, "\(entry.last)", "--json"] + options
    process.standardOutput = out
    try process.run()
    let data = out.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(QuarterReading.Took.self, from: data)
  }

  private static func text(_ x: Double) -> String {
    let hundredths = Int((x * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
