import Foundation
import Geodesy
import Patrol
import Rig
import Testing

@Suite struct `A simulated receiver` {
  static let model = DeviceModel(
    id: "m", noise: DeviceModel.Noise(sigma: 2.5, tau: .seconds(90), white: 0.4))

  @Test func `errs as its model says, by spread and by correlation`() {
    var noise = ReceiverNoise(Self.model, handheld: "a", seed: 5)
    let errors = (0..<200_000).map { _ in noise.next(after: .seconds(1)) }
    for axis in [\PlanePoint.x, \PlanePoint.y] {
      let values = errors.map { $0[keyPath: axis] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
      func correlation(_ lag: Int) -> Double {
        zip(values, values.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
          / Double(values.count - lag) / variance
      }
      #expect(abs(mean) < 0.3)
      #expect(abs(variance.squareRoot() - (2.5 * 2.5 + 0.4 * 0.4).squareRoot()) < 0.12)
      // Gauss–Markov: σ²e^(-lag/τ), diluted by the white part.
      #expect(abs(correlation(90) - 0.975 * exp(-1)) < 0.06)
      #expect(abs(correlation(1) - 0.975 * exp(-1.0 / 90)) < 0.01)
    }
  }

  @Test func `errs the same way again, and each handheld its own way`() {
    func first(_ id: Handheld.ID, _ seed: UInt64) -> PlanePoint {
      var noise = ReceiverNoise(Self.model, handheld: id, seed: seed)
      return noise.next(after: .seconds(1))
    }
    #expect(first("a", 1) == first("a", 1))
    #expect(first("a", 1) != first("b", 1))
    #expect(first("a", 1) != first("a", 2))
  }

  @Test func `writes NMEA with right checksums`() {
    let fix = Fix(
      time: Instant(rfc3339: "2026-11-10T10:05:03.25Z")!,
      position: Coordinate(latitude: -28.67, longitude: 115.0009)!, mode: 3, hdop: 0.9,
      speed: 1.4, track: 7.25)
    let text = NMEAWriter(Self.model).text(fix, deviation: 2.53)
    let lines = text.components(separatedBy: "\r\n")
    #expect(lines.count == 5 && lines.last == "")
    for line in lines.dropLast() {
      let parts = line.dropFirst().split(separator: "*")
      let sum = parts[0].utf8.reduce(UInt8(0), ^)
      #expect(line.hasPrefix("$GN"))
      #expect(Int(parts[1], radix: 16) == Int(sum) && parts[1].count == 2)
    }
    #expect(
      lines[0].hasPrefix("$GNRMC,100503.25,A,2840.20000,S,11500.05400,E,2.72,7.3,101126,,,A*"))
    #expect(lines[1].hasPrefix("$GNGGA,100503.25,2840.20000,S,11500.05400,E,1,12,0.90,"))
    // Computed by hand: a sentence of the NMEA 0183 literature.
    #expect(
      NMEAWriter.checksummed("GPGLL,5300.97914,N,00259.98174,E,125926,A")
        == "$GPGLL,5300.97914,N,00259.98174,E,125926,A*28\r\n")
  }

  @Test func `writes gpsd JSON that reads back`() throws {
    let fix = Fix(
      time: Instant(rfc3339: "2026-11-10T10:05:03Z")!,
      position: Coordinate(latitude: 28.67, longitude: 115.89)!, mode: 3, accuracy: 5,
      speed: 1.4, track: 90)
    let line = GPSDJSONWriter.line(fix, device: "cy-104")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["class"] as? String == "TPV")
    #expect(object["device"] as? String == "cy-104")
    #expect(object["time"] as? String == "2026-11-10T10:05:03.000Z")
    #expect(object["lat"] as? Double == 28.67)
    #expect(object["eph"] as? Double == 5)
  }

  @Test func `runs on a clock that is written as the daemon reads it`() {
    let clock = RigClock(
      start: Instant(rfc3339: "2026-11-10T17:30:00+08:00")!, rate: 120,
      startsAt: Instant(milliseconds: 1_795_660_000_000), offsetSeconds: 8 * 3600)
    #expect(clock.description == "2026-11-10T17:30:00+08:00×120@1795660000000")
    #expect(
      clock.instant(atReal: Instant(milliseconds: 1_795_660_000_500)) == clock.start + .minutes(1))
    for ms in [0, 1, 119, 120, 121, 59_999] as [Int64] {
      let at = clock.start + Milliseconds(ms)
      #expect(clock.instant(atReal: clock.real(at: at)) >= at)
      #expect(clock.instant(atReal: clock.real(at: at) - Milliseconds(1)) < at)
    }
  }
}
