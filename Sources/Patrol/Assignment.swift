public import Geodesy

/// That a handheld serves a duty's group for a time.
public struct Assignment: Hashable, Sendable {
  public enum Basis: Hashable, Sendable {
    /// The roster says so: it counts for the whole span.
    case roster(member: String)
    /// The roster is silent on this shift: it counts from its first report within the span.
    case firstReport
  }

  public var handheld: Handheld.ID
  public var span: Range<Instant>
  public var basis: Basis

  public init(handheld: Handheld.ID, span: Range<Instant>, basis: Basis) {
    self.handheld = handheld
    self.span = span
    self.basis = basis
  }
}

extension Plan {
  /// The handhelds that serve a duty's window: per shift that the window touches, those of the roster's rows for the
  /// group, or, where the roster has no row for that shift, each handheld of the group from its first report on.
  /// Spans are cut to shifts, not to the window. Without shifts the window's `dutySpan` stands for the shift.
  public func assignments(in window: Window) -> [Assignment] {
    guard let duty = duty(window.duty), let group = group(duty.group) else { return [] }
    var result: [Assignment] = []
    if shifts.isEmpty {
      for handheld in group.handhelds {
        let span = dutySpan(of: handheld, at: window.began) ?? window.span
        result.append(Assignment(handheld: handheld, span: span, basis: .firstReport))
      }
      return result
    }
    let ofDay = rosterRows(on: window.day)
    for shift in shifts {
      let span = span(of: shift, on: window.day)
      guard span.overlaps(window.span) else { continue }
      let rows = ofDay.filter { $0.shift == shift.id }
      if rows.isEmpty {
        result += group.handhelds.map { Assignment(handheld: $0, span: span, basis: .firstReport) }
        continue
      }
      for row in rows where row.group == group.id {
        let began = row.from.map { instant(of: $0, in: window.day) } ?? span.lowerBound
        let ended = row.to.map { instant(of: $0, in: window.day, asEnd: true) } ?? span.upperBound
        guard began < ended else { continue }
        result.append(
          Assignment(
            handheld: row.handheld, span: began..<ended, basis: .roster(member: row.member)))
      }
    }
    return result
  }
}
