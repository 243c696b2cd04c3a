public import ArgumentParser
import Coverage
import Foundation
import Geodesy
import Patrol
import PlanFiles
public import Rig
import Store

struct RigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rig",
    abstract: "Simulated handhelds into real gpsds, and what was found against the truth.",
    subcommands: [Run.self, ScoreCommand.self, FakeCommand.self])

  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Walks a scenario's handhelds into real gpsds at N times real time.",
      discussion: """
        Writes into the output folder: plan/ (the effective plan, to give to patrold), clock (to give to patrold as \
        --clock), ready (once the gpsds run), truth.json (what must be found, apart), gpsd-N.log.
        """)

    @Argument(help: "A scenario.yaml, or the folder that holds it.") var scenario: String
    @Option(help: ArgumentHelp("Simulated seconds per real second.", valueName: "n")) var speed =
      60.0
    @Option(help: ArgumentHelp("Where files go.", valueName: "folder")) var out = "out"
    @Option(help: ArgumentHelp("Instead of the scenario's own.", valueName: "n")) var seed: UInt64?
    @Option(help: ArgumentHelp("Real time for daemons to start in.", valueName: "seconds"))
    var lead = 5.0
    @Option(
      help: ArgumentHelp("gpsd, or recordings: the same as files, at once.", valueName: "delivery"))
    var to: [RigRun.Delivery] = [.gpsd]
    @OptionGroup var devices: DevicesOption

    func validate() throws {
      guard speed > 0, speed <= 10_000 else {
        throw ValidationError("--speed: found \(speed); expected more than 0, at most 10000")
      }
      guard lead >= 0, lead <= 3600 else {
        throw ValidationError("--lead: found \(lead); expected 0 to 3600 seconds")
      }
    }

    func run() async throws {
      let read = try Scenario(at: scenario, devices: devices.searchPath)
      for warning in read.warnings where warning.severity == .warning {
        Output.complain("patrolctl: \(warning)\n")
      }
      let rig = RigRun(
        scenario: read,
        options: RigRun.Options(
          speed: speed, out: out, seed: seed, lead: .seconds(lead), deliveries: Set(to)))
      let zone = read.plan.zone
      let line = ProgressBox()
      try await rig.run { progress in
        switch progress {
        case .startingDaemons: line.show("starting gpsds")
        case .ready(let clock):
          line.clear()
          // Not buffered: whoever starts the daemon waits for it.
          let text = "gpsds run; patrold --plan \(rig.options.out)/plan --clock \(clock)\n"
          // Whoever reads it may be gone; the handhelds walk on.
          try? Output.write(text)
        case .walking(let at, let sent, let all):
          line.show("walking: \(zone.text(at)), \(sent) of \(all) reports sent")
        case .lingering: line.show("all sent")
        case .done: line.clear()
        }
      }
      try Output.line("done; the truth is in \(out)/truth.json")
    }
  }

  struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "score", abstract: "Compares the gaps in a store with a scenario's true ones.")

    @Argument(help: "A scenario.yaml, or the folder that holds it.") var scenario: String
    @OptionGroup var store: StoreOption
    @OptionGroup var devices: DevicesOption

    func run() throws {
      let read = try Scenario(at: scenario, devices: devices.searchPath)
      let queries = try StoreContext(store).queries
      let score = Score(
        read, truth: Truth(of: read), found: try queries.gaps(Filter()).map(\.gap),
        withdrawn: try queries.withdrawn(Filter()).map {
          Score.Withdrawn(
            owed: $0.owed, verdict: $0.verdict, cause: $0.cause, began: $0.began, ended: $0.ended)
        })
      try Output.line(score.text())
      if !score.passes { throw ExitCode(1) }
    }
  }
}

extension RigRun.Delivery: ExpressibleByArgument {}
