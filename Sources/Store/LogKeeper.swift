internal import Dispatch
internal import Foundation
internal import GRDB

/// Copies what was committed from the write-ahead log into the store's file, on a thread and a connection of its own: a
/// commit need not wait for it. Readers and the writer go on meanwhile (a passive checkpoint).
final class LogKeeper {
  private let timer: any DispatchSourceTimer

  /// Often enough that the log stays small, seldom enough that a page written twice is copied once.
  private static let interval = 2.0

  init(path: String) throws {
    var configuration = Configuration()
    configuration.label = "log keeper"
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "log keeper"))
    timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval)
    timer.setEventHandler {
      // What cannot be copied now stays in the log; the writer's own commits tell what is wrong with the disk.
      _ = try? queue.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
      }
    }
    timer.activate()
  }

  deinit { timer.cancel() }
}
