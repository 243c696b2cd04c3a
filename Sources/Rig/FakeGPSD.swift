public import Geodesy
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// A gpsd that plays what it is told and misbehaves on cue, on one port or on thousands, in this process.
///
///     let fake = try await FakeGPSD.start(options) { print($0) }
///     fake.cue(try FakeCue("refuse 0-9 for 20s"))
///     for device in try await fake.sent() { print(device.line(.sums)) }
///     try await fake.stop()
public final class FakeGPSD: Sendable {
  public enum Content: Hashable, Sendable {
    case fleet(FakeFleet)
    /// Endpoints play these files in turn: the first the first, and so on from the beginning again.
    /// - Parameter rate: of the recordings' own pace; nil: all at once.
    case recordings([String], endpoints: Int, rate: Double?)
  }

  public struct Options: Hashable, Sendable {
    public var content: Content
    public var host = "127.0.0.1"
    /// Endpoints are on this port and those after it; nil: on any that are free.
    public var firstPort: Int?
    /// The time at which a fleet begins; nil: now.
    public var start: Instant?
    /// Simulated seconds per real second, above 0.
    public var rate = 1.0
    public var cues: [FakeCue] = []

    public init(_ content: Content) { self.content = content }
  }

  public let ports: [Int]
  public let clock: RigClock
  private let group: MultiThreadedEventLoopGroup
  private let server: NIOLoopBound<FakeServer>
  private var loop: any EventLoop { server.eventLoop }

  private init(
    ports: [Int], clock: RigClock, group: MultiThreadedEventLoopGroup,
    server: NIOLoopBound<FakeServer>
  ) {
    self.ports = ports
    self.clock = clock
    self.group = group
    self.server = server
  }

  /// Listens on every port when it returns. `tell` is called on the loop that serves all, and may not block long.
  public static func start(
    _ options: Options, tell: @escaping @Sendable (FakeEvent) -> Void = { _ in }
  ) async throws(RigError) -> FakeGPSD {
    let now = RigTime.now()
    let (endpoints, clock) = try content(options, now)
    try raiseFileLimit(for: endpoints.count)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let ports = endpoints.indices.map { n in options.firstPort.map { $0 + n } ?? 0 }
    do {
      var pace = RecordedTape.Pace.full
      if case .recordings(_, _, let rate?) = options.content { pace = .times(rate) }
      var backlog = FakeFleet.Backlog.none
      if case .fleet(let fleet) = options.content { backlog = fleet.backlog }
      let server = try await loop.submit { [pace, backlog] in
        NIOLoopBound(
          FakeServer(
            loop: loop, host: options.host, ports: ports, endpoints: endpoints, clock: clock,
            pace: pace, backlog: backlog, tell: tell), eventLoop: loop)
      }.get()
      for n in ports.indices {
        do {
          try await loop.flatSubmit { server.value.listen(n) }.get()
        } catch {
          throw RigError.network("\(options.host):\(ports[n]) cannot be listened to (\(error))")
        }
      }
      let bound = try await loop.submit {
        server.value.startTurns()
        for cue in options.cues {
          loop.scheduleTask(in: .milliseconds(cue.at.value)) { server.value.cue(cue) }
        }
        return server.value.ports
      }.get()
      let devices = endpoints.reduce(0) { $0 + $1.tape.devices.count }
      tell(
        .ready(
          host: options.host, ports: bound.min()!...bound.max()!, devices: devices, clock: clock))
      return FakeGPSD(ports: bound, clock: clock, group: group, server: server)
    } catch {
      try? await group.shutdownGracefully()  // the first error is the one to tell
      throw error as? RigError ?? .network("\(error)")
    }
  }

  /// At once, whatever its time.
  public func cue(_ cue: FakeCue) { loop.execute { self.server.value.cue(cue) } }

  /// By port and device.
  public func sent() async throws(RigError) -> [FakeSent] {
    try await asked { server in
      zip(server.endpoints, server.ports).flatMap { FakeSent.all(of: $0, port: $1) }
    }
  }

  public func state() async throws(RigError) -> FakeEvent.State { try await asked(\.state) }

  /// Says goodbye to everyone, and waits until they have read what was sent; `sent` may still be asked.
  public func quieten() async throws(RigError) {
    try await asked { $0.stop() }
    // Who does not go is let go after a second.
    while try await state().clients > 0 {
      do { try await Task.sleep(for: .milliseconds(20)) } catch { throw .cancelled }
    }
  }

  /// Ends all that runs.
  public func stop() async throws(RigError) {
    do { try await group.shutdownGracefully() } catch { throw .network("\(error)") }
  }

  private func asked<T: Sendable>(
    _ question: @escaping @Sendable (FakeServer) -> T
  ) async throws(RigError) -> T {
    do {
      return try await loop.submit { question(self.server.value) }.get()
    } catch { throw .network("\(error)") }
  }

  private static func content(
    _ options: Options, _ now: Instant
  ) throws(RigError) -> ([FakeEndpoint], RigClock) {
    switch options.content {
    case .fleet(let fleet):
      // Receivers report at whole intervals.
      let given = options.start ?? now
      let start = Instant(
        milliseconds: given.milliseconds - given.milliseconds % fleet.interval.value)
      let clock = RigClock(start: given, rate: options.rate, startsAt: now)
      let endpoints = (0..<fleet.endpoints).map {
        FakeEndpoint(
          .fleet(FleetTape(fleet, endpoint: $0, start: start)), activated: now)
      }
      return (endpoints, clock)
    case .recordings(let paths, let count, _):
      var tapes: [RecordedTape] = []
      for path in paths { tapes.append(try RecordedTape(path: path)) }
      let endpoints = (0..<count).map {
        FakeEndpoint(.recording(tapes[$0 % tapes.count]), activated: now)
      }
      return (endpoints, RigClock(start: now, rate: 1, startsAt: now))
    }
  }

  /// A listener and a few clients each.
  private static func raiseFileLimit(for endpoints: Int) throws(RigError) {
    let needed = UInt(endpoints * 2 + 64)
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    guard limit.rlim_cur >= needed else {
      throw .network(
        "\(endpoints) endpoints with a client each need \(needed) open files, \(limit.rlim_cur) are allowed; raise `ulimit -n`"
      )
    }
  }
}
