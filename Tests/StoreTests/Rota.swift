import Assessment
import Coverage
import Geodesy
import Patrol

@testable import Store

/// Three nights over midnight, the second longer by an hour that clocks are put back; a roster for all but the last, by
/// which Mei goes on with another handheld from 22:00.
enum Rota {
  static let first = CivilDate("2026-10-23")!
  /// 2026-10-25T02:00 local: clocks are put back to 01:00.
  static let change = Instant(rfc3339: "2026-10-24T18:00:00Z")!
  static let dates = (0..<3).map { first.adding(days: $0) }

  static func version(_ digest: String = "one", shiftEnds: String = "04:00") throws
    -> Pipeline.Version
  {
    func row(_ day: Int, _ member: String, _ handheld: Handheld.ID, _ from: String?, _ to: String?)
      -> Roster.Row
    {
      Roster.Row(
        day: dates[day], shift: "night", group: "g", member: member, handheld: handheld,
        from: from.flatMap { TimeOfDay($0) }, to: to.flatMap { TimeOfDay($0) })
    }
    let roster = (0..<2).flatMap { day in
      [
        row(day, "Mei", "a", nil, "22:00"), row(day, "Mei", "b", "22:00", nil),
        row(day, "Bo", "c", "19:00", nil),
      ]
    }
    let plan = try Plan(
      brigade: Brigade(
        id: "b", name: "B",
        squadrons: [
          Squadron(
            id: "s", name: "S", groups: [Group(id: "g", name: "G", handhelds: ["a", "b", "c"])])
        ]),
      zone: Zone(
        identifier: "Test/Zone", firstOffset: 8 * 3600,
        transitions: [Zone.Transition(at: change, offset: 7 * 3600)]),
      dayStarts: TimeOfDay("06:00")!,
      places: [
        Place(
          id: "street", name: "Street",
          geometry: .line(Polyline([Night.at(0, 0), Night.at(600, 0)])!, corridor: 25))
      ],
      shifts: [Shift(id: "night", from: TimeOfDay("18:00")!, to: TimeOfDay(shiftEnds)!)],
      handhelds: (["a", "b", "c"] as [Handheld.ID]).map {
        Handheld(
          id: $0, source: Source(host: "localhost", device: $0.text), travel: .foot,
          model: DeviceModel(id: "generic", interval: .seconds(10)))
      },
      duties: [
        Duty(
          id: "walk", group: "g", places: ["street"], from: TimeOfDay("23:00")!,
          to: TimeOfDay("03:00")!, every: .minutes(60))
      ], roster: Roster(rows: roster))
    return Pipeline.Version(plan: plan, digest: digest, bundle: digest)
  }

  static func span(_ n: Int) throws -> Range<Instant> { try version().plan.span(of: dates[n]) }

  static var start: Instant { get throws { try span(0).lowerBound } }
  /// The last day is over, and has settled.
  static var end: Instant { get throws { try span(2).upperBound + .minutes(5) } }

  /// All three walk up and down the street from 17:50 to 04:10; `silent` for some minutes after 20:00 of the second night.
  static func observations(silent: (Handheld.ID, ClosedRange<Int>)? = nil) throws -> [Observation] {
    var all: [Observation] = []
    let plan = try version().plan
    for (n, date) in dates.enumerated() {
      let night = plan.span(of: plan.shifts[0], on: date)
      let eight = plan.instant(of: TimeOfDay("20:00")!, in: date)
      for (h, id) in (["a", "b", "c"] as [Handheld.ID]).enumerated() {
        var (x, pace, at) = (Double(100 * h), 1.2, night.lowerBound - .minutes(10))
        while at < night.upperBound + .minutes(10) {
          x += pace * 10
          if x > 600 || x < 0 { (pace, x) = (-pace, min(600, max(0, x))) }
          at = at + .seconds(10)
          let minute = Int(((at - eight).seconds / 60).rounded(.down))
          if n == 1, let silent, silent.0 == id, silent.1.contains(minute) { continue }
          // Each third quarter of an hour without a position.
          let isLost = minute >= 0 && minute / 15 % 3 == h
          let fix = Fix(
            time: at, position: Night.at(x, 1), mode: 3, accuracy: 5,
            speed: MetresPerSecond(abs(pace)))
          all.append(
            Observation(
              handheld: id, receivedAt: at, report: isLost ? .noFix(mode: 1) : .fix(fix)))
        }
      }
    }
    return all.sorted { ($0.receivedAt, $0.handheld.text) < ($1.receivedAt, $1.handheld.text) }
  }
}
