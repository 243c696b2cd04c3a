internal import Coverage
internal import Geodesy
internal import Patrol

/// How causes and lengths are put to people who are not engineers.
enum Words {
  static func cause(_ cause: Cause) -> String {
    switch cause {
    case .shortStay: "came, but left too soon"
    case .driveBy: "passed too fast"
    case .away: "was elsewhere"
    case .unmanned: "nobody was rostered"
    case .undecided: "cannot be told which street was walked"
    case .suspect: "positions were rejected as implausible"
    case .poorFix: "positions were too inaccurate"
    case .noFix: "handheld had no position"
    case .silent: "nothing was received from the handheld"
    case .unreachable: "our link to the handheld's gpsd was down"
    case .daemonDown: "our own daemon was not running"
    }
  }

  static func verdict(_ verdict: Verdict) -> String {
    switch verdict {
    case .missed: "missed"
    case .unproven: "unproven"
    }
  }

  /// `1 h 05 min`, `12 min 30 s`, `45 s`.
  static func duration(_ d: Milliseconds) -> String {
    let s = (d.value + 500) / 1000
    if s >= 3600, s % 3600 == 0 { return "\(s / 3600) h" }
    if s >= 3600 { return "\(s / 3600) h \(two(s / 60 % 60)) min" }
    if s >= 60 { return s % 60 == 0 ? "\(s / 60) min" : "\(s / 60) min \(two(s % 60)) s" }
    return "\(s) s"
  }

  static func percent(_ share: Double) -> String {
    // 99.97 % must not read as all, nor 0.03 % as nothing.
    let tenths = (share * 1000).rounded()
    if tenths == 1000, share < 1 - 1e-9 { return "> 99.9 %" }
    if tenths == 0, share > 1e-9 { return "< 0.1 %" }
    return "\(Decimal.text(share * 100, 1)) %"
  }

  private static func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : "\(n)" }
}
