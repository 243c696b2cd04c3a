public import Geodesy

/// On which operational days a duty is owed.
public enum DutyDays: Hashable, Sendable {
  case daily
  /// 0 for Monday to 6 for Sunday.
  case weekdays(Set<Int>)
  case dates(Set<CivilDate>)

  public func contains(_ day: CivilDate) -> Bool {
    switch self {
    case .daily: true
    case .weekdays(let set): set.contains(day.weekday)
    case .dates(let set): set.contains(day)
    }
  }
}

/// What a group owes at each of some places: to be there `every` so often within a window of local time.
public struct Duty: Hashable, Sendable {
  public typealias ID = Identifier<Duty>

  public var id: ID
  public var group: Group.ID
  /// All of one kind; each is owed separately.
  public var places: [Place.ID]
  public var days: DutyDays
  public var from: TimeOfDay
  public var to: TimeOfDay
  /// E: the longest time between attendances.
  public var every: Milliseconds
  /// S: the shortest stay that attends (points and areas); 0 asks for two consecutive fixes.
  public var stay: Milliseconds
  /// Faster than this attends nothing; nil: by the handheld's travel.
  public var passSpeedMaximum: MetresPerSecond?
  /// Different handhelds at the same time (points and areas).
  public var atOnce: Int
  public var weight: Double

  public init(
    id: ID, group: Group.ID, places: [Place.ID], days: DutyDays = .daily, from: TimeOfDay,
    to: TimeOfDay, every: Milliseconds, stay: Milliseconds = .zero,
    passSpeedMaximum: MetresPerSecond? = nil, atOnce: Int = 1, weight: Double = 1
  ) {
    self.id = id
    self.group = group
    self.places = places
    self.days = days
    self.from = from
    self.to = to
    self.every = every
    self.stay = stay
    self.passSpeedMaximum = passSpeedMaximum
    self.atOnce = atOnce
    self.weight = weight
  }
}

/// One day's window of a duty, as instants: [began, ended).
public struct Window: Hashable, Sendable {
  public var duty: Duty.ID
  /// The operational day it belongs to.
  public var day: CivilDate
  public var began: Instant
  public var ended: Instant

  public init(duty: Duty.ID, day: CivilDate, began: Instant, ended: Instant) {
    self.duty = duty
    self.day = day
    self.began = began
    self.ended = ended
  }

  public var span: Range<Instant> { began..<ended }

  /// The longest that a window may be open: a day, with hours for a clock put back and to spare.
  public static let longest = Milliseconds.hours(27)

  /// When what is owed in this window falls due; nil where nothing more does.
  ///
  /// - Parameters:
  ///   - attended: when it last was, in this window; nil where it was not.
  ///   - every: longer than the window means once.
  public func due(after attended: Instant?, every: Milliseconds) -> Instant? {
    guard let attended else { return min(began + every, ended) }
    let due = attended + every
    return due < ended ? due : nil
  }
}
