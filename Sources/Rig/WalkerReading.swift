internal import Geodesy
internal import Patrol
internal import Yams

/// Reads one walker of a scenario.
struct WalkerReading {
  let evening: Evening
  let log: ScenarioLog

  static let keys = ["handheld", "start", "on", "off", "faults", "feed", "environment", "steps"]

  /// Nil where it cannot be used; what is wrong is in the log.
  func read(_ node: Node, number: Int) -> Walker? {
    let id = node.mapping?["handheld"]?.string ?? "\(number)"
    guard let map = YAMLMap(node, "walker \(id)", known: Self.keys, log: log) else { return nil }
    guard
      let handheld = map.value(
        "handheld", "the id of a handheld of the plan", required: true,
        { evening.plan.handheld(Handheld.ID($0)) })
    else { return nil }
    let isNever = map.node("on")?.string == "never"
    if isNever {
      for key in Self.keys where !["handheld", "on"].contains(key) && map.has(key) {
        map.fault(key, "found beside on: never; expected nothing of a handheld never switched on")
      }
      return Walker(
        handheld: handheld, knots: [], on: evening.span.lowerBound..<evening.span.lowerBound)
    }
    let on = map.timeOfDay("on").map(evening.instant) ?? evening.span.lowerBound
    let off = map.timeOfDay("off").map(evening.instant) ?? evening.span.upperBound
    guard on < off, evening.span.lowerBound <= on, off <= evening.span.upperBound else {
      map.fault("on", "expected on before off, both within the scenario's from and to")
      return nil
    }
    let faults = map.list("faults", of: "faults").enumerated().compactMap { i, node in
      FaultReading(evening: evening, log: log, walker: handheld, on: on..<off)
        .read(node, number: i + 1)
    }
    guard let feed = feed(map, faults) else { return nil }
    let environment = map.value("environment", "open, urban or canyon") { Environment.named($0) }
    let spots = Spots(plan: evening.plan, map: map)
    guard let start = spots.read("start", required: true) else { return nil }
    var itinerary = Itinerary(
      start: start, at: evening.span.lowerBound, pace: handheld.travel.pace, zone: evening.plan.zone
    )
    for (i, step) in map.list("steps", of: "steps").enumerated() {
      let reading = StepReading(
        handheld: handheld, evening: evening, log: log, name: "walker \(handheld.id): step \(i + 1)"
      )
      // What follows a step that cannot be done would only be wrong for the same reason.
      guard reading.take(step, &itinerary) else { return nil }
    }
    return Walker(
      handheld: handheld, knots: itinerary.knots, on: on..<off, faults: faults, feed: feed,
      environment: environment)
  }

  /// A backlog asks for gpsd's JSON, which can be late; spoilt sentences for NMEA.
  private func feed(_ map: YAMLMap, _ faults: [HandheldFault]) -> Walker.Feed? {
    let isLate = faults.contains { if case .backlog = $0.kind { true } else { false } }
    let isSpoilt = faults.contains {
      switch $0.kind {
      case .checksum, .truncated: true
      default: false
      }
    }
    let told = map.value("feed", "nmea or gpsd-json") { Walker.Feed(rawValue: $0) }
    if map.has("feed"), told == nil { return nil }
    let feed = told ?? (isLate ? .gpsdJSON : .nmea)
    if feed == .nmea, isLate {
      map.fault(
        told == nil ? "faults" : "feed",
        "found nmea beside a backlog; expected gpsd-json, which can deliver late")
    }
    if feed == .gpsdJSON, isSpoilt {
      map.fault(
        told == nil ? "faults" : "feed",
        "found gpsd-json beside spoilt sentences; expected nmea, which has checksums")
    }
    return feed
  }
}

/// Reads where something is: a place, a chainage of one, or degrees.
struct Spots {
  let plan: Plan
  let map: YAMLMap
  static let expected =
    "a place, place@metres on a line or street, or [latitude, longitude] in degrees"

  func read(_ key: String, required: Bool = false) -> Coordinate? {
    guard let node = map.node(key) else {
      if required { map.fault(key, "missing; expected \(Self.expected)") }
      return nil
    }
    if case .sequence(let sequence) = node {
      let numbers = sequence.compactMap { $0.scalar.flatMap { Double($0.string) } }
      if numbers.count == 2, sequence.count == 2,
        let c = Coordinate(latitude: numbers[0], longitude: numbers[1])
      {
        return c
      }
    } else if let text = node.scalar?.string, let c = spot(text) {
      return c
    }
    map.fault(key, "found \(YAMLMap.describe(node)); expected \(Self.expected)")
    return nil
  }

  private func spot(_ text: String) -> Coordinate? {
    if let place = plan.place(Place.ID(text)) {
      switch place.geometry {
      case .point(let centre, _): return centre
      case .line(let line, _), .street(let line): return line.coordinates[0]
      case .area(let surface, _):
        let middle = (surface.minimum + surface.maximum) * 0.5
        return surface.contains(middle) ? surface.plane.coordinate(middle) : nil
      }
    }
    guard let at = text.lastIndex(of: "@"), let chainage = Double(text[text.index(after: at)...]),
      chainage.isFinite
    else { return nil }
    switch plan.place(Place.ID(String(text[..<at])))?.geometry {
    case .line(let line, _), .street(let line):
      guard (-5000...line.length.value + 5000).contains(chainage) else { return nil }
      return Itinerary.point(of: line, at: chainage)
    default: return nil
    }
  }
}
