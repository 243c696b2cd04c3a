import Foundation
import Patrol
import Recordings
import Testing

@Suite("Shared recordings", .enabled(if: SharedData.folder != nil)) struct SharedRecordingTests {
  @Test("what gpsd printed: an observation for each TPV")
  func printed() throws {
    for file in try SharedData.files(".log.chk") {
      let lines = try Data(contentsOf: file).split(separator: 0x0a)
      let tpvs = lines.count { $0.starts(with: #"{"class":"TPV""#.utf8) }
      let fixes = lines.count { line in
        line.starts(with: #"{"class":"TPV""#.utf8)
          && [#""mode":[23]"#, #""time":"#, #""lat":"#, #""lon":"#].allSatisfy {
            String(decoding: line, as: UTF8.self).range(of: $0, options: .regularExpression) != nil
          }
      }
      let recording = try Recording.read(path: file.path, as: "h1")
      print(
        "CHK", file.lastPathComponent, tpvs, recording.observations.count, fixes,
        recording.observations.count { $0.fix != nil }, recording.skippedCount,
        recording.skipped.first?.reason ?? "")
    }
  }

  @Test("what receivers sent")
  func sent() throws {
    for file in try SharedData.files(".log") {
      do {
        let sent = try Recording.read(path: file.path, as: "h1")
        let printed = try Recording.read(path: file.path + ".chk", as: "h1")
        let a = Set(sent.observations.compactMap { $0.fix?.time })
        let b = Set(printed.observations.compactMap { $0.fix?.time })
        print(
          "LOG", file.lastPathComponent, sent.observations.count, "times", a.count, b.count,
          a.intersection(b).count, sent.skippedCount, sent.skipped.first?.reason ?? "")
      } catch { print("LOG", error) }
    }
  }
}
