internal import Geodesy
internal import Patrol

/// A scenario's reports as files, a handheld each: what its gpsd is told, or what that passes on.
enum OutletFiles {
  static func write(
    _ delivery: RigRun.Delivery, _ scenario: Scenario, seed: UInt64, to out: String
  ) throws(RigError) {
    for walker in scenario.walkers where !walker.on.isEmpty {
      let id = walker.handheld.id.text
      let file = "\(out)/\(delivery.rawValue)/\(id)"
      switch delivery {
      case .nmea:
        let writer = NMEAWriter(walker.handheld.model)
        let text = scenario.epochs(of: walker, seed: seed).map { writer.text($0) }.joined()
        try RigFile.write(text, to: file + ".nmea")
      case .gpsdJSON:
        let text = scenario.epochs(of: walker, seed: seed).filter { $0.damage == nil }.map {
          $0.receivedAt.text() + "\t" + GPSDJSONWriter.line($0, device: id) + "\n"
        }.joined()
        try RigFile.write(text, to: file + ".jsonl")
      case .gpx:
        let fixes = scenario.epochs(of: walker, seed: seed).filter { $0.damage == nil }
          .compactMap(\.fix)
        try RigFile.write(GPXWriter.text(fixes, name: id), to: file + ".gpx")
      case .gpsSDRSim:
        try RigFile.write(MotionFile.text(of: walker), to: file + ".nmea")
      case .gpsd: break
      }
    }
  }
}
