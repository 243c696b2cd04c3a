internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// How verdicts, lengths, shares and dates are put.
extension Texts {
  func verdict(_ verdict: Verdict) -> String {
    switch verdict {
    case .missed: self[.missed]
    case .unproven: self[.unproven]
    }
  }

  func cause(_ cause: Cause) -> String { self[Self.keys(cause).name] }

  /// For people who are not engineers.
  func explained(_ cause: Cause) -> String { self[Self.keys(cause).explained] }

  private static func keys(_ cause: Cause) -> (name: Key, explained: Key) {
    switch cause {
    case .shortStay: (.shortStay, .shortStayExplained)
    case .driveBy: (.driveBy, .driveByExplained)
    case .away: (.away, .awayExplained)
    case .unmanned: (.unmanned, .unmannedExplained)
    case .undecided: (.undecided, .undecidedExplained)
    case .suspect: (.suspect, .suspectExplained)
    case .poorFix: (.poorFix, .poorFixExplained)
    case .noFix: (.noFix, .noFixExplained)
    case .silent: (.silent, .silentExplained)
    case .unreachable: (.unreachable, .unreachableExplained)
    case .daemonDown: (.daemonDown, .daemonDownExplained)
    }
  }

  func share(_ part: ShareBar.Part) -> String {
    switch part {
    case .covered: self[.covered]
    case .excused: self[.excused]
    case .unproven: self[.unproven]
    case .missed: self[.missed]
    }
  }

  func rating(_ rating: Rating) -> String {
    switch rating {
    case .failed: self[.ratedFailed]
    case .passed: self[.ratedPassed]
    case .advanced: self[.ratedAdvanced]
    }
  }

  func state(_ state: Excuse.State) -> String {
    switch state {
    case .asked: self[.excuseAsked]
    case .approved: self[.excuseApproved]
    case .refused: self[.excuseRefused]
    case .withdrawn: self[.excuseWithdrawn]
    }
  }

  /// `zone` writes instants.
  func excuse(_ excuse: Excuse, _ zone: (Instant) -> String) -> String {
    let (state, asked) = (state(excuse.state), zone(excuse.asked))
    guard let decidedBy = excuse.decidedBy else {
      return self(.excuseTold, state, excuse.reason, excuse.askedBy, asked)
    }
    let decided = excuse.decided.map(zone) ?? ""
    return self(
      .excuseToldWithDecision, state, excuse.reason, excuse.askedBy, asked, decidedBy, decided)
  }

  /// An excuse as the row of a table: `id`, `gap`, `state`, `reason`, `asked`, `decided`.
  func row(_ excuse: Excuse, _ zone: (Instant) -> String) -> [String: Any] {
    let decided = excuse.decidedBy.map { by in
      excuse.decided.map { self(.personAt, by, zone($0)) } ?? by
    }
    return [
      "id": "\(excuse.id)", "gap": excuse.gap.text, "state": state(excuse.state),
      "reason": excuse.reason, "asked": self(.personAt, excuse.askedBy, zone(excuse.asked)),
      "decided": decided ?? self[.notDecided],
    ]
  }

  /// How often, how long and with how many a duty is to be done.
  func asked(_ duty: Duty) -> String {
    var asked = [self(.every, duration(duty.every))]
    if duty.stay > .zero { asked.append(self(.staying, duration(duty.stay))) }
    if duty.atOnce > 1 { asked.append(self(.atOnce, "\(duty.atOnce)")) }
    return clauses(asked)
  }

  /// `1 h 05 min`, `12 min 30 s`, `45 s`; `1 小时 05 分`.
  func duration(_ d: Milliseconds) -> String {
    let s = (d.value + 500) / 1000
    let (h, min) = (s / 3600, s / 60)
    if s >= 3600, s % 3600 == 0 { return self(.hours, "\(h)") }
    if s >= 3600 { return self(.hoursAndMinutes, "\(h)", Self.two(min % 60)) }
    if s >= 60, s % 60 == 0 { return self(.minutes, "\(min)") }
    if s >= 60 { return self(.minutesAndSeconds, "\(min)", Self.two(s % 60)) }
    return self(.seconds, "\(s)")
  }

  /// To a tenth; what is not all never reads as all, nor something as nothing.
  ///
  /// - Parameter rounded: where it is a part of others, what is printed of it so that they sum up.
  func percent(_ share: Double, rounded: Double? = nil) -> String {
    let tenths = ((rounded ?? share) * 1000).rounded()
    if tenths == 1000, share < 1 - 1e-9 { return self(.nearlyAll, "99.9") }
    if tenths == 0, share > 1e-9 { return self(.nearlyNone, "0.1") }
    return self(.percent, Decimal.text(tenths / 10, 1))
  }

  func metres(_ length: Metres, decimals: Int = 0) -> String {
    self(.metres, Decimal.text(length.value, decimals))
  }

  /// `Friday, 20 November 2026`; `2026年11月20日（星期五）`.
  func weekdayAndDate(_ day: CivilDate) -> String {
    self(.dateWithWeekday, date(day), self[Self.weekdays[day.weekday]])
  }

  func date(_ day: CivilDate) -> String {
    self(.date, "\(day.year)", self[Self.months[day.month - 1]], "\(day.day)")
  }

  func names(_ all: some Sequence<String>) -> String { all.joined(separator: self[.betweenNames]) }

  func clauses(_ all: some Sequence<String>) -> String {
    all.joined(separator: self[.betweenClauses])
  }

  private static let weekdays: [Key] = [
    .monday, .tuesday, .wednesday, .thursday, .friday, .saturday, .sunday,
  ]

  private static let months: [Key] = [
    .january, .february, .march, .april, .may, .june, .july, .august, .september, .october,
    .november, .december,
  ]

  private static func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : "\(n)" }
}
