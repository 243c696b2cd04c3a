internal import NIOCore
internal import Synchronization

/// All connections, and which of them wait for a request. Where it gets crowded, the one that waited longest makes room for
/// whoever comes: those that hold connections and say nothing keep nobody out.
final class ConnectionRoom: Sendable {
  private struct State {
    var count = 0
    var ticketsGiven = 0
    var waiting: [Int: any Channel] = [:]
  }

  private let state = Mutex(State())
  /// So many connections, and it is crowded.
  private let crowded: Int

  init(crowded: Int) { self.crowded = crowded }

  func enter() {
    let longest = state.withLock { state -> (any Channel)? in
      state.count += 1
      guard state.count > crowded, let ticket = state.waiting.keys.min() else { return nil }
      return state.waiting.removeValue(forKey: ticket)
    }
    longest?.close(promise: nil)
  }

  func leave() { state.withLock { $0.count -= 1 } }

  /// Begins to wait for a request; returns by what it stops to.
  func wait(_ channel: any Channel) -> Int {
    state.withLock { state in
      state.ticketsGiven += 1
      state.waiting[state.ticketsGiven] = channel
      return state.ticketsGiven
    }
  }

  func stopWaiting(_ ticket: Int) { state.withLock { $0.waiting[ticket] = nil } }

  var count: Int { state.withLock { $0.count } }
}
