import Geodesy
import Patrol
import Testing

@testable import PlanFiles

@Test(arguments: [
  ("45s", 45), ("30m", 1800), ("1h30m", 5400), ("2h", 7200), ("1h1m1s", 3661), ("0s", 0),
  ("90m", 5400),
  ("1h5s", 3605),
])
func `A duration is read`(text: String, seconds: Int) {
  #expect(Form<Milliseconds>.duration.read(text) == .seconds(seconds))
}

@Test(arguments: [
  "", "30", "m", "30 m", "1.5h", "30m1h", "1h1h", "-1h", "1d", "１h", "9999h", "1H", "1h30",
])
func `What is no duration is none`(text: String) {
  #expect(Form<Milliseconds>.duration.read(text) == nil)
}

@Test(arguments: ["nan", "inf", "-inf", "0x10", "1_000", "1,5", "", "1e999", " 1", "１"])
func `What is no finite decimal number is none`(text: String) {
  #expect(finiteNumber(text) == nil)
}

@Test(arguments: [
  ("stay", "stay", 0), ("stey", "stay", 1), ("saty", "stay", 1), ("", "stay", 4),
  ("evry", "every", 1),
  ("kitten", "sitting", 3),
])
func `Spellings have a distance`(a: String, b: String, distance: Int) {
  #expect(Spelling.distance(a, b) == distance)
  #expect(Spelling.distance(b, a) == distance)
}

@Test(
  arguments: [
    ("a,b\n1,2\n", [[1, "a", "b"], [2, "1", "2"]]),
    (
      "a,b\r\n\"x,\"\"y\"\"\", z \r\n\r\n3,4",
      [[1, "a", "b"], [2, "x,\"y\"", "z"], [4, "3", "4"]]
    ),
    ("\"two\nlines\",b\nc,d", [[1, "two\nlines", "b"], [3, "c", "d"]]),
    ("a,,\n", [[1, "a", "", ""]]),
    ("", []),
    (" \n \n", []),
  ] as [(String, [[any Sendable]])])
func `CSV has records`(text: String, expected: [[any Sendable]]) {
  let records = CSVRecords(text).records
  #expect(records.map(\.line) == expected.compactMap { $0.first as? Int })
  #expect(records.map(\.fields) == expected.map { $0.compactMap { $0 as? String } })
}

@Test(arguments: [
  ("a,b\n1,2\n", [1, 2], [["a", "b"], ["1", "2"]]),
  (
    "a,b\r\n\"x,\"\"y\"\"\", z \r\n\r\n3,4", [1, 2, 4],
    [["a", "b"], ["x,\"y\"", "z"], ["3", "4"]]
  ),
  ("\"two\nlines\",b\nc,d", [1, 3], [["two\nlines", "b"], ["c", "d"]]),
  ("a,,\n", [1], [["a", "", ""]]),
  ("", [], []),
  (" \n \n", [], []),
])
func `CSV has records`(text: String, lines: [Int], fields: [[String]]) {
  let records = CSVRecords(text).records
  #expect(records.map(\.line) == lines)
  #expect(records.map(\.fields) == fields)
}

@Test(arguments: [
  (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\uD83D\uDC4D""#, "é👍"),
  (#""你""#, "你"),
])
func `JSON texts are unescaped`(json: String, text: String) throws {
  guard case .text(let found) = try JSONParser.parse(json).content else {
    Issue.record("no text")
    return
  }
  #expect(found == text)
}

@Test(arguments: [
  "", "[", "[1", "{\"a\"}", "{\"a\":}", "[1,]", "tru", "\"", "\"\\", "\"\\u12", "\"\\u+123\"",
  "\"\\ud800\"",
  "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "1 2", "-", "1e", "nan", "\u{feff}1",
  String(repeating: "[", count: 100_000),
])
func `What is no JSON is refused`(text: String) {
  #expect(throws: JSONFault.self) { try JSONParser.parse(text) }
}

@Test func `Rings are simple where a brute force finds them so`() throws {
  var random = SplitMix(seed: 3)
  var simple = 0
  for _ in 0..<3000 {
    let count = Int.random(in: 3...7, using: &random)
    var ring = (0..<count).compactMap { _ in
      Coordinate(
        latitudeE7: Int32.random(in: 0...9, using: &random),
        longitudeE7: Int32.random(in: 0...9, using: &random))
    }
    ring.append(ring[0])
    let found = RingContact.first(in: ring)
    #expect((found == nil) == isSimple(ring))
    if found == nil { simple += 1 }
  }
  #expect((200...2800).contains(simple))
}

/// By stepping: on a small grid, two closed segments meet if and only if the exact rational intersection of their lines
/// lies in both, or the lines coincide and their projections overlap.
private func isSimple(_ ring: [Coordinate]) -> Bool {
  var points: [(x: Int, y: Int)] = []
  for c in ring.dropLast() {
    let p = (Int(c.longitudeE7), Int(c.latitudeE7))
    if points.isEmpty || points[points.count - 1] != p { points.append(p) }
  }
  if points.count > 1, points[0] == points[points.count - 1] { points.removeLast() }
  let n = points.count
  guard n > 2 else { return n < 2 }
  for i in 0..<n {
    for j in (i + 1)..<n {
      let shared = j == i + 1 ? points[j] : (i == 0 && j == n - 1 ? points[0] : nil)
      if meet(points[i], points[(i + 1) % n], points[j], points[(j + 1) % n], except: shared) {
        return false
      }
    }
  }
  return true
}

/// Whether two segments have a common point other than `shared`.
private func meet(
  _ a: (x: Int, y: Int), _ b: (x: Int, y: Int), _ c: (x: Int, y: Int), _ d: (x: Int, y: Int),
  except shared: (x: Int, y: Int)?
) -> Bool {
  let det = (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x)
  if det != 0 {
    if shared != nil { return false }
    // a + t (b - a) = c + u (d - c), t and u as fractions of det.
    let t = (c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)
    let u = (c.x - a.x) * (b.y - a.y) - (c.y - a.y) * (b.x - a.x)
    return det > 0
      ? t >= 0 && t <= det && u >= 0 && u <= det : t <= 0 && t >= det && u <= 0 && u >= det
  }
  guard (c.x - a.x) * (b.y - a.y) == (c.y - a.y) * (b.x - a.x) else { return false }
  // On one line: positions along it.
  func along(_ p: (x: Int, y: Int)) -> Int { p.x * (b.x - a.x) + p.y * (b.y - a.y) }
  let low = max(min(along(a), along(b)), min(along(c), along(d)))
  let high = min(max(along(a), along(b)), max(along(c), along(d)))
  return shared == nil ? low <= high : low < high
}
