public import Geodesy

/// A stretch of operational days that is reported on, and sealed, as one: a week from Monday (ISO 8601), a month or a
/// quarter of the calendar.
public struct Period: Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case week, month, quarter
  }

  public let kind: Kind
  /// Never empty; the upper bound is the first day of the next one.
  public let days: Range<CivilDate>

  /// The one that a day belongs to.
  public init(_ kind: Kind, containing day: CivilDate) {
    self.kind = kind
    switch kind {
    case .week:
      let monday = day.adding(days: -day.weekday)
      days = monday..<monday.adding(days: 7)
    case .month:
      let first = Self.firstOfMonth(day)
      days = first..<Self.firstOfMonth(first.adding(days: 31))
    case .quarter:
      let first = Self.firstOfMonth(day, monthsBefore: (day.month - 1) % 3)
      days = first..<Self.firstOfMonth(first.adding(days: 3 * 31))
    }
  }

  /// Parses `2026-W47`, `2026-11` and `2026-Q4`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let newYear = CivilDate("\(parts[0])-01-01") else { return nil }
    let kind: Kind
    switch parts[1].first {
    case "W": kind = .week
    case "Q": kind = .quarter
    default: kind = .month
    }
    let digits = kind == .month ? parts[1] : parts[1].dropFirst()
    guard let n = Int(digits), (1...53).contains(n) else { return nil }
    let day: CivilDate?
    switch kind {
    case .week: day = newYear.adding(days: 3 + 7 * (n - 1))  // 4 January lies in the first
    case .month: day = CivilDate(year: newYear.year, month: n, day: 1)
    case .quarter: day = CivilDate(year: newYear.year, month: 3 * n - 2, day: 1)
    }
    guard let day else { return nil }
    self.init(kind, containing: day)
    guard description == text else { return nil }
  }

  public var previous: Period { Period(kind, containing: days.lowerBound.adding(days: -1)) }
  public var next: Period { Period(kind, containing: days.upperBound) }

  /// Its days one by one.
  public var dates: some RandomAccessCollection<CivilDate> {
    (days.lowerBound.daysSince1970..<days.upperBound.daysSince1970).lazy
      .map { CivilDate(daysSince1970: $0) }
  }

  /// `2026-W47`, of the year that most of the week lies in; `2026-11`; `2026-Q4`.
  public var description: String {
    let first = days.lowerBound
    switch kind {
    case .week:
      let thursday = first.adding(days: 3)
      let newYear = Self.firstOfMonth(thursday, monthsBefore: thursday.month - 1)
      let n = (thursday.daysSince1970 - newYear.daysSince1970) / 7 + 1
      return "\("\(newYear)".prefix(4))-W\(n < 10 ? "0" : "")\(n)"
    case .month: return String("\(first)".prefix(7))
    case .quarter: return "\("\(first)".prefix(4))-Q\((first.month + 2) / 3)"
    }
  }

  private static func firstOfMonth(_ day: CivilDate, monthsBefore: Int = 0) -> CivilDate {
    var first = day.adding(days: 1 - day.day)
    for _ in 0..<monthsBefore {
      let last = first.adding(days: -1)
      first = last.adding(days: 1 - last.day)
    }
    return first
  }
}

extension Plan {
  /// From where a day starts to where the next one does.
  public func span(of day: CivilDate) -> Range<Instant> {
    instant(of: dayStarts, in: day)..<instant(of: dayStarts, in: day.adding(days: 1))
  }

  public func span(of period: Period) -> Range<Instant> {
    span(of: period.days.lowerBound).lowerBound..<span(of: period.days.upperBound).lowerBound
  }
}
