public import Coverage
public import Geodesy
public import Patrol

/// What one handheld's time on duty was worth on one operational day, moment by moment.
///
/// On duty is what the roster says; where it is silent on a shift, all of it from the handheld's first report on, as
/// nothing is known or assumed of it before. So one that lay in a drawer was not on duty, and `parts` is empty.
public struct HandheldDay: Hashable, Sendable {
  /// What a moment is: the first of these that holds, as a gap's evidence takes them.
  public enum State: Hashable, Sendable {
    /// Within a leg: between two usable fixes close enough in time.
    case observed
    /// This daemon was not running, or overloaded.
    case daemonDown
    /// Its gpsd could not be reached.
    case unreachable
    /// Positions came, and failed a gate; the last of them stands for one leg's time.
    case rejected(Gate)
    /// Reports came without a position; the last of them stands for one leg's time.
    case noFix
    /// Nothing was received, for longer than a leg.
    case silent
  }

  public struct Part: Hashable, Sendable {
    public var state: State
    public var span: Range<Instant>

    public init(_ state: State, _ span: Range<Instant>) { (self.state, self.span) = (state, span) }
  }

  public let handheld: Handheld.ID
  /// Disjoint and rising; reaches past what was judged.
  public let onDuty: [Range<Instant>]
  /// Disjoint and rising: all of its time on duty that was judged. Neighbours differ.
  public let parts: [Part]
  /// On duty or not; duplicates count.
  public let reports: Int
  /// Along patrol lines, slowly enough to attend them; what attends two lines at once is walked once.
  public let walked: Metres
  /// Rising: all of its time on duty that was judged, with what was received and walked in it.
  public let spells: [DutySpell]
  /// What was received and walked outside of them.
  public let besides: DutyTime

  public init(
    handheld: Handheld.ID, onDuty: [Range<Instant>], parts: [Part], reports: Int, walked: Metres,
    spells: [DutySpell] = [], besides: DutyTime = DutyTime()
  ) {
    (self.handheld, self.onDuty, self.parts) = (handheld, onDuty, parts)
    (self.reports, self.walked) = (reports, walked)
    (self.spells, self.besides) = (spells, besides)
  }

  /// Of its time on duty, as far as it was judged.
  public func time(_ state: State) -> Milliseconds {
    parts.reduce(.zero) { $1.state == state ? $0 + Self.length($1) : $0 }
  }

  /// All of its time on duty that was judged.
  public var timeOnDuty: Milliseconds { parts.reduce(.zero) { $0 + Self.length($1) } }

  /// Time lost to positions that failed a gate, by gate.
  public var rejected: [Gate: Milliseconds] {
    var all: [Gate: Milliseconds] = [:]
    for part in parts {
      if case .rejected(let gate) = part.state { all[gate, default: .zero] += Self.length(part) }
    }
    return all
  }

  private static func length(_ part: Part) -> Milliseconds {
    part.span.upperBound - part.span.lowerBound
  }

  /// Stretches of time that the passes of one handheld went, in order of their beginnings, with the metres of each. Where two
  /// of them overlap in time they are one walk along lines that share a street: what the later one adds counts.
  static func walks(_ passes: [Pass]) -> [(span: Range<Instant>, length: Metres)] {
    var walks: [(span: Range<Instant>, length: Metres)] = []
    var until = Instant.distantPast
    for pass in passes
    where pass.kind == .pass && pass.ended > max(until, pass.began) {
      let way = abs(pass.to.value - pass.from.value)
      let span = max(until, pass.began)..<pass.ended
      let new = (span.upperBound - span.lowerBound).seconds
      walks.append((span, Metres(way * new / (pass.ended - pass.began).seconds)))
      until = pass.ended
    }
    return walks
  }
}
