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

/// How long a question takes, as far as it can be told before.
enum QuestionLength: Sendable {
  case short, long
}

/// Readers that take turns: no more ask the store at once than there are of them, and only so many wait. Long questions never
/// hold all of the readers, and wait behind short ones: who wants much keeps nobody waiting who wants little.
final class Readers: Sendable {
  private typealias Waiting = CheckedContinuation<Reader, Never>

  private struct Turns {
    var free: [Reader]
    var long = 0
    let longMaximum: Int
    var waiting: [QuestionLength: [Waiting]] = [.short: [], .long: []]

    /// A reader for a question of that length, where it is its turn.
    mutating func take(_ length: QuestionLength) -> Reader? {
      guard length == .short || long < longMaximum, let reader = free.popLast() else { return nil }
      if length == .long { long += 1 }
      return reader
    }

    /// Who is next, once one is free.
    mutating func next() -> (waiting: Waiting, reader: Reader)? {
      for length in [QuestionLength.short, .long] where !waiting[length, default: []].isEmpty {
        guard let reader = take(length) else { continue }
        return (waiting[length, default: []].removeFirst(), reader)
      }
      return nil
    }
  }

  private let turns: Mutex<Turns>
  private let waitingMaximum: Int
  private let what: String

  /// - Parameters:
  ///   - waiting: so many of either length.
  ///   - what: they are busy with, for whom they turn away.
  init(_ count: Int, waiting: Int, of path: String, on group: any EventLoopGroup, what: String) {
    turns = Mutex(
      Turns(
        free: (0..<count).map { _ in Reader(path: path, on: group.next()) },
        longMaximum: max(1, count - 1)))
    (waitingMaximum, self.what) = (waiting, what)
  }

  /// How many wait for their turn.
  var waiting: Int { turns.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }

  /// Throws a `Problem` where too many wait already.
  func read<T: Sendable>(
    _ length: QuestionLength = .short, _ body: @Sendable (Queries) throws -> T
  ) async throws -> T {
    let reader = try await take(length)
    defer { giveBack(reader, length) }
    try Task.checkCancellation()
    return try await reader.read(body)
  }

  private func take(_ length: QuestionLength) async throws -> Reader {
    let (now, isTooMany) = turns.withLock { turns -> (Reader?, Bool) in
      if let reader = turns.take(length) { return (reader, false) }
      return (nil, turns.waiting[length, default: []].count >= waitingMaximum)
    }
    if let now { return now }
    if isTooMany { throw Problem.busy("too many ask for \(what) at once") }
    return await withCheckedContinuation { continuation in
      let reader = turns.withLock { turns -> Reader? in
        if let reader = turns.take(length) { return reader }
        turns.waiting[length, default: []].append(continuation)
        return nil
      }
      if let reader { continuation.resume(returning: reader) }
    }
  }

  private func giveBack(_ reader: Reader, _ length: QuestionLength) {
    let next = turns.withLock { turns in
      turns.free.append(reader)
      if length == .long { turns.long -= 1 }
      return turns.next()
    }
    if let next { next.waiting.resume(returning: next.reader) }
  }
}
