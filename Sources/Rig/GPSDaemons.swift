internal import Foundation
internal import Glibc
internal import Patrol

/// Real gpsds on free ports of 127.0.0.1, four handhelds each (the most that Debian's gpsd takes), as child processes
/// that end when they are told to, and when this process ends, however it does.
///
/// Not Sendable: whoever starts them ends them.
struct GPSDaemons {
  static let devicesMaximum = 4
  /// How long one may take until it answers.
  static let patience = Duration.seconds(20)

  /// Where one handheld's reports are to be sent, and where they come out.
  struct Outlet: Sendable {
    var handheld: Handheld.ID
    /// UDP, of 127.0.0.1.
    var port: Int
    var source: Source
  }

  let outlets: [Outlet]
  private let children: [Child]

  private struct Child {
    let process: Process
    /// Closing it ends the child.
    let life: Pipe
    let port: Int
    let log: String
  }

  // A gpsd that runs as root drops to another user, which clears PR_SET_PDEATHSIG; and that signal comes when the
  // thread that started the child ends, not the process. The end of standard input comes in every case. Signals other
  // than KILL are blocked here, as in the thread that starts it, and so is the shell's `wait`.
  private static let script = """
    gpsd=$1; shift
    "$gpsd" "$@" </dev/null & pid=$!
    cat >/dev/null
    kill -KILL $pid
    """

  /// Starts as many as the walkers need; a spare that is never switched on has its device, too.
  ///
  /// - Parameter logs: a folder that takes what each says.
  init(for walkers: [Walker], spares: [Handheld.ID], logs: String) async throws(RigError) {
    let gpsd = try Self.locate()
    let all = walkers.map(\.handheld.id) + spares
    var kinds: [LocalSockets.Kind] = all.map { _ in .udp }
    let daemons = (all.count + Self.devicesMaximum - 1) / Self.devicesMaximum
    kinds += Array(repeating: .tcp, count: daemons)
    let ports = try await LocalSockets.freePorts(kinds)
    var outlets: [Outlet] = []
    for (i, id) in all.enumerated() {
      let feed = walkers.first { $0.handheld.id == id }?.feed ?? .nmea
      let path = "udp://127.0.0.1:\(ports[i])"
      outlets.append(
        Outlet(
          handheld: id, port: ports[i],
          source: Source(
            host: "127.0.0.1", port: ports[all.count + i / Self.devicesMaximum],
            // gpsd names what it passes on after the object's own device.
            device: feed == .gpsdJSON ? "\(path)#\(id)" : path)))
    }
    var children: [Child] = []
    for d in 0..<daemons {
      let own = outlets[(d * Self.devicesMaximum)..<min(all.count, (d + 1) * Self.devicesMaximum)]
      let port = ports[all.count + d]
      let process = Process()
      let life = Pipe()
      let log = "\(logs)/gpsd-\(d + 1).log"
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments =
        ["-c", Self.script, "sh", gpsd, "-N", "-n", "-S", "\(port)", "-P", ""]
        + own.map { "udp://127.0.0.1:\($0.port)" }
      process.standardInput = life
      try RigFile.write("", to: log)
      let file = FileHandle(forWritingAtPath: log)
      process.standardOutput = file
      process.standardError = file
      do { try process.run() } catch {
        for child in children { try? child.life.fileHandleForWriting.close() }
        throw .gpsd("\(gpsd) cannot be started (\(error.localizedDescription))")
      }
      children.append(Child(process: process, life: life, port: port, log: log))
    }
    self.outlets = outlets
    self.children = children
  }

  /// Waits until each answers.
  func awaitAnswers() async throws(RigError) {
    for child in children {
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
