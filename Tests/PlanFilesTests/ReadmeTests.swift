import Foundation
import Patrol
import PlanFiles
import Testing

/// What people copy first must work.
@Test func `The plan in the README is sound`() throws {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
  func block(_ language: String) throws -> String {
    let start = try #require(readme.range(of: "```\(language)\n"))
    let end = try #require(readme.range(of: "```", range: start.upperBound..<readme.endIndex))
    return String(readme[start.upperBound..<end.lowerBound])
  }
  let model = try String(
    contentsOf: root.appendingPathComponent("devices/models/generic/model.yaml"), encoding: .utf8)
  let bundle = PlanBundle(files: [
    "plan.yaml": try block("yaml"), "places.geojson": try block("json"),
    "devices/models/generic/model.yaml": model,
  ])
  let loaded = try LoadedPlan(bundle: bundle)
  #expect(loaded.plan.duties.count == 2 && loaded.plan.places.count == 3)
  #expect(loaded.warnings.allSatisfy { $0.severity != .warning })
  #expect(try PlanBundle(text: bundle.text) == bundle)
}
