import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import NIOCore
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
        try await Self.expectOwnReports(asking, squadron, own)
        #expect(try await asking.get("/metrics").status == .forbidden)
      }
    }
  }

  /// A shift's report is the squadron's part of it, in every format; periods are assessed for the whole brigade.
  private static func expectOwnReports(
    _ asking: Asking, _ squadron: String, _ own: Set<String>
  ) async throws {
    let path = "/reports/shift/2026-11-20"
    func text(_ format: String) async throws -> String {
      let response = try await asking.get("\(path)?format=\(format)")
      #expect(response.status == .ok, "\(squadron): \(format)")
      return String(buffer: response.body)
    }
    let others = Set(["bank", "street", "gate", "park", "banks", "walk", "gates", "parks"])
      .subtracting(own)
    for format in ["json", "csv"] {
      let words = Set(try await text(format).split { !$0.isLetter }.map(String.init))
      #expect(words.isDisjoint(with: others), "\(squadron): \(format)")
      #expect(!words.isDisjoint(with: own), "\(squadron): \(format)")
    }
    let handhelds = try await text("json").matches(of: #/"handheld": ?"(\w+)"/#).map {
      String($0.output.1)
    }
    #expect(Set(handhelds) == own.intersection(["a", "b"]), "\(squadron)")
    let page = try await text("html")
    for place in Scene.plan.places {
      #expect(
        page.contains(place.name) == own.contains(place.id.text), "\(squadron): \(place.name)")
    }
    let other = squadron == "north" ? "south" : "north"
    #expect(try await asking.get("\(path)?squadron=\(other)").status == .forbidden)
    #expect(try await asking.get("\(path)?squadron=\(squadron)").status == .ok)
    #expect(try await asking.get("/reports/week/2026-11-20").status == .forbidden)
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
