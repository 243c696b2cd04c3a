public import Geodesy

/// The conversation with one gpsd, from the first connection over all later ones: what to send and when, when a link is
/// up, when it is dead, when to try again. Knows no sockets and no clock.
///
/// Times are of a monotonic clock, from any start. After each call the caller carries out the actions in order and calls
/// again with `.tick` at `deadline`.
///
///     idle ──start──▶ connecting ──connected──▶ greeting ──WATCH──▶ watching
///                         ▲ │ lost                 │ 5 s, lost         │ 10 s of silence, lost
///                         │ ▼ 15 s                 ▼                   ▼
///                        waiting  ◀────────────────┴───────────────────┘
public struct Session: Sendable {
  public enum Event: Hashable, Sendable {
    case start
    case connected
    /// Bytes arrived, whatever they say.
    case heard
    /// A `VERSION` or `WATCH`; others change nothing.
    case message(Message)
    /// The connection broke, or could not be made.
    case lost(reason: String)
    case tick
  }

  public enum Action: Hashable, Sendable {
    case connect
    /// A whole request, for one write.
    case send(String)
    /// Once per confirmed connection.
    case up(version: String)
    /// Once per loss, and once where the first attempt fails.
    case down(reason: String)
    /// The connection is of no more use; its end need not be told.
    case close
  }

  enum State: Hashable, Sendable {
    case idle
    case connecting(since: Milliseconds)
    case greeting(since: Milliseconds, version: String?)
    case watching(since: Milliseconds, nextPoll: Milliseconds, heard: Milliseconds)
    case waiting(until: Milliseconds)
  }

  /// What was last told of the link.
  public enum Standing: Hashable, Sendable {
    case untold
    case up(version: String)
    case down(reason: String)
  }

  private(set) var state = State.idle
  public private(set) var standing = Standing.untold
  private var backoff = Backoff()

  public static let watchRequest = #"?WATCH={"enable":true,"json":true};"# + "\n"
  /// Its answer shows that gpsd lives, and it makes gpsd retry TCP sources that dropped (measured with 3.22).
  public static let devicesRequest = "?DEVICES;\n"
  /// For a connection, the look-up of the host's name included.
  public static let connectTimeout = Milliseconds.seconds(15)
  /// For the answer to `watchRequest`.
  public static let greetingTimeout = Milliseconds.seconds(5)
  public static let pollInterval = Milliseconds.seconds(2)
  /// Five polls unanswered, and no report either.
  public static let silenceMaximum = Milliseconds.seconds(10)
  /// A session that lasted this long resets the back-off.
  public static let goodSession = Milliseconds.seconds(10)

  public init() {}

  /// When `.tick` is due; nil while only the network can bring news.
  public var deadline: Milliseconds? {
    switch state {
    case .idle: nil
    case .connecting(let since): since + Self.connectTimeout
    case .greeting(let since, _): since + Self.greetingTimeout
    case .watching(_, let nextPoll, let heard): min(nextPoll, heard + Self.silenceMaximum)
    case .waiting(let until): until
    }
  }

  public mutating func handle(
    _ event: Event, at now: Milliseconds, using random: inout some RandomNumberGenerator
  ) -> [Action] {
    switch (event, state) {
    case (.start, .idle):
      state = .connecting(since: now)
      return [.connect]
    case (.connected, .connecting):
      state = .greeting(since: now, version: nil)
      return [.send(Self.watchRequest)]
    case (.heard, .watching(let since, let nextPoll, _)):
      state = .watching(since: since, nextPoll: nextPoll, heard: now)
      return []
    case (.message(.version(let told)), .greeting(let since, _)):
      state = .greeting(since: since, version: told.release)
      return []
    case (.message(.watch(let watch)), .greeting(_, let version)):
      guard watch.enable == true, watch.json == true else {
        return lose("gpsd did not turn on JSON reports", at: now, using: &random) + [.close]
      }
      state = .watching(since: now, nextPoll: now, heard: now)
      let release = version ?? "unknown"
      standing = .up(version: release)
      return [.up(version: release)] + tick(at: now, using: &random)
    case (.lost(let reason), .greeting(_, version: nil)):
      return lose(
        "\(reason) before it said anything: all its client slots may be taken", at: now,
        using: &random)
    case (.lost(let reason), .connecting), (.lost(let reason), .greeting),
      (.lost(let reason), .watching):
      return lose(reason, at: now, using: &random)
    case (.tick, _): return tick(at: now, using: &random)
    default: return []
    }
  }

  private mutating func tick(
    at now: Milliseconds, using random: inout some RandomNumberGenerator
  ) -> [Action] {
    guard let deadline, deadline <= now else { return [] }
    switch state {
    case .idle: return []
    case .connecting:
      let seconds = Self.connectTimeout.value / 1000
      return lose("no connection within \(seconds) s", at: now, using: &random) + [.close]
    case .waiting:
      state = .connecting(since: now)
      return [.connect]
    case .greeting:
      let seconds = Self.greetingTimeout.value / 1000
      return lose("no answer to WATCH within \(seconds) s", at: now, using: &random) + [.close]
    case .watching(let since, let nextPoll, let heard):
      guard now - heard < Self.silenceMaximum else {
        let seconds = Self.silenceMaximum.value / 1000
        return lose("nothing received for \(seconds) s", at: now, using: &random) + [.close]
      }
      // Polls missed while the loop was late are not made up for.
      state = .watching(
        since: since, nextPoll: max(nextPoll, now) + Self.pollInterval, heard: heard)
      return [.send(Self.devicesRequest)]
    }
  }

  private mutating func lose(
    _ reason: String, at now: Milliseconds, using random: inout some RandomNumberGenerator
  ) -> [Action] {
    if case .watching(let since, _, _) = state, now - since >= Self.goodSession { backoff.reset() }
    state = .waiting(until: now + backoff.next(using: &random))
    let told = if case .down = standing { true } else { false }
    standing = .down(reason: reason)
    return told ? [] : [.down(reason: reason)]
  }
}
