import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Patrol
import Reports
import Store
import Testing

@Suite(.timeLimit(.minutes(10))) struct `Collections` {
  static let all = [
    "places", "handhelds", "fixes", "tracks", "passes", "stays", "gaps", "windows",
  ]

  @Test func `are found from the landing page, each with its items`() async throws {
    try await Scene.evening().ask { asking in
      let landing = try await asking.json("/")
      let collections = try await asking.json(#require(landing.link("data")))
      let told = try #require(collections.object["collections"] as? [[String: Any]])
      #expect(told.map { $0["id"] as? String } == Self.all)
      for name in Self.all {
        let one = try await asking.json("/collections/\(name)")
        let items = try await asking.json(#require(one.link("items")))
        #expect(!items.features.isEmpty, "\(name)")
        #expect(items.object["numberReturned"] as? Int == items.features.count)
        // Each by its id, percent-encoded again or not.
        for feature in items.features.prefix(3) {
          let id = try #require(feature["id"] as? String)
          let found = try await asking.json("/collections/\(name)/items/\(id)")
          #expect(found.object["id"] as? String == id)
          #expect(
            found.object["properties"] as? NSDictionary == feature["properties"] as? NSDictionary)
        }
      }
      let page = try await asking.get("/about", [.accept: "text/html,*/*;q=0.8"])
      #expect(page.headers[.contentType] == "text/html; charset=utf-8")
      #expect(String(buffer: page.body).contains("&lt;b&gt;Brigade"))
    }
  }

  @Test func `have the rows that listings print`() async throws {
    let scene = try Scene.evening()
    let queries = Queries(try Store(at: scene.path, for: .read))
    let zone: ZoneText = { Scene.plan.zone.text($0) }
    let listings = [
      "fixes": try queries.fixes(Filter()), "stays": try queries.stays(Filter()),
      "passes": try queries.passes(Filter()), "gaps": try queries.gapListing(Filter()),
      "windows": try queries.windowListing(Filter(), total: false),
    ]
    try await scene.ask { asking in
      for (name, listing) in listings {
        let printed = try #require(
          try JSONSerialization.jsonObject(with: Data(listing.json(zone: zone).utf8))
            as? [[String: Any]])
        let told = try await asking.json("/collections/\(name)/items?limit=10000").properties
        #expect(!printed.isEmpty, "\(name)")
        #expect(try printed.map(Self.text).sorted() == told.map(Self.text).sorted(), "\(name)")
      }
    }
  }

  /// Rows are compared as text: every `NSDictionary` of as many keys has the same hash, and a set of thousands never ends.
  private static func text(_ row: [String: Any]) throws -> String {
    String(
      decoding: try JSONSerialization.data(withJSONObject: row, options: .sortedKeys),
      as: UTF8.self)
  }

  @Test(arguments: ["fixes", "stays", "passes", "windows", "gaps", "places", "handhelds"])
  func `come in pages that together are all, each once`(_ name: String) async throws {
    try await Scene.evening().ask { asking in
      let all = try await asking.ids("/collections/\(name)/items?limit=10000")
      let size = max(1, all.ids.count / 7)
      let paged = try await asking.ids("/collections/\(name)/items?limit=\(size)")
      #expect(all.pages == 1)
      #expect(paged.pages == (all.ids.count + size - 1) / size)
      #expect(paged.ids == all.ids)
      #expect(Set(all.ids).count == all.ids.count)
    }
  }

  @Test func `keep their pages while rows arrive and are moved`() async throws {
    let scene = try Scene(minutes: 40)
    try await scene.ask { asking in
      for name in ["fixes", "stays", "windows"] {
        let before = try await asking.ids("/collections/\(name)/items?limit=10000").ids
        let size = max(1, before.count / 2)
        let first = try await asking.json("/collections/\(name)/items?limit=\(size)")
        let next = try #require(first.link("next"))
        // A daemon that begins moves what lay in the order committed, and more comes in.
        try scene.live(
          from: name == "fixes" ? 40 : name == "stays" ? 60 : 80,
          to: name == "fixes" ? 60 : name == "stays" ? 80 : 100)
        let rest = try await asking.ids(next).ids
        let told = first.features.map { $0["id"] as? String ?? "?" } + rest
        #expect(Set(told).count == told.count, "\(name): some came twice")
        #expect(Set(before).isSubset(of: told), "\(name): some were passed over")
      }
    }
  }

  @Test(arguments: [
    "115.8895,28.6795,115.8905,28.6805 bank",
    // Crossed by the street, none of whose ends lies in it.
    "115.892,28.681,115.893,28.683 street",
    // Within the park.
    "115.8908,28.6862,115.8909,28.6863 park", "0,0,1,1 ",
    // West above east: all but a stripe around the gate, over the antimeridian; and the stripe.
    "115.92,20,115.895,30 bank,park,street", "115.905,20,115.92,30 gate",
    // Six numbers: with heights.
    "115.905,20,0,115.92,30,100 gate",
  ])
  func `are cut to a box`(_ example: String) async throws {
    let parts = example.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    try await Scene.evening().ask { asking in
      let found = try await asking.ids("/collections/places/items?bbox=\(parts[0])").ids
      #expect(found.joined(separator: ",") == parts[1])
    }
  }

  @Test func `are cut to a box by what happened there`() async throws {
    try await Scene.evening().ask { asking in
      let box = "bbox=115.905,20,115.92,30&limit=10000"
      let fixes = try await asking.json("/collections/fixes/items?\(box)")
      #expect(Set(fixes.properties.map { $0["handheld"] as? String }) == ["b"])
      let gaps = try await asking.json("/collections/gaps/items?\(box)")
      #expect(Set(gaps.properties.map { $0["place"] as? String }).isSubset(of: ["gate"]))
      let passes = try await asking.json("/collections/passes/items?\(box)")
      #expect(passes.features.isEmpty)
      let windows = try await asking.json("/collections/windows/items?\(box)")
      #expect(windows.properties.map { $0["place"] as? String } == ["gate"])
    }
  }

  @Test(arguments: [
    ("2026-11-20T20:00:00%2B08:00", 2), ("2026-11-20T20:00:00+08:00", 2),
    ("2026-11-20T12:00:00Z/2026-11-20T12:00:09Z", 4),
    ("2026-11-20T12:00:01Z/2026-11-20T12:00:04Z", 0),
    ("../2026-11-20T11:50:10Z", 4), ("/2026-11-20T11:50:10Z", 4),
  ])
  func `are cut to a time, its ends included`(_ time: String, _ count: Int) async throws {
    try await Scene.evening().ask { asking in
      let found = try await asking.json("/collections/fixes/items?limit=10000&datetime=\(time)")
      #expect(found.features.count == count)
    }
  }

  @Test func `have what reaches into a time, and what is open has no end`() async throws {
    let scene = try Scene(minutes: 100)
    try await scene.ask { asking in
      func count(_ name: String, _ time: String) async throws -> Int {
        try await asking.json("/collections/\(name)/items?datetime=\(time)").features.count
      }
      // Windows are open from 12:00 to 14:00 (UTC).
      #expect(try await count("windows", "2026-11-20T14:00:00Z") == 4)
      #expect(try await count("windows", "2026-11-20T14:00:01Z/..") == 0)
      #expect(try await count("windows", "../2026-11-20T12:00:00Z") == 4)
      #expect(try await count("windows", "../2026-11-20T11:59:59Z") == 0)
      // Nobody comes to the park, and it goes on.
      let open = try await asking.json("/collections/gaps/items?open=true")
      #expect(open.properties.map { $0["place"] as? String } == ["park"])
      #expect(try await count("gaps", "2027-01-01T00:00:00Z") == 1)
      // Places have no time.
      #expect(try await count("places", "1999-01-01T00:00:00Z") == 4)
    }
  }

  @Test(arguments: [
    "fixes?handheld=a handheld=a", "fixes?usable=true&handheld=a,b handheld=a,b",
    "stays?place=bank place=bank", "stays?squadron=north handheld=a",
    "passes?kind=pass kind=pass", "gaps?verdict=missed&duty=parks duty=parks",
    "windows?squadron=south duty=gates,parks", "places?kind=line id=street",
    "places?squadron=south id=gate,park", "handhelds?squadron=south handheld=b",
    "tracks?handheld=b handheld=b",
  ])
  func `are asked by property`(_ example: String) async throws {
    let parts = example.split(separator: " ").map(String.init)
    let answer = parts[1].split(separator: "=").map(String.init)
    try await Scene.evening().ask { asking in
      let path = "/collections/\(parts[0].replacing("?", with: "/items?limit=10000&"))"
      let found = try await asking.json(path)
      #expect(
        Set(found.properties.compactMap { $0[answer[0]] as? String })
          == Set(answer[1].split(separator: ",").map(String.init)))
    }
  }

  @Test func `have tracks that break off in silence`() async throws {
    let scene = try Scene(minutes: 20)
    try scene.live(from: 50, to: 60)
    try await scene.ask { asking in
      let found = try await asking.json("/collections/tracks/items")
      let times = found.properties.map { "\($0["handheld"]!) \($0["began_at"]!) \($0["fixes"]!)" }
      #expect(
        times == [
          "a 2026-11-20T19:50:05+08:00 359", "a 2026-11-20T20:50:00+08:00 120",
          "b 2026-11-20T19:50:05+08:00 359", "b 2026-11-20T20:50:00+08:00 120",
        ])
      let paged = try await asking.ids("/collections/tracks/items?limit=1")
      #expect(paged.pages == 4)
      #expect(paged.ids == found.features.map { $0["id"] as? String })
    }
  }
}
