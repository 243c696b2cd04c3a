import GPSD
import Geodesy
import Patrol
import Store

/// The state of the links to every gpsd, and the outages that follow from it.
struct Links {
  private enum State {
    case connecting
    case up(version: String, since: Instant)
    case down(reason: String, since: Instant)
  }

  private var states: [Endpoint: State] = [:]
  /// In their order, with the handhelds of each.
  private var served: [(endpoint: Endpoint, name: String, handhelds: [String])] = []
  /// Devices that are no handheld's, as told; a few of each endpoint.
  private var unassigned: [Endpoint: Set<String>] = [:]
  private static let unassignedMaximum = 20
  /// Open outages by handheld: when each began.
  private var unreachable: [Handheld.ID: Instant] = [:]

  /// Every endpoint was reached, or was found not to be.
  var areSettled: Bool {
    states.values.allSatisfy { if case .connecting = $0 { false } else { true } }
  }

  var reached: Int { states.values.count { if case .up = $0 { true } else { false } } }
  var count: Int { states.count }

  mutating func note(unassigned device: String, at endpoint: Endpoint) {
    guard unassigned[endpoint, default: []].count < Self.unassignedMaximum else { return }
    unassigned[endpoint, default: []].insert(device)
  }

  mutating func expect(_ handhelds: [Handheld]) {
    let grouped = Dictionary(grouping: handhelds) { Endpoint($0.source) }
    for endpoint in grouped.keys where states[endpoint] == nil { states[endpoint] = .connecting }
    states = states.filter { grouped[$0.key] != nil }
    served = grouped.sorted { $0.key < $1.key }.map { ($0, "\($0)", $1.map(\.id.text)) }
  }

  /// Those that came into the plan or left it have no outage to end.
  mutating func forget(allBut handhelds: [Handheld], at now: Instant) -> [Outage] {
    let known = Set(handhelds.map(\.id))
    let gone = unreachable.filter { !known.contains($0.key) }
    for handheld in gone.keys { unreachable[handheld] = nil }
    return gone.map { Outage(kind: .unreachable, handheld: $0, began: $1, ended: now) }
  }

  mutating func reached(
    _ endpoint: Endpoint, _ handhelds: [Handheld.ID], version: String, at now: Instant
  ) -> [Outage] {
    if case .up = states[endpoint] {} else { states[endpoint] = .up(version: version, since: now) }
    return handhelds.compactMap { handheld in
      unreachable.removeValue(forKey: handheld).map {
        Outage(kind: .unreachable, handheld: handheld, began: $0, ended: max($0, now))
      }
    }
  }

  mutating func lost(
    _ endpoint: Endpoint, _ handhelds: [Handheld.ID], reason: String, at now: Instant
  ) -> [Outage] {
    states[endpoint] = .down(reason: reason, since: now)
    return handhelds.filter { unreachable[$0] == nil }.map { handheld in
      unreachable[handheld] = now
      return Outage(kind: .unreachable, handheld: handheld, began: now, ended: nil)
    }
  }

  func told(_ counts: [Endpoint: FleetCounts]) -> [LinkStanding] {
    served.map { endpoint, name, handhelds in
      let count = counts[endpoint] ?? FleetCounts()
      var link = LinkStanding(
        endpoint: name, handhelds: handhelds,
        isReachable: false, since: nil, detail: "connecting", lines: count.lines,
        fixes: count.fixes, withoutFix: count.withoutFix,
        malformed: count.malformed + count.oversized, unassigned: count.unassigned,
        unassignedDevices: (unassigned[endpoint] ?? []).sorted())
      switch states[endpoint] {
      case nil, .connecting: break
      case .up(let version, let since):
        (link.isReachable, link.since, link.detail) = (true, since, "gpsd \(version)")
      case .down(let reason, let since): (link.since, link.detail) = (since, reason)
      }
      return link
    }
  }
}
