import Foundation
import Geodesy
import Logging
import Store
import Synchronization
import Web

/// A made-up brigade's store behind the doors of the daemon's.
struct QuarterServing {
  var path: String
  var listen: ListenAddress

  /// Until standard input ends. Says `ready` once it listens.
  func serve() throws {
    // Told at once what is wrong with it.
    let clock = try Queries(Store(at: path, for: .read)).clock() ?? .distantPast
    let server = try WebServer(
      WebSettings(
        listen: listen, store: path,
        load: { try QuarterMaking.Force.plan(of: $0) },
        now: { clock }, clock: { clock }),
      log: Logger(label: "patrolbench") { StreamLogHandler.standardError(label: $0) })
    let failure = Mutex<(any Error)?>(nil)
    let started = DispatchSemaphore(value: 0)
    Task {
      do { try await server.start() } catch { failure.withLock { $0 = error } }
      started.signal()
    }
    started.wait()
    if let error = failure.withLock({ $0 }) { throw error }
    FileHandle.standardOutput.write(Data("ready\n".utf8))
    while readLine() != nil {}
  }
}
