internal import Geodesy
internal import NIOCore
internal import NIOPosix
internal import Patrol

/// Sends every report through its door when its time has come on the rig's clock, and never before.
struct LiveFeed {
  /// One report and the real time at which it is sent.
  struct Dispatch: Sendable {
    var at: Instant
    var walker: Int
    var epoch: Epoch
  }

  let clock: RigClock
  /// By real time.
  let dispatches: [Dispatch]
  private let walkers: [Walker]
  /// By walker.
  private let doors: [Door?]
  /// What goes out of a serial port besides, by walker.
  private let lines: [Int: SerialLine]
  private let end: Instant

  init(
    _ scenario: Scenario, seed: UInt64, clock: RigClock, doors: [Handheld.ID: Door],
    lines: [Handheld.ID: SerialLine] = [:]
  ) {
    self.clock = clock
    walkers = scenario.walkers
    let carried = scenario.walkers.map(\.handheld.id)
    let doors = carried.map { doors[$0] }
    self.doors = doors
    self.lines = Dictionary(
      uniqueKeysWithValues: carried.enumerated().compactMap { w, id in lines[id].map { (w, $0) } })
    end = scenario.span.upperBound
    var all: [Dispatch] = []
    for (w, walker) in walkers.enumerated() where doors[w] != nil {
      // A gateway hears its handhelds one after another, and gpsd's socket holds only some hundred datagrams.
      let turn =
        scenario.way == .gateway
        ? Milliseconds(seconds: 0.9 * Double(w) / Double(walkers.count) / clock.rate) : .zero
      var backlog: [Instant: Int64] = [:]
      for epoch in scenario.epochs(of: walker, seed: seed) {
        var at = clock.real(at: epoch.receivedAt) + turn
        if let delivered = walker.received(epoch.observedAt), delivered > epoch.observedAt {
          // However fast the clock runs, gpsd takes only so many lines a real second.
          let place = backlog[delivered, default: 0]
          backlog[delivered] = place + 1
          let late = Milliseconds(place * 1000 / Int64(Scenario.backlogPerSecond))
          at = max(at, clock.real(at: delivered) + late)
        }
        all.append(Dispatch(at: at, walker: w, epoch: epoch))
      }
    }
    dispatches = all.enumerated().sorted {
      ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
    }.map(\.element)
  }

  /// Runs to the end of the scenario. `progress` is told of the simulated time and what was sent, some ten times a second.
  func run(progress: @Sendable (Instant, Int) -> Void) async throws(RigError) {
    do {
      let loops = MultiThreadedEventLoopGroup.singleton
      let channel = try await DatagramBootstrap(group: loops).bind(host: "127.0.0.1", port: 0).get()
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          var serial: [Int: AsyncStream<String>.Continuation] = [:]
          for (w, line) in lines {
            let (texts, continuation) = AsyncStream.makeStream(
              of: String.self, bufferingPolicy: .bufferingOldest(SerialLine.queueMaximum))
            serial[w] = continuation
            group.addTask { try await line.send(texts) }
          }
          defer { for (_, line) in serial { line.finish() } }
          try await send(on: channel, serial, progress: progress)
          for (_, line) in serial { line.finish() }
          try await group.waitForAll()
        }
      } catch {
        try? await channel.close()
        throw error
      }
      try await channel.close()
    } catch is CancellationError {
      throw .cancelled
    } catch let error as RigError {
      throw error
    } catch {
      throw .network("\(error)")
    }
  }

  private func send(
    on channel: any Channel, _ serial: [Int: AsyncStream<String>.Continuation],
    progress: @Sendable (Instant, Int) -> Void
  ) async throws {
    let writers = walkers.map { NMEAWriter($0.handheld.model) }
    let addresses = try doors.map { door in
      guard case .udp(let port) = door else { return nil as SocketAddress? }
      return try SocketAddress(ipAddress: "127.0.0.1", port: port)
    }
    let last = clock.real(at: end)
    var next = 0
    var told = RigTime.now() - .seconds(1)
    while true {
      let now = RigTime.now()
      let from = next
      while next < dispatches.count, dispatches[next].at <= now {
        let dispatch = dispatches[next]
        let text = payload(dispatch, writers[dispatch.walker])
        switch doors[dispatch.walker] {
        case .udp:
          channel.write(
            AddressedEnvelope(
              remoteAddress: addresses[dispatch.walker]!, data: ByteBuffer(string: text)),
            promise: nil)
        case .tcp(let door): door.write(text)
        case .pty(let terminal): terminal.write(text)
        case nil: break
        }
        if let line = serial[dispatch.walker], case .dropped = line.yield(text) {
          let told = lines[dispatch.walker]!
          throw RigError.network(
            "\(told.path): carries \(told.bytesPerSecond) bytes a second, and \(walkers[dispatch.walker].handheld.id) tells more"
          )
        }
        next += 1
        // gpsd reads between bursts; its socket's buffer is finite.
        if next - from >= 64 { break }
      }
      if next > from { channel.flush() }
      if now - told >= Milliseconds(100) {
        progress(min(clock.instant(atReal: now), end), next)
        told = now
      }
      if next == dispatches.count, now >= last { break }
      let wake = next < dispatches.count ? dispatches[next].at : last
      let wait = min(max(1, (wake - now).value), 100)
      try await Task.sleep(for: .milliseconds(wait))
    }
    progress(end, next)
  }

  private func payload(_ dispatch: Dispatch, _ writer: NMEAWriter) -> String {
    switch walkers[dispatch.walker].feed {
    case .nmea: writer.text(dispatch.epoch)
    case .gpsdJSON:
      GPSDJSONWriter.line(dispatch.epoch, device: dispatch.epoch.handheld.text) + "\r\n"
    }
  }
}
