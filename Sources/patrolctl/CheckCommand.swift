import ArgumentParser
import Geodesy
import PlanFiles

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract:
      "Reads a plan: every error at once, else a summary and what its handhelds cannot prove. Or a model of handhelds."
  )

  @Argument(help: "The plan's folder, or its plan.yaml; or a model's folder (devices/models/NAME).")
  var plan: String
  @OptionGroup var devices: DevicesOption
  @Option(help: ArgumentHelp("Shows the windows of the 24 hours from here.", valueName: "time"))
  var from: String?

  func run() throws {
    var instant = SystemClock.now
    if let from {
      guard let given = Instant(rfc3339: from) else {
        throw ValidationError("--from: found \"\(from)\"; expected RFC 3339 with an offset")
      }
      instant = given
    }
    if ModelFolder.isOne(plan) {
      let examined = ModelExamination(try ModelFolder.read(plan))
      try Output.write(examined.text())
      if examined.hasErrors { throw ExitCode(1) }
      return
    }
    let loaded = try LoadedPlan(at: plan, devices: devices.searchPath)
    try Output.write(PlanSummary(loaded, from: instant).text())
  }
}

struct DevicesOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder with models of handhelds; may be given again.", valueName: "folder"))
  var devices: [String] = []

  var searchPath: [String] { DeviceFolders.searchPath(devices) }
}
