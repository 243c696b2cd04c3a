internal import Geodesy
internal import Patrol

/// Gives receive times to the observations of a recording that has none: the time of the latest fix so far. Those
/// before the first time that is told wait for it.
struct ReceiveTimes {
  private(set) var latestFix: Instant?
  private var waiting: [(line: Int, report: Observation.Report)] = []
  private let handheld: Handheld.ID

  init(handheld: Handheld.ID) { self.handheld = handheld }

  /// `time` is what the report tells, which without a fix may be the receiver's guess; it counts where there is no fix
  /// to go by yet.
  mutating func add(
    _ report: Observation.Report, line: Int, time: Instant?, to recording: inout Recording
  ) {
    if case .fix(let fix) = report { latestFix = fix.time }
    guard let at = latestFix ?? time else {
      waiting.append((line, report))
      return
    }
    for earlier in waiting { append(earlier.report, at, &recording) }
    waiting.removeAll()
    append(report, at, &recording)
  }

  /// What still waits is given up.
  func finish(_ recording: inout Recording) {
    for report in waiting { recording.skip(line: report.line, "no time in the whole recording") }
  }

  private func append(_ report: Observation.Report, _ at: Instant, _ recording: inout Recording) {
    recording.observations.append(
      Observation(handheld: handheld, receivedAt: at, report: report))
  }
}
