public import Geodesy

/// What a daemon tells of itself with each heartbeat.
public struct DaemonState: Hashable, Sendable, Codable {
  public struct Link: Hashable, Sendable, Codable {
    public var endpoint: String
    public var handhelds: [String]
    public var isReachable: Bool
    /// Since when it has been so.
    public var since: Instant?
    /// gpsd's version, or why it cannot be reached.
    public var detail: String
    public var lines: Int
    public var fixes: Int
    public var withoutFix: Int
    public var malformed: Int

    public init(
      endpoint: String, handhelds: [String], isReachable: Bool, since: Instant?, detail: String,
      lines: Int, fixes: Int, withoutFix: Int, malformed: Int
    ) {
      self.endpoint = endpoint
      self.handhelds = handhelds
      self.isReachable = isReachable
      self.since = since
      self.detail = detail
      self.lines = lines
      self.fixes = fixes
      self.withoutFix = withoutFix
      self.malformed = malformed
    }
  }

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
  public var links: [Link]
  /// Since its start.
  public var stored: Int
  public var offDuty: Int
  /// Not committed yet, because the store refuses.
  public var held: Int
  public var dropped: Int
  public var openGaps: Int

  public init(
    phase: Phase, program: String, process: Int32, started: Instant, plan: String,
    planTrouble: String?, links: [Link], stored: Int, offDuty: Int, held: Int, dropped: Int,
    openGaps: Int
  ) {
    self.phase = phase
    self.program = program
    self.process = process
    self.started = started
    self.plan = plan
    self.planTrouble = planTrouble
    self.links = links
    self.stored = stored
    self.offDuty = offDuty
    self.held = held
    self.dropped = dropped
    self.openGaps = openGaps
  }
}
