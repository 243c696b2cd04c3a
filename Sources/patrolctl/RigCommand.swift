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
    subcommands: [
      Run.self, ScoreCommand.self, MotionCommand.self, CheckMotion.self, FakeCommand.self,
      QualifyCommand.self, CaptureCommand.self,
    ])

  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Walks a scenario's handhelds into real gpsds at N times real time.",
      discussion: """
        Starts as many gpsds as are needed, a patrold with a store of its own, and the walkers; whatever happens, what it \
        started ends with it. Writes into the output folder: plan/ (the effective plan, which patrold reads), clock (its \
        --clock), ready (once the gpsds run), truth.json (what must be found, apart), store.sqlite, patrold.log, gpsd-N.log. \
        Files of --to go into folders of their own, a handheld each: nmea and gpsd-json as a receiver and gpsd write them, \
        gpx, gps-sdr-sim (true positions, ten a second, for its option -g).
        """)

    @Argument(help: "A scenario.yaml, or the folder that holds it.") var scenario: String
    @Option(help: ArgumentHelp("Simulated seconds per real second.", valueName: "n")) var speed =
      60.0
    @Option(help: ArgumentHelp("Where files go.", valueName: "folder")) var out = "out"
    @Option(help: ArgumentHelp("Instead of the scenario's own.", valueName: "n")) var seed: UInt64?
    @Option(help: ArgumentHelp("Real time for daemons to start in.", valueName: "seconds"))
    var lead = 5.0
    @Option(
      help: ArgumentHelp(
        "gpsd, or files at once: nmea, gpsd-json, gpx, gps-sdr-sim; may be given again.",
        valueName: "delivery"))
    var to: [RigRun.Delivery] = [.gpsd]
    @Option(
      help: ArgumentHelp(
        "How reports get into gpsds: udp, tcp, pty, or gateway (JSON, thousands of handhelds each).",
        valueName: "way")) var through: Way = .udp
    @Option(
      help: ArgumentHelp(
        "What a handheld tells also goes out of a serial port, no faster than its rate; needs --speed 1.",
        valueName: "handheld=/dev/tty…[@rate]")) var serial: [String] = []
    @Flag(inversion: .prefixedNo, help: "Starts a patrold too, which writes store.sqlite.")
    var patrold = true
    @OptionGroup var devices: DevicesOption

    func validate() throws {
      guard speed > 0, speed <= 10_000 else {
        throw ValidationError("--speed: found \(speed); expected more than 0, at most 10000")
      }
      guard lead >= 0, lead <= 3600 else {
        throw ValidationError("--lead: found \(lead); expected 0 to 3600 seconds")
      }
      guard serial.isEmpty || speed == 1 else {
        throw ValidationError(
          "--serial: found beside --speed \(speed); expected --speed 1, as a serial line keeps to real time"
        )
      }
      _ = try lines()
    }

    private func lines() throws -> [Handheld.ID: SerialLine] {
      var lines: [Handheld.ID: SerialLine] = [:]
      for text in serial {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let line = SerialLine(parts[1]) else {
          throw ValidationError(
            "--serial: found \"\(text)\"; expected HANDHELD=PATH[@RATE], of the rates "
              + SerialLine.rates.map(String.init).joined(separator: ", "))
        }
        lines[Handheld.ID(parts[0])] = line
      }
      return lines
    }

    func run() async throws {
      let read = try Scenario(at: scenario, devices: devices.searchPath)
      for warning in read.warnings where warning.severity == .warning {
        Output.complain("patrolctl: \(warning)\n")
      }
      let lines = try lines()
      for id in lines.keys where !read.walkers.contains(where: { $0.handheld.id == id }) {
        throw Failure.wrongQuestion("--serial: found \(id), which is no walker of the scenario")
      }
      let rig = RigRun(
        scenario: read,
        options: RigRun.Options(
          speed: speed, out: out, seed: seed, lead: .seconds(lead), deliveries: Set(to),
          way: through, lines: lines,
          daemon: patrold ? Self.beside("patrold") : nil))
      let zone = read.plan.zone
      let line = ProgressBox()
      let table = RigTable(rig)
      try await rig.run { progress in
        switch progress {
        case .startingDaemons: line.show("starting gpsds")
        case .ready(let clock):
          line.clear()
          guard rig.options.daemon == nil else { return }
          // Not buffered: whoever starts the daemon waits for it.
          let text = "gpsds run; patrold --plan \(rig.options.out)/plan --clock \(clock)\n"
          // Whoever reads it may be gone; the handhelds walk on.
          try? Output.write(text)
        case .walking(let at, let sent, let all):
          if table.isShown {
            table.show(at, sent: sent, of: all)
          } else {
            line.show("walking: \(zone.text(at)), \(sent) of \(all) reports sent")
          }
        case .lingering: line.show("all sent")
        case .done(let cost):
          line.clear()
          if let cost { try? Output.line(Self.text(cost)) }  // as above
        }
      }
      try Output.line("done; the truth is in \(out)/truth.json")
    }

    private static func text(_ cost: RigCost) -> String {
      func seconds(_ s: Double) -> String { String(format: "%.1f s", s) }
      let own = "processor time: rig \(seconds(cost.rig)), gpsds \(seconds(cost.gpsds))"
      return cost.patrold > 0 ? "\(own), patrold \(seconds(cost.patrold))" : own
    }

    /// Where this program lies.
    private static func beside(_ name: String) -> String {
      URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent(name).path
    }
  }

  struct CheckMotion: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check-motion",
      abstract: "Checks a user-motion file by the rules of gps-sdr-sim: GGA alone, one every 0.1 s."
    )

    @Argument(help: "NMEA sentences.") var file: String

    func run() throws {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw Failure.wrongQuestion("\(file): cannot be read")
      }
      let found = MotionFile.check(String(decoding: data, as: UTF8.self), file: file)
      for problem in found.problems { try Output.line("\(problem)") }
      let seconds = Double(found.lines) / 10
      if found.problems.isEmpty {
        try Output.line(
          "\(file): \(found.lines) sentences, \(seconds) s: as gps-sdr-sim reads them")
      }
      if found.lines > MotionFile.linesUsual {
        try Output.line(
          "more than \(MotionFile.linesUsual) lines: build gps-sdr-sim with -DUSER_MOTION_SIZE=\(found.lines)"
        )
      }
      if !found.problems.isEmpty { throw ExitCode(1) }
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
extension Way: ExpressibleByArgument {}
