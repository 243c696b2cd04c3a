import Coverage
import Geodesy
import Reports

extension ChartLabels {
  /// What the tests read.
  static let english = ChartLabels(
    timeDistance: "Time–distance chart", placeTimeline: "Timeline of places",
    handheldTimeline: "Timeline of handhelds", localTime: "local time",
    metresAlong: "metres along it", window: "window", firstDue: "first due",
    due: "fell due, attended", lapsed: "fell due, nobody there", covered: "covered",
    missed: "missed", unproven: "unproven", excused: "excused", stillOpen: "still open",
    nothingOwed: "nothing owed", notJudgedYet: "not judged yet",
    causes: [
      .away: "was elsewhere", .silent: "nothing was received", .driveBy: "passed too fast",
      .shortStay: "left too soon",
    ], walked: "walked", driveBy: "drive-by", stay: "stay", shortStay: "short stay",
    nobodyCame: "nobody came", observed: "observed", silent: "silent", noFix: "no position",
    poorFix: "poor positions", rejected: "positions rejected", unreachable: "gpsd unreachable",
    daemonDown: "patrold not running", offDuty: "off duty", onLines: "on lines",
    nothingReceived: "nothing received", gates: [.jump: "jump"],
    duration: { "\($0.value / 60_000) min" }, every: { "every \($0.value / 60_000) min" },
    staying: { "for \($0.value / 60_000) min" }, atOnce: { "\($0) at once" })
}
