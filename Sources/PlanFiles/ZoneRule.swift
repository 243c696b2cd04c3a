internal import Geodesy
internal import Patrol

/// A rule of zone changes for all years, as POSIX writes it in `TZ` (IEEE 1003.1, 8.3), with the hours from -167 to 167
/// that RFC 8536 adds: `GMT0BST,M3.5.0/1,M10.5.0`.
struct ZoneRule {
  private enum Day {
    /// Day 1 to 365; 29 February is not counted.
    case julian(Int)
    /// Day 0 to 365 of the year.
    case ordinal(Int)
    /// Weekday (0 Sunday) in week 1 to 5 (the last) of a month.
    case weekday(month: Int, week: Int, day: Int)
  }

  private struct Change {
    var day: Day
    /// Seconds of local time from the day's beginning.
    var seconds: Int
  }

  /// Seconds east of Greenwich.
  private let standard: Int
  private let summer: (offset: Int, begins: Change, ends: Change)?

  init?(_ text: String) {
    var rest = text[...]
    guard Self.name(&rest), let west = Self.time(&rest, hours: 24) else { return nil }
    standard = -west
    guard !rest.isEmpty else {
      summer = nil
      return
    }
    guard Self.name(&rest) else { return nil }
    var offset = standard + 3600
    if rest.first != "," {
      guard let west = Self.time(&rest, hours: 24) else { return nil }
      offset = -west
    }
    guard let begins = Self.change(&rest), let ends = Self.change(&rest), rest.isEmpty else {
      return nil
    }
    summer = (offset, begins, ends)
  }

  /// The changes later than an instant at which an offset holds, to the end of a year.
  func transitions(after: Instant, from offset: Int, through lastYear: Int) -> [Zone.Transition] {
    guard let summer else {
      return offset == standard || after == .distantPast
        ? [] : [Zone.Transition(at: after, offset: standard)]
    }
    let firstYear = max(
      1970, CivilDate(daysSince1970: Int(after.milliseconds / 86_400_000)).year - 1)
    guard firstYear <= lastYear else { return [] }
    var all: [Zone.Transition] = []
    for year in firstYear...lastYear {
      all.append(Zone.Transition(at: instant(summer.begins, year, standard), offset: summer.offset))
      all.append(Zone.Transition(at: instant(summer.ends, year, summer.offset), offset: standard))
    }
    var current = offset
    var kept: [Zone.Transition] = []
    for change in all.sorted(by: { $0.at < $1.at })
    where change.at > after && change.offset != current {
      current = change.offset
      kept.append(change)
    }
    return kept
  }

  private func instant(_ change: Change, _ year: Int, _ offset: Int) -> Instant {
    let seconds = Self.days(change.day, in: year) * 86_400 + change.seconds - offset
    return Instant(milliseconds: Int64(seconds) * 1000)
  }

  /// Days since 1970.
  private static func days(_ day: Day, in year: Int) -> Int {
    func first(of month: Int) -> Int {
      CivilDate(year: year, month: month, day: 1)?.daysSince1970 ?? 0
    }
    switch day {
    case .ordinal(let n): return first(of: 1) + n
    case .julian(let n):
      let isLeap = first(of: 3) - first(of: 2) == 29
      return first(of: 1) + n - 1 + (isLeap && n > 59 ? 1 : 0)
    case .weekday(let month, let week, let day):
      let start = first(of: month)
      let next = month == 12 ? start + 31 : first(of: month + 1)
      // 1970-01-01 was a Thursday.
      let weekday = ((start + 4) % 7 + 7) % 7
      var found = start + (day - weekday + 7) % 7 + (week - 1) * 7
      if found >= next { found -= 7 }
      return found
    }
  }

  /// `GMT`, `<+0330>`
  private static func name(_ rest: inout Substring) -> Bool {
    if rest.first == "<" {
      guard let close = rest.firstIndex(of: ">") else { return false }
      rest = rest[rest.index(after: close)...]
      return true
    }
    let letters = rest.prefix { $0.isASCII && $0.isLetter }
    rest = rest.dropFirst(letters.count)
    return letters.count >= 3
  }

  private static func number(_ rest: inout Substring, _ range: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix { ("0"..."9").contains($0) }
    guard !digits.isEmpty, digits.count <= 3, let n = Int(digits), range.contains(n) else {
      return nil
    }
    rest = rest.dropFirst(digits.count)
    return n
  }

  /// `[+-]hh[:mm[:ss]]`, in seconds.
  private static func time(_ rest: inout Substring, hours: Int) -> Int? {
    var sign = 1
    if rest.first == "-" { sign = -1 }
    if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
    guard var seconds = number(&rest, 0...hours).map({ $0 * 3600 }) else { return nil }
    for unit in [60, 1] where rest.first == ":" {
      rest = rest.dropFirst()
      guard let n = number(&rest, 0...59) else { return nil }
      seconds += n * unit
    }
    return sign * seconds
  }

  /// `,M10.5.0/3`
  private static func change(_ rest: inout Substring) -> Change? {
    func eat(_ character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard eat(",") else { return nil }
    let day: Day
    if eat("M") {
      guard let month = number(&rest, 1...12), eat("."), let week = number(&rest, 1...5), eat("."),
        let weekday = number(&rest, 0...6)
      else { return nil }
      day = .weekday(month: month, week: week, day: weekday)
    } else if eat("J") {
      guard let n = number(&rest, 1...365) else { return nil }
      day = .julian(n)
    } else {
      guard let n = number(&rest, 0...365) else { return nil }
      day = .ordinal(n)
    }
    guard eat("/") else { return Change(day: day, seconds: 2 * 3600) }
    return time(&rest, hours: 167).map { Change(day: day, seconds: $0) }
  }
}
