import Geodesy
import Patrol
import Store
import Testing

@testable import Reports

@Suite struct `The map of a shift` {
  static let kinds: [Place.Kind] = [.line, .point, .area]

  /// What is left of a sign without its colours.
  private func texture(_ finding: MapFinding, _ kind: Place.Kind) -> String {
    var svg = SVG()
    switch kind {
    case .line, .street: finding.line("M0 0h36", &svg)
    case .point: finding.point(x: 0, y: 0, radius: 8, &svg)
    case .area: finding.area("M0 0h9v9z", chart: "map", &svg)
    }
    return svg.text.replacing(#/#[0-9a-f]{3,6}"|class="[a-z]+"/#, with: "")
  }

  @Test(arguments: kinds) func `tells findings apart without their colours`(_ kind: Place.Kind) {
    let textures = MapFinding.allCases.map { texture($0, kind) }
    #expect(Set(textures).count == MapFinding.allCases.count, "\(textures)")
  }

  private func drawn(reports: Int) throws -> ReadDrawing {
    let far = (0..<reports).map { `A shift report`.observation("a", $0, 3000) }
    let report = try `A shift report`().report(`A shift report`.plan(), far)
    return try ReadDrawing(#require(ShiftMap(report, texts: Texts(.english))).svg())
  }

  /// Seen elsewhere all evening, or silent after ten minutes of it.
  @Test(arguments: [(2000, "missed"), (120, "unproven")])
  func `draws what was found, and says what that means`(_ reports: Int, _ kind: String) throws {
    let drawn = try drawn(reports: reports)
    // A point, a line and an area, none of which anybody came to.
    let found = Set(drawn.elements.filter { !$0.isSign }.map(\.kind))
    #expect(found.subtracting(["map", "place"]) == ["", kind, "signs"])
    #expect(drawn.all(kind).contains { $0.attributes["fill"] == "url(#map-\(kind))" })
    let signs = drawn.elements.filter(\.isSign)
    #expect(signs.filter { $0.name == "text" }.map(\.text) == [kind])
    #expect(signs.contains { $0.kind == kind && $0.name == "path" })
    let places = drawn.elements.filter { $0.name == "g" && $0.text.contains("covered 0") }
    #expect(places.map { $0.text.prefix { $0 != "\n" } } == ["Park", "Loop", "<b>Bank</b>"])
  }

  @Test func `calls nothing covered that was not judged`() throws {
    let drawn = try drawn(reports: 0)
    #expect(drawn.all("covered").isEmpty && !drawn.all("none").isEmpty)
  }
}
