public import Geodesy

/// What a daemon tells of itself with each heartbeat.
public struct DaemonState: Hashable, Sendable, Codable {
  public enum Phase: String, Hashable, Sendable, Codable {
    case running
    /// Stopped as asked, with everything stored.
    case stopped
  }

  public var phase: Phase
  public var program: String
  public var process: Int32
  public var started: Instant
  public var plan: String
  /// Why the plan on disk is not the one in force; nil where it is.
  public var planTrouble: String?
  /// Since its start.
  public var stored: Int
  public var offDuty: Int
  /// Not committed yet: the store refuses, or more came in than can be taken at once.
  public var held: Int
  /// Why the store refuses; nil where it does not.
  public var storeTrouble: String?
  public var dropped: Int
  public var openGaps: Int
  /// From receipt to commit, since its start, backlogs apart: they wait on purpose. Nil from a daemon that did not count.
  public var commitDelays: DelayHistogram?
  /// Since its start, by the gate they failed, `usable` where none. Nil from a daemon that did not count.
  public var gates: [String: Int]?

  public init(
    phase: Phase, program: String, process: Int32, started: Instant, plan: String,
    planTrouble: String?, stored: Int, offDuty: Int, held: Int, storeTrouble: String?, dropped: Int,
    openGaps: Int, commitDelays: DelayHistogram?, gates: [String: Int]?
  ) {
    self.phase = phase
    self.program = program
    self.process = process
    self.started = started
    self.plan = plan
    self.planTrouble = planTrouble
    self.stored = stored
    self.offDuty = offDuty
    self.held = held
    self.storeTrouble = storeTrouble
    self.dropped = dropped
    self.openGaps = openGaps
    self.commitDelays = commitDelays
    self.gates = gates
  }
}
