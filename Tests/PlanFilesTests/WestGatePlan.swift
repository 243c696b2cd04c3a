import PlanFiles

/// A small sound plan in an invented town; tests break it one line at a time.
enum WestGatePlan {
  static let yaml = """
    brigade: {id: west-gate, name: West Gate Brigade}
    timezone: Asia/Shanghai
    day_starts: "06:00"
    places: places.geojson
    roster: roster.csv
    squadrons:
      - id: harbour
        name: Harbour Squadron
        leader: Li
        strength: 84
        residents: 81000
        cases_per_year: 640
        groups:
          - {id: harbour-1, name: First Group, handhelds: [h-1, h-2]}
          - {id: harbour-2, name: Second Group, handhelds: [h-3]}
    shifts:
      - {id: evening, from: "16:30", to: "00:30"}
      - id: night
        from: 00:30
        to: 05:00
    handhelds:
      - {id: h-1, source: "127.0.0.1:2947:/dev/ttyUSB0", model: generic, travel: foot}
      - {id: h-2, source: "127.0.0.1:2947:/dev/ttyUSB1", model: generic, travel: ebike}
      - id: h-3
        source: "10.20.0.12"
        model: slow
        travel: car
        interval_s: 10
        reach_mps: 15
    duties:
      - id: banks
        group: harbour-1
        places: [bank-a, bank-b]
        days: [mon, tue, wed, thu, fri]
        from: 17:00
        to: 19:30
        every: 30m
        stay: 3m
      - id: street
        group: harbour-1
        places:
          - main-street
        days: daily
        from: "19:00"
        to: "24:00"
        every: 1h
        pass_speed_max_mps: 4
        weight: 2
      - id: park
        group: harbour-2
        places: [park]
        days: [2026-11-23, 2026-11-24]
        from: "02:00"
        to: "04:00"
        every: 1h30m
        stay: 45s
    assessment:
      pass_mark: 0.85
      advanced_mark: 0.95
      veto: {banks: 0.90}
      bands: [{from: 0, name: C, factor: 0.9}, {from: 0.95, name: A, factor: 1.1}]
    """

  static let places = """
    {"type": "FeatureCollection",
     "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
     "features": [
      {"type": "Feature",
       "properties": {"id": "bank-a", "kind": "point", "name": "First Bank", "radius_m": 40},
       "geometry": {"type": "Point", "coordinates": [115.9, 28.68]}},
      {"type": "Feature",
       "properties": {"id": "bank-b", "kind": "point", "radius_m": null, "stroke": "#555"},
       "geometry": {"type": "MultiPoint", "coordinates": [[115.905, 28.68, 12.5]]}},
      {"type": "Feature",
       "properties": {"id": "main-street", "kind": "line", "name": "Main Street", "corridor_m": 20},
       "geometry": {"type": "MultiLineString", "coordinates": [[[115.9, 28.68], [115.91, 28.68], [115.91, 28.69]]]}},
      {"type": "Feature",
       "properties": {"id": "park", "kind": "area", "name": "Park", "cell_m": 50},
       "geometry": {"type": "Polygon", "coordinates": [
        [[115.90, 28.70], [115.91, 28.70], [115.91, 28.71], [115.90, 28.71], [115.90, 28.70]],
        [[115.902, 28.702], [115.904, 28.702], [115.904, 28.704], [115.902, 28.702]]]}},
      {"type": "Feature",
       "properties": {"id": "side-street", "kind": "street"},
       "geometry": {"type": "LineString", "coordinates": [[115.9, 28.681], [115.91, 28.681]]}}
     ]}
    """

  static let roster = """
    day,shift,group,member,handheld,from,to
    2026-11-23,evening,harbour-1,Wang,h-1,,
    2026-11-23,evening,harbour-1,"Zhao, Wei",h-2,18:00,00:30
    2026-11-24,night,harbour-2,Chen,h-3,02:00,
    """

  static let generic = """
    receiver: any
    interval_s: 1
    noise: {sigma_m: 2.5, tau_s: 90, white_m: 0.4}
    """

  static let slow = """
    receiver: slow tracker
    interval_s: 30
    accuracy_m: 8
    sentences: [RMC, GGA]
    """

  static var bundle: PlanBundle {
    PlanBundle(files: [
      "plan.yaml": yaml, "places.geojson": places, "roster.csv": roster,
      "devices/models/generic/model.yaml": generic, "devices/models/slow/model.yaml": slow,
    ])
  }

  /// With a text replaced in one of its files; the text must occur.
  static func bundle(_ file: String, replacing old: String, with new: String) -> PlanBundle? {
    var bundle = bundle
    guard let text = bundle.files[file], let range = text.firstRange(of: old) else { return nil }
    bundle.files[file] = text.replacingCharacters(range, new)
    return bundle
  }

  /// What a reader says of a plan: its problems if it is broken, else its warnings.
  static func lines(_ bundle: PlanBundle) -> [String] {
    do { return try LoadedPlan(bundle: bundle).warnings.map(\.description) } catch {
      return error.all.map(\.description)
    }
  }
}

extension String {
  func replacingCharacters(_ range: Range<Index>, _ new: String) -> String {
    String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}
