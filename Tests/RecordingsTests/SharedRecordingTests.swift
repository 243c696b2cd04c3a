import Foundation
import Geodesy
import Patrol
import Recordings
import Testing

@Suite("Shared recordings", .enabled(if: SharedData.folder != nil)) struct SharedRecordingTests {
  @Test("what gpsd printed: an observation for each TPV, a fix for each that has everything")
  func printed() throws {
    for file in try SharedData.files(".log.chk") {
      let tpvs = try Data(contentsOf: file).split(separator: 0x0a)
        .map { String(decoding: $0, as: UTF8.self) }
        .filter { $0.hasPrefix(#"{"class":"TPV""#) }
      let fixes = tpvs.count { line in
        !line.contains(#""mode":1"#)
          && [#""time":"#, #""lat":"#, #""lon":"#].allSatisfy { line.contains($0) }
      }
      let recording = try Recording.read(path: file.path, as: "h1")
      let name = file.lastPathComponent
      #expect(recording.observations.count { $0.fix != nil } == fixes, "\(name)")
      #expect(recording.observations.count + recording.skippedCount == tpvs.count, "\(name)")
      if !tpvs.allSatisfy({ !$0.contains(#""time":"#) }) {
        #expect(recording.skippedCount == 0, "\(name)")
      }
    }
  }

  /// Recordings of NMEA, and how many times with a fix gpsd and this program both find in them.
  static let sent = [
    ("april6_2019", 1), ("bu353s4", 25), ("et-332", 19), ("foretrex-201", 6),
    ("gp-320fw-2019-04-07-coldboot", 1), ("haicom-305N", 67), ("humminbird-M37", 18),
    ("motorola-t805", 15), ("mt3339", 30), ("mtk-3329", 5), ("nmea-fuzzy-cases", 14),
    ("quectel-L70", 16), ("quectel-eg25-g", 23), ("ublox-8", 71),
  ]

  @Test("what receivers sent lies where and when gpsd says", arguments: sent)
  func receiverSent(name: String, common: Int) throws {
    let folder = try #require(SharedData.folder)
    let sent = try Recording.read(path: folder.appending(path: "\(name).log").path, as: "h1")
    let printed = try Recording.read(path: folder.appending(path: "\(name).log.chk").path, as: "h1")
    let theirs = Dictionary(grouping: printed.observations.compactMap(\.fix), by: \.time)
    let ours = Dictionary(grouping: sent.observations.compactMap(\.fix), by: \.time)
    #expect(ours.keys.count { theirs[$0] != nil } == common)
    for (time, fixes) in ours {
      for fix in fixes {
        guard let nearest = theirs[time]?.map({ $0.position.distance(to: fix.position) }).min()
        else { continue }
        #expect(nearest < 0.05, "\(time)")
      }
    }
  }

  @Test("binary recordings are of no known format", arguments: ["sirfstarv", "bu303-nofix"])
  func binary(name: String) throws {
    let path = try #require(SharedData.folder).appending(path: "\(name).log").path
    #expect(throws: RecordingError.unknownFormat(path: path)) {
      try Recording.read(path: path, as: "h1")
    }
  }
}
