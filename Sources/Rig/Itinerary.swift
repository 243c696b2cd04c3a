internal import Geodesy
internal import Patrol

/// A walker's steps put one after another: knots in time, made by saying what he does next.
struct Itinerary {
  private(set) var knots: [Walker.Knot]
  let pace: MetresPerSecond
  private let zone: Zone

  /// Why a step cannot be done.
  struct Impossible: Error {
    var message: String
  }

  /// Where and when the last step ended.
  var now: Instant { knots[knots.count - 1].time }
  var position: Coordinate {
    Coordinate(
      latitude: knots[knots.count - 1].latitude, longitude: knots[knots.count - 1].longitude)!
  }

  init(start: Coordinate, at now: Instant, pace: MetresPerSecond, zone: Zone) {
    knots = [Walker.Knot(time: now, latitude: start.latitude, longitude: start.longitude)]
    self.pace = pace
    self.zone = zone
  }

  /// In what time of day a step has to fit.
  enum Timing {
    case atOnce
    /// Sets off (`go`) or is at the line's first chainage (`walk`) at this moment.
    case at(Instant)
    /// Arrives at this moment, having left as late as the speed allows.
    case by(Instant)
  }

  mutating func stand(until: Instant) throws(Impossible) {
    guard until >= now else {
      throw Impossible(message: late(until))
    }
    guard until > now else { return }
    append(position, at: until)
  }

  /// In a straight line.
  mutating func go(to target: Coordinate, _ timing: Timing, speed: MetresPerSecond)
    throws(Impossible)
  {
    let travel = position.distance(to: target).time(at: speed)
    switch timing {
    case .atOnce: break
    case .at(let start): try stand(until: start)
    case .by(let end):
      guard now + travel <= end else {
        throw Impossible(message: tooFar(position.distance(to: target), until: end, speed))
      }
      try stand(until: end - travel)
    }
    append(target, at: now + travel)
  }

  /// To a place and back, again and again while a whole way fits in.
  mutating func goToAndFro(_ target: Coordinate, until: Instant, speed: MetresPerSecond)
    throws(Impossible)
  {
    let (here, began) = (position, now)
    let way = here.distance(to: target)
    guard way.value > 0 else { throw Impossible(message: "found the place where he stands") }
    var walked = way
    while began + walked.time(at: speed) <= until {
      // From the beginning, so that roundings do not add up.
      append(position == here ? target : here, at: began + walked.time(at: speed))
      walked = Metres(walked.value + way.value)
    }
    try stand(until: until)
  }

  /// Along a line from one chainage to another, straight on beyond its ends; first to the beginning, at the pace.
  mutating func walk(
    _ line: Polyline, from: Double, to: Double, _ timing: Timing, speed: MetresPerSecond
  ) throws(Impossible) {
    let way = Self.way(along: line, from: from, to: to)
    switch timing {
    case .atOnce: try go(to: way[0], .atOnce, speed: pace)
    case .at(let start):
      try go(to: way[0], .by(start), speed: pace)
    case .by(let end):
      let length = zip(way, way.dropFirst()).reduce(0.0) { $0 + $1.0.distance(to: $1.1).value }
      try go(to: way[0], .by(end - Metres(length).time(at: speed)), speed: pace)
    }
    // Each vertex from the beginning's time, so that roundings do not add up.
    let began = now
    var walked = 0.0
    for (a, b) in zip(way, way.dropFirst()) {
      walked += a.distance(to: b).value
      append(b, at: began + Metres(walked).time(at: speed))
    }
  }

  /// The positions at two chainages and the vertices between them.
  static func way(along line: Polyline, from: Double, to: Double) -> [Coordinate] {
    let inner = line.chainages.indices.filter {
      line.chainages[$0] > min(from, to) && line.chainages[$0] < max(from, to)
    }.map { line.coordinates[$0] }
    return [point(of: line, at: from)] + (from <= to ? inner : inner.reversed())
      + [point(of: line, at: to)]
  }

  /// Straight on beyond the ends.
  static func point(of line: Polyline, at chainage: Double) -> Coordinate {
    let beyond = chainage - min(max(0, chainage), line.length.value)
    let end = chainage - beyond
    return line.plane.coordinate(line.point(at: end) + line.direction(at: end) * beyond)!
  }

  private mutating func append(_ c: Coordinate, at time: Instant) {
    guard time > now else { return }
    knots.append(Walker.Knot(time: time, latitude: c.latitude, longitude: c.longitude))
  }

  private func tooFar(_ distance: Metres, until end: Instant, _ speed: MetresPerSecond) -> String {
    let left = (end - now).seconds
    guard left > 0 else { return late(end) }
    let needed = (distance.value / left * 10).rounded(.up) / 10
    return "\(Int(distance.value.rounded())) m in \(Int(left)) s would need \(needed) m/s; "
      + "expected at most \(speed.value) m/s (speed_mps, or the travel's pace), or more time"
  }

  private func late(_ wanted: Instant) -> String {
    "the steps before it end at \(zone.timeOfDay(of: now)); expected them to end by \(zone.timeOfDay(of: wanted))"
  }
}

extension Travel {
  /// At which a bearer goes about where a scenario does not say (walking speed: Bohannon 1997, 1.27 to 1.46 m/s).
  var pace: MetresPerSecond {
    switch self {
    case .foot: 1.4
    case .ebike: 5
    case .car: 8
    }
  }
}
