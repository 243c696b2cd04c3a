internal import Assessment
public import Coverage
public import Geodesy

/// Every word that the charts say, in one language. What is composed of them is put together by punctuation alone.
public struct ChartLabels: Sendable {
  // What the charts are.
  public var timeDistance: String
  public var placeTimeline: String
  public var handheldTimeline: String
  public var localTime: String
  /// Of the axis of a line.
  public var metresAlong: String

  // Duties and verdicts.
  public var window: String
  public var firstDue: String
  public var due: String
  public var lapsed: String
  public var covered: String
  public var missed: String
  public var unproven: String
  public var excused: String
  public var stillOpen: String
  public var nothingOwed: String
  public var notJudgedYet: String
  public var causes: [Cause: String]

  // What was seen.
  public var walked: String
  public var driveBy: String
  public var stay: String
  public var shortStay: String
  public var nobodyCame: String

  // Handhelds.
  public var observed: String
  public var silent: String
  public var noFix: String
  public var poorFix: String
  /// Positions that failed any gate but that of poor ones.
  public var rejected: String
  public var unreachable: String
  public var daemonDown: String
  public var offDuty: String
  public var onLines: String
  public var nothingReceived: String
  /// By what they are stored under; the name stands for one that is left out.
  public var gates: [Gate: String]

  // What depends on a value.
  public var duration: @Sendable (Milliseconds) -> String
  /// “every 45 min”
  public var every: @Sendable (Milliseconds) -> String
  /// “for 3 min”
  public var staying: @Sendable (Milliseconds) -> String
  /// “2 at once”
  public var atOnce: @Sendable (Int) -> String

  public init(
    timeDistance: String, placeTimeline: String, handheldTimeline: String, localTime: String,
    metresAlong: String, window: String, firstDue: String, due: String, lapsed: String,
    covered: String, missed: String, unproven: String, excused: String, stillOpen: String,
    nothingOwed: String, notJudgedYet: String, causes: [Cause: String], walked: String,
    driveBy: String, stay: String, shortStay: String, nobodyCame: String, observed: String,
    silent: String, noFix: String, poorFix: String, rejected: String, unreachable: String,
    daemonDown: String, offDuty: String, onLines: String, nothingReceived: String,
    gates: [Gate: String], duration: @escaping @Sendable (Milliseconds) -> String,
    every: @escaping @Sendable (Milliseconds) -> String,
    staying: @escaping @Sendable (Milliseconds) -> String,
    atOnce: @escaping @Sendable (Int) -> String
  ) {
    (self.timeDistance, self.placeTimeline) = (timeDistance, placeTimeline)
    (self.handheldTimeline, self.localTime) = (handheldTimeline, localTime)
    (self.metresAlong, self.window, self.firstDue) = (metresAlong, window, firstDue)
    (self.due, self.lapsed, self.covered, self.missed) = (due, lapsed, covered, missed)
    (self.unproven, self.excused, self.stillOpen) = (unproven, excused, stillOpen)
    (self.nothingOwed, self.notJudgedYet, self.causes) = (nothingOwed, notJudgedYet, causes)
    (self.walked, self.driveBy, self.stay) = (walked, driveBy, stay)
    (self.shortStay, self.nobodyCame, self.observed) = (shortStay, nobodyCame, observed)
    (self.silent, self.noFix, self.poorFix, self.rejected) = (silent, noFix, poorFix, rejected)
    (self.unreachable, self.daemonDown) = (unreachable, daemonDown)
    (self.offDuty, self.onLines, self.nothingReceived) = (offDuty, onLines, nothingReceived)
    (self.gates, self.duration, self.every) = (gates, duration, every)
    (self.staying, self.atOnce) = (staying, atOnce)
  }

  func verdict(_ verdict: Verdict) -> String {
    switch verdict {
    case .missed: missed
    case .unproven: unproven
    }
  }

  func cause(_ cause: Cause) -> String { causes[cause] ?? cause.rawValue }
  func gate(_ gate: Gate) -> String { gates[gate] ?? gate.rawValue }

  func state(_ state: HandheldDay.State) -> String {
    guard case .rejected(let gate) = state, gate != .poorFix else { return kind(of: state) }
    return "\(rejected) (\(self.gate(gate)))"
  }

  /// What a state is called without the gate.
  func kind(of state: HandheldDay.State) -> String {
    switch state {
    case .observed: observed
    case .daemonDown: daemonDown
    case .unreachable: unreachable
    case .rejected(.poorFix): poorFix
    case .rejected: rejected
    case .noFix: noFix
    case .silent: silent
    }
  }
}
