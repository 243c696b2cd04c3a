public import Geodesy

/// Something ordered for one operational day beside the plan: who stands in for whom, who helps where, what is owed besides, or
/// at another time. The plan's own files stay as they are.
public struct PlanChange: Hashable, Sendable {
  public enum What: Hashable, Sendable {
    /// From then until then a handheld is carried in another's place: it serves what that one would have, by the member who
    /// would have carried it. That one serves nothing meanwhile.
    case swap(Handheld.ID, insteadOf: Handheld.ID, Range<Instant>)
    /// A handheld serves a duty besides those that the plan gives it. The member may be empty: not named.
    case lend(Handheld.ID, to: Duty.ID, Range<Instant>, member: String)
    /// A duty owed on that day alone.
    case post(Duty)
    /// A duty's window goes from and to other times on that day.
    case move(Duty.ID, from: TimeOfDay, to: TimeOfDay)
    /// A duty is not owed on that day.
    case callOff(Duty.ID)
    /// What those who take over are to know, of a squadron or of all. It changes nothing.
    case note(String, squadron: Squadron.ID?)
  }

  public var day: CivilDate
  public var what: What

  public init(day: CivilDate, what: What) {
    (self.day, self.what) = (day, what)
  }

  /// Characters of a note, a reason, a member's name, or a duty's id, at most.
  public static let (noteMaximum, reasonMaximum, nameMaximum, idMaximum) = (2000, 500, 100, 60)

  /// In one word, as whoever orders and whoever stores it has it.
  public enum Kind: String, CaseIterable, Sendable {
    case swap, lend, post, move
    case callOff = "call-off"
    case note
  }

  public var kind: Kind {
    switch what {
    case .swap: .swap
    case .lend: .lend
    case .post: .post
    case .move: .move
    case .callOff: .callOff
    case .note: .note
    }
  }

  /// In English, as an audit has it.
  public func text(in zone: Zone) -> String {
    func times(_ span: Range<Instant>) -> String {
      "\(zone.text(span.lowerBound)) to \(zone.text(span.upperBound))"
    }
    switch what {
    case .swap(let id, insteadOf: let other, let span):
      return "\(id) instead of \(other), \(times(span))"
    case .lend(let id, to: let duty, let span, let member):
      return
        "\(id)\(member.isEmpty ? "" : " (\(member))") serves \(duty) besides, \(times(span))"
    case .post(let duty):
      let places = duty.places.map(\.text).joined(separator: ", ")
      return
        "\(duty.id) on \(day): \(duty.group) guards \(places) from \(duty.from) to \(duty.to), every \(duty.every.value / 1000) s"
    case .move(let duty, let from, let to): return "\(duty) on \(day) from \(from) to \(to)"
    case .callOff(let duty): return "\(duty) on \(day) called off"
    case .note(let text, let squadron):
      return squadron.map { "note for \($0): \(text)" } ?? "note: \(text)"
    }
  }

  /// The time that it is about, where it is not the whole day.
  public var span: Range<Instant>? {
    switch what {
    case .swap(_, _, let span), .lend(_, _, let span, _): span
    case .post, .move, .callOff, .note: nil
    }
  }
}

extension Plan {
  /// The same with these changes, and no others, on top, in their order; those that do not fit it (`refusal`) are passed over:
  /// another version of the plan may have neither that duty nor that handheld.
  public func changed(by changes: [PlanChange]) -> Plan {
    guard changes != self.changes else { return self }
    var plan = self
    plan.dropChanges()
    for change in changes where plan.refusal(of: change) == nil { plan.take(change) }
    return plan
  }

  /// Why a change does not fit this plan, as one sentence without a full stop; nil where it does.
  public func refusal(of change: PlanChange) -> String? {
    func unknown(_ id: Handheld.ID) -> String? {
      handheld(id) == nil ? "handheld \(id) is not among the plan's handhelds" : nil
    }
    func notOwed(_ id: Duty.ID) -> String? {
      guard let duty = duty(id) else { return "duty \(id) is not among the plan's duties" }
      return duty.days.contains(change.day) ? nil : "duty \(id) is not owed on \(change.day)"
    }
    func outside(_ span: Range<Instant>) -> String? {
      let whole = self.span(of: change.day)
      guard !span.isEmpty, whole.lowerBound <= span.lowerBound, span.upperBound <= whole.upperBound
      else {
        return
          "\(zone.text(span.lowerBound)) to \(zone.text(span.upperBound)) is not a time within \(change.day), which goes from \(zone.text(whole.lowerBound)) to \(zone.text(whole.upperBound))"
      }
      return nil
    }
    switch change.what {
    case .swap(let id, insteadOf: let other, let span):
      if id == other { return "\(id) cannot stand in for itself" }
      return unknown(id) ?? unknown(other) ?? outside(span)
    case .lend(let id, to: let duty, let span, _):
      return unknown(id) ?? notOwed(duty) ?? outside(span)
    case .post(let duty):
      if self.duty(duty.id) != nil { return "the plan has a duty \(duty.id) already" }
      if duty.id.text.isEmpty { return "a duty needs an id that is not empty" }
      return faults(of: duty, at: duties.count).first?.message
    case .move(let id, let from, let to):
      if let reason = notOwed(id) { return reason }
      guard var moved = duty(id) else { return nil }
      (moved.from, moved.to) = (from, to)
      return faults(of: moved, at: duties.count).first?.message
    case .callOff(let id): return notOwed(id)
    case .note(_, let squadron):
      guard let squadron, !brigade.squadrons.contains(where: { $0.id == squadron }) else {
        return nil
      }
      return "there is no squadron \(squadron)"
    }
  }

