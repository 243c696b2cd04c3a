public import Geodesy
public import Patrol

/// What a handheld that reports so often and so well can prove at all, by the definitions of attendance: two consecutive
/// usable fixes inside, each of an accuracy that proves presence; passes along a line between fixes.
///
///     Detectability(handheld).stay(.minutes(1), within: .point(radius: 30))     // .cannot(.interval, …)
public struct Detectability: Hashable, Sendable {
  public var interval: Milliseconds
  /// 95 %.
  public var accuracy: Metres
  /// Fixes worse than this prove nothing.
  public var accuracyMaximum: Metres
  /// Speeds told with fixes say how far one went between them, and so that one turned.
  public var tellsSpeed: Bool

  public init(
    interval: Milliseconds, accuracy: Metres, accuracyMaximum: Metres, tellsSpeed: Bool = true
  ) {
    self.interval = interval
    self.accuracy = accuracy
    self.accuracyMaximum = accuracyMaximum
    self.tellsSpeed = tellsSpeed
  }

  public init(_ model: DeviceModel) {
    self.init(
      interval: model.interval, accuracy: model.accuracy, accuracyMaximum: model.accuracyMaximum,
      tellsSpeed: !model.quirks.contains(.noSpeed))
  }

  public enum Extent: Hashable, Sendable {
    case point(radius: Metres)
    case area
    /// One cell of a gridded area.
    case cell(side: Metres)
  }

  public enum Reason: Hashable, Sendable {
    /// Too few visits of that length hold what proves them.
    case interval
    /// Its fixes are worse than any that prove presence there; the limit.
    case accuracy(Metres)
  }

  public enum Finding: Hashable, Sendable {
    /// Visits of exactly that length are not proven, or this share of them by luck.
    case cannot(Reason, share: Double)
    /// This share of them is proven; hardly ever more than a half, as arrivals and departures are known to seconds.
    case can(share: Double)

    public var share: Double {
      switch self {
      case .cannot(_, let share), .can(let share): share
      }
    }
  }

  /// What is proven of fewer visits than this cannot be proven.
  public static let luck = 0.2

  /// A fix proves presence only where it is at least this good, or as good as the place is wide.
  public static let presence: Metres = 30
  /// A patrol on foot, for how long walking through a place takes.
  public static let pace: MetresPerSecond = 1.4

  /// The largest accuracy that proves presence there, of whatever handheld.
  public static func accuracyLimit(_ extent: Extent) -> Metres {
    switch extent {
    case .point(let radius): max(radius, presence)
    case .area, .cell: presence
    }
  }

  /// The largest accuracy of this handheld's fixes that proves presence there.
  public func accuracyLimit(_ extent: Extent) -> Metres {
    min(Self.accuracyLimit(extent), accuracyMaximum)
  }

  /// Visits of exactly this length, on foot. Zero, which asks for two fixes inside, is taken for walking straight through.
  /// O(length / interval).
  public func stay(_ stay: Milliseconds, within extent: Extent) -> Finding {
    let limit = accuracyLimit(extent)
    guard accuracy <= limit else { return .cannot(.accuracy(limit), share: 0) }
    let share = self.share(of: stay, lasting: stay, within: extent)
    return share < Self.luck ? .cannot(.interval, share: share) : .can(share: share)
  }

  /// The shortest visit, in whole seconds, of which nine in ten are proven to have lasted `stay`; nil where its fixes are too
  /// bad, or none of less than twice as long and five reports more is.
  public func needed(for stay: Milliseconds, within extent: Extent) -> Milliseconds? {
    guard accuracy <= accuracyLimit(extent) else { return nil }
    var (low, high) = (stay, stay * 2 + interval * 5)
    guard share(of: stay, lasting: high, within: extent) >= 0.9 else { return nil }
    while high - low > .seconds(1) {
      let middle = low + (high - low) / 2
      if share(of: stay, lasting: middle, within: extent) >= 0.9 {
        high = middle
      } else {
        low = middle
      }
    }
    return Milliseconds((high.value + 999) / 1000 * 1000)
  }

