public import Geodesy
public import Patrol

/// A report that is made without being asked.
public struct DueReport: Hashable, Sendable {
  public enum Subject: Hashable, Sendable {
    case shift(CivilDate)
    case period(Period)
  }

  /// Provisional once a shift is over; final once what was late has had its time.
  public enum State: String, Hashable, Sendable {
    case provisional, final
  }

  public var subject: Subject
  public var state: State
  /// From then on it can be drawn up.
  public var due: Instant

  public init(subject: Subject, state: State, due: Instant) {
    (self.subject, self.state, self.due) = (subject, state, due)
  }

  /// What its files are called, but for what follows the point: `shift-2026-11-20.provisional`.
  public var name: String {
    switch subject {
    case .shift(let day): "shift-\(day).\(state.rawValue)"
    case .period(let period): "\(period.kind.rawValue)-\(period).\(state.rawValue)"
    }
  }
}

extension Plan {
  /// What is decided up to half a minute after it happened is in the store by then.
  private static let settling = Milliseconds.minutes(2)

  /// The reports that fall due within a span of time, in that order: of each operational day in which windows open,
  /// provisional at every shift's end (without shifts, when its last window is over) and final when the backlog deadline has
  /// passed after the last; of each week, month and quarter, final when the last of its days is.
  ///
  /// - Parameter backlog: how long what is late is waited for.
  public func reports(due span: Range<Instant>, backlog: Milliseconds) -> [DueReport] {
    guard !span.isEmpty else { return [] }
    var found: [DueReport] = []
    var day = operationalDay(of: span.lowerBound - backlog).adding(days: -2)
    let last = operationalDay(of: span.upperBound)
    while day <= last {
      found += reports(of: day, backlog: backlog)
      for kind in Period.Kind.allCases {
        let period = Period(kind, containing: day)
        guard period.days.upperBound == day.adding(days: 1) else { continue }
        let due = self.span(of: period).upperBound + backlog + Self.settling
        found.append(DueReport(subject: .period(period), state: .final, due: due))
      }
      day = day.adding(days: 1)
    }
    return found.filter { span.contains($0.due) }.sorted { ($0.due, $0.name) < ($1.due, $1.name) }
  }

  private func reports(of day: CivilDate, backlog: Milliseconds) -> [DueReport] {
    let windows = windows(opening: span(of: day))
    guard let over = windows.map(\.ended).max() else { return [] }
    // A shift in which nothing was owed has nothing to tell.
    let shiftEnds = shifts.map { span(of: $0, on: day) }
      .filter { shift in windows.contains { $0.span.overlaps(shift) } }.map(\.upperBound)
    let ends = Set(shiftEnds.isEmpty ? [over] : shiftEnds)
    let provisional = ends.map {
      DueReport(subject: .shift(day), state: .provisional, due: $0 + Self.settling)
    }
    let end = max(over, ends.max() ?? over)
    return provisional + [
      DueReport(subject: .shift(day), state: .final, due: end + backlog + Self.settling)
    ]
  }
}
