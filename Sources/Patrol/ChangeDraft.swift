public import Geodesy

/// A change as somebody types it: texts by their names, as a form or a command line has them. An empty text is none.
///
/// | `kind` | texts besides `day` |
/// |---|---|
/// | `swap` | `handheld`, `instead_of`, `from` (now), `to` (the day's end) |
/// | `lend` | `handheld`, `duty`, `from` (now), `to` (the window's end), `member` (none) |
/// | `post` | `duty` (its id), `group`, `places` (by commas), `from`, `to`, `every`, `stay` (0), `at_once` (1), `weight` (1) |
/// | `move` | `duty`, `from`, `to` (as they are) |
/// | `call-off` | `duty` |
/// | `note` | `note`, `squadron` (all) |
///
/// `day` is an operational day, the one that runs where it is not told; `from` and `to` are times of day in it, of `swap` and
/// `lend` instants (RFC 3339), too.
public struct ChangeDraft: Sendable {
  /// What is wrong with a text, and what was expected.
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    public var field: String
    public var message: String
    /// It is well written, and does not go with the plan or with another text.
    public var isConflict = false
    public var description: String { "\(field): \(message)" }
  }

  /// In words.
  public static let kinds = PlanChange.Kind.allCases.map(\.rawValue).joined(separator: ", ")

  public static func fields(_ kind: PlanChange.Kind) -> Set<String> {
    switch kind {
    case .swap: ["handheld", "instead_of", "from", "to"]
    case .lend: ["handheld", "duty", "member", "from", "to"]
    case .post: ["duty", "group", "places", "from", "to", "every", "stay", "at_once", "weight"]
    case .move: ["duty", "from", "to"]
    case .callOff: ["duty"]
    case .note: ["note", "squadron"]
    }
  }

  /// Those that may not be left out. Of `move` one of the times has to be there as well.
  public static func needed(_ kind: PlanChange.Kind) -> [String] {
    switch kind {
    case .swap: ["handheld", "instead_of"]
    case .lend: ["handheld", "duty"]
    case .post: ["duty", "group", "places", "from", "to", "every"]
    case .move, .callOff: ["duty"]
    case .note: ["note"]
    }
  }

  private let texts: [String: String]

  public init(_ texts: [String: String]) {
    self.texts = texts.filter { !$0.value.isEmpty }
  }

  /// The change that is meant. That it fits the plan, and comes in time, is not looked at.
  ///
  /// - Parameter now: the clock.
  public func change(under plan: Plan, at now: Instant) throws(Fault) -> PlanChange {
    let word = try needed("kind", Self.kinds)
    guard let kind = PlanChange.Kind(rawValue: word) else {
      throw found(word, "kind", "one of \(Self.kinds)")
    }
    let allowed = Self.fields(kind)
    for name in texts.keys.sorted()
    where name != "kind" && name != "day" && !allowed.contains(name) {
      throw Fault(
        field: name,
        message: "not known of \(word); expected \(allowed.sorted().joined(separator: ", "))")
    }
    let today = plan.operationalDay(of: now)
    let day = try texts["day"].map { text throws(Fault) in
      try read(text, "day", "a date such as 2026-11-20") { CivilDate($0) }
    }
    return PlanChange(
      day: day ?? today, what: try what(kind, on: day ?? today, under: plan, at: now))
  }

  private func what(
    _ kind: PlanChange.Kind, on day: CivilDate, under plan: Plan, at now: Instant
  ) throws(Fault) -> PlanChange.What {
    switch kind {
    case .swap:
      let ends = plan.span(of: day).upperBound
      return .swap(
        Handheld.ID(try needed("handheld", "a handheld's id")),
        insteadOf: Handheld.ID(try needed("instead_of", "a handheld's id")),
        try span(from: max(now, plan.span(of: day).lowerBound), to: ends, on: day, under: plan))
    case .lend:
      let id = Duty.ID(try needed("duty", "a duty's id"))
      let window = plan.duty(id).map { plan.window(of: $0, on: day).span } ?? plan.span(of: day)
      return .lend(
        Handheld.ID(try needed("handheld", "a handheld's id")), to: id,
        try span(
          from: min(max(now, window.lowerBound), window.upperBound), to: window.upperBound, on: day,
          under: plan), member: texts["member"] ?? "")
    case .post:
      let places = try needed("places", "ids of places, by commas").split(separator: ",")
      let duty = Duty(
        id: Duty.ID(try needed("duty", "an id for it")),
        group: Group.ID(try needed("group", "a group's id")),
        places: places.map { Place.ID(Self.trimmed($0)) }, days: .dates([day]),
        from: try time("from"), to: try time("to"), every: try duration("every") ?? .zero,
        stay: try duration("stay") ?? .zero, atOnce: try number("at_once").map { Int($0) } ?? 1,
        weight: try number("weight") ?? 1)
      guard texts["every"] != nil else { throw missing("every", Self.durations) }
      return .post(duty)
    case .move:
      let id = Duty.ID(try needed("duty", "a duty's id"))
      guard texts["from"] != nil || texts["to"] != nil else {
        throw missing("to", Self.timesOfDay)
      }
      guard let duty = plan.duty(id) else {
        throw Fault(
          field: "duty", message: "\(id) is not among the plan's duties", isConflict: true)
      }
      let now = plan.times(of: duty, on: day)
      var (from, to) = (now?.from, now?.to)
      if from == nil || texts["from"] != nil { from = try time("from") }
      if to == nil || texts["to"] != nil { to = try time("to") }
      guard let from, let to else { throw missing("to", Self.timesOfDay) }
      return .move(id, from: from, to: to)
    case .callOff: return .callOff(Duty.ID(try needed("duty", "a duty's id")))
    case .note:
      return .note(
        try needed("note", "what is to be known"),
        squadron: texts["squadron"].map { Squadron.ID($0) })
    }
  }

  // MARK: texts

  private static let (timesOfDay, durations) = (
    "a time of day such as 19:30", "a duration such as 45s, 30m or 1h30m"
  )

  private func needed(_ name: String, _ expected: String) throws(Fault) -> String {
    guard let text = texts[name] else { throw missing(name, expected) }
    return text
  }

  private func missing(_ name: String, _ expected: String) -> Fault {
    Fault(field: name, message: "missing; expected \(expected)")
  }

  private func found(_ text: String, _ name: String, _ expected: String) -> Fault {
    Fault(field: name, message: "found \"\(text)\"; expected \(expected)")
  }

  private func read<T>(
    _ text: String, _ name: String, _ expected: String, _ value: (String) -> T?
  ) throws(Fault) -> T {
    guard let read = value(text) else { throw found(text, name, expected) }
    return read
  }

  private func time(_ name: String) throws(Fault) -> TimeOfDay {
    try read(try needed(name, Self.timesOfDay), name, Self.timesOfDay) { TimeOfDay($0) }
  }

  private func duration(_ name: String) throws(Fault) -> Milliseconds? {
    guard let text = texts[name] else { return nil }
    return try read(text, name, Self.durations) { text in
      text == "0" ? .zero : Milliseconds(duration: text)
    }
  }

  private func number(_ name: String) throws(Fault) -> Double? {
    guard let text = texts[name] else { return nil }
    return try read(text, name, "a number above 0 and at most 1000") { text in
      Double(text).flatMap { $0 > 0 && $0 <= 1000 ? $0 : nil }
    }
  }

  private func span(
    from: Instant, to: Instant, on day: CivilDate, under plan: Plan
  ) throws(Fault) -> Range<Instant> {
    func moment(_ name: String, isEnd: Bool) throws(Fault) -> Instant? {
      guard let text = texts[name] else { return nil }
      return try read(
        text, name,
        "a time of day such as 19:30, or RFC 3339 with an offset (2026-11-20T19:30:00+08:00)"
      ) { text in
        Instant(rfc3339: text)
          ?? TimeOfDay(text).map { plan.instant(of: $0, in: day, asEnd: isEnd) }
      }
    }
    let began = try moment("from", isEnd: false) ?? from
    let ended = try moment("to", isEnd: true) ?? to
    guard began < ended else {
      throw Fault(
        field: "to",
        message: "\(plan.zone.text(ended)) does not come after \(plan.zone.text(began))",
        isConflict: true)
    }
    return began..<ended
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }
}
