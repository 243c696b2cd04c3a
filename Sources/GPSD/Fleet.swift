public import Geodesy
public import NIOCore
public import Patrol
internal import Synchronization

/// The handhelds of a plan, live: one connection to each gpsd that their sources name, kept up or made anew for as long
/// as it takes.
///
///     let fleet = Fleet(handhelds: plan.handhelds, now: clock, group: group) { reports in … }
///     fleet.start()
///     fleet.replace(handhelds: another.handhelds)
///     await fleet.stop()
///
/// Starts, stops once, and does not start again. The group is the caller's to shut down, after `stop`.
public final class Fleet: Sendable {
  private let now: @Sendable () -> Instant
  private let group: any EventLoopGroup
  private let deliver: @Sendable ([FleetReport]) -> Void
  private let isCrowded: @Sendable () -> Bool
  private let state: Mutex<State>

  private enum State: Sendable {
    case prepared([Handheld])
    case running([Endpoint: Link<LinkState>])
    case stopped([Endpoint: FleetCounts])
  }

  /// While `isCrowded`, links that tell very much are read from less.
  /// `deliver` is called on event-loop threads with one socket read's reports together; it must not block. Reports of
  /// one endpoint come in order. `now` gives the receive times of observations and may be of a simulated clock; what
  /// the sockets wait for is real time.
  public init(
    handhelds: [Handheld], now: @escaping @Sendable () -> Instant, group: any EventLoopGroup,
    isCrowded: @escaping @Sendable () -> Bool = { false },
    deliver: @escaping @Sendable ([FleetReport]) -> Void
  ) {
    self.now = now
    self.group = group
    self.deliver = deliver
    self.isCrowded = isCrowded
    state = Mutex(.prepared(handhelds))
  }

  public func start() {
    state.withLock { state in
      guard case .prepared(let handhelds) = state else { return }
      state = .running(links([:], for: handhelds))
    }
  }

  /// Another plan: connects to what is new, leaves what is gone, keeps what stays connected (routes replaced).
  public func replace(handhelds: [Handheld]) {
    let gone = state.withLock { state -> [Link<LinkState>] in
      switch state {
      case .stopped: return []
      case .prepared:
        state = .prepared(handhelds)
        return []
      case .running(let old):
        let new = links(old, for: handhelds)
        state = .running(new)
        return old.values.filter { new[$0.endpoint] == nil }
      }
    }
    for link in gone { _ = link.leave() }
  }

  /// Since each endpoint came into the plan; after `stop`, up to it. Thread-safe.
  public func counts() -> [Endpoint: FleetCounts] {
    state.withLock { state in
      switch state {
      case .prepared: [:]
      case .running(let links): links.mapValues(\.counts)
      case .stopped(let counts): counts
      }
    }
  }

  /// Closes all connections. When it returns, nothing more is delivered of them.
  public func stop() async {
    let links = state.withLock { state -> [Link<LinkState>] in
      switch state {
      case .stopped: return []
      case .prepared:
        state = .stopped([:])
        return []
      case .running(let links):
        state = .stopped(links.mapValues(\.counts))
        return Array(links.values)
      }
    }
    for left in links.map({ $0.leave() }) {
      // A loop that was shut down delivers nothing either.
      do { try await left.get() } catch { continue }
    }
  }

  /// Those of `old` that stay, rerouted, and new ones, started.
  private func links(_ old: [Endpoint: Link<LinkState>], for handhelds: [Handheld]) -> [Endpoint:
    Link<LinkState>]
  {
    var links: [Endpoint: Link<LinkState>] = [:]
    for endpoint in Set(handhelds.map { Endpoint($0.source) }) {
      if let link = old[endpoint] {
        link.route(handhelds)
        links[endpoint] = link
      } else {
        let link = Link(
          endpoint: endpoint, state: LinkState(endpoint: endpoint, handhelds: handhelds), now: now,
          loop: group.next(), isCrowded: isCrowded,
          deliver: deliver)
        link.start()
        links[endpoint] = link
      }
    }
    return links
  }
}