  /// Why a change comes too late, as one sentence without a full stop; nil where it does not. What was owed up to now stays as
  /// it was: a window that opened keeps its beginning, and none that is over comes back.
  ///
  /// - Parameter change: one that fits.
  public func lateness(of change: PlanChange, at now: Instant) -> String? {
    let today = operationalDay(of: now)
    guard change.day >= today else {
      return
        "\(change.day) is over (it is \(zone.text(now))); what is changed is the day that runs, or one to come"
    }
    switch change.what {
    case .swap, .lend, .note: return nil
    case .post(let duty):
      let span = span(from: duty.from, to: duty.to, on: change.day)
      return span.lowerBound > now
        ? nil : "\(zone.text(span.lowerBound)) is past; what is ordered now can be owed from now on"
    case .callOff(let id):
      guard let duty = duty(id) else { return nil }
      let window = window(of: duty, on: change.day)
      return window.began > now
        ? nil
        : "duty \(id) has been owed since \(zone.text(window.began)); it can end earlier, and cannot be undone"
    case .move(let id, let from, let to):
      guard let duty = duty(id) else { return nil }
      let window = window(of: duty, on: change.day)
      if window.ended <= now {
        return
          "the window of \(id) was over at \(zone.text(window.ended)); order a guard of its own instead"
      }
      let span = span(from: from, to: to, on: change.day)
      if window.began <= now, span.lowerBound != window.began {
        return
          "duty \(id) has been owed since \(zone.text(window.began)): only its end can be changed now"
      }
      if window.began > now, span.lowerBound <= now {
        return "\(zone.text(span.lowerBound)) is past; a window can open from now on"
      }
      return span.upperBound > now
        ? nil : "\(zone.text(span.upperBound)) is past; a window can end from now on"
    }
  }

  /// The time that a change makes other: windows that touch it are judged by it.
  public func reach(of change: PlanChange) -> Range<Instant> { change.span ?? span(of: change.day) }

  /// Duties that changes added.
  var posted: Set<Duty.ID> {
    var ids: Set<Duty.ID> = []
    for case .post(let duty) in changes.map(\.what) { ids.insert(duty.id) }
    return ids
  }

  /// The times of day between which a duty is owed on a day; nil where it was called off.
  func times(of duty: Duty, on day: CivilDate) -> (from: TimeOfDay, to: TimeOfDay)? {
    var times: (TimeOfDay, TimeOfDay)? = (duty.from, duty.to)
    for change in changesOfDay[day] ?? [] {
      switch change.what {
      case .move(duty.id, let from, let to): times = (from, to)
      case .callOff(duty.id): times = nil
      default: break
      }
    }
    return times
  }

  /// Spans in which changes let a handheld serve what its group does not owe. By time of the plan's order.
  func lentSpans(of handheld: Handheld.ID, on day: CivilDate) -> [Range<Instant>] {
    func windows(where isMeant: (Duty) -> Bool, within span: Range<Instant>) -> [Range<Instant>] {
      duties.filter { isMeant($0) && $0.days.contains(day) }
        .map { window(of: $0, on: day).span.clamped(to: span) }
    }
    return (changesOfDay[day] ?? []).flatMap { change -> [Range<Instant>] in
      switch change.what {
      case .swap(handheld, insteadOf: let other, let span):
        group(of: other).map { group in windows(where: { $0.group == group.id }, within: span) }
          ?? []
      case .lend(handheld, to: let duty, let span, _):
        windows(where: { $0.id == duty }, within: span)
      default: []
      }
    }
  }
}

/// Somebody's time on duty.
protocol Served {
  var handheld: Handheld.ID { get set }
  var span: Range<Instant> { get set }
  /// It is told by name now.
  mutating func name()
}

extension Assignment: Served {
  mutating func name() {
    if case .firstReport = basis { basis = .roster(member: "") }
  }
}

extension Posting: Served {
  mutating func name() {}
}

extension [PlanChange] {
  /// Hands to those who stand in what they stand in for. O(served × changes).
  func swapped<S: Served>(_ served: [S]) -> [S] {
    var served = served
    for case .swap(let id, insteadOf: let other, let span) in map(\.what) {
      served = served.flatMap { one -> [S] in
        guard one.handheld == other, one.span.overlaps(span) else { return [one] }
        let taken = one.span.clamped(to: span)
        var (before, instead, after) = (one, one, one)
        before.span = one.span.lowerBound..<taken.lowerBound
        after.span = taken.upperBound..<one.span.upperBound
        (instead.span, instead.handheld) = (taken, id)
        instead.name()
        return [before, instead, after].filter { !$0.span.isEmpty }
      }
    }
    return served
  }
}
