import Foundation
import Geodesy
import Patrol
import Rig
import Store
import Testing

/// Ten minutes of two handhelds that never leave their banks.
private enum TenMinutes {
  static let reports = 600

  static func write(to folder: Folder) throws {
    try folder.write(TwoBanks.plan, to: "plan.yaml")
    try folder.write(TwoBanks.places, to: "places.geojson")
    try folder.write(
      """
      name: ten-minutes
      seed: 5
      date: 2026-11-10
      from: "18:00"
      to: "18:10"
      walkers:
        - {handheld: a, start: bank-a}
        - {handheld: b, start: bank-b}

      """, to: "scenario.yaml")
  }
}

@Suite(.timeLimit(.minutes(2))) struct `Reports of a rig` {
  /// All there is of each handheld is in the store, whichever way it came.
  @Test(.enabled(if: Checkout.hasGPSD), arguments: Way.allCases)
  func `come through gpsd into the store`(way: Way) throws {
    let folder = try Folder()
    try TenMinutes.write(to: folder)
    let out = folder.path + "/out"
    let run = try Program.run(
      "patrolctl", "rig", "run", folder.path, "--devices", Checkout.devices, "--through",
      way.rawValue, "--speed", "60", "--out", out)
    try #require(run.status == 0, "\(run.output)")
    let told = try Program.run(
      "patrolctl", "fixes", "--store", out + "/store.sqlite", "--format", "csv")
    try #require(told.status == 0, "\(told.output)")
    let lines = told.output.split(separator: "\n").map { $0.split(separator: ",") }
    let columns = lines[0].map(String.init)
    let time = try #require(columns.firstIndex(of: "time"))
    let handheld = try #require(columns.firstIndex(of: "handheld"))
    var times: [Substring: Set<Substring>] = [:]
    for line in lines.dropFirst() { times[line[handheld], default: []].insert(line[time]) }
    #expect(Set(times.keys) == ["a", "b"])
    // The first of a serial line may go by while gpsd finds out what speaks there; of the last, what closes its epoch.
    let fewest = way == .gateway ? TenMinutes.reports : TenMinutes.reports - 10
    for (id, times) in times {
      #expect((fewest...TenMinutes.reports).contains(times.count), "\(id): \(times.count)")
    }
  }

  static let gpsfake = "/usr/bin/gpsfake"

  /// gpsfake hands a file to a gpsd through a pseudo-terminal, sentence for sentence.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: gpsfake)))
  func `written as NMEA are played by gpsfake`() throws {
    let folder = try Folder()
    try TenMinutes.write(to: folder)
    let made = try Program.run(
      "patrolctl", "rig", "run", folder.path, "--devices", Checkout.devices, "--to", "nmea",
      "--out", folder.path + "/out")
    try #require(made.status == 0, "\(made.output)")
    let written = try String(contentsOfFile: folder.path + "/out/nmea/a.nmea", encoding: .utf8)
    let minute = 60
    let sentences = written.split(separator: "\r\n").prefix(minute * 4)
    try folder.write(sentences.joined(separator: "\r\n") + "\r\n", to: "a.nmea")

    let played = try Program.run(
      "/usr/bin/timeout", "60", Self.gpsfake, "-1", "-q", "-p", "-c", "0.01",
      folder.path + "/a.nmea")
    try #require(played.status == 0, "\(played.output)")
    let lines = played.output.split(whereSeparator: \.isNewline)
    // What it read is what was written.
    let echoed = Set(lines.filter { $0.hasPrefix("$GN") })
    #expect(echoed.isSubset(of: Set(sentences)))
    struct TPV: Decodable {
      var time: String?
      var lat: Double?
      var lon: Double?
    }
    var found: [String: TPV] = [:]
    for line in lines where line.hasPrefix("{\"class\":\"TPV\"") {
      let tpv = try JSONDecoder().decode(TPV.self, from: Data(line.utf8))
      if let time = tpv.time, tpv.lat != nil { found[time] = tpv }
    }
    let scenario = try Scenario(at: folder.path, devices: [Checkout.devices])
    let fixes = scenario.epochs(of: scenario.walkers[0]).prefix(minute).compactMap(\.fix)
    let told = fixes.filter { fix in
      guard let tpv = found[fix.time.text().dropLast() + ".000Z"] else { return false }
      // To the sentences' five decimals of a minute.
      return abs(tpv.lat! - fix.position.latitude) < 2e-7
        && abs(tpv.lon! - fix.position.longitude) < 2e-7
    }
    // gpsfake stops with its last sentence.
    #expect(told.count >= minute - 2, "\(told.count) of \(minute)")
  }
}
