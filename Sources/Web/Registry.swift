internal import Geodesy
internal import NIOCore
internal import Store
internal import Synchronization

/// The one thread that writes what this server notes beside the daemon: sessions, users, looks.
actor Registry {
  private let loop: any EventLoop
  private let path: String
  private var store: Store?

  init(path: String, on loop: any EventLoop) { (self.path, self.loop) = (path, loop) }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.executor.asUnownedSerialExecutor()
  }

  func write<T: Sendable>(_ body: @Sendable (Transaction) throws -> T) throws -> T {
    if let store { return try store.write(body) }
    let opened = try Store(at: path, for: .amend)
    store = opened
    return try opened.write(body)
  }
}

/// Computes passwords' hashes one at a time: however many log in at once, they take the memory of one, and no other thread's
/// time.
actor HashRoom {
  /// As many wait; more are sent away.
  static let waitingMaximum = 16

  private let loop: any EventLoop
  private nonisolated let waiting = Mutex(0)

  init(on loop: any EventLoop) { self.loop = loop }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.executor.asUnownedSerialExecutor()
  }

  /// Throws a `Problem` where too many wait already.
  nonisolated func compute<T: Sendable>(_ body: @Sendable () throws -> T) async throws -> T {
    let isRoom = waiting.withLock { n in
      guard n < Self.waitingMaximum else { return false }
      n += 1
      return true
    }
    guard isRoom else { throw Problem.busy("too many log in at once") }
    defer { waiting.withLock { $0 -= 1 } }
    return try await run(body)
  }

  private func run<T: Sendable>(_ body: @Sendable () throws -> T) throws -> T { try body() }
}

/// Notes who looked at whose track before it is shown; the same again within a minute is not written again.
final class LookBook: Sendable {
  private struct Key: Hashable {
    var who: String
    var handheld: String
  }

  private static let again = Milliseconds.seconds(60)
  private static let keysMaximum = 100_000

  private let registry: Registry
  private let now: @Sendable () -> Instant
  private let known = Mutex<[Key: (at: Instant, span: ClosedRange<Instant>)]>([:])

  init(_ registry: Registry, now: @escaping @Sendable () -> Instant) {
    (self.registry, self.now) = (registry, now)
  }

  func note(_ looks: [Look], by viewer: Viewer) async throws {
    let (now, who) = (now(), viewer.auditName)
    let fresh = known.withLock { known -> [Look] in
      if known.count > Self.keysMaximum { known = [:] }
      return looks.filter { look in
        guard let last = known[Key(who: who, handheld: look.handheld)] else { return true }
        return now - last.at >= Self.again || look.span.lowerBound < last.span.lowerBound
          || look.span.upperBound > last.span.upperBound + Self.again
      }
    }
    guard !fresh.isEmpty else { return }
    try await registry.write { try $0.note(fresh, by: who, at: now) }
    known.withLock { known in
      for look in fresh { known[Key(who: who, handheld: look.handheld)] = (now, look.span) }
    }
  }
}
