public import Geodesy
public import Patrol

/// One handheld's bearer: where he truly is at every moment, and when his handheld tells of it.
public struct Walker: Sendable {
  /// Where he is at a moment; between two of them he moves in a straight line at one speed.
  public struct Knot: Hashable, Sendable {
    public var time: Instant
    public var latitude: Double
    public var longitude: Double

    public init(time: Instant, latitude: Double, longitude: Double) {
      self.time = time
      self.latitude = latitude
      self.longitude = longitude
    }
  }

  /// In what form its reports travel.
  public enum Feed: String, Hashable, Sendable, CaseIterable {
    case nmea
    case gpsdJSON = "gpsd-json"
  }

  public var handheld: Handheld
  /// In rising order of time, at least one; before the first and after the last he stands.
  public var knots: [Knot]
  /// When its receiver runs; empty for a spare that is never switched on.
  public var on: Range<Instant>
  /// What goes wrong with it, in the order in which the scenario tells; spans may overlap.
  public var faults: [HandheldFault]
  public var feed: Feed
  /// What its receiver has to cope with; nil: errs as its model says, and is never without a position.
  public var environment: Environment?

  public init(
    handheld: Handheld, knots: [Knot], on: Range<Instant>, faults: [HandheldFault] = [],
    feed: Feed = .nmea, environment: Environment? = nil
  ) {
    self.handheld = handheld
    self.knots = knots
    self.on = on
    self.faults = faults
    self.feed = feed
    self.environment = environment
  }

  /// His true position, to the nearest 1e-7 degree. O(log knots).
  public func position(at instant: Instant) -> Coordinate {
    let precise = precisePosition(at: instant)
    return Coordinate(latitude: precise.latitude, longitude: precise.longitude)!
  }

  /// The same, in degrees, as fine as they are.
  func precisePosition(at instant: Instant) -> (latitude: Double, longitude: Double) {
    let i = leg(at: instant)
    let a = knots[i]
    guard i + 1 < knots.count, instant > a.time else { return (a.latitude, a.longitude) }
    let b = knots[i + 1]
    let share = (instant - a.time).seconds / (b.time - a.time).seconds
    return (
      a.latitude + (b.latitude - a.latitude) * share,
      a.longitude + (b.longitude - a.longitude) * share
    )
  }

  /// Over ground: metres a second, and degrees clockwise from north (nil while he stands).
  public func motion(at instant: Instant) -> (speed: MetresPerSecond, track: Double?) {
    let i = leg(at: instant)
    guard i + 1 < knots.count, instant >= knots[i].time else { return (0, nil) }
    let (a, b) = (knots[i], knots[i + 1])
    guard let from = Coordinate(latitude: a.latitude, longitude: a.longitude),
      let to = Coordinate(latitude: b.latitude, longitude: b.longitude), from != to
    else { return (0, nil) }
    let way = LocalPlane(origin: from).point(to)
    return (
      MetresPerSecond(way.length / (b.time - a.time).seconds), Bearing.degrees(of: way)
    )
  }

  /// When what it observes at a moment would be received if nothing but backlogs befell it; nil while it is switched off.
  public func received(_ instant: Instant) -> Instant? {
    guard on.contains(instant) else { return nil }
    return backlogs.first { $0.span.contains(instant) }?.delivered ?? instant
  }

  /// What it keeps through a silence, and when it delivers that.
  var backlogs: [(span: Range<Instant>, delivered: Instant)] {
    faults.compactMap { fault in
      if case .backlog(let delivered) = fault.kind { (fault.span, delivered) } else { nil }
    }
  }

  /// The last knot at or before an instant, at least 0.
  private func leg(at instant: Instant) -> Int {
    var low = 0
    var high = knots.count
    while high - low > 1 {
      let mid = (low + high) / 2
      if knots[mid].time <= instant { low = mid } else { high = mid }
    }
    return low
  }
}
