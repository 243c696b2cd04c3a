import Foundation

/// One of the product's programs, run as its users run it.
struct Program {
  let pid: pid_t
  private let output: String

  struct Ended {
    var status: Int32
    var output: String
  }

  /// Where the programs of this build lie: beside the tests.
  static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().path

  struct CannotStart: Error { var program: String }

  /// Starts a program of this build, or one of the system's by its whole path; what it says, on either stream, goes to a file.
  ///
  /// `Foundation.Process` hands on the signals that a test's thread blocks, and then nothing stops the child.
  static func start(_ name: String, _ arguments: [String], output: String) throws -> Program {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
    let argv = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    let environment = ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for entry in environment { free(entry) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, path, &actions, &attributes, argv, environment) == 0 else {
      throw CannotStart(program: path)
    }
    return Program(pid: pid, output: output)
  }

  func send(_ signal: Int32) { kill(pid, signal) }

  /// Its exit status, or minus the signal that ended it.
  @discardableResult
  func end() -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
  }

  var said: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

  /// Waits until it has said something; false after so many seconds.
  func says(_ text: String, within seconds: Double = 15) async throws -> Bool {
    for _ in 0..<Int(seconds * 20) {
      if said.contains(text) { return true }
      try await Task.sleep(for: .milliseconds(50))
    }
    return false
  }

  /// Runs a program to its end.
  static func run(_ name: String, _ arguments: String...) throws -> Ended {
    let output = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: output) }
    let program = try start(name, arguments, output: output)
    let status = program.end()
    return Ended(status: status, output: program.said)
  }
}

/// A folder of a test's own, removed with it.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("patrol-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
  }
}

/// The checkout that these tests were built from.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static let devices = root + "/devices"
  static let westLake = root + "/devices/rigs/west-lake"
  static let hasGPSD = FileManager.default.isExecutableFile(atPath: "/usr/sbin/gpsd")
}
