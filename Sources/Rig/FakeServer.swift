internal import Geodesy
internal import NIOCore
internal import NIOPosix

/// The sockets of a fake gpsd: one listener an endpoint, one loop for all, one timer. Lives on that loop.
///
/// A turn of the timer looks at every endpoint and sends what has fallen due: O(endpoints + reports).
final class FakeServer {
  /// How often it is looked whether something is due.
  static let turn = TimeAmount.milliseconds(20)
  /// Positions in one write, and writes in one go, so that a backlog keeps nobody waiting.
  static let chunk = 60
  static let chunks = 16

  let loop: any EventLoop
  let host: String
  /// Zero until they are bound, where any free ones are wanted.
  private(set) var ports: [Int]
  private(set) var endpoints: [FakeEndpoint]
  private var clients: [[FakeClient]]
  private var listeners: [(any Channel)?]
  /// A recording begins when the first client watches.
  private var began: [Instant?]
  private let clock: RigClock
  private let pace: RecordedTape.Pace
  private let backlog: FakeFleet.Backlog
  private let tell: @Sendable (FakeEvent) -> Void
  private var serial = 0
  private var timer: RepeatedTask?
  /// Reports that a slow or frozen connection missed.
  private var missed = 0

  init(
    loop: any EventLoop, host: String, ports: [Int], endpoints: [FakeEndpoint], clock: RigClock,
    pace: RecordedTape.Pace, backlog: FakeFleet.Backlog,
    tell: @escaping @Sendable (FakeEvent) -> Void
  ) {
    self.loop = loop
    self.host = host
    self.ports = ports
    self.endpoints = endpoints
    self.clock = clock
    self.pace = pace
    self.backlog = backlog
    self.tell = tell
    clients = Array(repeating: [], count: endpoints.count)
    listeners = Array(repeating: nil, count: endpoints.count)
    began = Array(repeating: nil, count: endpoints.count)
  }

  var state: FakeEvent.State {
    FakeEvent.State(
      clients: clients.reduce(0) { $0 + $1.count },
      watching: clients.reduce(0) { $0 + $1.count { $0.course != nil } },
      reports: endpoints.reduce(0) { $0 + $1.log.reports }, missed: missed)
  }

  // MARK: sockets

