internal import Foundation
internal import Geodesy
internal import Glibc
internal import Patrol

/// Real gpsds on free ports of 127.0.0.1, as many as the scenario's way asks for, as child processes that end when they are
/// told to, and when this process ends, however it does.
actor GPSDaemons {
  /// How long one may take until it answers.
  static let patience = Duration.seconds(20)

  /// Where one handheld's reports are to be sent, and where they come out.
  struct Outlet: Sendable {
    var handheld: Handheld.ID
    var door: Door
    var source: Source
  }

  nonisolated let outlets: [Outlet]
  private let gpsd: String
  private let logs: String
  /// By number; nil while one is dead.
  private var children: [Child?] = []
  private let listening: [(port: Int, devices: [String])]

  private struct Child {
    let process: Process
    /// Closing it ends the child.
    let life: Pipe
    let port: Int
    let log: String
  }

  // A gpsd that runs as root drops to another user, which clears PR_SET_PDEATHSIG; and that signal comes when the
  // thread that started the child ends, not the process. The end of standard input comes in every case.
  // The shell becomes gpsd, so that nobody has to wait for it: a shell's `wait` asks for SIGCHLD, which is blocked here.
  private static let script = """
    exec 3<&0
    ( cat <&3 >/dev/null; [ "$(cat /proc/$$/comm)" = gpsd ] && kill -KILL $$ ) >/dev/null 2>&1 &
    exec "$@" </dev/null 3<&-
    """

  /// Starts as many as the walkers need; a spare that is never switched on has its device, too.
  ///
  /// - Parameter logs: a folder that takes what each says.
  init(for scenario: Scenario, logs: String) async throws(RigError) {
    gpsd = try Self.locate()
    self.logs = logs
    let companies = scenario.companies
    let all = companies.flatMap { $0 }
    let gateways = scenario.way == .gateway ? companies.count : 0
    let ports = try await LocalSockets.freePorts(
      companies.map { _ in .tcp }
        + (gateways > 0 ? companies.map { _ in .udp } : all.map { _ in .udp })
    )
    let feeds = Dictionary(
      uniqueKeysWithValues: scenario.walkers.map { ($0.handheld.id, $0.feed) })
    var outlets: [Outlet] = []
    var listening: [(port: Int, devices: [String])] = []
    for (c, company) in companies.enumerated() {
      var devices: [String] = []
      for id in company {
        // A spare tells nothing; through a gateway it would as all others do.
        let feed = feeds[id] ?? (scenario.way == .gateway ? .gpsdJSON : .nmea)
        let udp = ports[companies.count + (gateways > 0 ? c : outlets.count)]
        let door = try await Self.door(scenario.way, feed, udp: udp)
        if devices.last != door.path { devices.append(door.path) }
        outlets.append(
          Outlet(
            handheld: id, door: door,
            source: Source(
              host: "127.0.0.1", port: ports[c],
              // gpsd names what it passes on after the object's own device.
              device: feed == .gpsdJSON ? "\(door.path)#\(id)" : door.path)))
      }
      listening.append((ports[c], devices))
    }
    self.outlets = outlets
    self.listening = listening
    for d in companies.indices {
      do throws(RigError) { children.append(try start(d)) } catch {
        for child in children { try? child?.life.fileHandleForWriting.close() }
        for outlet in outlets { await outlet.door.close() }
        throw error
      }
    }
  }

  private static func door(_ way: Way, _ feed: Walker.Feed, udp: Int) async throws(RigError) -> Door
  {
    do {
      switch (way, feed) {
      case (.tcp, .nmea): return .tcp(try await TCPDoor())
      case (.pty, .nmea): return .pty(try await PseudoTerminal())
      default: return .udp(port: udp)
      }
    } catch { throw error as? RigError ?? .network("\(error)") }
  }

  private func start(_ d: Int) throws(RigError) -> Child {
    let process = Process()
    let life = Pipe()
    let log = "\(logs)/gpsd-\(d + 1).log"
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      ["-c", Self.script, "sh", gpsd, "-N", "-n", "-S", "\(listening[d].port)", "-P", ""]
      + listening[d].devices
    process.standardInput = life
    if !FileManager.default.fileExists(atPath: log) { try RigFile.write("", to: log) }
    let file = FileHandle(forWritingAtPath: log)
    _ = try? file?.seekToEnd()  // a log that cannot be written says less, and no more
    process.standardOutput = file
    process.standardError = file
    do { try process.run() } catch {
      throw .gpsd("\(gpsd) cannot be started (\(error.localizedDescription))")
    }
    return Child(process: process, life: life, port: listening[d].port, log: log)
  }

  /// Kills some of them at their time on the rig's clock, and starts them again at theirs.
  func restart(
    _ restarts: [(gpsd: Int, span: Range<Instant>)], on clock: RigClock
  ) async throws(RigError) {
    let cues =
      (restarts.map { (at: $0.span.lowerBound, gpsd: $0.gpsd, dies: true) }
      + restarts.map { (at: $0.span.upperBound, gpsd: $0.gpsd, dies: false) })
      .sorted { ($0.at, $0.gpsd) < ($1.at, $1.gpsd) }
    for cue in cues {
      let wait = clock.real(at: cue.at) - RigTime.now()
      if wait > .zero {
        do { try await Task.sleep(for: .milliseconds(wait.value)) } catch { throw .cancelled }
      }
      if cue.dies {
        guard let child = children[cue.gpsd] else { continue }
        children[cue.gpsd] = nil
        await Self.end([child])
      } else if children[cue.gpsd] == nil {
        children[cue.gpsd] = try start(cue.gpsd)
      }
    }
  }

  /// Waits until each answers.
  func awaitAnswers() async throws(RigError) {
    for child in children.compactMap({ $0 }) {
      let end = ContinuousClock.now + Self.patience
      var isThere = false
      while !isThere {
        let greeting = await LocalSockets.greeting(port: child.port)
        isThere = greeting?.contains("\"class\":\"VERSION\"") ?? false
        guard !isThere else { break }
        guard ContinuousClock.now < end, child.process.isRunning else {
          throw .gpsd(
            "the one on port \(child.port) does not answer; what it said is in \(child.log)")
        }
        do { try await Task.sleep(for: .milliseconds(50)) } catch { throw .cancelled }
      }
    }
  }

  /// Ends them and waits until they have ended.
  func end() async {
    let all = children.compactMap { $0 }
    children = children.map { _ in nil }
    await Self.end(all)
    for outlet in outlets { await outlet.door.close() }
  }

  private static func end(_ children: [Child]) async {
    for child in children { try? child.life.fileHandleForWriting.close() }
    let limit = ContinuousClock.now + .seconds(3)
    for child in children {
      while child.process.isRunning, ContinuousClock.now < limit {
        // Also when this task was cancelled: the children are to end first.
        await Task { try? await Task.sleep(for: .milliseconds(20)) }.value
      }
      if child.process.isRunning { kill(child.process.processIdentifier, SIGKILL) }
    }
  }

  /// In PATH, or where Debian has it, which is not in everybody's.
  private static func locate() throws(RigError) -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"]
    for folder in folders
    where FileManager.default.isExecutableFile(atPath: "\(folder)/gpsd") {
      return "\(folder)/gpsd"
    }
    throw .gpsd(
      "is not installed (looked in \(folders.joined(separator: ", "))); install it, on Debian with "
        + "`apt-get install gpsd`, or ask for recordings only")
  }
}
