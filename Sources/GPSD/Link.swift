internal import Geodesy
internal import NIOCore
internal import NIOPosix
internal import Patrol
internal import Synchronization

/// The connection to one gpsd: carries out what its conversation says, on one event loop.
final class Link<State: Conversation>: Sendable {
  let endpoint: Endpoint
  private let loop: any EventLoop
  private let now: @Sendable () -> Instant
  private let deliver: @Sendable ([State.Report]) -> Void
  private let isCrowded: @Sendable () -> Bool
  private let tally = Mutex(FleetCounts())
  private let bound: NIOLoopBoundBox<Bound>

  /// What only the event loop may touch.
  private struct Bound: Sendable {
    var state: State
    var channel: (any Channel)?
    /// Connections are numbered, so that the end of one that was given up is not taken for the end of the next.
    var connection = 0
    var timer: (at: Milliseconds, scheduled: Scheduled<Void>)?
    var isStopped = false
    /// How much was delivered in the last moment, and since when.
    var flood = (since: Milliseconds.zero, count: 0)
  }

  /// Of one address; a name may have several.
  static var connectTimeout: TimeAmount { .seconds(5) }

  init(
    endpoint: Endpoint, state: State, now: @escaping @Sendable () -> Instant,
    loop: any EventLoop, isCrowded: @escaping @Sendable () -> Bool = { false },
    deliver: @escaping @Sendable ([State.Report]) -> Void
  ) {
    self.endpoint = endpoint
    self.loop = loop
    self.now = now
    self.deliver = deliver
    self.isCrowded = isCrowded
    bound = NIOLoopBoundBox.makeBoxSendingValue(
      Bound(state: state), eventLoop: loop)
  }

  var counts: FleetCounts { tally.withLock { $0 } }

  func start() { loop.execute { self.handle(.start) } }

  func route(_ handhelds: [Handheld]) where State == LinkState {
    loop.execute {
      self.bound.withValue { $0.state.route(handhelds, clock: self.now()) }
      self.settle()
    }
  }

  /// When the future is fulfilled, nothing more is delivered. It fails where the loop was shut down.
  func leave() -> EventLoopFuture<Void> {
    loop.flatSubmit {
      let channel = self.bound.withValue { bound -> (any Channel)? in
        bound.isStopped = true
        bound.connection += 1
        bound.timer?.scheduled.cancel()
        bound.timer = nil
        defer { bound.channel = nil }
        return bound.channel
      }
      guard let channel else { return self.loop.makeSucceededVoidFuture() }
      channel.close(promise: nil)
      return channel.closeFuture
    }
  }

  private var monotonic: Milliseconds {
    Milliseconds(Int64(loop.now.uptimeNanoseconds / 1_000_000))
  }

  private func handle(_ event: Session.Event) {
    bound.withValue { $0.state.handle(event, at: monotonic, clock: now()) }
    settle()
  }

  /// Tells and does what has come up. Outside of `withValue`: closing a channel calls back at once.
  private func settle() {
    guard
      let (reports, deeds, counts) = bound.withValue({ $0.isStopped ? nil : $0.state.drain() })
    else { return }
    tally.withLock { $0.add(counts) }
    if !reports.isEmpty {
      deliver(reports)
      restIfFlooding(reports.count)
    }
    for deed in deeds {
      switch deed {
      case .connect: connect()
      case .send(let request):
        let channel = bound.withValue { $0.channel }
        channel?.writeAndFlush(ByteBuffer(string: request), promise: nil)
      case .close:
        let channel = bound.withValue { bound in
          bound.connection += 1
          defer { bound.channel = nil }
          return bound.channel
        }
        channel?.close(promise: nil)
      }
    }
    schedule()
  }

