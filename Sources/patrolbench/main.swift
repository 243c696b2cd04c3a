import Foundation
import Glibc

let usage = """
  usage: patrolbench [--json] [protocol] [index] [engine] [store] [pipeline] [pairings]
         patrolbench accuracy|stages|week [--help]
  Times what patrold does all day, in memory and on the disk of TMPDIR. Without names: everything, in some minutes.
    --json   the same figures as JSON, each a second
  """

let rooms = ["protocol", "index", "engine", "store", "pipeline", "pairings"]
var arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "accuracy": answer(AccuracyBench.usage) { try AccuracyBench($0).run() }
case "week": answer(EngineWeek.usage) { try EngineWeek($0).run() }
case "quarter": answer(ReportQuarter.usage) { try ReportQuarter($0).run() }
case "stages": answer(ReplayStages.usage) { try ReplayStages($0).run() }
default: break
}

/// Runs a bench that has arguments of its own, and ends.
@MainActor func answer(_ usage: String, _ bench: ([String]) throws -> Void) -> Never {
  guard !arguments.contains("--help"), !arguments.contains("-h") else {
    print(usage)
    exit(0)
  }
  do {
    try bench(Array(arguments.dropFirst()))
    exit(0)
  } catch {
    FileHandle.standardError.write(Data("patrolbench: \(error)\n\(usage)\n".utf8))
    exit(2)
  }
}

if arguments.contains("--help") || arguments.contains("-h") {
  print(usage)
  exit(0)
}
let asJSON = arguments.contains("--json")
arguments.removeAll { $0 == "--json" }
if let unknown = arguments.first(where: { !rooms.contains($0) }) {
  FileHandle.standardError.write(Data("patrolbench: unknown: \(unknown)\n\(usage)\n".utf8))
  exit(2)
}

/// Measures the rooms asked for, one after another.
func measure(_ wanted: [String]) throws {
  let meter = Meter()
  let scratch = try Scratch()
  var table = Table()
  for room in rooms where wanted.isEmpty || wanted.contains(room) {
    if isatty(STDERR_FILENO) == 1 {
      FileHandle.standardError.write(Data("patrolbench: \(room) …\n".utf8))
    }
    switch room {
    case "protocol": table.append(try ProtocolBench.rows(meter))
    case "index": table.append(try IndexBench.rows(meter))
    case "engine":
      let week = EngineWeek(handhelds: 200, layout: .street)
      table.append([
        Figure(
          what: "engine, resident memory after each day of a week, 200 handhelds", unit: "MB",
          values: try week.megabytesByDay())
      ])
      let bench = try EngineBench(meter)
      table.append(bench.rows)
      table.append(bench.figures)
    case "store": table.append(try StoreBench.rows(meter, in: scratch))
    case "pipeline": table.append(try PipelineBench.rows(meter, in: scratch))
    default: table.append(try PairingBench.rows(meter, in: scratch))
    }
  }
  guard !asJSON else {
    print(try table.json())
    return
  }
  print(table.text)
  print(
    "\nMedian of \(Meter.runs) runs of 0.3 s or more each (slowest–fastest), those side by side in turns."
  )
}

do {
  try measure(arguments)
} catch {
  FileHandle.standardError.write(Data("patrolbench: \(error)\n".utf8))
  exit(1)
}
