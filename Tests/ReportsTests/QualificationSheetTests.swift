import Foundation
import Geodesy
import Patrol
import Qualification
import Testing

@testable import Reports

@Suite struct `A qualification sheet` {
  static let start = Instant(rfc3339: "2026-11-28T04:00:00Z")!
  static let mark = Coordinate(latitude: 28.68, longitude: 115.89)!

  /// A fix every ten seconds on a circle of so many metres.
  static func qualification(_ serial: String, radius: Double, count: Int = 60) -> Qualification {
    let plane = LocalPlane(origin: mark)
    let observations = (0..<count).map { i in
      let angle = Double(i * i)
      let at = start + .seconds(10 * i)
      let fix = Fix(
        time: at,
        position: plane.coordinate(PlanePoint(x: radius * cos(angle), y: radius * sin(angle)))!,
        mode: 3, accuracy: 5)
      return Observation(handheld: "a", receivedAt: at + .seconds(1), report: .fix(fix))
    }
    return Qualification(
      serial: serial, model: DeviceModel(id: "m", receiver: "any <one>", interval: .seconds(10)),
      observations: observations, reference: Reference(mark: mark, deviation: 0))
  }

  @Test(arguments: Language.allCases)
  func `is one page that fetches nothing and draws what was measured`(language: Language) throws {
    let q = Self.qualification("A&B", radius: 3)
    let page = try QualificationSheet(q, drawnUp: Self.start).html(in: language)
    #expect(page.contains("A&amp;B") && page.contains("any &lt;one&gt;"))
    #expect(!page.contains("http://") || !page.contains("src="))
    #expect(!page.contains("<script") && !page.contains("<link"))
    #expect(page.components(separatedBy: "<svg ").count == 4)
    // A dot for every error, and the two circles.
    #expect(page.components(separatedBy: "<circle ").count == 1 + 60 + 2)
    #expect(page.contains("3.00"))
    #expect(!page.contains("{{"))
  }

  @Test func `tells programs the same`() throws {
    let q = Self.qualification("s", radius: 3)
    let text = QualificationSheet(q, drawnUp: Self.start).json()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["outcome"] as? String == "passed")
    let half = try #require(object["cep50_m"] as? [String: Any])
    #expect(abs(try #require(half["value"] as? Double) - 3) < 0.02)
    let proves = try #require(object["proves"] as? [String: Any])
    #expect(proves["stay_s"] as? Int == 20 && proves["every_s"] as? Int == 40)
    // None told, so null rather than 0.
    #expect(object["clock_lag_s"] is NSNull)
  }

  @Test func `of too few reports says that they are too few`() throws {
    let q = Self.qualification("few", radius: 3, count: 3)
    let sheet = QualificationSheet(q, drawnUp: Self.start)
    #expect(try sheet.html(in: .english).contains("too short"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(sheet.json().utf8)) as? [String: Any])
    #expect(object["cep95_m"] is NSNull && object["proves"] is NSNull)
  }

  @Test func `of a batch has a row for each, and why it failed`() throws {
    let all = [
      Self.qualification("good", radius: 3), Self.qualification("=bad,\"1\"", radius: 40),
    ]
    let batch = QualificationBatch(all, drawnUp: Self.start)
    let lines = batch.listing(in: .english).csv { $0.text() }.components(separatedBy: "\n")
    #expect(lines.count == 4 && lines[0].hasPrefix("serial,model,outcome,cep50_m"))
    #expect(lines[1].hasPrefix("good,m,passed,3.0"))
    #expect(lines[2].hasPrefix("\"=bad,\"\"1\"\"\",m,failed,40"))
    #expect(lines[2].contains("95 % of positions within"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(batch.json().utf8)) as? [String: Any])
    #expect(object["passed"] as? Int == 1 && object["failed"] as? Int == 1)
    let page = try batch.html(in: .chinese)
    #expect(page.contains("不合格") && page.contains("=bad,&quot;1&quot;"))
    #expect(batch.text().hasPrefix("good: passed: CEP50 3.0"))
  }
}
