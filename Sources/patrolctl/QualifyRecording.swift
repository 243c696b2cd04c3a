import Foundation
import GPSD
import Geodesy
import Patrol
import Recordings

extension QualifyCommand {
  /// Records every source for so long, all at once; the captures' files, in the order of serials.
  func record() async throws -> [String] {
    let folder = out ?? FileManager.default.temporaryDirectory.path
    let paths = serial.map { "\(folder)/\($0).jsonl" }
    let seconds = seconds ?? 0
    Output.complain("patrolctl: recording \(gpsd.count) for \(seconds) s\n")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (source, path) in zip(gpsd, paths) {
        group.addTask { try await Self.record(Source(source)!, to: path, for: seconds) }
      }
      try await group.waitForAll()
    }
    return paths
  }

  private static func record(_ source: Source, to path: String, for seconds: Double) async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: [Tap.Report].self)
    let tap = Tap(
      Endpoint(source), now: { SystemClock.now }, deliver: { continuation.yield($0) })
    tap.start()
    let end = Task {
      try await Task.sleep(for: .seconds(seconds))
      continuation.finish()
    }
    var writer = RecordingWriter(source.device.map { .device($0) } ?? .all)
    var (bytes, isUp) = ([UInt8](), false)
    for await reports in stream {
      for report in reports {
        switch report {
        case .line(let line): bytes += writer.text(of: line) ?? []
        case .up: isUp = true
        case .down(let reason, let at):
          Output.complain("patrolctl: \(Endpoint(source)): not reachable at \(at): \(reason)\n")
        case .oversized: continue
        }
      }
    }
    end.cancel()
    await tap.stop()
    guard isUp else { throw Failure.outside("\(Endpoint(source)): never reached") }
    try Output.write(Data(bytes), to: path)
  }
}
