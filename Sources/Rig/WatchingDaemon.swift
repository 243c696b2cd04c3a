internal import Foundation
internal import Glibc

/// A patrold that watches a rig's evening on the rig's clock, with a store of its own. It is told to stop when the rig
/// ends, however it does, and then stores what it has.
///
/// Not Sendable: whoever starts it ends it.
struct WatchingDaemon {
  private let process: Process
  /// Closing it stops the daemon.
  private let life: Pipe
  let log: String

  /// How long it may take to store what it has.
  private static let patience = Duration.seconds(60)

  // As with gpsds: the end of standard input comes in every case. `Process` takes a child for running while anybody holds
  // what it handed to it, so the watcher goes as soon as the daemon has.
  private static let script = """
    exec 3<&0
    there() { case $(cat /proc/$$/stat) in *'(patrold) Z'*) false ;; *'(patrold)'*) true ;; *) false ;; esac; }
    (
      cat <&3 >/dev/null
      there && kill -TERM $$
      n=0
      while there && [ $n -lt 900 ]; do sleep 0.1; n=$((n + 1)); done
      there && kill -KILL $$
    ) >/dev/null 2>&1 &
    exec "$@" </dev/null 3<&-
    """

  init(_ program: String, out: String, clock: RigClock) throws(RigError) {
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw .gpsd(
        "\(program) is no program; expected patrold beside patrolctl, or --no-patrold and your own")
    }
    log = "\(out)/patrold.log"
    try RigFile.write("", to: log)
    process = Process()
    life = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", Self.script, "sh", program, "--plan", "\(out)/plan", "--devices", "\(out)/plan/devices",
      "--store", "\(out)/store.sqlite", "--clock", "\(clock)",
    ]
    // What its user set for another daemon is not for this one.
    process.environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("PATROLD_") && $0.key != "NOTIFY_SOCKET"
    }
    process.standardInput = life
    let file = FileHandle(forWritingAtPath: log)
    process.standardOutput = file
    process.standardError = file
    do { try process.run() } catch {
      throw .gpsd("\(program) cannot be started (\(error.localizedDescription))")
    }
  }

  /// Tells it to stop and waits until it has.
  func end() async {
    try? life.fileHandleForWriting.close()  // it is closed already, then
    let limit = ContinuousClock.now + Self.patience
    while process.isRunning, ContinuousClock.now < limit {
      await Task { try? await Task.sleep(for: .milliseconds(20)) }.value
    }
    if process.isRunning { process.terminate() }
  }

  /// Its exit status; -1 while it runs.
  var status: Int32 { process.isRunning ? -1 : process.terminationStatus }
}
