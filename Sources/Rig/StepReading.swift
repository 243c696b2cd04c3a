internal import Geodesy
internal import Patrol
internal import Yams

/// Reads one step of a walker and takes it.
///
///     - {go: icbc-zhongshan, by: "18:20", stay: 4m}
///     - {at: "18:30", walk: zhongshan-road, from_m: 0, to_m: 1200, speed_mps: 1.3}
///     - {until: "18:50"}
///     - {to_and_fro: [28.66, 115.89], until: "20:15"}
struct StepReading {
  let handheld: Handheld
  let evening: Evening
  let log: ScenarioLog
  let name: String

  static let keys = [
    "go", "walk", "to_and_fro", "from_m", "to_m", "at", "by", "speed_mps", "stay", "until",
  ]

  /// False where it could not be taken; why is in the log.
  func take(_ node: Node, _ itinerary: inout Itinerary) -> Bool {
    let known = log.all.count
    guard let map = YAMLMap(node, name, known: Self.keys, log: log) else { return false }
    let verbs = ["go", "walk", "to_and_fro"].filter(map.has)
    let waits = ["stay", "until"].filter(map.has)
    if verbs.count > 1 || waits.count > 1 || verbs.isEmpty && waits.isEmpty {
      map.fault(
        nil,
        "expected go, walk or to_and_fro, with or without one of stay and until, or one of these")
    }
    for key in ["from_m", "to_m"] where map.has(key) && !map.has("walk") {
      map.fault(key, "found without walk")
    }
    for key in ["at", "by", "speed_mps"] where map.has(key) && verbs.isEmpty {
      map.fault(key, "found without go or walk")
    }
    if map.has("to_and_fro") {
      if !map.has("until") { map.fault("to_and_fro", "found without until") }
      for key in ["at", "by"] where map.has(key) {
        map.fault(key, "found beside to_and_fro; expected until alone")
      }
    }
    if map.has("at"), map.has("by") { map.fault("by", "found beside at; expected one of them") }
    let timing = self.timing(map)
    let speed = self.speed(map)
    let stay = map.duration("stay")
    let until = map.timeOfDay("until").map(evening.instant)
    let act: (inout Itinerary) throws(Itinerary.Impossible) -> Void
    switch verbs.first {
    case "go":
      guard let target = Spots(plan: evening.plan, map: map).read("go") else { return false }
      act = { i throws(Itinerary.Impossible) in try i.go(to: target, timing, speed: speed) }
    case "walk":
      guard let (line, from, to) = stretch(map) else { return false }
      act = { i throws(Itinerary.Impossible) in
        try i.walk(line, from: from, to: to, timing, speed: speed)
      }
    case "to_and_fro":
      guard let target = Spots(plan: evening.plan, map: map).read("to_and_fro") else {
        return false
      }
      guard let until else { return false }
      act = { i throws(Itinerary.Impossible) in
        try i.goToAndFro(target, until: until, speed: speed)
      }
    default: act = { _ throws(Itinerary.Impossible) in }
    }
    guard log.all.count == known else { return false }
    do {
      try act(&itinerary)
      if let stay { try itinerary.stand(until: itinerary.now + stay) }
      if let until { try itinerary.stand(until: until) }
    } catch {
      map.fault(verbs.first ?? waits.first, error.message)
      return false
    }
    guard itinerary.now <= evening.span.upperBound else {
      map.fault(
        verbs.first ?? waits.first,
        "ends at \(evening.plan.zone.timeOfDay(of: itinerary.now)), after the scenario")
      return false
    }
    return true
  }

  private func timing(_ map: YAMLMap) -> Itinerary.Timing {
    if let at = map.timeOfDay("at") { return .at(evening.instant(at)) }
    if let by = map.timeOfDay("by") { return .by(evening.instant(by)) }
    return .atOnce
  }

  private func speed(_ map: YAMLMap) -> MetresPerSecond {
    let fastest = handheld.plausibleSpeed
    guard let speed = map.number("speed_mps", 0.1...100) else { return handheld.travel.pace }
    if speed > fastest.value {
      map.fault(
        "speed_mps",
        "found \(speed); expected at most \(fastest.value), what \(handheld.travel.rawValue) can do"
      )
    }
    return MetresPerSecond(speed)
  }

  private func stretch(_ map: YAMLMap) -> (Polyline, Double, Double)? {
    let line = map.value("walk", "the id of a line or street of the plan") { text in
      switch evening.plan.place(Place.ID(text))?.geometry {
      case .line(let line, _), .street(let line): line
      default: nil
      }
    }
    guard let line else { return nil }
    let range = -5000...(line.length.value + 5000).rounded(.down)
    let from = map.has("from_m") ? map.number("from_m", range) : 0
    let to = map.has("to_m") ? map.number("to_m", range) : line.length.value
    guard let from, let to else { return nil }
    if from == to { map.fault("to_m", "found the same as from_m; expected another chainage") }
    return (line, from, to)
  }
}
