internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Store
internal import Synchronization

/// A thread with a connection of its own to the store. The daemon's own threads come first where both want a core.
actor Reader {
  private let loop: any EventLoop
  private let path: String
  private var queries: Queries?

  init(path: String, on loop: any EventLoop) {
    (self.path, self.loop) = (path, loop)
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.executor.asUnownedSerialExecutor()
  }

  func read<T: Sendable>(_ body: @Sendable (Queries) throws -> T) throws -> T {
    if let queries { return try body(queries) }
    // Of this thread alone, on Linux.
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
    let opened = Queries(try Store(at: path, for: .read))
    queries = opened
    return try body(opened)
  }
}

/// Readers that take turns: no more ask the store at once than there are of them, and only so many wait.
final class Readers: Sendable {
  private struct Turns {
    var free: [Reader]
    var waiting: [CheckedContinuation<Reader, Never>] = []
  }

  private let turns: Mutex<Turns>
  private let waitingMaximum: Int
  private let what: String

  /// - Parameter what: they are busy with, for whom they turn away.
  init(_ count: Int, waiting: Int, of path: String, on group: any EventLoopGroup, what: String) {
    turns = Mutex(Turns(free: (0..<count).map { _ in Reader(path: path, on: group.next()) }))
    (waitingMaximum, self.what) = (waiting, what)
  }

  /// Throws a `Problem` where too many wait already.
  func read<T: Sendable>(_ body: @Sendable (Queries) throws -> T) async throws -> T {
    let reader = try await take()
    defer { giveBack(reader) }
    try Task.checkCancellation()
    return try await reader.read(body)
  }

  private func take() async throws -> Reader {
    enum Turn {
      case now(Reader)
      case later, never
    }
    let turn = turns.withLock { turns -> Turn in
      if let reader = turns.free.popLast() { return .now(reader) }
      return turns.waiting.count < waitingMaximum ? .later : .never
    }
    switch turn {
    case .now(let reader): return reader
    case .never: throw Problem.busy("too many ask for \(what) at once")
    case .later:
      return await withCheckedContinuation { continuation in
        let reader = turns.withLock { turns -> Reader? in
          if let reader = turns.free.popLast() { return reader }
          turns.waiting.append(continuation)
          return nil
        }
        if let reader { continuation.resume(returning: reader) }
      }
    }
  }

  private func giveBack(_ reader: Reader) {
    let next = turns.withLock { turns -> CheckedContinuation<Reader, Never>? in
      guard turns.waiting.isEmpty else { return turns.waiting.removeFirst() }
      turns.free.append(reader)
      return nil
    }
    next?.resume(returning: reader)
  }
}
