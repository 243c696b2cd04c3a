internal import Geodesy

/// All that one connection is but for its socket: what comes in turns into reports and into things to do.
protocol Conversation: Sendable {
  associatedtype Report: Sendable

  var session: Session { get }

  mutating func handle(_ event: Session.Event, at now: Milliseconds, clock: Instant)
  /// One line; `now` is monotonic, `clock` is its receive time.
  mutating func take(_ line: UnsafeRawBufferPointer, at now: Milliseconds, clock: Instant)
  /// Lines that were too long and dropped.
  mutating func noteOversized(_ count: Int, at now: Milliseconds)
  /// What there is to tell, to do and to count, once.
  mutating func drain() -> (reports: [Report], deeds: [Deed], counts: FleetCounts)
}

/// What the shell is to do on the network.
enum Deed: Hashable, Sendable {
  case connect
  case send(String)
  case close
}
