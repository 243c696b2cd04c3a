/// Two banks, each with a handheld of its own: one that stores and forwards, one that only tells what it sees.
enum TwoBanks {
  static let plan = """
    brigade: {id: two-banks, name: Two Banks Brigade}
    timezone: Asia/Shanghai
    day_starts: "06:00"
    places: places.geojson
    rig: true
    squadrons:
      - id: s
        name: Squadron
        groups:
          - {id: forwarders, name: Forwarders, handhelds: [a]}
          - {id: tellers, name: Tellers, handhelds: [b]}
    shifts:
      - {id: evening, from: "17:30", to: "20:30"}
    handhelds:
      - {id: a, source: "127.0.0.1:1:/dev/tty", model: generic, travel: foot}
      - {id: b, source: "127.0.0.1:1:/dev/ttyB", model: generic, travel: foot}
    duties:
      - {id: at-a, group: forwarders, places: [bank-a], days: daily, from: "18:00", to: "20:00", every: 40m, stay: 3m}
      - {id: at-b, group: tellers, places: [bank-b], days: daily, from: "18:00", to: "20:00", every: 10m, stay: 1m}

    """

  static let places = """
    {"type": "FeatureCollection", "features": [
      {"type": "Feature", "properties": {"id": "bank-a", "kind": "point", "name": "Bank A"},
       "geometry": {"type": "Point", "coordinates": [115.88, 28.68]}},
      {"type": "Feature", "properties": {"id": "bank-b", "kind": "point", "name": "Bank B"},
       "geometry": {"type": "Point", "coordinates": [115.90, 28.68]}},
      {"type": "Feature", "properties": {"id": "corner", "kind": "point", "name": "Corner"},
       "geometry": {"type": "Point", "coordinates": [115.88, 28.684]}}
    ]}

    """

  /// `a` is silent from 18:40 to 19:20, at the bank in the middle of that, and tells of it at 19:40; it comes no more
  /// after. `b` never leaves.
  static let scenario = """
    name: two-banks
    seed: 5
    date: 2026-11-10
    from: "17:50"
    to: "20:10"
    faults: []
    walkers:
      - handheld: a
        start: bank-a
        on: "17:50"
        off: "20:10"
        feed: gpsd-json
        faults: [{kind: backlog, from: "18:40", to: "19:20", deliver: "19:40"}]
        steps:
          - {until: "18:10"}
          - {go: corner, by: "18:25", stay: 15m}
          - {go: bank-a, by: "18:55", stay: 5m}
          - {go: corner, by: "19:15"}
      - handheld: b
        start: bank-b
        on: "17:50"
        off: "20:10"

    """

  static func write(to folder: Folder) throws {
    try folder.write(plan, to: "plan.yaml")
    try folder.write(places, to: "places.geojson")
    try folder.write(scenario, to: "scenario.yaml")
  }
}
