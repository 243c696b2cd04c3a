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

/// Who carries a handheld for a group, and when: a row of the roster on its day.
public struct Posting: Hashable, Sendable {
  /// Empty where the roster names nobody.
  public var member: String
  public var group: Group.ID
  public var handheld: Handheld.ID
  public var span: Range<Instant>
}

extension Plan {
  /// The handhelds that serve a duty's window: per shift that the window touches, those of the roster's rows for the
  /// group, or, where the roster has no row for that shift, each handheld of the group from its first report on.
  /// Spans are cut to shifts, not to the window. Without shifts the window's `dutySpan` stands for the shift. Changes of
  /// that day come on top: who was lent serves by name, and who stands in for another serves what that one would have.
  public func assignments(in window: Window) -> [Assignment] {
    guard let changes = changesOfDay[window.day] else { return ordered(in: window) }
    let lent = changes.compactMap { change -> Assignment? in
      guard case .lend(let id, to: window.duty, let span, let member) = change.what,
        span.overlaps(window.span)
      else { return nil }
      return Assignment(
        handheld: id, span: span.clamped(to: window.span), basis: .roster(member: member))
    }
    return changes.swapped(ordered(in: window) + lent)
  }

  /// By the plan's files.
  private func ordered(in window: Window) -> [Assignment] {
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

  /// When each handheld is on duty on an operational day, whatever it is to serve: by the roster's rows for a shift, or,
  /// where the roster has no row for that shift, all of it from its first report on. Without shifts, its `dutySpan`s.
  /// By the plan's order of handhelds, then time; those of one handheld may overlap.
  public func allotments(on day: CivilDate) -> [Assignment] {
    let postings = Dictionary(grouping: postings(on: day), by: \.handheld)
    let rostered = Set(rosterRows(on: day).map(\.shift))
    return handhelds.flatMap {
      allotments(of: $0.id, on: day, postings[$0.id] ?? [], rostered)
    }
  }

  /// Those of one handheld. O(the roster's rows of the day).
  public func allotments(of handheld: Handheld.ID, on day: CivilDate) -> [Assignment] {
    allotments(
      of: handheld, on: day, postings(on: day, of: handheld),
      Set(rosterRows(on: day).map(\.shift)))
  }

  /// - Parameter rostered: shifts that the roster is not silent on.
  private func allotments(
    of handheld: Handheld.ID, on day: CivilDate, _ postings: [Posting], _ rostered: Set<Shift.ID>
  ) -> [Assignment] {
    let spans =
      shifts.isEmpty
      ? dutySpans(of: handheld, on: day)
      : shifts.filter { !rostered.contains($0.id) }.map { span(of: $0, on: day) }
        .filter { !$0.isEmpty }
    // While another stands in for it, it has nothing to do.
    let free = (changesOfDay[day] ?? []).swapped(
      spans.map { Assignment(handheld: handheld, span: $0, basis: .firstReport) }
    ).filter { $0.handheld == handheld }
    let named = postings.map {
      Assignment(handheld: handheld, span: $0.span, basis: .roster(member: $0.member))
    }
    return (free + named).sorted {
      ($0.span.lowerBound, $0.span.upperBound) < ($1.span.lowerBound, $1.span.upperBound)
    }
  }

  /// The roster's rows for a day as spans of time, in its order, then who was lent by changes; those that are empty are left
  /// out. Where one stands in for another, it is that one.
  public func postings(on day: CivilDate, of handheld: Handheld.ID? = nil) -> [Posting] {
    guard let changes = changesOfDay[day] else { return rostered(on: day, of: handheld) }
    var postings = rostered(on: day)
    for change in changes {
      switch change.what {
      case .lend(let id, to: let duty, let span, let member):
        guard let duty = self.duty(duty) else { continue }
        postings.append(Posting(member: member, group: duty.group, handheld: id, span: span))
      default: break
      }
    }
    return changes.swapped(postings).filter { handheld == nil || $0.handheld == handheld }
  }

  private func rostered(on day: CivilDate, of handheld: Handheld.ID? = nil) -> [Posting] {
    rosterRows(on: day).compactMap { row in
      guard handheld == nil || row.handheld == handheld, let shift = shift(row.shift) else {
        return nil
      }
      let whole = span(of: shift, on: day)
      let began = row.from.map { instant(of: $0, in: day) } ?? whole.lowerBound
      let ended = row.to.map { instant(of: $0, in: day, asEnd: true) } ?? whole.upperBound
      guard began < ended else { return nil }
      return Posting(
        member: row.member, group: row.group, handheld: row.handheld, span: began..<ended)
    }
  }

  /// All spans of duty of a handheld on an operational day, rising.
  private func dutySpans(of handheld: Handheld.ID, on day: CivilDate) -> [Range<Instant>] {
    let group = group(of: handheld)?.id
    var spans: [Range<Instant>] = []
    let starts =
      (duties.filter { $0.group == group && $0.days.contains(day) }
      .map { window(of: $0, on: day).span } + lentSpans(of: handheld, on: day))
      .filter { !$0.isEmpty }.map(\.lowerBound).sorted()
    for start in starts where spans.last.map({ start >= $0.upperBound }) ?? true {
      if let span = dutySpan(of: handheld, at: start) { spans.append(span) }
    }
    return spans
  }
}
