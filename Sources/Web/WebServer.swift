public import Geodesy
internal import HTTPTypes
package import Hummingbird
internal import HummingbirdCore
public import Logging
package import NIOCore
internal import NIOPosix
public import Patrol
internal import Synchronization

/// What a server is given by the program it runs in.
public struct WebSettings: Sendable {
  public var listen: ListenAddress
  /// The store's path.
  public var store: String
  /// Reads a plan as the store keeps it.
  public var load: @Sendable (String) throws -> Plan
  /// The real time.
  public var now: @Sendable () -> Instant
  /// The time that people on duty live by: the same, but on a simulated clock.
  public var clock: @Sendable () -> Instant
  public var authenticate: Authentication

  public init(
    listen: ListenAddress, store: String, load: @escaping @Sendable (String) throws -> Plan,
    now: @escaping @Sendable () -> Instant, clock: @escaping @Sendable () -> Instant,
    authenticate: @escaping Authentication = { _ in .anybody }
  ) {
    (self.listen, self.store, self.load) = (listen, store, load)
    (self.now, self.clock, self.authenticate) = (now, clock, authenticate)
  }
}

/// The doors of a store: OGC API – Features, events, reports, probes.
///
/// It has threads of its own (one for sockets and handlers, one for events, four that read, two that draw up reports) and
/// its own connections to the store, all of them behind those of the program it runs in where they want the same core.
public final class WebServer: Sendable {
  /// It cannot listen.
  public struct Failure: Error, CustomStringConvertible {
    public var address: ListenAddress
    public var detail: String
    public var description: String { "\(address): cannot listen there (\(detail))" }
  }

  static let connectionsMaximum = 2048
  /// From so many on, whoever says nothing makes room.
  private static let connectionsCrowded = 1536
  static let idleMaximum = TimeAmount.seconds(30)
  private static let readerCount = 4
  /// More than one page's reading would hold the machine's cores for long.
  private static let reportCount = 2

  private let settings: WebSettings
  private let log: Logger
  /// Of sockets and handlers.
  private let sockets = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  /// Of readers and events.
  private let threads = MultiThreadedEventLoopGroup(
    numberOfThreads: 2 + WebServer.readerCount + WebServer.reportCount)
  private let room = ConnectionRoom(crowded: WebServer.connectionsCrowded)
  let routes: Routes
  private let pokes: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)
  private let tasks = Mutex<[Task<Void, any Error>]?>([])

  public init(_ settings: WebSettings, log: Logger) {
    (self.settings, self.log) = (settings, log)
    pokes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let shelf = PlanShelf(load: settings.load)
    // By turns: each has a thread of its own.
    let hub = EventHub(
      reader: Reader(path: settings.store, on: threads.next()), shelf: shelf, on: threads.next(),
      log: log)
    let readers = Readers(
      Self.readerCount, waiting: 64, of: settings.store, on: threads, what: "what is stored")
    let reports = Readers(
      Self.reportCount, waiting: 8, of: settings.store, on: threads, what: "reports")
    routes = Routes(
      readers: readers, reports: reports, shelf: shelf, hub: hub, tally: WebTally(),
      now: settings.now, clock: settings.clock, authenticate: settings.authenticate)
  }

  /// Begins to listen; returns the port.
  @discardableResult public func start() async throws -> Int {
    let (ports, source) = AsyncThrowingStream.makeStream(of: Int.self)
    let application = application { channel in
      source.yield(channel.localAddress?.port ?? 0)
      source.finish()
    }
    let executor = LoopExecutor(sockets.next())
    let server = Task(executorPreference: executor) {
      do {
        try await application.run()
        source.finish()
      } catch {
        source.finish(throwing: error)
        throw error
      }
    }
    let (hub, stream) = (routes.hub, pokes.stream)
    let watch = Task<Void, any Error> { await hub.watch(stream) }
    tasks.withLock { $0 = [server, watch] }
    do {
      for try await port in ports { return port }
    } catch {
      throw Failure(address: settings.listen, detail: "\(error)")
    }
    throw Failure(address: settings.listen, detail: "it stopped at once")
  }

  /// Something was committed: a signal that costs nothing, and may be left out.
  public func poke() { pokes.continuation.yield() }

  private static let patience = Duration.seconds(2)

  /// Ends what goes on, and its threads; waits a little for it. It cannot be started again.
  ///
  /// What does not end in time (a report that is being drawn up) is left to end by itself, and its threads with it.
  public func stop() async {
    // A loop that has ended runs nothing more, and whoever waits for it waits for good.
    let tasks = tasks.withLock { tasks in
      defer { tasks = nil }
      return tasks
    }
    guard let tasks else { return }
    await routes.hub.stop()
    pokes.continuation.finish()
    for task in tasks { task.cancel() }
    // No task group: it would not return before what it waits for in vain.
    let (ends, end) = AsyncStream.makeStream(of: Bool.self)
    let waiting = Task {
      for task in tasks { _ = await task.result }
      end.yield(true)
    }
    let patience = Task {
      try await Task.sleep(for: Self.patience)
      end.yield(false)
    }
    let isOver = await ends.first { _ in true } ?? false
    waiting.cancel()
    patience.cancel()
    guard isOver else { return log.warning("answers that take long are given up") }
    do {
      try await sockets.shutdownGracefully()
      try await threads.shutdownGracefully()
    } catch {
      log.error("the threads of answers do not end: \(error)")
    }
  }

  /// - Parameter onRunning: told the channel that listens.
  package func application(
    onRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
  ) -> some ApplicationProtocol {
    let room = room
    let channel = HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionGuard(room: room)], idleTimeout: Self.idleMaximum,
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: ConnectionGuard.headMaximum,
        maxHeaderListSize: ConnectionGuard.headMaximum, maxHeaderFieldCount: 100))
    var quiet = log
    quiet.logLevel = max(log.logLevel, .error)
    return Application(
      router: routes.router, server: .http1(configuration: channel),
      configuration: ApplicationConfiguration(
        address: .hostname(settings.listen.host, port: settings.listen.port),
        availableConnectionsDelegate: .maximum(Self.connectionsMaximum, logger: quiet)),
      onServerRunning: onRunning, eventLoopGroupProvider: .shared(sockets), logger: quiet)
  }

}

/// Runs what handlers do on a loop's thread, apart from the pool that the program's own tasks share.
private final class LoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
