import ArgumentParser
import Geodesy
import Patrol
import Rig

struct MotionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motion",
    abstract: "A walker's way as a motion file for an RF simulator, to play to a real handheld.",
    discussion: """
      GGA sentences, ten a second, as gps-sdr-sim reads them (-g). What the handheld makes of it is qualified with \
      `rig qualify --scenario --walker --align`.
      """)

  @Argument(help: "A scenario.yaml, or the folder that holds it.") var scenario: String
  @Option(help: ArgumentHelp("Whose walk.", valueName: "handheld")) var walker: String
  @Option(help: ArgumentHelp("So much of it; all.", valueName: "n")) var seconds: Double?
  @Option(help: ArgumentHelp("Above the sea, of the whole walk.", valueName: "metres"))
  var height = MotionFile.height.value
  @Option(name: .shortAndLong, help: ArgumentHelp("Instead of stdout.", valueName: "file"))
  var output: String?
  @OptionGroup var devices: DevicesOption

  func validate() throws {
    if let seconds, !(seconds > 0 && seconds <= 86_400) {
      throw ValidationError("--seconds: found \(seconds); expected more than 0, at most 86400")
    }
    guard (-500...9000).contains(height) else {
      throw ValidationError("--height: found \(height); expected -500 to 9000 metres")
    }
  }

  func run() throws {
    let read = try Scenario(at: scenario, devices: devices.searchPath)
    guard let walker = read.walkers.first(where: { $0.handheld.id.text == self.walker }),
      !walker.on.isEmpty
    else {
      throw Failure.wrongQuestion(
        "--walker: found \"\(self.walker)\"; expected one of "
          + read.walkers.filter { !$0.on.isEmpty }.map(\.handheld.id.text).joined(separator: ", "))
    }
    let text = MotionFile.text(
      of: walker, lasting: seconds.map { Milliseconds(seconds: $0) }, height: Metres(height))
    try Output.write(text, to: output)
  }
}
