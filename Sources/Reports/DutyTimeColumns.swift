internal import Assessment
internal import Geodesy
internal import Store

/// What time on duty was worth, as columns of a listing and as cells of a page.
enum DutyTimeColumns {
  static let times = [
    "on_duty_s", "observed_s", "silent_s", "no_fix_s", "rejected_s", "unreachable_s",
    "daemon_down_s", "availability", "walked_m",
  ]
  static let reports = ["reports", "usable", "without_position", "rejected"]

  /// - Parameter onDuty: time that passed, where that is not what the handhelds' times sum to.
  static func values(_ t: DutyTime, onDuty: Milliseconds? = nil) -> [Listing.Value] {
    [
      onDuty ?? t.onDuty, t.observed, t.silent, t.noFix, t.rejected, t.unreachable, t.daemonDown,
    ].map { .real($0.seconds, decimals: 0) } + [
      t.availability.map { .real($0, decimals: 4) } ?? .none, .real(t.walked.value, decimals: 0),
    ]
  }

  static func counts(_ t: DutyTime) -> [Listing.Value] {
    [t.reports, t.usable, t.withoutPosition, t.failed].map { .integer(Int64($0)) }
  }
}

extension Texts {
  /// Cells of a row; a dash where nobody was on duty.
  func cells(_ t: DutyTime, onDuty: Milliseconds? = nil) -> [String: Any] {
    let isNone = t.onDuty == .zero
    func told(_ length: Milliseconds) -> String { isNone ? "–" : duration(length) }
    return [
      "onDuty": told(onDuty ?? t.onDuty), "observed": told(t.observed), "silent": told(t.silent),
      "noFix": told(t.noFix), "rejected": told(t.rejected), "unreachable": told(t.unreachable),
      "daemonDown": told(t.daemonDown),
      "availability": t.availability.map { percent($0) } ?? "–",
      "kilometres": isNone && t.walked == .zero ? "–" : Decimal.text(t.walked.value / 1000, 1),
    ]
  }
}