  func listen(_ n: Int) -> EventLoopFuture<Void> {
    let this = NIOLoopBound(self, eventLoop: loop)
    return ServerBootstrap(group: loop)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            FakeClient(endpoint: n, server: this.value))
        }
      }
      .bind(host: host, port: ports[n])
      .hop(to: loop)
      .map { channel in
        let server = this.value
        server.listeners[n] = channel
        server.ports[n] = channel.localAddress?.port ?? server.ports[n]
      }
  }

  func startTurns() {
    let this = NIOLoopBound(self, eventLoop: loop)
    timer = loop.scheduleRepeatedTask(initialDelay: Self.turn, delay: Self.turn) { _ in
      this.value.takeTurn()
    }
  }

  /// Ends everything; what is sent stays sent.
  func stop() {
    timer?.cancel()
    for n in endpoints.indices { silence(n) }
  }

  private func silence(_ n: Int) {
    listeners[n]?.close(promise: nil)
    listeners[n] = nil
    for client in clients[n] { client.end() }
  }

  // MARK: clients

  func accepted(_ client: FakeClient) {
    let n = client.endpoint
    clients[n].append(client)
    if endpoints[n].has(.full) {
      client.end()
    } else if !endpoints[n].has(.hang) {
      client.say(FakeEndpoint.version)
    }
  }

  func gone(_ client: FakeClient) { clients[client.endpoint].removeAll { $0 === client } }

  func asked(_ request: String, by client: FakeClient) {
    let n = client.endpoint
    guard !endpoints[n].has(.hang), let answer = endpoints[n].answer(to: request) else { return }
    client.say(answer.text)
    switch answer.watch {
    case nil: break
    case false?: client.course = nil
    case true?:
      if client.course == nil { watch(client) }
      pump(client)
    }
  }

  private func watch(_ client: FakeClient) {
    let n = client.endpoint
    switch endpoints[n].tape {
    case .recording:
      let isFirst = began[n] == nil
      if isFirst { began[n] = RigTime.now() }
      client.course = FakeClient.Course(todo: [], cursor: isFirst ? 0 : due(n))
    case .fleet(let tape):
      let due = due(n)
      func back(_ span: Milliseconds) -> Range<Int> {
        due - Int(span.value / tape.interval.value)..<due
      }
      let todo: [Range<Int>] =
        switch backlog {
        case .none: []
        case .undelivered(let within): endpoints[n].log.delivered.missing(in: back(within))
        case .whole(let span): [back(span)]
        }
      client.course = FakeClient.Course(todo: todo.filter { !$0.isEmpty }, cursor: due)
    }
  }

  /// One past an endpoint's last position that is due.
  private func due(_ n: Int) -> Int {
    let now = RigTime.now()
    switch endpoints[n].tape {
    case .fleet(let tape): return tape.due(at: clock.instant(atReal: now))
    case .recording(let tape): return began[n].map { tape.due(after: now - $0, pace) } ?? 0
    }
  }

  private func takeTurn() {
    for n in endpoints.indices {
      for client in clients[n] { pump(client) }
    }
  }

  /// Sends what is due, as far as the connection takes it.
  func pump(_ client: FakeClient) {
    let n = client.endpoint
    guard var course = client.course, let channel = client.channel else { return }
    let due = due(n)
    let isHeld = endpoints[n].has(.hang)
    if due > course.cursor {
      if case .none = backlog, case .fleet = endpoints[n].tape, isHeld || !channel.isWritable {
        // As gpsd does: whoever does not read misses it.
        missed += (due - course.cursor) * endpoints[n].tape.devices.count
        course.cursor = due
      } else {
        course.add(course.cursor..<due)
      }
    }
    var chunks = 0
    while !isHeld, chunks < Self.chunks, channel.isWritable, let run = course.take(Self.chunk) {
      chunks += 1
      send(endpoints[n].batch(run), n, channel)
    }
    client.course = course
    guard !isHeld, !course.todo.isEmpty, channel.isWritable, !client.isPumped else { return }
    client.isPumped = true
    let this = NIOLoopBound((self, client), eventLoop: loop)
    loop.execute {
      let (server, client) = this.value
      client.isPumped = false
      server.pump(client)
    }
  }

  private func send(_ batch: FakeEndpoint.Batch, _ n: Int, _ channel: any Channel) {
    let done = loop.makePromise(of: Void.self)
    let this = NIOLoopBound(self, eventLoop: loop)
    // Only what was written counts; what a connection took with it may come again.
    done.futureResult.whenSuccess { this.value.endpoints[n].note(batch.marks) }
    guard batch.isSplit else { return channel.writeAndFlush(batch.bytes, promise: done) }
    var rest = batch.bytes
    while let byte = rest.readSlice(length: 1) {
      channel.writeAndFlush(byte, promise: rest.readableBytes == 0 ? done : nil)
    }
  }

  // MARK: faults

  func cue(_ cue: FakeCue) {
    let chosen = endpoints.indices.filter { cue.endpoints.contains($0) }
    tell(.fault(cue: cue.description, endpoints: chosen.count))
    for n in chosen {
      switch cue.deed {
      case .end(let kind):
        endpoints[n].end(kind)
        settle(n, after: kind)
      case .begin(let fault, let lasting): begin(fault, cue.devices, n, lasting)
      }
    }
  }

  private func begin(
    _ fault: FakeFault, _ devices: FakeCue.Chosen, _ n: Int, _ lasting: Milliseconds?
  ) {
    switch fault {
    case .close: for client in clients[n] { client.end() }
    case .reset: for client in clients[n] { client.reset() }
    case .half:
      let last = due(n) - 1
      for client in clients[n] {
        if let channel = client.channel, client.course != nil, isFleet(n) || last >= 0 {
          channel.writeAndFlush(
            ByteBuffer(bytes: endpoints[n].halfLine(at: last)), promise: nil)
        }
        client.end()
      }
    default:
      serial += 1
      let serial = serial
      endpoints[n].begin(FakeEndpoint.Active(fault: fault, devices: devices, serial: serial))
      if fault == .refuse { silence(n) }
      guard let lasting else { return }
      let this = NIOLoopBound(self, eventLoop: loop)
      loop.scheduleTask(in: .milliseconds(lasting.value)) {
        let server = this.value
        if server.endpoints[n].end(serial: serial) { server.settle(n, after: fault.kind) }
      }
    }
  }

  private func isFleet(_ n: Int) -> Bool {
    if case .fleet = endpoints[n].tape { true } else { false }
  }

  /// What there is to do once a fault is over.
  private func settle(_ n: Int, after kind: FakeFault.Kind) {
    guard kind == .refuse, listeners[n] == nil, timer != nil else { return }
    let (tell, port) = (tell, ports[n])
    listen(n).whenFailure { tell(.trouble("port \(port) cannot be listened to again (\($0))")) }
  }
}