  /// Four receivers at a report a second tell less than this in `floodSpan`. More is a backlog, quick receivers, or a
  /// gateway of many handhelds; what those print meanwhile their sockets' buffers hold for `restMaximum` and longer (at
  /// least 200 KB, grown to megabytes where much comes).
  private static var floodMinimum: Int { 64 }
  private static var floodSpan: Milliseconds { Milliseconds(1000) }
  /// Read from again after this at the latest, and looked after so often.
  private static var restMaximum: Milliseconds { Milliseconds(2000) }
  private static var restPiece: TimeAmount { .milliseconds(100) }

  /// Where more came in than can be taken, one that tells very much is not read from for a moment:
  /// what it has not sent waits with it.
  private func restIfFlooding(_ count: Int) {
    let now = monotonic
    let channel = bound.withValue { bound -> (any Channel)? in
      if now - bound.flood.since > Self.floodSpan { bound.flood = (now, 0) }
      bound.flood.count += count
      return bound.flood.count > Self.floodMinimum ? bound.channel : nil
    }
    guard let channel, isCrowded() else { return }
    channel.setOption(.autoRead, value: false).whenComplete { _ in }
    rest(channel, since: now)
  }

  private func rest(_ channel: any Channel, since: Milliseconds) {
    loop.scheduleTask(in: Self.restPiece) {
      if self.isCrowded(), self.monotonic - since < Self.restMaximum {
        self.rest(channel, since: since)
      } else {
        channel.setOption(.autoRead, value: true).whenComplete { _ in }
      }
    }
  }

  /// One timer, moved forward only: a tick that comes early does nothing, and reads need not touch it.
  private func schedule() {
    let now = monotonic
    bound.withValue { bound in
      guard !bound.isStopped, let deadline = bound.state.session.deadline else { return }
      if let timer = bound.timer {
        guard deadline < timer.at else { return }
        timer.scheduled.cancel()
      }
      let delay = TimeAmount.milliseconds(max(0, (deadline - now).value))
      let scheduled = loop.scheduleTask(in: delay) {
        self.bound.withValue { $0.timer = nil }
        self.handle(.tick)
      }
      bound.timer = (deadline, scheduled)
    }
  }

  private func connect() {
    let connection = bound.withValue { bound in
      bound.connection += 1
      return bound.connection
    }
    ClientBootstrap(group: loop)
      .connectTimeout(Self.connectTimeout)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      // Enough for any gpsd, and a backlog comes in small pieces.
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(self.handler(connection))
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
      .whenComplete { self.connected(connection, $0) }
  }

  private func connected(_ connection: Int, _ result: Result<any Channel, any Error>) {
    let isCurrent = bound.withValue { $0.connection == connection }
    switch result {
    case .success(let channel):
      guard isCurrent else { return channel.close(promise: nil) }
      bound.withValue { $0.channel = channel }
      handle(.connected)
    case .failure(let error):
      if isCurrent { handle(.lost(reason: describe(error))) }
    }
  }

  private func handler(_ connection: Int) -> LineHandler {
    var clock: Instant?  // of this read
    return LineHandler(
      line: { line in
        let receivedAt = clock ?? self.now()
        clock = receivedAt
        let now = self.monotonic
        self.bound.withValue { bound in
          if bound.connection == connection { bound.state.take(line, at: now, clock: receivedAt) }
        }
      },
      readEnd: { oversized in
        clock = nil
        guard self.bound.withValue({ $0.connection == connection }) else { return }
        self.bound.withValue { $0.state.noteOversized(oversized, at: self.monotonic) }
        self.handle(.heard)
      },
      lost: { reason in
        guard self.bound.withValue({ $0.connection == connection }) else { return }
        self.bound.withValue { $0.channel = nil }
        self.handle(.lost(reason: reason))
      })
  }
}

extension FleetCounts {
  mutating func add(_ other: FleetCounts) {
    lines += other.lines
    fixes += other.fixes
    withoutFix += other.withoutFix
    unassigned += other.unassigned
    malformed += other.malformed
    oversized += other.oversized
  }
}
