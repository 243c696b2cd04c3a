internal import Geodesy
internal import Patrol

/// A scenario's reports as files of gpsd JSON: a handheld each, every line after its receive time and a TAB.
enum RecordingFiles {
  static func write(_ scenario: Scenario, seed: UInt64, to folder: String) throws(RigError) {
    for walker in scenario.walkers where !walker.on.isEmpty {
      let id = walker.handheld.id.text
      var text = ""
      for epoch in scenario.epochs(of: walker, seed: seed) {
        text += epoch.receivedAt.text() + "\t" + GPSDJSONWriter.line(epoch.fix, device: id) + "\n"
      }
      try RigFile.write(text, to: "\(folder)/\(id).jsonl")
    }
  }
}
