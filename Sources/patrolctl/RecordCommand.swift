import ArgumentParser
import Foundation
import GPSD
import Geodesy
import Patrol
import Recordings

struct RecordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Records a live gpsd: every line byte for byte, with the time at which it came.",
    discussion: """
      A line of the recording is a receive time in RFC 3339, a TAB, and what gpsd said, malformed lines too. A gpsd that \
      goes away is called again, for as long as it takes. Ends at SIGINT, SIGTERM or after --seconds; what was heard is \
      in the file by then, and at most a socket's read late at any time.
      """)

  @Argument(
    help: ArgumentHelp(
      "host[:port[:device]], IPv6 in brackets; with a device only the lines that name it.",
      valueName: "source"))
  var source: String
  @Option(
    name: .shortAndLong, help: ArgumentHelp("A new file, or - for stdout.", valueName: "file"))
  var output: String
  @Option(help: ArgumentHelp("Ends after so many.", valueName: "n")) var seconds: Double?
  @Flag(help: "Adds to the file.") var append = false
  @Flag(help: "Replaces the file.") var force = false

  func validate() throws {
    guard Source(source) != nil else {
      throw ValidationError(
        "found \"\(source)\"; expected host[:port[:device]], such as 127.0.0.1:2947:/dev/ttyUSB0")
    }
    if let seconds, !(seconds > 0 && seconds < 1e9) {
      throw ValidationError("--seconds: found \(seconds); expected more than 0")
    }
    if append && force { throw ValidationError("--append or --force, not both") }
  }

  private enum Event: Sendable {
    case heard([Tap.Report])
    case end
  }

  func run() async throws {
    let source = Source(source)!
    let file = try open()
    var writer = RecordingWriter(source.device.map { .device($0) } ?? .all)
    let (events, continuation) = AsyncStream.makeStream(of: Event.self)
    let requests = Requests(seconds: seconds, input: .ignored)
    let asked = Task { [stream = requests.stream] in
      for await _ in stream { continuation.yield(.end) }
    }
    let tap = Tap(
      Endpoint(source), now: { SystemClock.now }, deliver: { continuation.yield(.heard($0)) })
    tap.start()
    var trouble: Failure?
    var (connections, oversized) = (0, 0)
    loop: for await event in events {
      guard case .heard(let reports) = event else { break }
      var bytes: [UInt8] = []
      for report in reports {
        switch report {
        case .line(let line): bytes += writer.text(of: line) ?? []
        case .oversized(let count): oversized += count
        case .up(let version, let at):
          connections += 1
          Output.complain("patrolctl: \(Endpoint(source)): gpsd \(version) at \(at)\n")
        case .down(let reason, let at):
          Output.complain("patrolctl: \(Endpoint(source)): not reachable at \(at): \(reason)\n")
        }
      }
      guard !bytes.isEmpty else { continue }
      do { try file.write(contentsOf: bytes) } catch {
        // Whoever reads a pipe may have had enough.
        if output != "-" {
          trouble = .outside("\(output): cannot be written (\(error.localizedDescription))")
        }
        break loop
      }
    }
    asked.cancel()
    await tap.stop()
    withExtendedLifetime(requests) {}
    if let trouble { throw trouble }
    let text = summary(writer, connections: connections, oversized: oversized)
    if output == "-" { Output.complain(text) } else { try Output.write(text) }
    guard connections > 0 else { throw Failure.outside("\(Endpoint(source)): never reached") }
  }

  private func open() throws -> FileHandle {
    guard output != "-" else { return .standardOutput }
    let mode = append ? O_APPEND : force ? O_TRUNC : O_EXCL
    let descriptor = Foundation.open(output, O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0o644)
    guard descriptor >= 0 else {
      if errno == EEXIST {
        throw Failure.wrongQuestion(
          "\(output): there is such a file; expected a new one, or --append or --force")
      }
      throw Failure.outside("\(output): cannot be opened (\(String(cString: strerror(errno))))")
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  private func summary(_ writer: RecordingWriter, connections: Int, oversized: Int) -> String {
    var text =
      "\(writer.lines) lines, \(writer.malformed) malformed, over \(connections) connection\(connections == 1 ? "" : "s")\n"
    if oversized > 0 {
      text += "\(oversized) lines of more than \(LineFramer.limit) bytes were not kept\n"
    }
    for (device, count) in writer.reports.sorted(by: { $0.key < $1.key }) {
      let name = device.isEmpty ? "(no device)" : device
      text += "\(name): \(count.all) TPVs, \(count.fixes) with a fix\n"
    }
    return text
  }
}
