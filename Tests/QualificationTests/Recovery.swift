import Foundation
import Geodesy
import Patrol
import PlanFiles
import Qualification
import Recordings
import Rig

/// The models of this repository, and sessions made of them.
enum Recovery {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "devices/models")

  static let models = [
    "generic", "u-blox-m8", "u-blox-m10", "mtk3339", "sirfstar-iv", "quectel-l76k", "phone-json",
    "dmr-radio",
  ]

  static func model(_ name: String) throws -> ModelFolder {
    try ModelFolder(at: folder.appendingPathComponent(name).path)
  }

  /// As the committed capture, but for its seed and `lasts`.
  static func session(
    _ model: ModelFolder, seed: UInt64, lasts: Milliseconds
  ) -> Qualification {
    var made = model.simulated!
    made.seed = seed
    made.lasts = lasts
    let maker = CaptureMaker(model.model, as: made, at: model.mark)
    return Qualification(
      serial: "\(seed)", model: model.model, observations: maker.observations(of: "a"),
      reference: Reference(mark: model.mark, deviation: 0))
  }

  /// The least hits in so many sessions that an interval of 95 % has but once in a thousand times: the binomial
  /// distribution's quantile.
  static func fewest(of count: Int) -> Int {
    var (below, hits, term) = (0.0, 0, pow(0.05, Double(count)))
    while below + term < 0.001 {
      below += term
      term *= Double(count - hits) / Double(hits + 1) * 0.95 / 0.05
      hits += 1
    }
    return hits
  }
}
