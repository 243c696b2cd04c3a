public import Geodesy
public import Logging
internal import NIOCore
internal import NIOPosix
public import Patrol
internal import Store
internal import Synchronization

/// Webhooks: tells the addresses that the store lists what happens to gaps, on threads and connections of its own.
///
/// What is to be told is queued in the store, so that it outlives a crash: each message goes out at least once, under an id
/// that stays the same.
public final class HookRoom: Sendable {
  /// What runs, from the start on.
  private struct Running {
    var threads: MultiThreadedEventLoopGroup
    var post: HookPost
    var desk: HookDesk
    var watch: Task<Void, Never>
  }

  private let make: @Sendable (any EventLoop, any EventLoop) -> (HookPost, HookDesk)
  private let pokes: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)
  private let running = Mutex<Running?>(nil)
  private let log: Logger

  /// - Parameters:
  ///   - store: its path.
  ///   - load: reads a plan as the store keeps it.
  ///   - now: the real time.
  ///   - clock: the time that people on duty live by.
  public init(
    store: String, load: @escaping @Sendable (String) throws -> Plan,
    now: @escaping @Sendable () -> Instant, clock: @escaping @Sendable () -> Instant, log: Logger
  ) {
    pokes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.log = log
    make = { files, sockets in
      let post = HookPost(on: sockets)
      let desk = HookDesk(
        HookDesk.Tools(
          reader: Reader(path: store, on: files), registry: Registry(path: store, on: files),
          shelf: PlanShelf(load: load), now: now, clock: clock,
          send: { await post.send($0, to: $1, at: $2) },
          random: { Double.random(in: 0..<1) }, log: log), on: sockets)
      return (post, desk)
    }
  }

  public func start() {
    // What waits for the store and what waits for receivers are apart.
    let threads = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let (post, desk) = make(threads.next(), threads.next())
    let stream = pokes.stream
    let watch = Task { await desk.watch(stream) }
    running.withLock {
      $0 = Running(threads: threads, post: post, desk: desk, watch: watch)
    }
  }

  /// Something was committed: a signal that costs nothing, and may be left out.
  public func poke() { pokes.continuation.yield() }

  /// Ends it, and its threads; what is on its way goes out again at the next start. It cannot be started again.
  public func stop() async {
    let running = running.withLock { running in
      defer { running = nil }
      return running
    }
    guard let running else { return }
    pokes.continuation.finish()
    running.watch.cancel()
    await running.desk.stop()
    await running.watch.value
    do {
      try await running.post.end()
      try await running.threads.shutdownGracefully()
    } catch {
      log.error("the threads of webhooks do not end: \(error)")
    }
  }
}
