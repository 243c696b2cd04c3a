public import Geodesy
package import HTTPTypes
package import Hummingbird
internal import HummingbirdCore
public import Logging
package import NIOCore
internal import NIOPosix
public import Patrol
public import Rights
internal import Store
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
  /// TLS; nil for none.
  public var certificates: CertificateFiles?
  /// The map under the screen's marks; nil for none.
  public var basemap: Basemap?
  /// Of passwords that are made.
  public var cost: PasswordHash.Cost
  /// In the place of the store's users and tokens; nil for those.
  public var authenticate: Authentication?

  public init(
    listen: ListenAddress, store: String, load: @escaping @Sendable (String) throws -> Plan,
    now: @escaping @Sendable () -> Instant, clock: @escaping @Sendable () -> Instant,
    certificates: CertificateFiles? = nil, basemap: Basemap? = nil,
    cost: PasswordHash.Cost = .standard, authenticate: Authentication? = nil
  ) {
    (self.listen, self.store, self.load) = (listen, store, load)
    (self.now, self.clock, self.authenticate) = (now, clock, authenticate)
    (self.certificates, self.basemap, self.cost) = (certificates, basemap, cost)
  }
}

/// The doors of a store: OGC API – Features, events, reports, probes.
///
/// It has threads of its own (one for sockets and handlers, three for events, four that read, two that draw up reports, three
/// for who asks, one for tiles) and its own connections to the store, all of them behind those of the program it runs in where they want the same core.
public final class WebServer: Sendable {
  /// It cannot listen.
  public struct Failure: Error, CustomStringConvertible {
    public var address: ListenAddress
    public var detail: String
    public var description: String { "\(address): cannot listen there (\(detail))" }

    public init(address: ListenAddress, detail: String) {
      (self.address, self.detail) = (address, detail)
    }
  }

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
    numberOfThreads: 3 + 3 + 1 + WebServer.readerCount + WebServer.reportCount)
  private let capacity: Capacity
  private let room: ConnectionRoom
  let routes: Routes
  private let pokes: (stream: AsyncStream<Int>, continuation: AsyncStream<Int>.Continuation)
  private let tasks = Mutex<[Task<Void, any Error>]?>([])

  private let certificates: Certificates?
  private static let certificatesEvery = Duration.seconds(5)

  /// Throws where there is no certificate to begin with, and a `TileFile.Fault` where the map's file is none.
  public init(_ settings: WebSettings, log: Logger) throws {
    (self.settings, self.log) = (settings, log)
    do {
      certificates = try settings.certificates.map(Certificates.init)
    } catch {
      throw Failure(address: settings.listen, detail: "\(error)")
    }
    let file: TileFile? =
      if case .file(let path) = settings.basemap?.tiles { try TileFile(at: path) } else { nil }
    capacity = .ofProcess
    room = ConnectionRoom(crowded: capacity.crowded)
    pokes = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
    let shelf = PlanShelf(load: settings.load)
    // By turns: each has a thread of its own.
    let hub = EventHub(
      reader: Reader(path: settings.store, on: threads.next()), shelf: shelf, on: threads.next(),
      seats: capacity.seats, log: log)
    let readers = Readers(
      Self.readerCount, waiting: 64, of: settings.store, on: threads, what: "what is stored")
    let reports = Readers(
      Self.reportCount, waiting: 8, of: settings.store, on: threads, what: "reports")
    let isSecure = certificates != nil
    let authenticator = Authenticator(
      path: settings.store, on: threads,
      openness: settings.listen.isLoopback ? .loopbackOnly : .never, isSecure: isSecure,
      cost: settings.cost, now: settings.now)
    // They all come at once where a daemon begins anew, and none is to wait behind long questions, or be sent away.
    let watching = Readers(
      1, waiting: capacity.connections, of: settings.store, on: threads, what: "events")
    let tileLoop = threads.next()
    routes = Routes(
      readers: readers, reports: reports, watching: watching, shelf: shelf, hub: hub,
      tally: WebTally(),
      now: settings.now, clock: settings.clock, authenticator: authenticator,
      authenticate: settings.authenticate ?? { try await authenticator.viewer($0) },
      isSecure: isSecure,
      basemap: BasemapRoutes(
        basemap: settings.basemap, desk: file.map { TileDesk($0, on: tileLoop) }))
  }

  /// Every route: its method, its path as a pattern, and who may ask it (nil: whoever reaches the server).
  package var routeRules: [(method: HTTPRequest.Method, path: String, may: Set<Role.Kind>?)] {
    routes.all.map { route in
      if case .roles(let kinds) = route.may { return (route.method, route.path, kinds) }
      return (route.method, route.path, nil)
    }
  }

  /// A link by which the first user is made, once and within the hour; nil where there are users.
  public func setupLink(port: Int) async throws -> String? {
    guard let secret = try await routes.authenticator.offerSetup() else { return nil }
    let host =
      settings.listen.host.contains(":") ? "[\(settings.listen.host)]" : settings.listen.host
    return "\(certificates == nil ? "http" : "https")://\(host):\(port)/setup?key=\(secret.text)"
  }

  /// Reads the certificate again, where its files changed; a broken one leaves the one that is in use.
  public func reloadCertificates() {
    guard let certificates else { return }
    do {
      if try certificates.reload() { log.notice("a new certificate is in use") }
    } catch {
      log.error("the certificate in use is kept: \(error)")
    }
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
    let renewal = Task<Void, any Error> { [weak self] in
      while (try? await Task.sleep(for: Self.certificatesEvery)) != nil {
        self?.reloadCertificates()
      }
    }
    tasks.withLock { $0 = [server, watch, renewal] }
    do {
      for try await port in ports { return port }
    } catch {
      throw Failure(address: settings.listen, detail: "\(error)")
    }
    throw Failure(address: settings.listen, detail: "it stopped at once")
  }

  /// Something was committed: a signal that costs nothing, and may be left out.
  ///
  /// - Parameter fixes: how many it held.
  public func poke(fixes: Int = 0) { pokes.continuation.yield(fixes) }

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
      router: routes.router,
      server: HTTPServerBuilder { [certificates] responder in
        let plain = HTTP1Channel(responder: responder, configuration: channel)
        guard let certificates else { return plain }
        return SecureChannel(base: plain, certificates: certificates)
      },
      configuration: ApplicationConfiguration(
        address: .hostname(settings.listen.host, port: settings.listen.port),
        availableConnectionsDelegate: .maximum(capacity.connections, logger: quiet)),
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