  private func share(
    of stay: Milliseconds, lasting length: Milliseconds, within extent: Extent
  ) -> Double {
    let deviation = accuracy.value / CircularError.deviations(0.95)
    guard stay > .zero || length > .zero else {
      // Two fixes inside, while walking through: in (L − d)/d of all phases.
      guard let crossing = Self.crossing(extent) else { return 1 }
      return min(1, max(0, (crossing - interval).seconds / interval.seconds))
    }
    let isKnown = interval <= Self.knownWay
    // How far outside still counts, and how far single positions stray there.
    let stray = isKnown ? 3 : 6 + deviation
    let outer: Double =
      switch extent {
      case .point(let radius): min(radius.value, stray)
      case .area: min(15, stray)
      case .cell: 0
      }
    let visit = IdealVisit(
      length: length.seconds, depth: Self.depth(extent), interval: interval.seconds, outer: outer)
    // Both ends of a known way err alike, so that a visit looks longer by twice the error, or shorter.
    let spread =
      deviation * (isKnown ? 2 * Self.leftOfError : 2.0.squareRoot()) / Self.pace.value
    guard stay > .zero else {
      return visit.share(of: interval.seconds, spread: spread)
    }
    return visit.share(of: stay.seconds, spread: max(1, spread))
  }

  /// How far inside one stands, metres: in an area as if at a point of the usual radius.
  private static func depth(_ extent: Extent) -> Double {
    switch extent {
    case .point(let radius): radius.value
    case .area: presence.value
    case .cell(let side): side.value / 2
    }
  }

  /// Between reports no further apart the engine knows the way by Doppler, and positions average out: to this much of what
  /// single ones err by (its median over three and a half minutes of errors that hold for 40 s).
  static let knownWay = Milliseconds.seconds(15)
  static let leftOfError = 0.6

  /// How long walking straight through takes; nil for what has no certain size.
  public static func crossing(_ extent: Extent) -> Milliseconds? {
    switch extent {
    case .point(let radius): Milliseconds(seconds: 2 * radius.value / pace.value)
    case .cell(let side): Milliseconds(seconds: side.value / pace.value)
    case .area: nil
    }
  }

  /// Where a line is walked to an end and back, this much at the end may lie between two reports: half an interval's way.
  /// Where speeds are told the engine knows of the way in between, but for a cell.
  public func unseenAtEnds(of line: Metres) -> Metres {
    let way = tellsSpeed ? Place.lineCellMaximum.value : Self.pace.value * interval.seconds / 2
    return Metres(min(line.value / 2, way))
  }

  /// Whether its fixes are good enough for a line's corridor: 95 % of them within it.
  public func fits(corridor: Metres) -> Bool { accuracy <= corridor }

  /// Whether passes so often can be told: to and fro within two reports may look like standing still. From three reports on
  /// all of them are, but for the ends; in between most (measured with the engine: a test does so again).
  public func tells(passesEvery every: Milliseconds) -> Bool { every > interval * 2 }

  /// The least that can be asked of it with certainty.
  public struct Least: Hashable, Sendable {
    public var stay: Milliseconds
    public var radius: Metres
    public var every: Milliseconds

    public init(stay: Milliseconds, radius: Metres, every: Milliseconds) {
      self.stay = stay
      self.radius = radius
      self.every = every
    }
  }

  /// - Two reports must lie within a stay of any phase: `stay` is two intervals.
  /// - At least 95 % of positions of who stands in the middle must lie inside: `radius` is the accuracy.
  /// - An attendance may be seen an interval late and end an interval early, so two in a row lie up to that much further
  ///   apart than they were: `every` is a stay and two intervals.
  ///
  /// Whole seconds and whole metres, rounded up.
  public var least: Least {
    let d = Milliseconds((interval.value + 999) / 1000 * 1000)
    return Least(
      stay: d * 2, radius: Metres(accuracy.value.rounded(.up)), every: d * 4)
  }
}
