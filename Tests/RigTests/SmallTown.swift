import Foundation
import PlanFiles
import Rig

/// A line of about 1.1 km, a bank 400 m north of it, one walker and a rider.
enum SmallTown {
  static let plan = """
    # comments stay
    brigade: {id: b, name: B}
    timezone: Asia/Shanghai
    day_starts: "06:00"
    places: places.geojson
    rig: true
    squadrons:
      - id: s
        name: S
        groups:
          - {id: g, name: G, handhelds: [w-1]}
          - {id: h, name: H, handhelds: [r-1]}
    shifts:
      - {id: evening, from: "17:00", to: "22:00"}
    handhelds:
      - {id: w-1, source: 'localhost:2947:/dev/tty#1', model: generic, travel: foot}  # a 'quoted' one
      - id: r-1
        source: 10.0.0.1   # and a plain one
        model: generic
        travel: ebike
    duties:
      - {id: bank, group: g, places: [bank], days: daily, from: "18:00", to: "20:00", every: 30m, stay: 2m}
      - {id: road, group: h, places: [road], days: daily, from: "18:00", to: "20:00", every: 40m}
    """

  static let places = """
    {"type": "FeatureCollection", "features": [
      {"type": "Feature", "properties": {"id": "bank", "kind": "point", "radius_m": 30},
       "geometry": {"type": "Point", "coordinates": [115.9, 28.704]}},
      {"type": "Feature", "properties": {"id": "road", "kind": "line"},
       "geometry": {"type": "LineString", "coordinates": [[115.9, 28.7], [115.9113, 28.7]]}}
    ]}
    """

  static func loaded() throws -> LoadedPlan {
    try LoadedPlan(
      bundle: PlanBundle(files: [
        "plan.yaml": plan, "places.geojson": places,
        "devices/models/generic/model.yaml":
          "noise: {sigma_m: 2.5, tau_s: 90, white_m: 0.4}\naccuracy_m: 5",
      ]))
  }

  static let head = """
    name: town
    seed: 7
    date: 2026-11-10
    from: "17:30"
    to: "20:30"
    """

  static func scenario(_ walkers: String) throws -> Scenario {
    try Scenario(
      text: head + "\nwalkers:\n" + walkers, file: "scenario.yaml", plan: loaded())
  }
}
