import Foundation
import Rig

/// The rig that ships with patrold, as it lies in this checkout.
enum WestLake {
  static let devices = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("devices").path

  static func scenario() throws -> Scenario {
    try Scenario(at: devices + "/rigs/west-lake", devices: [devices])
  }
}
