import ArgumentParser
import Foundation
import GPSD
import Patrol
import PlanFiles

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Tells what is wrong here, and what to do about it.",
    discussion: """
      Looks at the clock, the number of files that may be open, this host's gpsd or the plan's, and the store. Each line \
      is ok, a warning (it works, and somebody should look at it) or a problem. Exit status 1 where there is a problem.

      With --gpsd it reads a live gpsd with this program's parser and with libgps, gpsd's own library, and shows every \
      line of which the two make something different, field by field. Lines on which libgps 3.22 would never return are \
      not given to it, and counted. Exit status 1 where a difference is not one of those known to be libgps's.
      """)

  @Option(help: ArgumentHelp("The store to look at (or PATROLD_STORE).", valueName: "file"))
  var store: String?
  @Option(help: ArgumentHelp("The plan whose gpsds are called.", valueName: "path"))
  var plan: String?
  @OptionGroup var devices: DevicesOption
  @Option(
    help: ArgumentHelp(
      "Compares our decoding of this gpsd with libgps's.", valueName: "host[:port[:device]]"))
  var gpsd: String?
  @Option(help: ArgumentHelp("How long --gpsd listens.", valueName: "n")) var seconds = 10.0

  func validate() throws {
    if let gpsd, Source(gpsd) == nil {
      throw ValidationError(
        "--gpsd: found \"\(gpsd)\"; expected host[:port[:device]], such as 127.0.0.1:2947")
    }
    guard seconds > 0, seconds < 1e9 else {
      throw ValidationError("--seconds: found \(seconds); expected more than 0")
    }
    if gpsd != nil, plan != nil || store != nil {
      throw ValidationError("--gpsd stands alone, without --plan and --store")
    }
  }

  func run() async throws {
    if let gpsd, let source = Source(gpsd) {
      try await DecoderComparison(source, seconds: seconds).run()
      return
    }
    var gpsds = GPSDExamination.local
    if let plan {
      let loaded = try LoadedPlan(at: plan, devices: devices.searchPath)
      gpsds = GPSDExamination(loaded.plan.handhelds)
    }
    var all = [HostExamination.clock(), HostExamination.files(endpoints: gpsds.wanted.count)]
    if let path = store ?? ProcessInfo.processInfo.environment["PATROLD_STORE"] {
      all += StoreExamination(path: path).findings()
    }
    for finding in all { try Output.line(finding.line) }
    let found = try await gpsds.findings()
    for finding in found { try Output.line(finding.line) }
    all += found
    let (problems, warnings) = (all.count(where: \.isProblem), all.count(where: \.isWarning))
    try Output.line(
      problems + warnings == 0
        ? "all well"
        : "\(problems) problem\(problems == 1 ? "" : "s"), \(warnings) warning\(warnings == 1 ? "" : "s")"
    )
    if problems > 0 { throw ExitCode(1) }
  }
}
