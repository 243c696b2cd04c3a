public import Geodesy

extension Plan {
  /// Seconds from the start of the operational day to a time of day, on clocks that no zone change moves.
  /// As an end, the time at which the day starts means the next one.
  func offset(_ time: TimeOfDay, asEnd: Bool = false) -> Int {
    let seconds = ((time.seconds - dayStarts.seconds) % 86_400 + 86_400) % 86_400
    return asEnd && seconds == 0 ? 86_400 : seconds
  }

  /// The instant of a time of day in an operational day.
  public func instant(of time: TimeOfDay, in day: CivilDate, asEnd: Bool = false) -> Instant {
    let wall = dayStarts.seconds + offset(time, asEnd: asEnd)
    return zone.instant(
      of: day.adding(days: wall / 86_400), TimeOfDay(seconds: wall % 86_400)!)
  }

  /// The operational day that an instant belongs to.
  public func operationalDay(of instant: Instant) -> CivilDate {
    let date = zone.date(of: instant)
    return instant < self.instant(of: dayStarts, in: date) ? date.adding(days: -1) : date
  }

  /// The window of a duty on a day, whatever days it is owed on. Empty where a zone change swallows it, or where it was
  /// called off.
  public func window(of duty: Duty, on day: CivilDate) -> Window {
    guard let times = times(of: duty, on: day) else {
      let began = instant(of: duty.from, in: day)
      return Window(duty: duty.id, day: day, began: began, ended: began)
    }
    let span = span(from: times.from, to: times.to, on: day)
    return Window(duty: duty.id, day: day, began: span.lowerBound, ended: span.upperBound)
  }

  /// The window of a duty on the operational day that an instant belongs to.
  public func window(of duty: Duty, onDayOf instant: Instant) -> Window {
    window(of: duty, on: operationalDay(of: instant))
  }

  /// The windows that are open at a moment, in the order of `windows(opening:)`.
  public func windows(openAt moment: Instant) -> [Window] {
    windows(opening: (moment - Window.longest)..<(moment + Milliseconds(1)))
      .filter { $0.span.contains(moment) }
  }

  /// The windows that open within a range of time, by opening and then in the plan's order of duties.
  public func windows(opening range: Range<Instant>) -> [Window] {
    guard !range.isEmpty else { return [] }
    var windows: [Window] = []
    var day = operationalDay(of: range.lowerBound).adding(days: -1)
    let last = operationalDay(of: range.upperBound).adding(days: 1)
    while day <= last {
      for duty in duties where duty.days.contains(day) {
        let window = window(of: duty, on: day)
        if range.contains(window.began), window.began < window.ended { windows.append(window) }
      }
      day = day.adding(days: 1)
    }
    return windows.enumerated().sorted {
      ($0.element.began, $0.offset) < ($1.element.began, $1.offset)
    }
    .map(\.element)
  }

  /// The span of one shift on an operational day.
  public func span(of shift: Shift, on day: CivilDate) -> Range<Instant> {
    span(from: shift.from, to: shift.to, on: day)
  }

  /// Between two times of an operational day; empty where a zone change swallows it.
  func span(from: TimeOfDay, to: TimeOfDay, on day: CivilDate) -> Range<Instant> {
    let began = instant(of: from, in: day)
    return began..<max(began, instant(of: to, in: day, asEnd: true))
  }

  /// The longest span without a break, within an operational day, in which a handheld is on duty and which holds an
  /// instant: shifts that touch or overlap are one; without shifts, the windows of its group's duties. Nil off duty.
  ///
  /// No shift and no window runs past the day's end, so spans partition the time on duty: every instant of a span gives
  /// that span. Where a night joins the next morning they part at `dayStarts`.
  public func dutySpan(of handheld: Handheld.ID, at instant: Instant) -> Range<Instant>? {
    let day = operationalDay(of: instant)
    var spans: [Range<Instant>] = []
    if shifts.isEmpty {
      let group = group(of: handheld)?.id
      for duty in duties where duty.group == group && duty.days.contains(day) {
        spans.append(window(of: duty, on: day).span)
      }
      spans += lentSpans(of: handheld, on: day)
    } else {
      spans = shifts.map { span(of: $0, on: day) }
    }
    var joined: Range<Instant>?
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) where !span.isEmpty {
      if let open = joined, span.lowerBound <= open.upperBound {
        joined = open.lowerBound..<max(open.upperBound, span.upperBound)
      } else {
        if let open = joined, open.contains(instant) { return open }
        joined = span
      }
    }
    return joined.flatMap { $0.contains(instant) ? $0 : nil }
  }
}
