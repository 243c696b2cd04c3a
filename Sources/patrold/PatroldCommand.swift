import ArgumentParser
import Foundation
import Logging
import PlanFiles
import Store
import Web

@main
struct PatroldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patrold",
    abstract: "Watches patrol handhelds through gpsd and flags gaps in coverage to a local store.",
    discussion: """
      Every option can also be given as PATROLD_… in the environment (PATROLD_LOG_LEVEL) or as a key of the --config \
      file (log-level). SIGHUP reads the plan again; a broken one leaves the daemon on the plan it has. SIGTERM stops it \
      with everything stored.
      """,
    version: ProgramIdentity.version)

  @Option(help: ArgumentHelp("The plan's folder, or its plan.yaml.", valueName: "path"))
  var plan: String?
  @Option(
    help: ArgumentHelp("The store, an SQLite file; made where it is missing.", valueName: "file"))
  var store: String?
  @Option(
    help: ArgumentHelp(
      "Where observations wait while the store cannot take them (the store's name with -spill).",
      valueName: "file"))
  var spill: String?
  @Option(
    help: ArgumentHelp(
      "Puts reports into this folder: of a shift when it is over, final two hours later; of weeks, months, quarters.",
      valueName: "folder"))
  var reports: String?
  @Option(
    help: ArgumentHelp("Folders with models of handhelds, joined by colons.", valueName: "paths"))
  var devices: String?
  @Option(
    help: ArgumentHelp(
      "Runs on a simulated clock that rigs share, such as 2026-11-20T18:00:00+08:00×60.",
      valueName: "START×RATE"))
  var clock: String?
  @Option(
    help: ArgumentHelp(
      "Answers over HTTP there: 127.0.0.1:8470; other than on this machine only where there are users. Nowhere without it.",
      valueName: "address:port"))
  var listen: String?
  @Option(
    help: ArgumentHelp(
      "Answers over TLS with this certificate (PEM, with its chain); read again when it changes, and on SIGHUP.",
      valueName: "file"))
  var tlsCertificate: String?
  @Option(help: ArgumentHelp("The certificate's key (PEM).", valueName: "file"))
  var tlsKey: String?
  @Option(
    help: ArgumentHelp(
      "The map under the screen's marks: an MBTiles file of images, or an address such as https://tiles.example/{z}/{x}/{y}.png that browsers ask. None without it.",
      valueName: "file or address"))
  var basemap: String?
  @Option(
    help: ArgumentHelp(
      "What that map was drawn in: wgs84, or gcj02, above which marks are shown with that offset; stored positions stay WGS 84.",
      valueName: "datum"))
  var basemapDatum: String?
  @Option(
    help: ArgumentHelp(
      "Whose map it is, shown in its corner; what an MBTiles file says of it without.",
      valueName: "text"))
  var basemapCredit: String?
  @Option(
    help: ArgumentHelp(
      "trace, debug, info, notice, warning, error or critical.", valueName: "level"))
  var logLevel: String?
  @Option(help: ArgumentHelp("A YAML file with these options as keys.", valueName: "file"))
  var config: String?

  /// As ArgumentParser's own, but that a wrong question ends with 2.
  static func main() async {
    Memory.keepTogether()
    do {
      var command = try parse()
      try await command.run()
    } catch {
      let code = exitCode(for: error)
      guard code.rawValue == EX_USAGE else { exit(withError: error) }
      try? FileHandle.standardError.write(contentsOf: Data((fullMessage(for: error) + "\n").utf8))
      Foundation.exit(2)
    }
  }

  mutating func run() async throws {
    let settings = try Settings(
      given: [
        "plan": plan, "store": store, "spill": spill, "reports": reports, "devices": devices,
        "clock": clock, "listen": listen, "tls-certificate": tlsCertificate, "tls-key": tlsKey,
        "basemap": basemap, "basemap-datum": basemapDatum, "basemap-credit": basemapCredit,
        "log-level": logLevel,
      ], config: config, environment: ProcessInfo.processInfo.environment)
    let log = Logger(label: "patrold") { _ in JournalLog(level: settings.logLevel) }
    do {
      var daemon = try Daemon(settings, log: log)
      try await daemon.run()
    } catch let problems as PlanProblems {
      log.critical("the plan cannot be used:\n\(problems)")
      throw ExitCode(2)
    } catch let error as StoreError {
      log.critical("\(error)")
      throw ExitCode(3)
    } catch let fault as TileFile.Fault {
      log.critical("the basemap cannot be used: \(fault)")
      throw ExitCode(2)
    } catch let error as WebServer.Failure {
      log.critical("\(error)")
      throw ExitCode(3)
    } catch let error as Daemon.ClockUnset {
      log.critical("\(error)")
      throw ExitCode(3)
    } catch is Daemon.Unstored {
      throw ExitCode(3)
    }
  }
}
