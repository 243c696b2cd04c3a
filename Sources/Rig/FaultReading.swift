internal import Geodesy
internal import Patrol
internal import Yams

/// Reads what befalls one walker's handheld.
///
///     - {kind: drift, from: "18:20", to: "18:50", by_m: 600}
struct FaultReading {
  let evening: Evening
  let log: ScenarioLog
  let walker: Handheld
  let on: Range<Instant>

  private typealias Name = HandheldFault.Name

  /// What each kind may say besides its kind and when.
  private static func keys(of name: Name) -> [String] {
    switch name {
    case .drift: ["by_m", "bearing_deg"]
    case .jumps: ["by_m", "lasting_s", "every_s"]
    case .carried, .spoofed, .sharedPort: ["with"]
    case .timeSkew: ["by_s"]
    case .rate: ["every_s"]
    case .checksum, .truncated, .loss: ["share"]
    case .reordering: ["share", "late_s"]
    case .duplicates: ["times"]
    case .backlog: ["deliver"]
    default: []
    }
  }

  /// Nil where it cannot be used; what is wrong is in the log.
  func read(_ node: Node, number: Int) -> HandheldFault? {
    let subject = "walker \(walker.id): fault \(number)"
    let all = Name.allCases.map(\.rawValue)
    let told = node.mapping?["kind"]?.string.flatMap { Name(rawValue: $0) }
    let ends = told == .battery ? ["from"] : ["from", "to"]
    let keys =
      ["kind"] + (told.map { ends + Self.keys(of: $0) } ?? ["from", "to"] + Self.allKeys)
    guard let map = YAMLMap(node, subject, known: keys, log: log) else { return nil }
    let known = log.all.count
    guard
      let name = map.value(
        "kind", "one of \(all.joined(separator: ", "))", required: true, { Name(rawValue: $0) })
    else { return nil }
    let kind = self.kind(name, map)
    guard let from = map.timeOfDay("from", required: true).map(evening.instant) else { return nil }
    var to = map.timeOfDay("to", required: name != .battery && name != .coldStart)
      .map(evening.instant)
    if name == .battery { to = on.upperBound }
    if name == .coldStart, !map.has("to") { to = from + walker.model.timeToFirstFix }
    guard log.all.count == known, let kind, let to else { return nil }
    guard on.lowerBound <= from, from < to, to <= on.upperBound else {
      map.fault("from", "expected from before to, both while the handheld is on")
      return nil
    }
    if case .backlog(let delivered) = kind, !(to...on.upperBound).contains(delivered) {
      map.fault("deliver", "expected a time at or after to, while the handheld is on")
      return nil
    }
    return HandheldFault(kind, over: from..<to)
  }

  private static let allKeys = Set(Name.allCases.flatMap(keys)).sorted()

  private func kind(_ name: Name, _ map: YAMLMap) -> HandheldFault.Kind? {
    switch name {
    case .drift:
      guard let by = number("by_m", 1...100_000, map) else { return nil }
      return .drift(
        Metres(by), bearing: map.has("bearing_deg") ? map.number("bearing_deg", 0...360) ?? 0 : 90)
    case .jumps:
      guard let by = number("by_m", 1...100_000, map) else { return nil }
      let lasting = map.has("lasting_s") ? map.number("lasting_s", 1...3600) : 2
      let every = map.has("every_s") ? map.number("every_s", 1...3600) : 60
      guard let lasting, let every else { return nil }
      guard lasting < every else {
        map.fault("lasting_s", "found \(lasting); expected less than every_s, which is \(every)")
        return nil
      }
      return .jumps(
        Metres(by), lasting: Milliseconds(seconds: lasting), every: Milliseconds(seconds: every))
    case .canyon: return .canyon
    case .carried: return other(map).map { .carried(with: $0) }
    case .spoofed: return other(map).map { .spoofed(with: $0) }
    case .frozen: return .frozen
    case .outage: return .outage
    case .coldStart: return .coldStart
    case .simulated: return .simulated
    case .timeSkew:
      return number("by_s", -86_400...86_400, map).map { .timeSkew(Milliseconds(seconds: $0)) }
    case .weekRollOver: return .timeSkew(HandheldFault.rollOver)
    case .rate:
      return number("every_s", 0.1...3600, map).map { .rate(every: Milliseconds(seconds: $0)) }
    case .sharedPort: return other(map).map { .sharedPort(with: $0) }
    case .checksum: return share(map, usually: 1).map { .checksum(share: $0) }
    case .truncated: return share(map, usually: 1).map { .truncated(share: $0) }
    case .silence: return .silence
    case .battery: return .battery
    case .loss: return share(map, usually: 0.3).map { .loss(share: $0) }
    case .backlog:
      return map.timeOfDay("deliver", required: true).map {
        .backlog(delivered: evening.instant($0))
      }
    case .reordering:
      guard let share = share(map, usually: 0.2) else { return nil }
      let late = map.has("late_s") ? map.number("late_s", 1...3600) : 8
      return late.map { .reordering(share: share, late: Milliseconds(seconds: $0)) }
    case .duplicates:
      let times = map.value("times", "a whole number from 2 to 10") {
        Int($0).flatMap { (2...10).contains($0) ? $0 : nil }
      }
      return .duplicates(times: times ?? 2)
    case .gpsdRestart: return .gpsdRestart
    }
  }

  private func number(_ key: String, _ range: ClosedRange<Double>, _ map: YAMLMap) -> Double? {
    guard map.has(key) else {
      map.fault(
        key, "missing; expected a number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return map.number(key, range)
  }

  private func share(_ map: YAMLMap, usually: Double) -> Double? {
    map.has("share") ? map.number("share", 0...1) : usually
  }

  private func other(_ map: YAMLMap) -> Handheld.ID? {
    map.value("with", "the id of another handheld of the plan", required: true) { text in
      let id = Handheld.ID(text)
      return evening.plan.handheld(id) != nil && id != walker.id ? id : nil
    }
  }
}
