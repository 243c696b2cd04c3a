public import Geodesy

/// A time of day on a wall clock, 00:00 to 24:00, in whole seconds.
public struct TimeOfDay: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  public let seconds: Int

  /// Nil outside 0…86400.
  public init?(seconds: Int) {
    guard (0...86_400).contains(seconds) else { return nil }
    self.seconds = seconds
  }

  /// Parses `9:05`, `19:30`, `24:00`, `06:00:30`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), (1...2).contains(parts[0].count),
      parts.dropFirst().allSatisfy({ $0.count == 2 }),
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let h = Int(parts[0]), let m = Int(parts[1]), m < 60
    else { return nil }
    let s = parts.count == 3 ? Int(parts[2])! : 0
    guard s < 60 else { return nil }
    self.init(seconds: h * 3600 + m * 60 + s)
  }

  public static func < (a: Self, b: Self) -> Bool { a.seconds < b.seconds }

  /// `19:30`, `06:00:30`
  public var description: String {
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let text = "\(two(seconds / 3600)):\(two(seconds / 60 % 60))"
    return seconds % 60 == 0 ? text : text + ":\(two(seconds % 60))"
  }
}

/// A time zone as a table of offsets, so that windows expand without a calendar library.
public struct Zone: Hashable, Sendable {
  public struct Transition: Hashable, Sendable {
    /// The first instant at which `offset` holds.
    public var at: Instant
    /// Seconds east of Greenwich.
    public var offset: Int

    public init(at: Instant, offset: Int) {
      self.at = at
      self.offset = offset
    }
  }

  /// IANA name, `Asia/Shanghai`.
  public let identifier: String
  /// Seconds east of Greenwich before the first transition.
  public let firstOffset: Int
  /// In rising order of time.
  public let transitions: [Transition]

  public init(identifier: String, firstOffset: Int, transitions: [Transition] = []) {
    self.identifier = identifier
    self.firstOffset = firstOffset
    self.transitions = transitions.sorted { $0.at < $1.at }
  }

  /// Seconds east of Greenwich at an instant. O(log n).
  public func offset(at instant: Instant) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let mid = (low + high) / 2
      if transitions[mid].at <= instant { low = mid + 1 } else { high = mid }
    }
    return low == 0 ? firstOffset : transitions[low - 1].offset
  }

  /// The instant of a local time: one that a zone change skips becomes the first instant after the change,
  /// one that occurs twice the first of the two.
  public func instant(of date: CivilDate, _ time: TimeOfDay) -> Instant {
    let local = Int64(date.daysSince1970) * 86_400 + Int64(time.seconds)
    func utc(_ offset: Int) -> Instant {
      Instant(milliseconds: (local - Int64(offset)) * 1000)
    }
    // Any instant with this local time lies within a day of it read as UTC.
    let day = Milliseconds.hours(26)
    let near = transitions.filter { abs(($0.at - utc(0)).value) <= day.value }
    var offset = self.offset(at: utc(0) - day)
    for transition in near {
      let candidate = utc(offset)
      if candidate < transition.at { return candidate }
      // In the offset after the change this local time lies before it: it was skipped.
      if utc(transition.offset) < transition.at { return transition.at }
      offset = transition.offset
    }
    return utc(offset)
  }

  public func date(of instant: Instant) -> CivilDate {
    let local = instant.milliseconds + Int64(offset(at: instant)) * 1000
    let (q, r) = local.quotientAndRemainder(dividingBy: 86_400_000)
    return CivilDate(daysSince1970: Int(r < 0 ? q - 1 : q))
  }

  public func timeOfDay(of instant: Instant) -> TimeOfDay {
    let local = instant.milliseconds + Int64(offset(at: instant)) * 1000
    let r = local % 86_400_000
    return TimeOfDay(seconds: Int((r < 0 ? r + 86_400_000 : r) / 1000))!
  }

  /// RFC 3339 with this zone's offset.
  public func text(_ instant: Instant) -> String {
    instant.text(offsetSeconds: offset(at: instant))
  }
}
