import Foundation
import Rig
import Testing

/// RIG_OUT=/tmp/rig RIG_SPEED=240 runs West Lake through real gpsds, for a listener outside to watch.
@Suite struct `A live rig` {
  static let out = ProcessInfo.processInfo.environment["RIG_OUT"]

  @Test(.enabled(if: out != nil)) func `runs to its end`() async throws {
    let speed = Double(ProcessInfo.processInfo.environment["RIG_SPEED"] ?? "240") ?? 240
    let run = RigRun(
      scenario: try WestLake.scenario(),
      options: RigRun.Options(
        speed: speed, out: Self.out!, lead: .seconds(2), deliveries: [.gpsd, .recordings]))
    try await run.run { _ in }
  }
}
