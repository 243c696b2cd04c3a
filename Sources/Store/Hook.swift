public import Geodesy
public import Patrol
public import Rights

/// What an address asks to be told of.
public enum HookEvent: String, Hashable, Sendable, CaseIterable {
  case opened, revised
  /// Or withdrawn.
  case closed
  case dueSoon = "due-soon"
}

/// An address that is told of gaps.
public struct Hook: Hashable, Sendable {
  /// Told only of what another address was told of, and nobody acknowledged.
  public struct Escalation: Hashable, Sendable {
    /// The other one.
    public var of: Int64
    public var after: Milliseconds

    public init(of: Int64, after: Milliseconds) { (self.of, self.after) = (of, after) }
  }

  public var id: Int64
  public var name: String
  public var url: String
  public var secret: HookSecret
  public var events: Set<HookEvent>
  /// Only of that squadron's duties; nil: of all.
  public var squadron: Squadron.ID?
  /// How long before a place falls due it is told.
  public var lead: Milliseconds
  public var escalation: Escalation?
  /// What happened up to this number is in the outbox.
  public var cursor: Int64
  public var madeBy: String
  public var made: Instant
  /// When the receiver said that it is gone for good (410).
  public var gone: Instant?
  /// Since when attempts fail; nil where the last one did not.
  public internal(set) var failing: Instant?
  /// How the last attempt failed.
  public internal(set) var failure: String?
  public internal(set) var delivered = 0
  /// Attempts.
  public internal(set) var failed = 0
  public internal(set) var givenUp = 0

  /// - Parameter id: 0 before it is stored.
  public init(
    id: Int64 = 0, name: String, url: String, secret: HookSecret,
    events: Set<HookEvent> = Set(HookEvent.allCases), squadron: Squadron.ID? = nil,
    lead: Milliseconds = .minutes(10), escalation: Escalation? = nil, cursor: Int64 = 0,
    madeBy: String, made: Instant, gone: Instant? = nil
  ) {
    (self.id, self.name, self.url, self.secret, self.events) = (id, name, url, secret, events)
    (self.squadron, self.lead, self.escalation) = (squadron, lead, escalation)
    (self.cursor, self.madeBy, self.made, self.gone) = (cursor, madeBy, made, gone)
  }
}

/// Something an address is to be told.
public struct HookMessage: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    case opened = "gap.opened"
    case revised = "gap.revised"
    case closed = "gap.closed"
    case unacknowledged = "gap.unacknowledged"
    case dueSoon = "place.due_soon"
    case test
  }

  public var hook: Int64
  /// The same over all attempts; a message of an id that is in the outbox is not put there again.
  public var id: String
  public var kind: Kind
  /// The gap, or what falls due: of one subject, one message goes out after the other.
  public var subject: String
  /// When it falls due.
  public var due: Instant?
  public var body: String

  public init(
    hook: Int64, id: String, kind: Kind, subject: String, due: Instant? = nil, body: String
  ) {
    (self.hook, self.id, self.kind, self.subject) = (hook, id, kind, subject)
    (self.due, self.body) = (due, body)
  }

  /// Tells nothing: to see whether it arrives.
  public static func test(_ hook: Hook, at now: Instant) -> HookMessage {
    let id = hook.secret.deliveryID([Kind.test.rawValue, "\(now.milliseconds)"])
    // Neither needs an escape.
    let body = #"{"id": "\#(id)", "type": "test", "timestamp": "\#(now.text())", "data": {}}"#
    return HookMessage(hook: hook.id, id: id, kind: .test, subject: "test", body: body)
  }
}

/// A message in the outbox.
public struct HookDelivery: Hashable, Sendable {
  public enum State: String, Hashable, Sendable {
    case waiting, delivered
    case givenUp = "given_up"
  }

  public var number: Int64
  public var message: HookMessage
  public var queued: Instant
  public var state: State
  /// So far, all of which failed unless it is delivered.
  public var attempts: Int
  /// Of the last attempt.
  public var failure: String?

  public init(
    number: Int64, message: HookMessage, queued: Instant, state: State, attempts: Int,
    failure: String? = nil
  ) {
    (self.number, self.message, self.queued) = (number, message, queued)
    (self.state, self.attempts, self.failure) = (state, attempts, failure)
  }
}

/// What came of an attempt.
public enum HookOutcome: Hashable, Sendable {
  case delivered(status: Int)
  /// The receiver wants no more, ever.
  case gone
  /// - Parameter next: when to try again; nil: never.
  case failed(status: Int?, failure: String, next: Instant?)
}

/// How an address and its outbox stand.
public struct HookStanding: Hashable, Sendable {
  public var hook: Hook
  public var waiting: Int
  /// When the first of what waits is tried next; nil where nothing waits.
  public var next: Instant?
}

/// Why addresses cannot be changed as asked.
public enum HookError: Error, Hashable, Sendable, CustomStringConvertible {
  case noHook(String)
  case exists(String)
  /// Others are told after it.
  case isFollowed(String, by: String)
  case tellsNothing(String)
  /// It is told already.
  case isEnabled(String)

  public var description: String {
    switch self {
    case .noHook(let name): "no hook \(name); `patrolctl hook list` shows those there are"
    case .exists(let name): "there is a hook \(name) already"
    case .isFollowed(let name, let other):
      "\(other) is told what nobody acknowledged of \(name); remove it first"
    case .isEnabled(let name): "hook \(name) is told already: it was not disabled"
    case .tellsNothing(let name): "\(name) is not told of gaps that open: nothing would follow it"
    }
  }
}
