internal import Coverage
public import Geodesy

/// What handhelds' time on duty was worth, and what came of it. Sums add up, so that a quarter is the sum of its days and a
/// group the sum of its handhelds.
public struct DutyTime: Hashable, Sendable {
  /// Within legs.
  public var observed = Milliseconds.zero
  /// This daemon was not running, or overloaded.
  public var daemonDown = Milliseconds.zero
  /// Its gpsd could not be reached.
  public var unreachable = Milliseconds.zero
  /// Lost to positions that failed a gate.
  public var rejected = Milliseconds.zero
  /// Lost to reports without a position.
  public var noFix = Milliseconds.zero
  /// Nothing was received.
  public var silent = Milliseconds.zero
  /// Reports received, duplicates among them.
  public var reports = 0
  /// Those of them that are usable fixes, that had no position, and that failed another gate.
  public var usable = 0
  public var withoutPosition = 0
  public var failed = 0
  /// Along patrol lines, slowly enough to attend them.
  public var walked = Metres.zero

  public init() {}

  /// All that was judged of it.
  public var onDuty: Milliseconds { observed + notObserved }

  public var notObserved: Milliseconds {
    daemonDown + unreachable + rejected + noFix + silent
  }

  /// The share of its time on duty in which a handheld was observed, from 0 to 1; what was our own fault (`unreachable`,
  /// `daemon_down`) is not held against it. Nil where nothing is left.
  public var availability: Double? {
    let own = onDuty - daemonDown - unreachable
    return own > .zero ? observed.seconds / own.seconds : nil
  }

  /// Nothing was received, and nobody was on duty.
  public var isNone: Bool { onDuty == .zero && reports == 0 && walked == .zero }

  public mutating func add(_ other: DutyTime) {
    observed += other.observed
    daemonDown += other.daemonDown
    unreachable += other.unreachable
    rejected += other.rejected
    noFix += other.noFix
    silent += other.silent
    count(other)
    walked += other.walked
  }

  mutating func add(_ length: Milliseconds, _ state: HandheldDay.State) {
    switch state {
    case .observed: observed += length
    case .daemonDown: daemonDown += length
    case .unreachable: unreachable += length
    case .rejected: rejected += length
    case .noFix: noFix += length
    case .silent: silent += length
    }
  }

  mutating func count(_ gate: Gate?) {
    reports += 1
    switch gate {
    case nil: usable += 1
    case .noFix: withoutPosition += 1
    case .duplicate, .offDuty: break
    default: failed += 1
    }
  }

  private mutating func count(_ other: DutyTime) {
    reports += other.reports
    usable += other.usable
    withoutPosition += other.withoutPosition
    failed += other.failed
  }
}

/// A part of a handheld's operational day in which whom it serves does not change: the roster's rows and shifts begin and end
/// at its ends alone.
public struct DutySpell: Hashable, Sendable {
  public var span: Range<Instant>
  public var time: DutyTime

  public init(_ span: Range<Instant>, _ time: DutyTime) { (self.span, self.time) = (span, time) }
}
