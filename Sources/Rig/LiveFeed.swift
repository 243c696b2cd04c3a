internal import Geodesy
internal import NIOCore
internal import NIOPosix
internal import Patrol

/// Sends every report when its time has come on the rig's clock, by UDP, and never before.
struct LiveFeed {
  /// One report and the real time at which it is sent.
  struct Dispatch: Sendable {
    var at: Instant
    var port: Int
    var walker: Int
    var epoch: Epoch
  }

  let clock: RigClock
  /// By real time.
  let dispatches: [Dispatch]
  private let walkers: [Walker]
  private let end: Instant

  init(_ scenario: Scenario, seed: UInt64, clock: RigClock, ports: [Handheld.ID: Int]) {
    self.clock = clock
    walkers = scenario.walkers
    end = scenario.span.upperBound
    var all: [Dispatch] = []
    for (w, walker) in walkers.enumerated() {
      guard let port = ports[walker.handheld.id] else { continue }
      var backlog: [Instant: Int64] = [:]
      for epoch in scenario.epochs(of: walker, seed: seed) {
        var at = clock.real(at: epoch.receivedAt)
        if epoch.receivedAt > epoch.fix.time, let delivered = walker.received(epoch.fix.time) {
          // However fast the clock runs, gpsd takes only so many lines a real second.
          let place = backlog[delivered, default: 0]
          backlog[delivered] = place + 1
          let late = Milliseconds(place * 1000 / Int64(Scenario.backlogPerSecond))
          at = max(at, clock.real(at: delivered) + late)
        }
        all.append(Dispatch(at: at, port: port, walker: w, epoch: epoch))
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
        try await send(on: channel, progress: progress)
      } catch {
        try? await channel.close()
        throw error
      }
      try await channel.close()
    } catch is CancellationError {
      throw .cancelled
    } catch {
      throw .network("\(error)")
    }
  }

  private func send(
    on channel: any Channel, progress: @Sendable (Instant, Int) -> Void
  ) async throws {
    let writers = walkers.map { NMEAWriter($0.handheld.model) }
    let addresses = try Dictionary(
      Set(dispatches.map(\.port)).map {
        ($0, try SocketAddress(ipAddress: "127.0.0.1", port: $0))
      }, uniquingKeysWith: { a, _ in a })
    let last = clock.real(at: end)
    var next = 0
    var told = RigTime.now() - .seconds(1)
    while true {
      let now = RigTime.now()
      let from = next
      while next < dispatches.count, dispatches[next].at <= now {
        let dispatch = dispatches[next]
        let text = payload(dispatch, writers[dispatch.walker])
        channel.write(
          AddressedEnvelope(
            remoteAddress: addresses[dispatch.port]!, data: ByteBuffer(string: text)),
          promise: nil)
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
    case .nmea: writer.text(dispatch.epoch.fix, deviation: dispatch.epoch.deviation)
    case .gpsdJSON:
      GPSDJSONWriter.line(dispatch.epoch.fix, device: dispatch.epoch.handheld.text) + "\r\n"
    }
  }
}
