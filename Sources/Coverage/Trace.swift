public import Geodesy
public import Patrol

/// What one handheld's observations in one span of duty came to, with what was weighed on the way: for people who ask
/// why. Nothing is judged by it. See `Engine.trace`.
public struct Trace: Sendable {
  /// An observation and the gate it failed, if any.
  public struct Judged: Hashable, Sendable {
    public var observation: Observation
    public var gate: Gate?
  }

  /// Where a handheld may have gone in a few seconds.
  public enum Way: Hashable, Sendable {
    /// Along a patrol line or a street.
    case along(Place.ID)
    /// Off all lines and streets.
    case off
  }

  /// One account of where it went, with what it weighed against the others.
  public struct Alternative: Hashable, Sendable {
    public var way: Way
    /// Chainages; equal while standing, and where it came to the line only just then. 0 off all lines. Of one that went
    /// over from another line, its way along the line it ended on. Over the joint of a closed loop they run on below 0
    /// or above its length.
    public var from: Metres
    public var to: Metres
    /// 0…1; those of one weighing sum to 1, less what is too light to be told.
    public var weight: Double
  }

  /// What the matcher made of the few seconds between two of its nodes when it decided them.
  public struct Weighing: Hashable, Sendable {
    public var began: Instant
    public var ended: Instant
    /// The heaviest first; at least one.
    public var alternatives: [Alternative]

    /// The heaviest is told as proven.
    public var isDecided: Bool { alternatives[0].weight >= Matcher.mark }
  }

  public let handheld: Handheld.ID
  public let span: Range<Instant>
  /// In their order, each once.
  public let observations: [Judged]
  /// As `Engine.legs` tells them.
  public let legs: [Leg]
  /// In order of time; none over unobserved intervals.
  public let weighings: [Weighing]
  /// When it was not observed, the time before its first and after its last usable fix included: longer than a leg may be.
  public let unobserved: [Range<Instant>]

  let ground: Ground
  let reach: MetresPerSecond
  /// Prisms over unobserved intervals; open ones at the ends.
  let prismsOnLines: [Prism]
  let prismsAtTargets: [Prism]

  /// When it can have been at a cell of a place unseen: by prism, within unobserved intervals. In order of time; may
  /// overlap. None at a street.
  public func possible(at place: Place.ID, cell: Int) -> [ClosedRange<Instant>] {
    guard let p = ground.placeIndex[place], ground.places[p].cells.indices.contains(cell),
      !(ground.places[p].line.map { ground.lines[$0].isStreet } ?? false)
    else { return [] }
    let prisms = ground.places[p].line == nil ? prismsAtTargets : prismsOnLines
    return prisms.compactMap { prism in
      prism.possible(reach: reach.value) { ground.distance(from: $0, to: cell, of: p) }.map {
        Instant(milliseconds: $0.start)...Instant(milliseconds: $0.end)
      }
    }
  }
}
