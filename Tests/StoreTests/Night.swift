import Coverage
import Foundation
import Geodesy
import Patrol
import Store

/// A night's beat of one handheld, small enough to read: a bank to be seen at, a street to be walked.
enum Night {
  /// 2026-11-20T20:00:00+08:00.
  static let start = Instant(rfc3339: "2026-11-20T12:00:00Z")!
  static let plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)

  static func minute(_ m: Double) -> Instant { start + Milliseconds(Int64(m * 60_000)) }
  static func at(_ x: Double, _ y: Double) -> Coordinate {
    plane.coordinate(PlanePoint(x: x, y: y))!
  }

  static func version(
    _ digest: String, bankEvery: Int = 45, days: DutyDays = .daily, shiftEnds: String = "23:00",
    handhelds: [Handheld.ID] = ["a"]
  ) throws -> Pipeline.Version {
    func duty(_ id: Duty.ID, _ place: Place.ID, every: Int, stay: Int) -> Duty {
      Duty(
        id: id, group: "g", places: [place], days: days, from: TimeOfDay("20:00")!,
        to: TimeOfDay("22:00")!, every: .minutes(every), stay: .minutes(stay))
    }
    let plan = try Plan(
      brigade: Brigade(
        id: "b", name: "B",
        squadrons: [
          Squadron(id: "s", name: "S", groups: [Group(id: "g", name: "G", handhelds: handhelds)])
        ]),
      zone: Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600),
      dayStarts: TimeOfDay("06:00")!,
      places: [
        Place(id: "bank", name: "Bank", geometry: .point(centre: at(0, 0), radius: 30)),
        Place(
          id: "street", name: "Street",
          geometry: .line(Polyline([at(0, 200), at(600, 200)])!, corridor: 25)),
      ],
      shifts: [Shift(id: "evening", from: TimeOfDay("18:00")!, to: TimeOfDay(shiftEnds)!)],
      handhelds: handhelds.map {
        Handheld(
          id: $0, source: Source(host: "localhost", device: $0.text), travel: .foot,
          model: DeviceModel(id: "generic", interval: .seconds(5)))
      },
      duties: [
        duty("banks", "bank", every: bankEvery, stay: 3),
        duty("walk", "street", every: 60, stay: 0),
      ])
    return Pipeline.Version(plan: plan, digest: digest, bundle: digest)
  }

  /// Round and round: 5 minutes at the bank, along the street and back; silent between two minutes of the night, and
  /// what was seen then delivered at a third, if at all.
  static func observations(silent: ClosedRange<Double>? = nil, delivered: Double? = nil)
    -> [Observation]
  {
    let corners: [(x: Double, y: Double)] = [(0, 0), (0, 200), (600, 200), (0, 200), (0, 0)]
    var all: [Observation] = []
    var now = minute(-10)
    func tell(_ x: Double, _ y: Double, _ speed: Double) {
      now = now + .seconds(5)
      var received = now + Milliseconds(300)
      if let silent, now >= minute(silent.lowerBound), now <= minute(silent.upperBound) {
        guard let delivered else { return }
        received = minute(delivered) + (now - minute(silent.lowerBound)) / 100
      }
      let fix = Fix(
        time: now, position: at(x, y), mode: 3, accuracy: 5, speed: MetresPerSecond(speed))
      all.append(Observation(handheld: "a", receivedAt: received, report: .fix(fix)))
    }
    while now < minute(125) {
      for _ in 0..<60 { tell(0, 0, 0) }
      for (a, b) in zip(corners, corners.dropFirst()) {
        let length = max(abs(b.x - a.x), abs(b.y - a.y))
        for d in stride(from: 6.0, through: length, by: 6) {
          tell(a.x + (b.x - a.x) * d / length, a.y + (b.y - a.y) * d / length, 1.2)
        }
      }
    }
    return all.sorted { $0.receivedAt < $1.receivedAt }
  }
}

/// A store in a folder of its own, removed with it.
final class Scratch {
  let folder: String
  var path: String { folder + "/s.sqlite" }

  init() throws {
    folder = NSTemporaryDirectory() + "patrol-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}

/// Gaps as everyone reads them, without what tells when they were found.
func gapTexts(_ store: Store) throws -> [String] {
  try Queries(store).gaps(Filter()).map { record in
    let gap = record.gap
    func minute(_ i: Instant) -> Double { (i - Night.start).seconds / 60 }
    let stretch = gap.stretch.map { " \($0.from.value)-\($0.to.value)m" } ?? ""
    return "\(gap.owed.place)\(stretch) \(minute(gap.began))-\(minute(gap.ended)) \(gap.verdict) "
      + "\(gap.cause) \(gap.extent)\(gap.isOpen ? " open" : "")"
  }
}
