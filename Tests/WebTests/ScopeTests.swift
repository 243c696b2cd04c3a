import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import Patrol
import Store
import Testing

@Suite(.timeLimit(.minutes(10))) struct `Whoever sees one squadron` {
  @Test func `sees its places, handhelds, gaps, windows and fixes alone`() async throws {
    let scene = try Scene.evening()
    let names = ["places", "handhelds", "fixes", "tracks", "passes", "stays", "gaps", "windows"]
    let of: [String: Set<String>] = [
      "north": ["a", "bank", "street", "banks", "walk"],
      "south": ["b", "gate", "park", "gates", "parks"],
    ]
    for (squadron, own) in of {
      let others = try await scene.ask { asking in
        var foreign: [String: [String]] = [:]
        for name in names {
          foreign[name] = try await asking.json("/collections/\(name)/items?limit=10000").features
            .filter { !Self.belongs($0, to: own) }.compactMap { $0["id"] as? String }
        }
        return foreign
      }
      try await scene.ask(as: Squadron.ID(squadron)) { asking in
        for name in names {
          let seen = try await asking.json("/collections/\(name)/items?limit=10000").features
          #expect(seen.allSatisfy { Self.belongs($0, to: own) }, "\(squadron): \(name)")
          // Who stands on and on has stayed once it is over.
          let mayLack = ["passes", "gaps", "stays"].contains(name)
          #expect(!seen.isEmpty || mayLack, "\(squadron): \(name)")
          // Nor by name.
          for id in others[name, default: []].prefix(5) {
            let response = try await asking.get("/collections/\(name)/items/\(id)")
            #expect(response.status == .notFound, "\(squadron): \(id)")
          }
        }
        let reports = try await asking.get("/reports/shift/2026-11-20")
        #expect(reports.status == .forbidden)
        #expect(try await asking.get("/metrics").status == .forbidden)
      }
    }
  }

  private static func belongs(_ feature: [String: Any], to own: Set<String>) -> Bool {
    let properties = feature["properties"] as? [String: Any] ?? [:]
    let names = ["handheld", "place", "duty", "id"].compactMap { properties[$0] as? String }
    // A gap's own name is nobody's.
    return names.contains(where: own.contains)
      && !names.contains {
        ["a", "b", "bank", "street", "gate", "park"].contains($0) && !own.contains($0)
      }
  }

  @Test func `sees a handheld for as long as it had it`() throws {
    func plan(_ north: [Handheld.ID], _ south: [Handheld.ID]) throws -> Plan {
      let old = Scene.plan
      return try Plan(
        brigade: Brigade(
          id: "b", name: "B",
          squadrons: [
            Squadron(
              id: "north", name: "N", groups: [Group(id: "n1", name: "N", handhelds: north)]),
            Squadron(
              id: "south", name: "S", groups: [Group(id: "s1", name: "S", handhelds: south)]),
          ]), zone: old.zone, dayStarts: old.dayStarts, places: old.places, shifts: old.shifts,
        handhelds: old.handhelds, duties: old.duties)
    }
    let plans = [
      (began: Scene.minute(0), plan: try plan(["a"], ["b"])),
      (began: Scene.minute(30), plan: try plan(["a", "b"], [])),
      (began: Scene.minute(60), plan: try plan(["a"], ["b"])),
    ]
    let (north, south) = (Sight(of: "north", by: plans), Sight(of: "south", by: plans))
    func seen(_ sight: Sight) -> String {
      [-10, 29, 30, 59, 60, 90].map {
        sight.holds("b", \.handhelds, at: Scene.minute($0)) ? "x" : "-"
      }.joined()
    }
    #expect(seen(north) == "--xx--")
    #expect(seen(south) == "xx--xx")
    #expect(seen(.all) == "xxxxxx")
    #expect(!Sight(of: "east", by: plans).holds("a", \.handhelds, at: Scene.minute(0)))
    // And so in SQL.
    let scene = try Scene(minutes: 70)
    let queries = Queries(try Store(at: scene.path, for: .read))
    var query = PageQuery(limit: 10_000)
    query.sights = [north]
    let fixes = try queries.fixes(query).rows.filter { $0.values[0] == .text("b") }
    #expect(fixes.count == 360)
    query.sights = [south]
    let stays = try queries.stays(query).rows
    #expect(stays.allSatisfy { $0.values[0] == .text("b") })
  }
}
