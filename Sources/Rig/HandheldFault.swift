public import Geodesy
public import Patrol

/// What goes wrong with one handheld for a time, on the way from its receiver's antenna to gpsd's clients.
///
/// Several may befall it at once; each acts where it stands on that way, in the order of the cases: a position that
/// drifted is then frozen, told with a wrong time, kept by the network, lost with gpsd.
public struct HandheldFault: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    // Where it is.
    /// Its position creeps away, evenly from nothing up to so much at the end of the span, in a direction in degrees
    /// clockwise from north.
    case drift(Metres, bearing: Double)
    /// A position is thrown aside for so long, every so often, the first time at the beginning of the span.
    case jumps(Metres, lasting: Milliseconds, every: Milliseconds)
    /// It errs as between high buildings (`Environment.canyon`).
    case canyon
    /// The bearer of another has it in his pocket.
    case carried(with: Handheld.ID)
    /// It tells the other's very fixes, their noise included.
    case spoofed(with: Handheld.ID)
    /// The position stays what it was at the beginning, to the last digit; speed and course go on.
    case frozen

    // What the receiver makes of it.
    /// It reports without a position.
    case outage
    /// It reports without a position, then for 20 s poor ones.
    case coldStart
    /// It says that its fixes are simulated.
    case simulated
    /// Its time is ahead by so much; a week roll-over is 1024 weeks behind.
    case timeSkew(Milliseconds)
    /// It reports so often instead.
    case rate(every: Milliseconds)

    // Its port.
    /// What another handheld reports comes over this one's device, half a second after its own, and no more over its own.
    case sharedPort(with: Handheld.ID)
    /// Of its sentences this share has a checksum that does not fit.
    case checksum(share: Double)
    /// Of its reports this share loses the second half of every sentence.
    case truncated(share: Double)

    // The network.
    /// Nothing leaves it, and is told later either.
    case silence
    /// It is switched off from the beginning of the span on.
    case battery
    /// This share of reports is lost.
    case loss(share: Double)
    /// Nothing leaves it; all is delivered at this moment.
    case backlog(delivered: Instant)
    /// This share of reports comes up to so much late, after those that follow.
    case reordering(share: Double, late: Milliseconds)
    /// Every report comes so many times.
    case duplicates(times: Int)

    // gpsd.
    /// Its gpsd dies at the beginning of the span and is started again at the end, and with it all handhelds of that gpsd.
    case gpsdRestart
  }

  /// As scenarios write it.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    case drift, jumps, canyon, carried, spoofed, frozen, outage
    case coldStart = "cold-start"
    case simulated
    case timeSkew = "time-skew"
    case weekRollOver = "week-roll-over"
    case rate
    case sharedPort = "shared-port"
    case checksum, truncated, silence, battery, loss, backlog, reordering, duplicates
    case gpsdRestart = "gpsd-restart"
  }

  public var kind: Kind
  public var span: Range<Instant>

  public init(_ kind: Kind, over span: Range<Instant>) {
    self.kind = kind
    self.span = span
  }

  /// A GPS week counter of ten bits begins anew (IS-GPS-200).
  public static let rollOver = Milliseconds.hours(-1024 * 7 * 24)
  /// How long fixes are poor after a cold start, and their dilution of precision.
  static let settling = Milliseconds.seconds(20)
  static let settlingHDOP = 10.0

  public var name: Name {
    switch kind {
    case .drift: .drift
    case .jumps: .jumps
    case .canyon: .canyon
    case .carried: .carried
    case .spoofed: .spoofed
    case .frozen: .frozen
    case .outage: .outage
    case .coldStart: .coldStart
    case .simulated: .simulated
    case .timeSkew(let by): by == Self.rollOver ? .weekRollOver : .timeSkew
    case .rate: .rate
    case .sharedPort: .sharedPort
    case .checksum: .checksum
    case .truncated: .truncated
    case .silence: .silence
    case .battery: .battery
    case .loss: .loss
    case .backlog: .backlog
    case .reordering: .reordering
    case .duplicates: .duplicates
    case .gpsdRestart: .gpsdRestart
    }
  }

  /// The other handheld that it is about.
  public var other: Handheld.ID? {
    switch kind {
    case .carried(let id), .spoofed(let id), .sharedPort(let id): id
    default: nil
    }
  }
}
