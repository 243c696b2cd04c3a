import Foundation
import Geodesy
import Reports
import Store
import Testing

@Suite struct `A listing` {
  static let instant = Instant(rfc3339: "2026-11-20T12:00:01.250Z")!
  let zone: ZoneText = { $0.text(offsetSeconds: 8 * 3600) }
  let listing = Listing(
    columns: ["name", "at", "n", "x", "open", "who", "note"],
    rows: [
      [
        .text("Li \"Lee\", Wei"), .time(instant), .integer(-3), .real(0.125, decimals: 2),
        .flag(true), .list(["a", "b"]), .none,
      ],
      [
        .text("东湖\n"), .none, .integer(12), .real(-0.001, decimals: 2), .flag(false), .list([]),
        .text("1\u{1}"),
      ],
    ])

  @Test func `quotes in CSV what would break it`() {
    #expect(
      listing.csv(zone: zone) == """
        name,at,n,x,open,who,note
        "Li ""Lee"", Wei",2026-11-20T20:00:01.250+08:00,-3,0.13,true,a b,
        "东湖
        ",,12,0.00,false,,1\u{1}

        """)
  }

  @Test func `is JSON that others read, keys in the order of the columns`() throws {
    let text = listing.json(zone: zone)
    let parsed = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(parsed[0]["name"] as? String == "Li \"Lee\", Wei")
    #expect(parsed[0]["x"] as? Double == 0.13)
    #expect(parsed[0]["who"] as? [String] == ["a", "b"])
    #expect(parsed[0]["note"] is NSNull)
    #expect(parsed[1]["note"] as? String == "1\u{1}")
    let order = listing.columns.map { text.range(of: "\"\($0)\":")!.lowerBound }
    #expect(order == order.sorted())
    #expect(Listing(columns: ["a"]).json(zone: zone) == "[]\n")
  }

  @Test func `is a table with numbers to the right and times to the second`() {
    let table = listing.leavingOut(["name", "note", "who"]).table(zone: zone)
    #expect(
      table == """
        at                          n     x  open
        2026-11-20T20:00:01+08:00  -3  0.13  true
                                   12  0.00  false

        """)
  }

  @Test func `is GeoJSON with null where a row has no place`() throws {
    let text = listing.geojson(zone: zone) {
      $0 == 0 ? #"{"type": "Point", "coordinates": [1, 2]}"# : nil
    }
    let parsed = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let features = try #require(parsed["features"] as? [[String: Any]])
    #expect(features.count == 2 && features[1]["geometry"] is NSNull)
  }
}
