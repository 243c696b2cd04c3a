import Foundation
import Geodesy
import PlanFiles
import Qualification
import Testing

@Suite struct `A file of checkpoints` {
  private func read(_ text: String) throws -> Reference {
    let path = "\(NSTemporaryDirectory())checkpoints-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }  // harms nobody
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try CheckpointFile.read(at: path)
  }

  @Test func `tells where a handheld was carried, and how well that is known`() throws {
    let reference = try read(
      """
      time,latitude,longitude,deviation_m
      2026-11-28T12:00:00+08:00,28.68,115.89,0.5
      2026-11-28T12:01:00+08:00,28.681,115.89,
      """)
    #expect(reference.checkpoints.map(\.deviation) == [0.5, CheckpointFile.standardDeviation])
    let middle = try #require(
      reference.place(at: Instant(rfc3339: "2026-11-28T04:00:30Z")!))
    #expect(abs(middle.position.latitude - 28.6805) < 1e-6)
  }

  @Test(arguments: [
    ("time,latitude\n2026-11-28T12:00:00Z,1", "has no column longitude"),
    ("time,latitude,longitude\nnoon,1,2", "time: found \"noon\"; expected RFC 3339"),
    ("time,latitude,longitude\n2026-11-28T12:00:00Z,91,2", ":2: expected latitude within ±90"),
    (
      "time,latitude,longitude,deviation_m\n2026-11-28T12:00:00Z,1,2,much",
      "deviation_m: found \"much\""
    ),
    ("time,latitude,longitude\n2026-11-28T12:00:00Z,1,2", "found 1 checkpoints; expected two"),
    (
      "time,latitude,longitude\n2026-11-28T12:00:00Z,1,2\n2026-11-28T11:00:00Z,1,2",
      "found times that do not rise"
    ), ("", "found 0 checkpoints"),
  ])
  func `that is wrong says where`(text: String, expected: String) {
    let error = #expect(throws: PlanProblems.self) { try read(text) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }
}
